"""Firms and requests as the JSON lines of the outer contract. Reading is strict: a wrong value names its field."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from matching.types import CapacityWeek, Equipment, FirmProfile

T = TypeVar("T")


FIRST_YEAR, LAST_YEAR = 1900, 2999


class RecordError(ValueError):
    """A record does not have the agreed shape: which field, and what was expected there."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: expected {expected}")
        self.field = field
        self.expected = expected


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """All that ranking may know of a request."""

    id: str
    text: str
    today: date


def firm_from_record(record: object) -> FirmProfile:
    """A firm from one parsed JSON line. Raises `RecordError`; every field but `id` may be missing or null."""
    fields = _mapping(record, "record")
    return FirmProfile(
        id=_required_text(fields, "id"),
        name=_optional(fields, "name", _text) or "",
        ward=_optional(fields, "ward", _text) or "",
        lat=_optional(fields, "lat", _number),
        lng=_optional(fields, "lng", _number),
        text=_optional(fields, "text", _text) or "",
        processes=_texts(fields, "processes"),
        equipment=_each(fields, "equipment", _equipment),
        materials=_texts(fields, "materials"),
        tolerance_mm=_optional(fields, "tolerance_mm", _positive),
        lot_min=_optional(fields, "lot_min", _count),
        lot_max=_optional(fields, "lot_max", _count),
        certifications=_texts(fields, "certifications"),
        # A missing calendar is unknown, and so is what an empty one means.
        capacity=None if fields.get("capacity") is None else _each(fields, "capacity", _week),
        public_facility=_optional(fields, "public_facility", _flag),
        can_lead=_optional(fields, "can_lead", _flag),
    )


def request_from_record(record: object) -> RequestRecord:
    """A request from one parsed JSON line; only `id`, `text` and `today` are looked at."""
    fields = _mapping(record, "record")
    return RequestRecord(
        id=_required_text(fields, "id"),
        text=_required_text(fields, "text"),
        today=_required(fields, "today", _today),
    )


def _mapping(value: object, field: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise RecordError(field, "a JSON object")
    return value


def _required(fields: Mapping[str, object], name: str, read: Callable[[object, str], T]) -> T:
    if fields.get(name) is None:
        raise RecordError(name, "a value, but it is missing")
    return read(fields[name], name)


def _required_text(fields: Mapping[str, object], name: str) -> str:
    value = _required(fields, name, _text)
    if not value.strip():
        raise RecordError(name, "a text that is not empty")
    return value


def _optional(fields: Mapping[str, object], name: str, read: Callable[[object, str], T]) -> T | None:
    value = fields.get(name)
    return None if value is None else read(value, name)


def _each(fields: Mapping[str, object], name: str, read: Callable[[object, str], T]) -> tuple[T, ...]:
    values = fields.get(name)
    if values is None:
        return ()
    if not isinstance(values, list):
        raise RecordError(name, "a list")
    return tuple(read(value, f"{name}[{place}]") for place, value in enumerate(values))


def _texts(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    return _each(fields, name, _text)


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise RecordError(field, "a text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise RecordError(field, "a text of whole characters, not one half of a surrogate pair") from error
    return value


def _number(value: object, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise RecordError(field, "a number")
    return float(value)


def _not_negative(value: object, field: str) -> float:
    number = _number(value, field)
    if number < 0:
        raise RecordError(field, "a number that is not negative")
    return number


def _positive(value: object, field: str) -> float:
    number = _number(value, field)
    if number <= 0:
        raise RecordError(field, "a number above zero")
    return number


def _count(value: object, field: str) -> int:
    number = _not_negative(value, field)
    if number != int(number):
        raise RecordError(field, "a whole number")
    return int(number)


def _flag(value: object, field: str) -> bool:
    if not isinstance(value, bool):
        raise RecordError(field, "true or false")
    return value


def _day(value: object, field: str) -> date:
    try:
        return date.fromisoformat(_text(value, field))
    except ValueError as error:
        raise RecordError(field, "a date like 2026-12-01") from error


def _today(value: object, field: str) -> date:
    """A day from which "in three months" can be counted: the calendar ends with the year 9999."""
    day = _day(value, field)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise RecordError(field, f"a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _week(value: object, field: str) -> CapacityWeek:
    week = _mapping(value, field)
    return CapacityWeek(
        week_start=_day(week.get("week_start"), f"{field}.week_start"),
        hours_free=_not_negative(week.get("hours_free"), f"{field}.hours_free"),
    )


def _equipment(value: object, field: str) -> Equipment:
    machine = _mapping(value, field)
    count = _optional(machine, "count", _count)
    return Equipment(
        kind=_text(machine.get("kind"), f"{field}.kind"),
        maker=_optional(machine, "maker", _text) or "",
        model=_optional(machine, "model", _text) or "",
        count=1 if count is None else count,
        envelope_mm=_envelope(machine.get("envelope_mm"), f"{field}.envelope_mm"),
    )


def _envelope(value: object, field: str) -> tuple[float, float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 3:
        raise RecordError(field, "three lengths in millimetres or null")
    x, y, z = (_positive(length, f"{field}[{axis}]") for axis, length in enumerate(value))
    return x, y, z
