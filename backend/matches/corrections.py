"""A correction is in a person's words too: it is read like the request, but only for the part it corrects."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from backend.requests import rules
from matching.days import plausible_date
from matching.types import Need, ProcessMention, Reading
from matching.understanding.request import read
from matching.vocabulary.certifications import find_certifications
from matching.vocabulary.materials import find_materials
from matching.vocabulary.processes import find_processes, lineage

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MAX_QUANTITY = 10_000_000
_MAX_MM = 100_000.0


def apply(need: Need, corrections: Mapping[str, str]) -> tuple[Need, frozenset[str]]:
    """The need with what a person answered and put right, and the parts whose correction was not understood."""
    for question in rules.QUESTIONS:
        value = corrections.get(rules.ANSWERED + question)
        if value:
            need = _answered(need, question, value)
    not_understood = set()
    for aspect in rules.CORRECTABLE:
        if aspect in corrections:
            changed = _corrected(need, aspect, corrections[aspect])
            not_understood |= {aspect} if changed is None else set()
            need = changed or need
    return need, frozenset(not_understood)


def _answered(need: Need, question: str, value: str) -> Need:
    """An answer of one tap; one that says nothing about a part of the reading changes nothing."""
    if question == "finish":
        return _with_finish(need, value)
    aspect = {"grade": "material"}.get(question, question)
    words = f"{value}×{value}×{value}" if question == "size" else value
    if aspect not in _FIELDS:
        return need
    return _corrected(need, aspect, words) or need


def _with_finish(need: Need, words: str) -> Need:
    """The finish takes the place of what was only guessed from the colour."""
    ids = [hit.process_id for hit in find_processes(words)]
    family = {relative for id_ in ids for relative in lineage(id_)[:2]}
    kept = [m for m in need.processes if not (m.implied and family & set(lineage(m.process_id)[:2]))]
    last = max((m.order for m in kept), default=-1)
    known = {m.process_id for m in kept}
    added = [ProcessMention(id_, order=last + 1) for id_ in dict.fromkeys(ids) if id_ not in known]
    return replace(need, processes=(*kept, *added))


def _corrected(need: Need, aspect: str, words: str) -> Need | None:
    """None when the words say nothing about this part. Blank words mean: there is no such condition."""
    if aspect == "process":
        return _with_processes(need, words)
    value = _READERS[aspect](words, need.today) if words else None
    if words and value is None:
        return None
    changed: dict[str, Any] = {_FIELDS[aspect]: Reading(value) if words else None}
    return replace(need, **changed)


def _with_processes(need: Need, words: str) -> Need | None:
    ids = list(dict.fromkeys(hit.process_id for hit in find_processes(words)))
    if words and not ids:
        return None
    mentions = tuple(ProcessMention(id_, order=place) for place, id_ in enumerate(ids))
    return replace(need, processes=mentions, refused=tuple(m for m in need.refused if m.process_id not in ids))


def _material(words: str, _today: date) -> str:
    hits = find_materials(words)
    return hits[0].as_written if hits else words


def _size(words: str, today: date) -> tuple[float, ...] | None:
    understood = read(f"大きさは{words}です。", today, "ja").size_mm
    if understood:
        return understood.value
    values = tuple(map(float, _NUMBER.findall(_plain(words))))
    return values if 1 <= len(values) <= 3 and all(0 < v <= _MAX_MM for v in values) else None


def _tolerance(words: str, _today: date) -> float | None:
    numbers = _NUMBER.findall(_plain(words))
    value = float(numbers[0]) if len(numbers) == 1 else 0.0
    if re.search(r"μm|ミクロン|micron", _plain(words)):
        value /= 1000
    return value if 0 < value <= 100 else None


def _quantity(words: str, today: date) -> int | None:
    numbers = _NUMBER.findall(_plain(words))
    value = int(numbers[0]) if len(numbers) == 1 and numbers[0].isdigit() else 0
    if not numbers or "ダース" in words:
        understood = read(f"数量は{words}", today, "ja").quantity
        value = understood.value if understood else 0
    return value if 0 < value <= _MAX_QUANTITY else None


def _due(words: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(_plain(words).replace("/", "-"))
        return day if plausible_date(day, today) else None
    except ValueError:
        said = words.removesuffix("まで")
        understood = read(f"納期は{said}まで", today, "ja").due or read(f"needed by {said}", today, "en").due
        return understood.value if understood else None


def _certification(words: str, _today: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.name for hit in find_certifications(words))) or (words,)


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words).replace(",", "").replace("µ", "μ").strip()


_FIELDS = {
    "material": "material",
    "size": "size_mm",
    "tolerance": "tolerance_mm",
    "quantity": "quantity",
    "due": "due",
    "certification": "certifications",
}
_READERS: Mapping[str, Callable[[str, date], Any]] = {
    "material": _material,
    "size": _size,
    "tolerance": _tolerance,
    "quantity": _quantity,
    "due": _due,
    "certification": _certification,
}
