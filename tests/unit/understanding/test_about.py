"""Figures that are not exact, as people say them every day: read like others, and nothing read into what is vague."""

import pytest

from matching.understanding.request import read
from tests.unit.understanding.conftest import TODAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("真鍮で3cmくらいの部品を10個作りたい", [30]),
        ("30ミリぐらいの金具がほしいです", [30]),
        ("約3センチの部品です", [30]),
        ("大きさは3cmくらいです。", [30]),
        ("大きさ：だいたい5センチ", [50]),
        ("サイズは約30mm", [30]),
        ("3センチ程度の大きさのキーホルダー", [30]),
        ("3センチ大の部品", [30]),
        ("アルミの部品、3cmくらい、10個", [30]),
        ("アルミの部品、だいたい3センチ。10個お願いします。", [30]),
        ("部品は3センチ前後です。", [30]),
        ("3cm弱の小さなアルミの部品を試作したい", [30]),
        ("3〜4センチくらいの飾りを作りたい", [40]),
        ("5センチほどのものを3つ", [50]),
        ("十センチくらいの箱を作ってほしい", [100]),
        ("3cmくらい×5cmくらいの板", [30, 50]),
        ("直径3センチちょっと、高さ5センチ前後の筒", [30, 30, 50]),
        ("幅3cmぐらい、奥行5cm程、高さ2cm弱の箱", [30, 50, 20]),
        ("a small brass part, about 3 cm, 5 pcs", [30]),
        ("roughly 30mm parts in brass", [30]),
        ("We want parts of about 3 cm in brass.", [30]),
        ("a trinket approx. 30 mm in size", [30]),
        ("It is ca. 3 cm, made of aluminium.", [30]),
        ("around 3 cm brass part, 5 pieces", [30]),
        ("Size: approx. 45 mm", [45]),
        ("ca.3 cm part in steel", [30]),
        ("about 3 cm by 5 cm", [30, 50]),
        ("ca. 30 x 20 x 10 mm", [30, 20, 10]),
    ],
)
def test_sizes(text: str, expected: list[float]) -> None:
    found = read(text, TODAY).size_mm
    assert found is not None
    assert list(found.value) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "端から3cmくらいの所に印がほしい",
        "3cmくらいの穴をあけてください",
        "穴は3cmくらいです。",
        "溝を入れて、3ミリくらい。",
        "5ミリくらいの隙間をあけて",
        "3cmくらい短くしてほしい",
        "3センチくらい離して並べる",
        "3mくらいの高さから落としても割れない",
        "10mくらいのケーブル",
        "精度は0.05mmくらい",
        "公差、0.05mmくらい。",
        "3cmくらいの電池を入れる箱",
        "3cmくらいの部品を検査する装置を作りたい",
        "3cmくらいの部品が入る箱",
        "3cmくらいの部品と5cmくらいの部品",
        "ロゴの大きさは3cmくらい",
        "文字サイズは5mm",
        "手のひらくらいの部品",
        "about 3 cm from the edge",
        "about 3 mm of clearance",
        "a hole of about 3 mm",
        "holes, about 3 mm, in the lid",
        "cut about 3 cm off the end",
        "a cable, about 3 m, 5 pcs",
    ],
)
def test_no_size_is_read_into_another_length(text: str) -> None:
    assert read(text, TODAY).size_mm is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10個くらい", 10),
        ("ピンを10個ぐらいお願いします", 10),
        ("100個程度を予定", 100),
        ("約50個", 50),
        ("だいたい50枚ほど", 50),
        ("10こくらい欲しい", 10),
        ("十個ほど", 10),
        ("五つくらい作ってほしい", 5),
        ("20本前後", 20),
        ("数量は30個弱", 30),
        ("数量：およそ200", 200),
        ("2、3個ほしい", 2),
        ("二三個ほしい", 2),
        ("二、三十個くらい", 20),
        ("2、30個くらい", 20),
        ("四五十本", 40),
        ("1ダース", 12),
        ("二ダースほど", 24),
        ("数量は2ダース", 24),
        ("10箱くらい", 10),
        ("ca. 5 pcs", 5),
        ("ca.5 pcs", 5),
        ("approx. 20 parts", 20),
        ("about 50 pcs", 50),
        ("roughly 100 brackets", 100),
        ("some 200 brackets", 200),
        ("around 30 pieces", 30),
        ("a dozen or so brackets", 12),
        ("20 or so brackets", 20),
        ("20-ish brackets", 20),
        ("a couple of brackets", 2),
        ("qty: approx. 40", 40),
        ("~10 pcs", 10),
    ],
)
def test_quantities(text: str, expected: int) -> None:
    found = read(text, TODAY).quantity
    assert found is not None
    assert found.value == expected


@pytest.mark.parametrize(
    "text",
    [
        "数個くらい",
        "数十個ほしい",
        "数百個程度",
        "十数個くらい",
        "10数個",
        "何十個か",
        "いくつか",
        "10個あたり500円",
        "二三日で",
        "a few pieces",
        "a handful of brackets",
        "dozens of brackets",
        "about 3 cm",
    ],
)
def test_no_quantity_is_made_of_some(text: str) -> None:
    assert read(text, TODAY).quantity is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("精度は0.05くらい", 0.05),
        ("精度は、0.05くらいで", 0.05),
        ("公差は0.05ぐらいでお願いします", 0.05),
        ("公差はだいたい0.1程度", 0.1),
        ("誤差0.1mmくらいまで", 0.1),
        ("誤差は約0.2ミリ以内", 0.2),
        ("0.05くらいの精度", 0.05),
        ("0.05ミリ前後の誤差なら大丈夫", 0.05),
        ("±0.05くらい", 0.05),
        ("プラマイ0.1ぐらい", 0.1),
        ("100分の5くらいの精度", 0.05),
        ("精度は5/100くらい", 0.05),
        ("精度はコンマ05くらい", 0.05),
        ("accuracy of about 0.05 mm", 0.05),
        ("tolerance around 0.1 mm", 0.1),
        ("tolerance approx. 0.05", 0.05),
        ("+/- 0.05 mm or so", 0.05),
        ("to within about 0.02 mm", 0.02),
    ],
)
def test_tolerances(text: str, expected: float) -> None:
    found = read(text, TODAY).tolerance_mm
    assert found is not None
    assert found.value == pytest.approx(expected)


@pytest.mark.parametrize("text", ["厚さ0.5くらいの板", "0.5くらいの隙間", "精度はそこそこでいい", "about 0.5 mm thick"])
def test_no_tolerance_is_read_into_a_small_figure(text: str) -> None:
    assert read(text, TODAY).tolerance_mm is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("来月中ごろまでに", "2027-01-15"),
        ("来月の中頃に欲しい", "2027-01-15"),
        ("来月のなかごろまで", "2027-01-15"),
        ("来月の真ん中あたりまで", "2027-01-15"),
        ("来月半ばくらいまでに", "2027-01-15"),
        ("来月の終わりごろまでに", "2027-01-31"),
        ("来月末くらい", "2027-01-31"),
        ("来月あたままで", "2027-01-10"),
        ("今月中くらいに", "2026-12-31"),
        ("年内に", "2026-12-31"),
        ("年内くらいで", "2026-12-31"),
        ("12月20日ごろまでに", "2026-12-20"),
        ("12/20あたりまでに", "2026-12-20"),
        ("20日頃までに納品", "2026-12-20"),
        ("来週くらいまでに", "2026-12-11"),
        ("来週あたりに欲しい", "2026-12-11"),
        ("2週間くらいで", "2026-12-15"),
        ("2週間前後で納品してほしい", "2026-12-15"),
        ("約3週間以内に", "2026-12-22"),
        ("2、3週間で欲しい", "2026-12-22"),
        ("二、三日中に", "2026-12-04"),
        ("2,3日中に欲しい", "2026-12-04"),
        ("二三日中に", "2026-12-04"),
        ("一両日中に", "2026-12-03"),
        ("半月くらいで欲しい", "2026-12-16"),
        ("1ヶ月ちょっとで欲しい", "2027-01-01"),
        ("納期は約3週間", "2026-12-22"),
        ("around mid-January", "2027-01-15"),
        ("in approx. 2 weeks", "2026-12-15"),
        ("in ca. 3 weeks", "2026-12-22"),
        ("in 2-3 weeks", "2026-12-22"),
        ("within two or three weeks", "2026-12-22"),
        ("within about a month", "2027-01-01"),
        ("lead time roughly 6 weeks", "2027-01-12"),
        ("by the end of January or so", "2027-01-31"),
    ],
)
def test_dates(text: str, expected: str) -> None:
    found = read(text, TODAY).due
    assert found is not None
    assert str(found.value) == expected


@pytest.mark.parametrize("text", ["数日中に", "数週間くらいで", "なるべく早めに", "in a few weeks", "10個くらい"])
def test_no_date_is_made_of_soon(text: str) -> None:
    assert read(text, TODAY).due is None


def test_the_point_of_an_abbreviation_ends_no_sentence() -> None:
    found = read("A brass part, approx. 30 mm, ca. 5 pcs by 22 January.", TODAY)
    assert found.size_mm is not None
    assert found.size_mm.value == (30,)
    assert found.quantity is not None
    assert found.quantity.value == 5
