"""One JSON record of a firm into a draft. Optional fields may be missing, unknown ones are ignored."""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from backend.core import phones
from backend.firms.cells import Reading
from backend.firms.drafts import CapacityDraft, CertificateDraft, Envelope, EquipmentDraft, FirmDraft, TechniqueDraft
from backend.firms.faults import FaultCode, Problem
from backend.firms.rules import Answer

# What the record calls a field, where the draft calls it otherwise.
OTHER_NAMES = {"id": "code", "text": "own_words", "certifications": "certificates"}
TEXTS = ("name", "kana", "address", "ward", "website", "own_words")
CODES = ("code", "corporate_number", "representative_age_band", "succession_state")
NUMBERS = ("lat", "lng", "tolerance_mm")
WHOLES = ("employees", "capital_yen", "lot_min", "lot_max")
ANSWERS = ("can_lead", "public_facility")
Record = Mapping[str, Any]


def read_record(record: Record) -> tuple[FirmDraft, frozenset[str], list[Problem]]:
    """The draft, the fields the record spoke of, and what is wrong with it."""
    reading = Reading()
    values = {OTHER_NAMES.get(key, key): value for key, value in record.items()}
    for names, reader in (
        (TEXTS, _text),
        (("phone",), _phone),
        (CODES, _code),
        (NUMBERS, _number),
        (WHOLES, _whole),
        (ANSWERS, _answer),
    ):
        for name in names:
            if name in values:
                reading.values[name] = reader(reading, name, values[name])
    for name, list_reader in LISTS.items():
        if name in values:
            reading.values[name] = list_reader(reading, name, values[name])
    if "processes" in values:
        _processes(reading, values["processes"])
    return FirmDraft(**reading.values), frozenset(reading.values), reading.problems


def _text(reading: Reading, name: str, value: object) -> str:
    if value is None or isinstance(value, str):
        return (value or "").strip()
    reading.fault(name, FaultCode.WRONG_TYPE, _shown(value), '"…"')
    return ""


def _phone(reading: Reading, name: str, value: object) -> str:
    return phones.plain(_text(reading, name, value))


def _code(reading: Reading, name: str, value: object) -> str | None:
    return _text(reading, name, value) or None


def _number(reading: Reading, name: str, value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        reading.fault(name, FaultCode.NOT_A_NUMBER, _shown(value), "0.05")
        return None
    return float(value)


def _whole(reading: Reading, name: str, value: object) -> int | None:
    number = _number(reading, name, value)
    if number is not None and number != int(number):
        reading.fault(name, FaultCode.NOT_WHOLE, _shown(value))
        return None
    return None if number is None else int(number)


def _answer(reading: Reading, name: str, value: object) -> str:
    known = {True: Answer.YES, False: Answer.NO, None: Answer.UNKNOWN}
    if value is None or isinstance(value, bool):
        return known[value].value
    if isinstance(value, str) and value in set(Answer):
        return value
    reading.fault(name, FaultCode.WRONG_TYPE, _shown(value), "true, false, null")
    return Answer.UNKNOWN.value


def _list(reading: Reading, name: str, value: object) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return value
    reading.fault(name, FaultCode.WRONG_TYPE, _shown(value), "[…]")
    return []


def _words(reading: Reading, name: str, value: object) -> tuple[str, ...]:
    texts = [_text(reading, f"{name}.{at}", item) for at, item in enumerate(_list(reading, name, value))]
    return tuple(dict.fromkeys(text for text in texts if text))


def _objects(reading: Reading, name: str, value: object) -> list[tuple[str, Record]]:
    found: list[tuple[str, Record]] = []
    for at, item in enumerate(_list(reading, name, value)):
        if isinstance(item, dict):
            found.append((f"{name}.{at}", item))
        else:
            reading.fault(f"{name}.{at}", FaultCode.WRONG_TYPE, _shown(item), "{…}")
    return found


def _equipment(reading: Reading, name: str, value: object) -> tuple[EquipmentDraft, ...]:
    return tuple(_machine(reading, path, item) for path, item in _objects(reading, name, value))


def _machine(reading: Reading, path: str, item: Record) -> EquipmentDraft:
    count = _whole(reading, f"{path}.count", item.get("count"))
    return EquipmentDraft(
        kind=_text(reading, f"{path}.kind", item.get("kind")),
        maker=_text(reading, f"{path}.maker", item.get("maker")),
        model=_text(reading, f"{path}.model", item.get("model")),
        count=1 if count is None else count,
        envelope_mm=_envelope(reading, f"{path}.envelope_mm", item.get("envelope_mm")),
        year=_whole(reading, f"{path}.year", item.get("year")),
        remarks=_text(reading, f"{path}.remarks", item.get("remarks")),
    )


def _envelope(reading: Reading, path: str, value: object) -> Envelope:
    if value is None:
        return (None, None, None)
    if not isinstance(value, list) or len(value) != 3:
        reading.fault(path, FaultCode.ENVELOPE, _shown(value))
        return (None, None, None)
    x, y, z = (_number(reading, path, side) for side in value)
    return (x, y, z)


def _techniques(reading: Reading, name: str, value: object) -> tuple[TechniqueDraft, ...]:
    return tuple(_technique(reading, path, item) for path, item in _objects(reading, name, value))


def _technique(reading: Reading, path: str, item: Record) -> TechniqueDraft:
    names = ("thickness_min_mm", "thickness_max_mm", "tolerance_mm", "roughness_ra_um")
    thin, thick, tolerance, roughness = (_number(reading, f"{path}.{name}", item.get(name)) for name in names)
    return TechniqueDraft(
        process=_text(reading, f"{path}.process", item.get("process")),
        materials=_words(reading, f"{path}.materials", item.get("materials")),
        size_max_mm=_envelope(reading, f"{path}.size_max_mm", item.get("size_max_mm")),
        experience=_text(reading, f"{path}.experience", item.get("experience")),
        thickness_min_mm=thin,
        thickness_max_mm=thick,
        tolerance_mm=tolerance,
        roughness_ra_um=roughness,
    )


def _processes(reading: Reading, value: object) -> None:
    """The wordings of `processes`, besides those that `techniques` tells more about."""
    told = reading.values.get("techniques", ())
    names = {technique.process for technique in told}
    more = (TechniqueDraft(word) for word in _words(reading, "techniques", value) if word not in names)
    reading.values["techniques"] = (*told, *more)


def _certificates(reading: Reading, name: str, value: object) -> tuple[CertificateDraft, ...]:
    return tuple(
        _certificate(reading, f"{name}.{at}", item) for at, item in enumerate(_list(reading, name, value)) if item
    )


def _certificate(reading: Reading, path: str, item: object) -> CertificateDraft:
    if not isinstance(item, dict):
        return CertificateDraft(_text(reading, path, item))
    expires = item.get("expires_on")
    return CertificateDraft(
        _text(reading, f"{path}.name", item.get("name")),
        None if expires is None else _date(reading, f"{path}.expires_on", expires),
    )


def _capacity(reading: Reading, name: str, value: object) -> tuple[CapacityDraft, ...]:
    weeks: dict[date, CapacityDraft] = {}
    for path, item in _objects(reading, name, value):
        start = _date(reading, f"{path}.week_start", item.get("week_start"))
        hours = _number(reading, f"{path}.hours_free", item.get("hours_free"))
        if start is not None and hours is not None:
            weeks[start] = CapacityDraft(start, hours)
    return tuple(sorted(weeks.values(), key=lambda week: week.week_start))


def _date(reading: Reading, path: str, value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _wrong_date(reading, path, value)
    except ValueError:
        return _wrong_date(reading, path, value)


def _wrong_date(reading: Reading, path: str, value: object) -> date | None:
    reading.fault(path, FaultCode.DATE, _shown(value))
    return None


def _audiences(reading: Reading, name: str, value: object) -> dict[str, str]:
    if isinstance(value, dict) and all(isinstance(audience, str) for audience in value.values()):
        return value
    reading.fault(name, FaultCode.WRONG_TYPE, _shown(value), '{"address": "public"}')
    return {}


def _shown(value: object) -> str:
    return str(value)[:200]


LISTS: Mapping[str, Callable[[Reading, str, object], Any]] = {
    "equipment": _equipment,
    "techniques": _techniques,
    "materials": _words,
    "certificates": _certificates,
    "capacity": _capacity,
    "audiences": _audiences,
}
