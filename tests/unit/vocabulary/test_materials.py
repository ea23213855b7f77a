"""Materials and certificates: how they are written, what stands inside other words, and which covers which."""

import pytest

from matching.types import Verdict
from matching.vocabulary.certifications import find_certifications, holds
from matching.vocabulary.materials import covers, families, find_materials, materials


def written(text: str) -> list[str]:
    return [hit.as_written for hit in find_materials(text)]


@pytest.mark.parametrize(
    ("text", "as_written"),
    [
        ("ＳＵＳ３０４の板", "SUS304"),
        ("SUS-316L", "SUS316L"),
        ("made of 6061-T6", "A6061"),
        ("304 stainless", "SUS304"),
        ("1.4301", "SUS304"),
        ("ジュラコン", "POM"),
        ("超々ジュラルミン", "A7075"),
        ("ピークという樹脂", "PEEK"),
        ("ポリカ", "PC"),
        ("砲金のブッシュ", "砲金"),
        ("真鍮", "真鍮"),
        ("黄銅", "黄銅"),
        ("アルミニウム合金", "アルミ"),
        ("アルミケース", "アルミ"),
        ("titanium", "チタン"),
        ("6-4チタン", "Ti-6Al-4V"),
        ("C2801P", "C2801"),
        ("SUS329J4L", "二相ステンレス"),
        ("SUS347", "SUS347"),
        ("SKD12", "SKD12"),
        ("FCD700", "FCD700"),
        ("A5052-H32", "A5052"),
        ("鉄板", "鉄板"),
    ],
)
def test_one_material(text: str, as_written: str) -> None:
    assert as_written in written(text)


@pytest.mark.parametrize(
    "text",
    [
        *[
            "地下鉄の駅",
            "鉄道",
            "紙やすりで",
            "紙に描いた絵",
            "紙の絵",
            "ノートPCスタンド",
            "金型",
            "料金",
            "銀行",
            "板金",
            "財布",
            "バフ掛け",
        ],
        *[
            "settings",
            "lead time",
            "a 1050 mm long part",
            "アルマイト",
            "木型",
            "金属で",
            "ブラスト",
            "金めっき",
            "シリコン型",
        ],
    ],
)
def test_no_material(text: str) -> None:
    assert written(text) == []


def test_an_unlisted_grade_goes_to_its_family() -> None:
    (hit,) = find_materials("SCM430でお願いします")
    assert (hit.material_id, hit.as_written, hit.span.text) == ("alloy_steel", "SCM430", "SCM430")


@pytest.mark.parametrize(
    ("offered", "wanted", "verdict"),
    [
        ("SUS304", "SUS304", Verdict.OK),
        ("SUS304（薄物のみ）", "SUS304", Verdict.OK),
        ("ステンレス", "SUS316L", Verdict.OK),
        ("ステンレス", "SUS347", Verdict.OK),
        ("A5052", "アルミ", Verdict.OK),
        ("SUS347", "ステンレス", Verdict.OK),
        ("金属全般", "A5052", Verdict.OK),
        ("樹脂全般", "PEEK", Verdict.OK),
        ("銅合金", "真鍮", Verdict.OK),
        ("sus304", "sus304", Verdict.OK),
        ("鉄・アルミ", "A5052", Verdict.OK),
        ("A5052", "A7075", Verdict.UNKNOWN),
        ("SUS347", "SUS329J5L", Verdict.UNKNOWN),
        ("SUS304", "SUS347", Verdict.UNKNOWN),
        ("何でも", "A7075", Verdict.UNKNOWN),
        ("POM", "A5052", Verdict.NO),
        ("鉄", "SUS304", Verdict.NO),
        ("ABS", "ABSライク", Verdict.UNKNOWN),
        ("純チタン", "SS400", Verdict.NO),
    ],
)
def test_covers(offered: str, wanted: str, verdict: Verdict) -> None:
    assert covers(offered, wanted) is verdict


def test_traits_are_inherited_and_taken_away() -> None:
    known = materials()
    assert {"anodisable", "colour_anodisable", "conductive"} <= known["a5052"].traits
    assert "anodisable" in known["adc12"].traits
    assert "colour_anodisable" not in known["adc12"].traits
    assert "hardenable" in known["s45c"].traits
    assert "hardenable" not in known["ss400"].traits
    assert "conductive" not in known["pom"].traits
    assert families("sus304") == ("sus304", "austenitic", "stainless", "metal")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ISO 9001を取得", "ISO9001"),
        ("ＪＩＳ Ｑ ９１００", "JIS Q 9100"),
        ("AS9100D certified", "JIS Q 9100"),
        ("食品に触れます", "食品衛生法適合"),
        ("food-grade", "食品衛生法適合"),
        ("UL94 V-0", "UL"),
        ("Pマーク", "プライバシーマーク"),
        ("ISO/IEC 17025", "ISO/IEC17025"),
        ("ナドキャップ", "Nadcap"),
    ],
)
def test_certificates(text: str, name: str) -> None:
    assert name in [hit.name for hit in find_certifications(text)]


def test_holding_a_certificate() -> None:
    assert holds(("AS9100",), "ISO9001")
    assert holds(("ISO 13485",), "ISO13485")
    assert not holds(("ISO9001",), "ISO13485")
    assert not holds((), "FSC")
