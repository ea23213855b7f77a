"""Ranking from file to file, without a database: what stands behind `nakamawa rank`."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from matching.api import MatchIndex
from matching.records import RecordError, RequestRecord, firm_from_record, request_from_record
from matching.routing.telling import with_told_steps
from matching.types import Candidate, FirmProfile, Need, Reading
from matching.understanding.request import read
from matching.vocabulary.processes import processes

T = TypeVar("T", FirmProfile, RequestRecord)
# Requests whose texts are encoded together.
AT_ONCE = 8
# Seconds after which a thread hands the interpreter to one that waits. The encoder takes it up hundreds of times
# a batch, for microseconds each; at Python's 5 ms it waited longer for its turns than it worked (ADR 0126).
TURN = 0.00002

Teams = Sequence[Mapping[str, object]]
# Given a need and how many teams are wanted: the names of the steps to share out, and the proposals to write.
TeamMaker = Callable[[Need, int], tuple[Sequence[str], Teams]]


class BadFile(Exception):
    """A file cannot be used; the message names file, line, field and what was expected."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run did, for the closing line."""

    firms: int
    requests: int
    seconds: float

    @property
    def ms_per_request(self) -> float:
        return 1000.0 * self.seconds / self.requests if self.requests else 0.0


def read_firms(path: Path) -> list[FirmProfile]:
    """The firms of a JSON Lines file. Raises `BadFile` at the first fault."""
    return _read(path, firm_from_record)


def read_requests(path: Path) -> list[RequestRecord]:
    """The requests of a JSON Lines file; nothing but id, text and today is looked at. Raises `BadFile`."""
    return _read(path, request_from_record)


def _read(path: Path, parse: Callable[[object], T]) -> list[T]:
    found: list[T] = []
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        record = _parsed(path, number, line, parse)
        if record.id in seen:
            raise BadFile(f"{path}:{number}: id: expected a new id, but line {seen[record.id]} has {record.id} too")
        seen[record.id] = number
        found.append(record)
    if not found:
        raise BadFile(f"{path}: expected at least one line")
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: expected UTF-8, byte {error.start} is not") from error
    # Only a line feed ends a record: a text may hold other line separators.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _parsed(path: Path, number: int, line: str, parse: Callable[[object], T]) -> T:
    try:
        return parse(json.loads(line, parse_constant=_refuse_constant))
    except json.JSONDecodeError as error:
        raise BadFile(f"{path}:{number}: expected JSON, {error.msg} at column {error.colno}") from error
    except RecordError as error:
        raise BadFile(f"{path}:{number}: {error}") from error
    except ValueError as error:
        raise BadFile(f"{path}:{number}: expected numbers of at most {sys.get_int_max_str_digits()} digits") from error
    except RecursionError as error:
        raise BadFile(f"{path}:{number}: expected JSON that is not nested so deeply") from error


def _refuse_constant(name: str) -> float:
    raise RecordError("record", f"finite numbers, not {name}")


def rank(
    index: MatchIndex,
    requests: Sequence[RequestRecord],
    out: Path,
    top: int = 20,
    teams: int = 5,
    make_teams: TeamMaker | None = None,
) -> Totals:
    """Write one answer line for each request into `out`, all of them or nothing."""
    if out.is_dir() or not out.parent.is_dir():
        raise BadFile(f"{out}: expected the name of a file in a folder that exists")
    started = time.perf_counter()
    with _turns_of(TURN):
        lines = [json.dumps(one, ensure_ascii=False) for one in _answers(index, requests, top, teams, make_teams)]
    seconds = time.perf_counter() - started
    _write(out, "".join(f"{line}\n" for line in lines))
    return Totals(len(index), len(requests), seconds)


@contextmanager
def _turns_of(seconds: float) -> Iterator[None]:
    """Threads take turns of so many seconds; afterwards of as many as before."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(seconds)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _write(out: Path, text: str) -> None:
    """The whole text or nothing. What is no plain file, /dev/stdout for one, is written to and never replaced."""
    fresh = out.with_name(f"{out.name}.part") if out.is_file() or not out.exists() else out
    try:
        fresh.write_text(text, encoding="utf-8")
        if fresh != out:
            fresh.replace(out)
    except OSError as error:
        if fresh != out:
            fresh.unlink(missing_ok=True)
        raise BadFile(f"{out}: {error.strerror}") from error


def _answers(
    index: MatchIndex, requests: Sequence[RequestRecord], top: int, teams: int, make_teams: TeamMaker | None
) -> Iterator[dict[str, object]]:
    for batch in _encoded(index, requests):
        for request in batch.requests:
            yield _answer(index, request, top, teams, make_teams, batch.waited)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Requests whose texts are encoded; each waited so many seconds for it, its share of the whole wait."""

    requests: Sequence[RequestRecord]
    waited: float


def _encoded(index: MatchIndex, requests: Sequence[RequestRecord]) -> Iterator[_Batch]:
    """Texts are encoded some at a time, the next ones on another core while those before are answered."""
    with ThreadPoolExecutor(max_workers=1) as other_core:

        def encoding(first: int) -> Future[None]:
            texts = [request.text for request in requests[first : first + AT_ONCE]]
            return other_core.submit(index.expect, texts)

        coming = encoding(0)
        for first in range(0, len(requests), AT_ONCE):
            batch = requests[first : first + AT_ONCE]
            started = time.perf_counter()
            coming.result()
            waited = (time.perf_counter() - started) / len(batch)
            coming = encoding(first + AT_ONCE)
            yield _Batch(batch, waited)


def _answer(
    index: MatchIndex, request: RequestRecord, top: int, teams: int, make_teams: TeamMaker | None, waited: float
) -> dict[str, object]:
    started = time.perf_counter() - waited
    need = with_told_steps(read(request.text, request.today))
    answer = index.answer(need, top)
    steps, proposals = make_teams(need, teams) if make_teams and teams else ((), ())
    return {
        "id": request.id,
        "understood": understood(need),
        "steps": list(steps or (processes()[step].ja for step in answer.steps)),
        "ranking": [_place(candidate, need.lang) for candidate in answer.candidates],
        "teams": list(proposals),
        "ms": round(1000.0 * (time.perf_counter() - started), 2),
    }


def understood(need: Need) -> dict[str, object]:
    """The readings as plain values; null where the text is silent."""
    size, due, certifications = _value(need.size_mm), _value(need.due), _value(need.certifications)
    return {
        "material": _value(need.material),
        "size_mm": list(size) if size else None,
        "tolerance_mm": _value(need.tolerance_mm),
        "quantity": _value(need.quantity),
        "due": due.isoformat() if due else None,
        "certifications": list(certifications) if certifications else None,
        "processes": [processes()[mention.process_id].ja for mention in need.processes],
    }


V = TypeVar("V")


def _value(reading: Reading[V] | None) -> V | None:
    return reading.value if reading else None


def _place(candidate: Candidate, lang: str) -> dict[str, object]:
    return {
        "firm_id": candidate.firm_id,
        "score": round(candidate.score, 6),
        "verdict": candidate.verdict.value,
        "reasons": [phrase.text(lang) for phrase in candidate.reasons],
        "questions": [phrase.text(lang) for phrase in candidate.questions],
    }
