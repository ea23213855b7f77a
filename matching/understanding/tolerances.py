"""The tightest tolerance a text asks for, as plus and minus in millimetres.

Read are ± figures, limits such as +0.02/0, geometrical tolerances, fits and IT grades (half of the band of ISO 286),
fractions of a millimetre in words (百分の二), and, where nothing else is said, the class of ISO 2768.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matching.types import Reading
from matching.understanding.about import ABOUT_AFTER, ABOUT_BEFORE
from matching.understanding.numbers import number
from matching.understanding.source import Source
from matching.understanding.tables import general_tolerance, grade_band
from matching.vocabulary.units import LENGTH_UNIT, to_mm

_NUM = r"(?:0,\d{1,4}|\d{1,5}(?:\.\d{1,6})?|\.\d{1,6})"
_UNIT = rf"(?:\s?(?P<unit>{LENGTH_UNIT}))?"
# A figure with one of these units is an angle, a temperature, a share, a force or an amount.
_NOT_LENGTH = (
    r"(?!\s?(?:°|度(?!以)|℃|deg|%|パーセント|g\b|kg|グラム|n\b|ニュートン|v\b|a\b|ω|hz|hv|hrc|"
    r"秒|分(?!の)|日|個|枚|本|円|c\b)|\d|\.\d|/\d{3})"
)
_PLUS_MINUS = re.compile(
    r"(?:±|\+\s?/?\s?-|-\s?/\s?\+|プラス?マイ(?:ナス)?|プラマイ|プラス・?マイナス|plus(?: or |"
    r"[ /-])minus)\s?(?:約|\s|の)?"
    rf"(?P<num>{_NUM}){_UNIT}{_NOT_LENGTH}"
)
_FRACTION_WORDS = r"(?P<den>百|千|100|1000)分の(?P<n>[一二三四五六七八九十]{1,2}|\d{1,2}(?:\.\d)?)"
_FRACTION = re.compile(rf"(?:{_FRACTION_WORDS}|(?<![\d/.])(?P<n2>\d{{1,2}})/(?P<den2>100|1000))(?:\s?(?:ミリ|mm))?")
_FRACTION_MEANT = re.compile(r"(?:±|プラ|公差|精度|誤差|ズレ|ずれ|寸法|狂い|ガタ)[^。、\n]{0,10}$")
_FRACTION_AFTER = re.compile(
    rf"^\s?{ABOUT_AFTER}?(?:台|以内|以下|の精度|の公差|で(?:仕上|作|加工)|まで(?:の精度)?|のズレ|"
    r"の誤差|を(?:守|保)|単位)"
)
_POINT = re.compile(r"(?:コンマ|こんま)\s?(?P<n>[〇零一二三四五六七八九ゼロレイ\d]{1,6})(?:\s?(?:ミリ|mm))?")
_LIMITS = re.compile(
    rf"\+\s?(?P<up>{_NUM}){_UNIT}\s?[/,、~]?\s?(?P<sign>[-+]?)\s?(?P<low>{_NUM})(?![\d.])"
    rf"|(?<![\d.+])[+-]?0(?:\.0{{1,4}})?\s?[/,、~]\s?-\s?(?P<down>{_NUM})(?![\d.])"
)
_GEOMETRY = (
    r"(?:平面度|平面|平行度|平行|真円度|円筒度|真直度|直角度|直角|垂直度|同軸度|同芯度|同心度|"
    r"位置度|輪郭度|傾斜度|対称度|振れ|フレ|ふれ|偏芯|偏心|"
    r"歪み?|ひずみ|ゆがみ|反り|ソリ|そり|たわみ|公差|精度|誤差|はめ合い|はめあい|嵌合|クリアランス|ずれ|ズレ|"
    r"flat(?:ness)?|parallel(?:ism)?|round(?:ness)?|concentric(?:ity)?|cylindric(?:al|ity)|"
    r"perpendicular(?:ity)?|straight(?:ness)?|square(?:ness)?|"
    r"run-?out|true position|position(?:al)?(?: accuracy)?|tolerances?|accura(?:cy|te)|"
    r"precision|warp(?:age)?|bow|distortion|hold(?:ing)?|tir)"
)
_GEOMETRIC = re.compile(
    rf"{_GEOMETRY}(?P<fill>[^。、,;\n\d±φ]{{0,22}}?(?:(?<=[はもがで])、\s?{ABOUT_BEFORE}?\s?)?)φ?(?P<num>{_NUM}){_UNIT}{_NOT_LENGTH}(?![\d.]|"
    rf"\s?[x×*/]\s?\d|\s?(?:か所|箇所|面|穴))"
)
_NOT_BETWEEN = re.compile(r"ra|rz|粗|φ|m$|jis|iso|it$|(?<![a-z])[a-z]$|№|級|it\s|厚|長|幅|径|高|穴|数量|納期|材質")
_WITHIN = re.compile(
    rf"(?<![\d.a-zφ×])(?P<num>0?\.\d{{1,5}}|\d{{1,3}}(?=\s?(?:μ|ミクロン|micron|"
    rf"um)))\s?(?P<unit>{LENGTH_UNIT})?\s?(?:以内|以下の(?:精度|誤差|ずれ|反り)|"
    rf"(?:{ABOUT_AFTER}|単位)?の(?:精度|公差|誤差|狂い|ずれ|ズレ)|or better|"
    rf"tolerance)"
)
_WITHIN_EN = re.compile(rf"\b(?:to )?within (?:{ABOUT_BEFORE} )?(?P<num>{_NUM})\s?(?P<unit>{LENGTH_UNIT})")
_FIT = re.compile(
    r"(?:φ?(?P<nominal>\d{1,4}(?:\.\d{1,3})?)\s?(?:mm)?\s?)?(?<![a-z])(?P<class>it|js|h|g|f|k|n|"
    r"p|e)\s?(?P<grade>1[0-2]|[4-9])(?![\da-z級]|\.\d)(?P<times>\s?[x×])?"
)
_FIT_CONTEXT = re.compile(
    r"公差|はめ|嵌|穴|孔|軸|外径|内径|径|φ|精度|仕上|it|fit|bore|dia|shaft|ream|リーマ|研|磨|"
    r"toleran|grind|ground|\bto $"
)
_GENERAL = re.compile(
    r"(?:jis\s?b\s?0405|iso\s?2768(?:-1)?|一般公差|普通公差|普通許容差|"
    r"general tolerances?)[^。\n]{0,8}?[\s\-ー(の:]?(?P<class>精級|中級|粗級|極粗級|"
    r"[fmcv](?![a-z])|fine|medium|coarse)"
)
_CLASS = {"精級": "f", "中級": "m", "粗級": "c", "極粗級": "v", "fine": "f", "medium": "m", "coarse": "c"}
_DIAMETER = re.compile(r"(?:φ|外径|内径|直径|dia(?:meter)?\.?|\b[oi]d|bore)[ :=]?\s?φ?(\d{1,4}(?:\.\d{1,3})?)")
_HARDNESS_BEFORE = re.compile(
    r"(?:hrc|hv|hb|硬度|硬さ|ショア|°|度|℃|%|荷重|重さ|重量|温度|角度|トルク|電圧|抵抗|容量)[^。、,\n]{0,8}$"
)
# A clearance of millimetres is a dimension; a tolerance of more is no demand on anybody.
_WIDEST = 5.0


@dataclass(frozen=True, slots=True)
class Found:
    value: float
    start: int
    end: int


def read_tolerance(
    source: Source, figures: Iterable[Found], size: Reading[tuple[float, ...]] | None = None
) -> Reading[float] | None:
    """The tightest ± in millimetres, of these figures, the fits and the class; `size` is the nominal of those that
    name none.
    """
    dims = size.value if size else ()
    found = [f for f in (*figures, *_fits(source, dims)) if 0 < f.value <= _WIDEST]
    if not found:
        found = [*_general(source, dims)]
    if not found:
        return None
    best = min(found, key=lambda f: (f.value, f.start))
    return Reading(round(best.value, 6), (source.span(best.start, best.end),))


def find_tolerances(source: Source) -> tuple[Found, ...]:
    """The tolerances that a text gives as figures, in no order."""
    return (*_plus_minus(source), *_limits(source), *_geometric(source), *_fractions(source))


def _figure(words: str) -> float:
    """「0,02」 is how a hurried hand and a continental one write 0.02."""
    return float(words.replace(",", "."))


def _plus_minus(source: Source) -> Iterator[Found]:
    for match in _PLUS_MINUS.finditer(source.text):
        if not _HARDNESS_BEFORE.search(source.before(match.start(), 12)):
            yield Found(
                to_mm(_figure(match["num"]), match["unit"] or _unit_before(source, match)), match.start(), match.end()
            )


def _unit_before(source: Source, match: re.Match[str]) -> str | None:
    """「30μm±5」: the unit of the figure carries over to its tolerance, except that 1.2m±5 means millimetres."""
    before = re.search(r"\d\s?(μm?|um|ミクロン|microns?)\s?$", source.before(match.start(), 10))
    return before[1] if before else None


def _limits(source: Source) -> Iterator[Found]:
    for match in _LIMITS.finditer(source.text):
        if match["down"]:
            yield Found(_figure(match["down"]) / 2, match.start(), match.end())
            continue
        low = _figure(match["low"]) * (1 if match["sign"] == "+" else -1)
        yield Found(abs(_figure(match["up"]) - low) / 2, match.start(), match.end())


def _geometric(source: Source) -> Iterator[Found]:
    for match in _GEOMETRIC.finditer(source.text):
        value = to_mm(_figure(match["num"]), match["unit"])
        if not _NOT_BETWEEN.search(match["fill"].strip()) and _credible(match["num"], match["unit"], value):
            yield Found(value, match.start(), match.end())
    for pattern in (_WITHIN, _WITHIN_EN):
        for match in pattern.finditer(source.text):
            if not re.search(r"r[az]\s?$|粗さ?\s?$|roughness\s?$", source.before(match.start(), 8)):
                yield Found(to_mm(_figure(match["num"]), match["unit"]), match.start(), match.end())


def _credible(figure: str, unit: str | None, value: float) -> bool:
    """A whole number without a unit is a count or a size; a tolerance is written 0.02, .02 or with its unit."""
    return value <= 2 and ("." in figure or "," in figure or unit is not None)


def _fractions(source: Source) -> Iterator[Found]:
    for match in _FRACTION.finditer(source.text):
        before, after = source.before(match.start(), 14), source.after(match.end(), 12)
        if _FRACTION_MEANT.search(before) or _FRACTION_AFTER.search(after) or match.group().endswith(("ミリ", "mm")):
            figure, scale = match["n"] or match["n2"], number(match["den"] or match["den2"])
            yield Found(number(figure) / scale, match.start(), match.end())
    for match in _POINT.finditer(source.text):
        digits = "".join(str(_DIGIT.get(c, c)) for c in match["n"].replace("ゼロ", "0").replace("レイ", "0"))
        if digits.isdigit() and _FRACTION_MEANT.search(source.before(match.start(), 14)):
            yield Found(float(f"0.{digits}"), match.start(), match.end())


_DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0}


def _fits(source: Source, dims: tuple[float, ...]) -> Iterator[Found]:
    for match in _FIT.finditer(source.text):
        before = source.before(match.start() + 1, 24)
        if match["times"] and not match["nominal"]:
            continue
        if (
            match["class"] != "it"
            and not match["nominal"]
            and not _FIT_CONTEXT.search(before + source.after(match.end(), 6))
        ):
            continue
        nominal = _nominal(source, match, dims)
        band = grade_band(int(match["grade"]), nominal) if nominal else None
        if band:
            yield Found(band / 2, match.start(), match.end())


def _nominal(source: Source, match: re.Match[str], dims: tuple[float, ...]) -> float | None:
    """The size the fit belongs to: written with it, else the last diameter before it, else the part's own diameter."""
    if match["nominal"]:
        return float(match["nominal"])
    inside = re.match(r"\s?\(\s?φ\s?(\d{1,4}(?:\.\d{1,3})?)", source.after(match.end(), 12))
    if inside:
        return float(inside[1])
    earlier = _DIAMETER.findall(source.text[max(0, match.start() - 80) : match.start()])
    if earlier:
        return float(earlier[-1])
    return min(dims) if dims else None


def _general(source: Source, dims: tuple[float, ...]) -> Iterator[Found]:
    for match in _GENERAL.finditer(source.text):
        value = general_tolerance(_CLASS.get(match["class"], match["class"]), max(dims)) if dims else None
        if value:
            yield Found(value, match.start(), match.end())


def signed(source: Source, figures: Iterable[Found]) -> list[Found]:
    """Those with a sign, which no other reader may take for a size."""
    return [f for f in figures if source.text[f.start] in "±+-"]
