"""Work envelopes, counts and years as they stand in equipment lists, found and cut out of a line.

All lengths come out in millimetres. A turned part is [diameter, diameter, length]. A line has been brought to
ordinary width before it comes here.
"""

import re
from dataclasses import dataclass

from backend.firms.drafts import Envelope

NO_ENVELOPE: Envelope = (None, None, None)

# A number with its unit; letters O and l inside digits are what scanners make of 0 and 1.
_NUMBER = r"[+\-−]?[0-9lOo][0-9lOo,]*(?:\.[0-9]+)?"
_UNIT = r"(?:\s*(?:mm|cm|m(?![a-z])|粍|ミリ))?"
_AXIS = r"(?:[XYZxyzWDHLwdhl]\s*[:=]?\s*|[XYZ]軸\s*[:=]?\s*|幅|奥行き?|高さ|長さ|縦|横)?"
_TIMES = r"\s*[×xX*✕╳・]\s*"
_SIDE = rf"{_AXIS}({_NUMBER})({_UNIT})"
_ROUND_SIDE = rf"(?:φ|[Dd]ia\.?|直径|径)\s*({_NUMBER})({_UNIT})"

_LABEL = (
    r"(?P<label>(?:最大)?(?:加工(?:範囲|サイズ|寸法|物|径|能力|長さ?)?|ワーク(?:サイズ|寸法)?|移動量|ストローク|可動範囲"
    r"|造形(?:サイズ|範囲)?|測定範囲|有効(?:寸法|サイズ|範囲)?|炉内(?:寸法)?|槽(?:内)?(?:寸法|サイズ)?|旋削径|振り)"
    r"|テーブル(?:サイズ|寸法|作業面)?|チャック|機械寸法|外形寸法)?"
)
_OPEN = r"\s*[:=]?\s*[(\[〔]?\s*"
_CLOSE = r"\s*[)\]〕]?"

_ROUND = re.compile(
    rf"{_LABEL}{_OPEN}{_ROUND_SIDE}(?:\s*(?:[×xX*✕,、/]|長さ|L|心間|芯間|センター間|まで)+\s*[:=]?\s*L?({_NUMBER})({_UNIT})L?)?{_CLOSE}"
)
_BARE_ROUND = re.compile(
    rf"(?P<label>最大加工径|加工径|最大径|最大旋削径|旋削径|振り){_OPEN}({_NUMBER})({_UNIT})"
    rf"(?:\s*[×xX*✕,、/]?\s*(?:長さ|L|心間|芯間|センター間)(?:距離)?\s*[:=]?\s*({_NUMBER})({_UNIT}))?{_CLOSE}"
)
_BOX = re.compile(rf"{_LABEL}{_OPEN}(?<![A-Za-z0-9.\-φ]){_SIDE}{_TIMES}{_SIDE}(?:{_TIMES}{_SIDE})?{_CLOSE}")
_AXES = re.compile(
    rf"{_LABEL}{_OPEN}X(?:軸)?\s*[:=]?\s*({_NUMBER})({_UNIT})[\s,、/]*Y(?:軸)?\s*[:=]?\s*({_NUMBER})({_UNIT})"
    rf"(?:[\s,、/]*Z(?:軸)?\s*[:=]?\s*({_NUMBER})({_UNIT}))?{_CLOSE}"
)

_COUNT_WORDS = r"(?:台|基|機|本|式|セット|set|sets|units?|pcs)"
_KANJI_COUNT = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNTS = (
    re.compile(
        r"[(\[]?\s*(?:計|各|合計|(?<![A-Za-z0-9])[×xX✕*])?\s*([0-9]{1,3})\s*"
        rf"{_COUNT_WORDS}(?![A-Za-z一-鿿])\s*[)\]]?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![A-Za-z0-9])[(\[]?[×xX✕*]\s*([0-9]{1,3})(?![0-9.×xX✕*]|\s*mm)\s*[)\]]?"),
    re.compile(r"(?:台数|数量|qty)\s*[:=]?\s*([0-9]{1,3})(?![0-9])", re.IGNORECASE),
)
_KANJI_COUNTS = re.compile(r"([一二三四五六七八九十])\s*[台基](?![一-鿿])")

_ERAS = {"S": 1925, "昭和": 1925, "H": 1988, "平成": 1988, "R": 2018, "令和": 2018}
_YEAR = re.compile(
    r"[(\[]?\s*((?:19|20)[0-9]{2})\s*年?\s*(?:式|製造|製|導入|購入|設置|型)\s*[)\]]?"
    r"|[(\[]?((?:19|20)[0-9]{2})年[)\]]?"
)
_ERA_YEAR = re.compile(
    r"[(\[]?\s*(昭和|平成|令和|(?<![A-Za-z0-9])[SHR])\s*\.?\s*([0-9]{1,2}|元)\s*"
    r"(?:年\s*(?:式|製造|製|導入|購入|設置)?|(?=\s*[)\]]|\s*$))\s*[)\]]?"
)
_SHORT_YEAR = re.compile(r"['’]([0-9]{2})年?\s*(?:式|製|導入|購入)?")

# Which measure wins when a line gives several: what can be worked on before what the machine merely has.
_WEAK_LABELS = ("テーブル", "チャック", "機械寸法", "外形寸法")


@dataclass(frozen=True, slots=True)
class Found:
    """A value with the rest of the line, and whether the value cannot be right."""

    envelope: Envelope
    rest: str
    negative: bool = False


def take_envelope(line: str) -> Found:
    """The work envelope of a line; a second measure stays in the rest, so that it is kept as a remark."""
    best: tuple[int, re.Match[str], Envelope] | None = None
    for pattern, read in ((_AXES, _sides), (_BOX, _sides), (_ROUND, _round), (_BARE_ROUND, _round)):
        for match in pattern.finditer(line):
            rank = _rank(match, pattern)
            if rank is not None and (best is None or rank < best[0]):
                best = (rank, match, read(match))
    if best is None:
        return Found(NO_ENVELOPE, line)
    _, match, envelope = best
    rest = f"{line[: match.start()]} {line[match.end() :]}"
    negative = any(side is not None and side <= 0 for side in envelope)
    return Found(NO_ENVELOPE if negative else envelope, rest, negative)


def take_count(line: str) -> tuple[int | None, str]:
    """How many machines, and the rest of the line."""
    for pattern in _COUNTS:
        match = pattern.search(line)
        if match and int(match[1]) > 0:
            return int(match[1]), f"{line[: match.start()]} {line[match.end() :]}"
    match = _KANJI_COUNTS.search(line)
    if match:
        return _KANJI_COUNT[match[1]], f"{line[: match.start()]} {line[match.end() :]}"
    return None, line


def take_year(line: str) -> tuple[int | None, str]:
    """The year it was made or bought, in the common era, and the rest of the line."""
    for pattern, read in ((_YEAR, _common_year), (_ERA_YEAR, _era_year), (_SHORT_YEAR, _short_year)):
        match = pattern.search(line)
        if match:
            return read(match), f"{line[: match.start()]} {line[match.end() :]}"
    return None, line


def _rank(match: re.Match[str], pattern: re.Pattern[str]) -> int | None:
    label = match["label"] or ""
    if pattern is _BOX and not label and not _looks_like_a_size(match):
        return None
    if label.startswith(_WEAK_LABELS):
        return 3
    return 0 if label else 1


def _looks_like_a_size(match: re.Match[str]) -> bool:
    """A pair such as 2×4 without a unit is too short to be a machine's work size."""
    sides = [side for side in (match.group(2), match.group(4), match.group(6)) if side]
    has_unit = any((match.group(group) or "").strip() for group in (3, 5, 7))
    real = [side for side in sides if any(c.isdigit() for c in side)]
    return len(real) == len(sides) and (has_unit or len(sides) == 3 or max(abs(_value(s, "")) for s in sides) >= 50)


def _sides(match: re.Match[str]) -> Envelope:
    groups = match.groups()[1:]
    pairs = list(zip(groups[0::2], groups[1::2], strict=True))
    unit = next((u.strip() for _, u in reversed(pairs) if u and u.strip()), "")
    sides = [_value(number, (own or "").strip() or unit) if number else None for number, own in pairs]
    return (sides[0], sides[1], sides[2])


def _round(match: re.Match[str]) -> Envelope:
    diameter, unit, length, length_unit = match.groups()[1:5]
    shared = (length_unit or "").strip() or (unit or "").strip()
    across = _value(diameter, (unit or "").strip() or shared)
    return (across, across, _value(length, shared) if length else None)


def _value(number: str, unit: str) -> float:
    digits = number.replace(",", "").replace("−", "-").translate(str.maketrans("lOo", "100"))
    factor = {"cm": 10.0, "m": 1000.0}.get(unit, 1.0)
    return round(float(digits) * factor, 3)


def _common_year(match: re.Match[str]) -> int:
    return int(match[1] or match[2])


def _era_year(match: re.Match[str]) -> int:
    return _ERAS[match[1]] + (1 if match[2] == "元" else int(match[2]))


def _short_year(match: re.Match[str]) -> int:
    year = int(match[1])
    return 1900 + year if year >= 60 else 2000 + year
