"""Short fixed readings of a firm's own words: boxes, calendar remarks, ways of working."""

import re

from matching.understanding.measures import plain
from matching.understanding.offer import Willingness

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_BOX = re.compile(
    rf"(?<![A-Za-z0-9.]){_NUMBER}\s*(?:mm)?\s*[×xX]\s*(?:深さ)?{_NUMBER}(?:\s*(?:mm)?\s*[×xX]\s*(?:深さ|高さ)?{_NUMBER})?"
)
_AXES = re.compile(rf"X\s*{_NUMBER}\s*[×xX]?\s*Y\s*{_NUMBER}\s*[×xX]?\s*Z\s*{_NUMBER}")
_FULL = re.compile(r"年内[^。]{0,10}(?:満杯|埋まっ|いっぱい|受けられ|空き(?:は|が)?(?:ない|ありません))")
_LEAD = re.compile(r"(?:納期は|予約は|標準納期)[^。\d]{0,6}(\d{1,2})\s*(週間|日|か月|ヶ月|カ月)")
_LEAD_DAYS = {"日": 1, "週間": 7, "か月": 30, "ヶ月": 30, "カ月": 30}
_WILLING: tuple[tuple[Willingness, str], ...] = (
    (
        Willingness.ONE_OFF,
        (
            r"(?<!\d)[1一](?:個|枚|本|台|点|冊|着|つ|基|セット)(?:から|より|〜|でも|の?試作)"
            r"|一品物(?!.{0,12}苦手)|単品(?!.{0,12}割高)|one[- ]off"
        ),
    ),
    (
        Willingness.NO_DRAWING,
        (
            r"図面(?:が|の|も)?(?:な(?:く|い|し)|書けな|手書き|一枚)|ポンチ絵|手書き|スケッチ|メモ|ラフ"
            r"|現物(?:から|合わせ|一個|を)|実機を持|without drawings?"
        ),
    ),
    (Willingness.PROTOTYPE, r"試作(?!だけ)|プロトタイプ|prototyp"),
    (Willingness.RUSH, r"最短|翌日|即日|特急|急ぎ|短納期|当日|\brush\b|express"),
    (
        Willingness.GUIDANCE,
        r"相談|ご提案|一緒に|専門用語を使わず|初めて|個人|学生|アイデア|何から|窓口|歓迎|\badvice\b|welcome",
    ),
    (Willingness.REPAIR, r"修理|補修|復元|現品|折れた|欠けた|作り直|repair|restor"),
)
_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _WILLING)


def boxes(text: str) -> tuple[tuple[float, ...], ...]:
    """Work sizes written as 600×300 or X550×Y350×Z300, each with its largest side first."""
    folded = plain(text)
    matches = [*_AXES.finditer(folded), *_BOX.finditer(folded)]
    return tuple(tuple(sorted(map(_length, filter(None, m.groups())), reverse=True)) for m in matches)


def _length(number: str) -> float:
    return float(number.replace(",", ""))


def full_this_year(text: str) -> bool:
    return bool(_FULL.search(plain(text)))


def lead_days(text: str) -> int | None:
    """The usual time from order to delivery in calendar days, where a firm states one."""
    match = _LEAD.search(plain(text))
    return int(match.group(1)) * _LEAD_DAYS[match.group(2)] if match else None


def willingness(text: str) -> frozenset[Willingness]:
    folded = plain(text)
    return frozenset(kind for kind, pattern in _PATTERNS if pattern.search(folded))
