"""Wordings of people who do not speak the language of the shop floor: what they ask, and what they only mention."""

from datetime import date

import pytest

from matching.types import Need
from matching.understanding.request import read
from matching.understanding.uses import only_uses, told_uses

TODAY = date(2026, 12, 1)


def need(text: str) -> Need:
    return read(text, TODAY)


def wanted(text: str) -> set[str]:
    return {mention.process_id for mention in need(text).processes}


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("射出成形の型は作りたくないです", "mould_making"),
        ("穴をあけてほしいわけではありません", "drilling"),
        ("角を研磨するのは自分でやります", "polishing"),
        ("血圧を測る機械のつまみを作りたい", "measuring"),
        ("半導体レーザーを固定する板", "laser_processing"),
        ("彫刻を作っています。台だけお願いします", "engraving"),
        ("使いやすいものがほしい", "casting"),
    ],
)
def test_what_is_only_mentioned_is_not_wanted(text: str, process: str) -> None:
    assert process not in wanted(text)


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("リード線の先に端子をつけて、3本ずつ", "wire_harness"),
        ("アルミのブロックの中に、曲がりくねった水路がほしい", "metal_additive"),
        ("鉄の板の上面を真っ平らにしてほしい", "surface_grinding"),
        ("石こうの像をブロンズにしたい", "casting"),
        ("看板の枠を緑に塗り直してほしい", "painting"),
        ("ボトルに一人ずつ名前を入れたい", "marking"),
        ("マグに店の絵を刷ってほしい", "screen_printing"),
        ("oak candle holders, turned, 60 mm diameter", "wood_turning"),
    ],
)
def test_a_lay_wording_is_understood(text: str, process: str) -> None:
    assert process in wanted(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("3ミリのアルミの板で、幅は400×250", (400.0, 250.0, 3.0)),
        ("直径四十センチ、高さ五十センチの鍋", (400.0, 400.0, 500.0)),
        ("60×40mmの基板に部品をのせてほしい", (60.0, 40.0)),
    ],
)
def test_sizes_in_everyday_words(text: str, size: tuple[float, ...]) -> None:
    found = need(text).size_mm
    assert found is not None
    assert found.value == size


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("四隅に穴 12枚", 12),
        ("ｱﾙﾐ 8ﾏｲ", 8),
        ("菓子が五つ入る紙の箱を300箱", 300),
        ("measure the old one and make one new bracket please", 1),
    ],
)
def test_quantities_in_everyday_words(text: str, quantity: int) -> None:
    found = need(text).quantity
    assert found is not None
    assert found.value == quantity


@pytest.mark.parametrize(
    ("text", "material"),
    [
        ("真鍮は高いのでアルミで作りたい", "アルミ"),
        ("器を木で作りたい。材はヒノキがいい", "ヒノキ"),
        ("アルミの部品を測って、結果を紙で書いてください", "アルミ"),
    ],
)
def test_the_material_that_is_meant(text: str, material: str) -> None:
    found = need(text).material
    assert found is not None
    assert found.value == material


def test_e_paper_is_no_paper() -> None:
    assert need("電子ペーパーの値札を試作したい").material is None


def test_a_day_to_bring_the_part_is_no_due_date() -> None:
    assert need("明日でも持って行けます").due is None


def test_an_accuracy_in_everyday_words() -> None:
    found = need("0.2ミリ程度の精度で十分です").tolerance_mm
    assert found is not None
    assert found.value == 0.2


def test_a_firm_may_work_for_some_uses_only() -> None:
    only = only_uses("歯科と病院の器具だけを作り、それ以外の仕事はお断りしています。")
    assert only is not None
    assert only.ids == ("medical",)
    assert only_uses("試作だけを受けています。") is None
    assert told_uses("キャンプで使う雑貨を作りたい") == {"consumer"}
