"""Text of a cell or a form field into values. The same reading serves CSV, XLSX and the forms on screen."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.core import phones
from backend.firms.drafts import CapacityDraft, CertificateDraft, EquipmentDraft, FirmDraft, TechniqueDraft
from backend.firms.equipment_text import Doubt, LineKind, parse_equipment
from backend.firms.faults import FaultCode, Problem
from backend.firms.rules import AgeBand, Answer, Succession
from backend.firms.wording import fold, split_list, width
from matching.days import monday_of

_YES = {"はい", "yes", "y", "true", "1", "1.0", "有", "可", "○", "〇", "◯", "あり", "可能", "できる"}
_NO = {"いいえ", "no", "n", "false", "0", "0.0", "無", "不可", "×", "x", "なし", "できない"}
_UNKNOWN = {"", "不明", "未確認", "unknown", "?", "まだ聞いていない"}
_AGES = {
    "40歳未満": AgeBand.UNDER_40,
    "30代": AgeBand.UNDER_40,
    "20代": AgeBand.UNDER_40,
    "80歳以上": AgeBand.OVER_80,
    "80代": AgeBand.OVER_80,
}
_SUCCESSIONS = {
    "決まっている": Succession.DECIDED,
    "後継ぎが決まっている": Succession.DECIDED,
    "探している": Succession.LOOKING,
    "後継ぎを探している": Succession.LOOKING,
    "未定": Succession.LOOKING,
    "まだ考えなくてよい": Succession.NOT_NEEDED,
    "たたむつもり": Succession.CLOSING,
    "廃業予定": Succession.CLOSING,
}
_NUMBER = re.compile(r"^[±+]?(-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)(?:mm|個|本|枚|人|名|円|h|時間)?$")
_MANY = {"億": 10**8, "万": 10**4, "千": 10**3}
_DATE = re.compile(r"^([0-9]{4})[-/年.]([0-9]{1,2})[-/月.]([0-9]{1,2})日?(?:[ t]00:00(?::00)?)?$")
_UNTIL = re.compile(
    r"^(.*?)[\s(\[]*(?:有効期限|期限|~|〜)?\s*([0-9]{4}[-/年.][0-9]{1,2}[-/月.][0-9]{1,2}日?)\s*(?:まで)?[)\]]*$"
)
_WEEK = re.compile(r"^(.*?[0-9日])\s*[::=\s]\s*(-?[0-9.]+)\s*(?:h|時間)?$")


@dataclass
class Reading:
    """A draft in the making: the values read so far and what could not be read."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, name: str, code: FaultCode, value: str, hint: str = "") -> None:
        self.problems.append(Problem(name, code, value, hint))


def read_cells(cells: Mapping[str, str]) -> tuple[FirmDraft, list[Problem]]:
    """A draft from texts by field name. A field that cannot be read is reported and left unknown."""
    reading = Reading()
    for name, text in cells.items():
        reader = READERS.get(name)
        if reader is not None:
            reader(reading, name, text.strip())
    return FirmDraft(**reading.values), reading.problems


def read_number(reading: Reading, name: str, text: str, example: str = "0.05") -> float | None:
    """A number with its usual company: ±, mm, 個, 万円, commas, full width. Empty is unknown."""
    plain = fold(text).replace(",", "").replace(" ", "").replace("−", "-").replace("¥", "")
    if not plain:
        return None
    factor = 1
    for word, times in _MANY.items():
        if word in plain:
            plain, factor = plain.replace(word, "", 1), factor * times
    found = _NUMBER.match(plain)
    if not found:
        reading.fault(name, FaultCode.NOT_A_NUMBER, text, example)
        return None
    value = float(found[1]) * factor
    if abs(value) > 1e15:
        reading.fault(name, FaultCode.TOO_LARGE, text, "1,000,000,000,000,000")
        return None
    return value


def read_whole(reading: Reading, name: str, text: str) -> int | None:
    """A whole number."""
    value = read_number(reading, name, text, "10")
    if value is not None and value != int(value):
        reading.fault(name, FaultCode.NOT_WHOLE, text)
        return None
    return None if value is None else int(value)


def read_date(reading: Reading, name: str, text: str) -> date | None:
    """A calendar date as people and spreadsheets write it."""
    plain = fold(text)
    if not plain:
        return None
    found = _DATE.match(plain)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        day = None
    if day is None:
        reading.fault(name, FaultCode.DATE, text)
    return day


def _text(reading: Reading, name: str, text: str) -> None:
    reading.values[name] = text


def _phone(reading: Reading, name: str, text: str) -> None:
    """A number of a telephone. Spreadsheets take the first zero away from one that is written without hyphens."""
    plain = phones.plain(text).strip()
    cut = plain.isascii() and plain.isdigit() and len(plain) in {9, 10} and not plain.startswith("0")
    reading.values[name] = f"0{plain}" if cut else plain


def _code(reading: Reading, name: str, text: str) -> None:
    reading.values[name] = text or None


def _corporate_number(reading: Reading, name: str, text: str) -> None:
    reading.values[name] = re.sub(r"[\s\-‐−ー]", "", width(text)).removeprefix("T") or None


def _number(reading: Reading, name: str, text: str) -> None:
    reading.values[name] = read_number(reading, name, text)


def _whole(reading: Reading, name: str, text: str) -> None:
    reading.values[name] = read_whole(reading, name, text)


def _answer(reading: Reading, name: str, text: str) -> None:
    plain = fold(text)
    for words, answer in ((_YES, Answer.YES), (_NO, Answer.NO), (_UNKNOWN, Answer.UNKNOWN)):
        if plain in words:
            reading.values[name] = answer.value
            return
    reading.fault(name, FaultCode.CHOICE, text, "はい, いいえ, 不明 (yes, no, unknown)")


def _age(reading: Reading, name: str, text: str) -> None:
    plain = width(text).strip().replace("歳代", "代")
    known = {f"{band.value[:2]}代": band for band in AgeBand if band.value[:2].isdigit()} | _AGES
    _choice(reading, name, text, known.get(plain) or (AgeBand(plain) if plain in set(AgeBand) else None), known)


def _succession(reading: Reading, name: str, text: str) -> None:
    plain = width(text).strip()
    state = _SUCCESSIONS.get(plain) or (Succession(plain) if plain in set(Succession) else None)
    _choice(reading, name, text, state, _SUCCESSIONS)


def _choice(
    reading: Reading, name: str, text: str, found: AgeBand | Succession | None, known: Mapping[str, object]
) -> None:
    if text and found is None:
        reading.fault(name, FaultCode.CHOICE, text, ", ".join(known))
    reading.values[name] = found.value if found else None


def _techniques(reading: Reading, name: str, text: str) -> None:
    reading.values[name] = tuple(TechniqueDraft(process) for process in split_list(text))


def _materials(reading: Reading, name: str, text: str) -> None:
    reading.values[name] = split_list(text)


def _equipment(reading: Reading, name: str, text: str) -> None:
    rows: list[EquipmentDraft] = []
    for line in parse_equipment(text.replace(";", "\n").replace("；", "\n")):
        if line.what is LineKind.HEADING:
            continue
        if Doubt.NEGATIVE_SIZE in line.doubts:
            reading.fault(f"equipment.{len(rows)}.envelope_mm", FaultCode.NEGATIVE_ENVELOPE, line.text)
        if line.row is None or not line.row.kind:
            reading.fault(f"equipment.{len(rows)}", FaultCode.EQUIPMENT_UNREAD, line.text)
        rows.append(line.row if line.row and line.row.kind else EquipmentDraft(kind=line.text.strip()[:100]))
    reading.values[name] = tuple(rows)


def _certificates(reading: Reading, name: str, text: str) -> None:
    rows = []
    for part in split_list(text):
        found = _UNTIL.match(width(part))
        expires = read_date(reading, name, found[2]) if found else None
        rows.append(CertificateDraft(found[1].strip() if found else part, expires))
    reading.values[name] = tuple(rows)


def _capacity(reading: Reading, name: str, text: str) -> None:
    weeks: dict[date, CapacityDraft] = {}
    for part in split_list(text):
        found = _WEEK.match(width(part))
        start = read_date(reading, name, found[1] if found else part)
        hours = read_number(reading, name, found[2], "12") if found else None
        if start is None or hours is None:
            continue
        if start.weekday() != 0:
            monday = monday_of(start)
            reading.fault(name, FaultCode.NOT_MONDAY, part, monday.isoformat())
            continue
        weeks[start] = CapacityDraft(start, hours)
    reading.values[name] = tuple(weeks.values())


READERS: Mapping[str, Callable[[Reading, str, str], None]] = {
    "code": _code,
    "name": _text,
    "kana": _text,
    "corporate_number": _corporate_number,
    "address": _text,
    "ward": _text,
    "lat": _number,
    "lng": _number,
    "employees": _whole,
    "capital_yen": _whole,
    "representative_age_band": _age,
    "succession_state": _succession,
    "phone": _phone,
    "website": _text,
    "own_words": _text,
    "lot_min": _whole,
    "lot_max": _whole,
    "tolerance_mm": _number,
    "can_lead": _answer,
    "public_facility": _answer,
    "techniques": _techniques,
    "materials": _materials,
    "equipment": _equipment,
    "certificates": _certificates,
    "capacity": _capacity,
}
