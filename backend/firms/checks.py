"""Whether the values of a draft can be right. One place for forms, files and the seed."""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.jp import cn

from backend.firms.drafts import EquipmentDraft, FirmDraft, TechniqueDraft
from backend.firms.faults import FaultCode, Problem
from backend.firms.rules import AgeBand, Answer, Succession

TEXT_LIMITS = {
    "name": 200,
    "kana": 200,
    "code": 64,
    "address": 300,
    "ward": 40,
    "phone": 40,
    "website": 300,
    "own_words": 8000,
}
MOST_ITEMS = 300
LONGEST_MM = 100_000.0
MOST_EMPLOYEES = 1_000_000
MOST_YEN = 10**13
MOST_PIECES = 10**9
HOURS_IN_WEEK = 168.0
JAPAN = ((20.0, 46.0), (122.0, 154.0))
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")


def check_draft(draft: FirmDraft) -> list[Problem]:
    """Everything that is wrong with a draft, in the order of its fields."""
    checks = (_texts, _corporate_number, _choices, _numbers, _position, _equipment, _techniques, _lists, _weeks)
    return [problem for check in checks for problem in check(draft)]


def text_problem(field: str, text: str, limit: int) -> Problem | None:
    """A text too long, with control characters, or broken by a wrong encoding."""
    if len(text) > limit:
        return Problem(field, FaultCode.TOO_LONG, text, str(limit))
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\r\t" for c in text):
        code = FaultCode.MOJIBAKE if _repaired(text) else FaultCode.CONTROL_CHARACTERS
        return Problem(field, code, text, _repaired(text))
    if "�" in text:
        return Problem(field, FaultCode.MOJIBAKE, text)
    repaired = _repaired(text)
    return Problem(field, FaultCode.MOJIBAKE, text, repaired) if repaired else None


def _repaired(text: str) -> str:
    """What a text says if its bytes were read in the wrong encoding; '' when it looks right as it is."""
    foreign = sum(not c.isascii() for c in text)
    # A western name with one accent is not a broken text: most of a broken one is out of place.
    if foreign * 2 < len(text.replace(" ", "")):
        return ""
    for wrong, right in (("latin-1", "cp932"), ("cp1252", "cp932"), ("latin-1", "utf-8"), ("cp932", "utf-8")):
        try:
            candidate = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        if _JAPANESE.search(candidate) and "�" not in candidate and candidate.isprintable():
            return candidate
    return ""


def _texts(draft: FirmDraft) -> Iterator[Problem]:
    if not draft.name.strip():
        yield Problem("name", FaultCode.REQUIRED)
    for field, limit in TEXT_LIMITS.items():
        problem = text_problem(field, getattr(draft, field) or "", limit)
        if problem:
            yield problem
    if draft.website and not _is_website(draft.website):
        yield Problem("website", FaultCode.WEBSITE, draft.website)


def _is_website(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in parts.netloc and not re.search(r"\s", address)


def _corporate_number(draft: FirmDraft) -> Iterator[Problem]:
    number = draft.corporate_number
    if not number:
        return
    try:
        cn.validate(number)
    except InvalidChecksum:
        yield Problem("corporate_number", FaultCode.CHECK_DIGIT, number)
    except ValidationError:
        yield Problem("corporate_number", FaultCode.CORPORATE_NUMBER, number)


def _choices(draft: FirmDraft) -> Iterator[Problem]:
    choices = (
        ("representative_age_band", AgeBand),
        ("succession_state", Succession),
        ("can_lead", Answer),
        ("public_facility", Answer),
    )
    for field, kind in choices:
        value = getattr(draft, field)
        known = [member.value for member in kind]
        if value is not None and value not in known:
            yield Problem(field, FaultCode.CHOICE, str(value), ", ".join(known))


def _numbers(draft: FirmDraft) -> Iterator[Problem]:
    limits = (
        ("employees", 0, MOST_EMPLOYEES),
        ("capital_yen", 0, MOST_YEN),
        ("lot_min", 1, MOST_PIECES),
        ("lot_max", 1, MOST_PIECES),
    )
    for field, least, most in limits:
        yield from _between(field, getattr(draft, field), least, most)
    yield from _length("tolerance_mm", draft.tolerance_mm, 1000.0)
    if draft.lot_min is not None and draft.lot_max is not None and draft.lot_min > draft.lot_max:
        yield Problem("lot_min", FaultCode.LOT_ORDER, f"{draft.lot_min} > {draft.lot_max}")


def _between(field: str, value: float | None, least: float, most: float) -> Iterator[Problem]:
    if value is None:
        return
    if value < least:
        yield Problem(field, FaultCode.NEGATIVE, f"{value:g}")
    elif value > most:
        yield Problem(field, FaultCode.TOO_LARGE, f"{value:g}", f"{most:,}")


def _length(field: str, value: float | None, most: float = LONGEST_MM) -> Iterator[Problem]:
    if value is None:
        return
    if not value > 0:
        yield Problem(field, FaultCode.NEGATIVE, f"{value:g}")
    elif value > most:
        yield Problem(field, FaultCode.TOO_LARGE, f"{value:g}", f"{most:,.0f}")


def _position(draft: FirmDraft) -> Iterator[Problem]:
    for field, value, (least, most) in (("lat", draft.lat, JAPAN[0]), ("lng", draft.lng, JAPAN[1])):
        if value is not None and not least <= value <= most:
            yield Problem(field, FaultCode.POSITION, f"{value:g}")
    if (draft.lat is None) != (draft.lng is None):
        yield Problem("lat" if draft.lat is None else "lng", FaultCode.REQUIRED)


def _equipment(draft: FirmDraft) -> Iterator[Problem]:
    if len(draft.equipment) > MOST_ITEMS:
        yield Problem("equipment", FaultCode.TOO_MANY_ITEMS, str(len(draft.equipment)), str(MOST_ITEMS))
    for at, row in enumerate(draft.equipment):
        yield from _equipment_row(f"equipment.{at}", row)


def _equipment_row(path: str, row: EquipmentDraft) -> Iterator[Problem]:
    if not row.kind.strip():
        yield Problem(f"{path}.kind", FaultCode.REQUIRED)
    for field, limit in (("kind", 100), ("maker", 100), ("model", 100), ("remarks", 500)):
        problem = text_problem(f"{path}.{field}", getattr(row, field), limit)
        if problem:
            yield problem
    yield from _between(f"{path}.count", row.count, 1, 10_000)
    if row.year is not None and not 1900 <= row.year <= 2100:
        yield Problem(f"{path}.year", FaultCode.DATE, str(row.year))
    yield from _envelope(f"{path}.envelope_mm", row.envelope_mm)


def _envelope(path: str, sides: tuple[float | None, ...]) -> Iterator[Problem]:
    shown = "×".join("?" if side is None else f"{side:g}" for side in sides)
    if any(side is not None and not side > 0 for side in sides):
        yield Problem(path, FaultCode.NEGATIVE_ENVELOPE, shown)
    elif any(side is not None and side > LONGEST_MM for side in sides):
        yield Problem(path, FaultCode.TOO_LARGE, shown, f"{LONGEST_MM:,.0f} mm")


def _techniques(draft: FirmDraft) -> Iterator[Problem]:
    if len(draft.techniques) > MOST_ITEMS:
        yield Problem("techniques", FaultCode.TOO_MANY_ITEMS, str(len(draft.techniques)), str(MOST_ITEMS))
    for at, row in enumerate(draft.techniques):
        yield from _technique_row(f"techniques.{at}", row)


def _technique_row(path: str, row: TechniqueDraft) -> Iterator[Problem]:
    if not row.process.strip():
        yield Problem(f"{path}.process", FaultCode.REQUIRED)
    for field, limit in (("process", 100), ("experience", 4000)):
        problem = text_problem(f"{path}.{field}", getattr(row, field), limit)
        if problem:
            yield problem
    for field in ("thickness_min_mm", "thickness_max_mm", "tolerance_mm", "roughness_ra_um"):
        yield from _length(f"{path}.{field}", getattr(row, field))
    yield from _envelope(f"{path}.size_max_mm", row.size_max_mm)


def _lists(draft: FirmDraft) -> Iterator[Problem]:
    for field, words in (("materials", draft.materials), ("certificates", [c.name for c in draft.certificates])):
        if len(words) > MOST_ITEMS:
            yield Problem(field, FaultCode.TOO_MANY_ITEMS, str(len(words)), str(MOST_ITEMS))
        for word in words:
            problem = text_problem(field, word, 100)
            if problem:
                yield problem


def _weeks(draft: FirmDraft) -> Iterator[Problem]:
    for row in draft.capacity:
        if row.week_start.weekday() != 0:
            yield Problem("capacity", FaultCode.NOT_MONDAY, row.week_start.isoformat(), "2026-12-07")
        yield from _between("capacity", row.hours_free, 0, HOURS_IN_WEEK * 100)
