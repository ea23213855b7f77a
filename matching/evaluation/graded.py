"""Graded sets: firms, requests, the grade of each firm that fits, and the firms that only look as if they did."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matching.records import RequestRecord, firm_from_record, request_from_record
from matching.types import FirmProfile


@dataclass(frozen=True, slots=True)
class GradedRequest:
    """A request that one firm can do alone, with its grades (3 first call, 2 meets every need, 1 partly)."""

    request: RequestRecord
    grades: Mapping[str, int]
    traps: frozenset[str]


@dataclass(frozen=True, slots=True)
class GradedSet:
    firms: tuple[FirmProfile, ...]
    requests: tuple[GradedRequest, ...]


def read_graded(firms: Path, requests: Path) -> GradedSet:
    """The single-firm requests of a set in the form of the outer contract. Raises OSError, `RecordError`."""
    return GradedSet(
        tuple(firm_from_record(record) for record in _records(firms)),
        tuple(_graded(record) for record in _records(requests) if record["kind"] == "single"),
    )


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _graded(record: dict[str, Any]) -> GradedRequest:
    grades = {str(firm_id): int(grade) for firm_id, grade in record["relevant"].items() if grade}
    traps = frozenset(str(trap["firm_id"]) for trap in record.get("traps", ()))
    return GradedRequest(request_from_record(record), grades, traps)
