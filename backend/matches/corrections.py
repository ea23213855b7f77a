"""A correction is in a person's words too: it is read like the request, but only for the part it corrects."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from matching.types import Need, ProcessMention, Reading
from matching.understanding.request import read
from matching.vocabulary.certifications import find_certifications
from matching.vocabulary.materials import find_materials
from matching.vocabulary.processes import find_processes

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MAX_QUANTITY = 10_000_000
_MAX_MM = 100_000.0


def apply(need: Need, corrections: Mapping[str, str]) -> tuple[Need, frozenset[str]]:
    """The need with what a person put right, and the parts whose correction could not be understood."""
    not_understood = set()
    for aspect, words in corrections.items():
        changed = _corrected(need, aspect, words)
        if changed is None:
            not_understood.add(aspect)
        else:
            need = changed
    return need, frozenset(not_understood)


def _corrected(need: Need, aspect: str, words: str) -> Need | None:
    """None when the words say nothing about this part. Blank words mean: there is no such condition."""
    if aspect == "process":
        return _with_processes(need, words)
    name = _FIELDS[aspect]
    if not words:
        return replace(need, **{name: None})
    value = _READERS[aspect](words, need.today)
    return None if value is None else replace(need, **{name: Reading(value)})


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


def _quantity(words: str, _today: date) -> int | None:
    numbers = _NUMBER.findall(_plain(words))
    value = int(numbers[0]) if len(numbers) == 1 and numbers[0].isdigit() else 0
    return value if 0 < value <= _MAX_QUANTITY else None


def _due(words: str, today: date) -> date | None:
    try:
        return date.fromisoformat(_plain(words).replace("/", "-"))
    except ValueError:
        understood = read(f"納期は{words.removesuffix('まで')}まで", today, "ja").due
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
