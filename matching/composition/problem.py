"""The team problem as immutable data, and its reading from JSON with errors that name the field and the remedy."""

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

# Sets of steps are held as the bits of one machine word.
MOST_STEPS = 60
# Nobody reads more, and each one is worked out again.
MOST_ANSWERS = 10_000
# Larger numbers are slips of the pen, and their sums would no longer be exact; less work than this is none.
MOST_HOURS = 1e6
LEAST_HOURS = 1e-6
MOST_WEIGHT = 1e9
FIRST_YEAR, LAST_YEAR = 1900, 2200
# A week so far ahead is a slip of the pen, and would make the calendar endless.
MOST_YEARS = 10


class ProblemError(ValueError):
    """A malformed problem. `field` is a path such as `steps[2].after`; the sentence says what to write instead."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(f"{field}: {remedy}")
        self.field = field
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of the route. `after` holds the positions of its predecessors; `hours` of work, > 0."""

    id: str
    process: str
    hours: float
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Firm:
    """A workshop: degrees, whether it may carry delivery, and free hours by the first day of a week, ascending."""

    id: str
    lat: float
    lng: float
    can_lead: bool = True
    capacity: tuple[tuple[date, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A firm that could do a step, with how well it fits (0 to 1)."""

    firm_id: str
    fit: float


@dataclass(frozen=True, slots=True)
class Params:
    """Weights of the cost (docs/reference/composition.md) and the size of the answer."""

    k: int = 5
    w_fit: float = 10.0
    w_km: float = 0.2
    w_firm: float = 1.0
    w_day: float = 0.1
    w_trust: float = 0.5
    max_firms: int | None = None
    max_shared: float = 1.0
    time_limit_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Steps in a topological order; `options[i]` are the candidates of `steps[i]`."""

    start: date
    steps: tuple[Step, ...]
    firms: Mapping[str, Firm]
    options: tuple[tuple[Option, ...], ...]
    due: date | None = None
    holidays: frozenset[date] = frozenset()
    past_handovers: frozenset[frozenset[str]] = frozenset()
    params: Params = field(default_factory=Params)


def parse(data: object) -> Problem:
    """Read a problem from decoded JSON. Unknown fields are ignored.

    Raises:
        ProblemError: naming the field and what was expected there.
    """
    top = _mapping(data, "problem")
    holidays = frozenset(_date(d, f"holidays[{i}]") for i, d in enumerate(_list(top.get("holidays", []), "holidays")))
    start = _date(top.get("start"), "start")
    if start.weekday() >= 5 or start in holidays:
        raise ProblemError("start", f"{start} is not a working day; give the next working day")
    due = None if top.get("due") is None else _date(top["due"], "due")
    if due is not None and due < start:
        raise ProblemError("due", f"{due} lies before start {start}; give a later date or null")
    steps = _steps(_list(top.get("steps"), "steps"))
    latest = start + timedelta(365 * MOST_YEARS)
    firms = {fid: _firm(fid, raw, latest) for fid, raw in _mapping(top.get("firms"), "firms").items()}
    return Problem(
        start=start,
        due=due,
        holidays=holidays,
        steps=steps,
        firms=firms,
        options=_options(_mapping(top.get("candidates"), "candidates"), steps, firms),
        past_handovers=_handovers(_list(top.get("past_handovers", []), "past_handovers"), firms),
        params=_params(_mapping(top.get("params", {}), "params")),
    )


def _mapping(raw: object, place: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise ProblemError(place, "an object {…} is expected here")
    return raw


def _list(raw: object, place: str) -> Sequence[Any]:
    if not isinstance(raw, list):
        raise ProblemError(place, "a list […] is expected here")
    return raw


def _text(raw: object, place: str) -> str:
    if not isinstance(raw, str) or not raw:
        raise ProblemError(place, "a non-empty text is expected here")
    return raw


def _number(raw: object, place: str, low: float, high: float = math.inf) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) <= sys.float_info.max:
        raise ProblemError(place, "a number is expected here")
    if not low <= raw <= high:
        limit = f"at least {low:g}" if high == math.inf else f"from {low:g} to {high:g}"
        raise ProblemError(place, f"{raw:g} is out of range; give a number {limit}")
    return float(raw)


def _date(raw: object, place: str) -> date:
    text = _text(raw, place)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ProblemError(place, f"{raw!r} is not a date; write it as 2026-12-07") from error
    if day.isoformat() != text or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ProblemError(place, f"{raw!r} is not a usual date; write it as 2026-12-07")
    return day


def _steps(raw: Sequence[Any]) -> tuple[Step, ...]:
    if not raw:
        raise ProblemError("steps", "at least one step is needed")
    if len(raw) > MOST_STEPS:
        raise ProblemError(
            "steps", f"{len(raw)} steps are too many; split the route into parts of at most {MOST_STEPS}"
        )
    steps: list[Step] = []
    known: dict[str, int] = {}
    for i, item in enumerate(raw):
        step = _step(_mapping(item, f"steps[{i}]"), i, known)
        known[step.id] = i
        steps.append(step)
    return tuple(steps)


def _step(raw: Mapping[str, Any], i: int, known: Mapping[str, int]) -> Step:
    step_id = _text(raw.get("id"), f"steps[{i}].id")
    if step_id in known:
        raise ProblemError(f"steps[{i}].id", f"{step_id!r} is used twice; give each step its own id")
    hours = _number(raw.get("hours"), f"steps[{i}].hours", 0.0, MOST_HOURS)
    if hours < LEAST_HOURS:
        raise ProblemError(f"steps[{i}].hours", "the hours of a step must be more than 0")
    after = dict.fromkeys(_text(a, f"steps[{i}].after") for a in _list(raw.get("after", []), f"steps[{i}].after"))
    for name in after:
        if name not in known:
            remedy = f"{name!r} is not an earlier step; list steps so that each comes after its predecessors, no cycles"
            raise ProblemError(f"steps[{i}].after", remedy)
    process = raw.get("process", "")
    return Step(step_id, process if isinstance(process, str) else "", hours, tuple(known[a] for a in after))


def _firm(firm_id: str, raw: object, latest: date) -> Firm:
    place = f"firms.{firm_id}"
    data = _mapping(raw, place)
    can_lead = data.get("can_lead")
    if can_lead is not None and not isinstance(can_lead, bool):
        raise ProblemError(f"{place}.can_lead", "true, false or null is expected here")
    weeks = _weeks(_list(data.get("capacity", []), f"{place}.capacity"), f"{place}.capacity", latest)
    lat = _number(data.get("lat"), f"{place}.lat", -90.0, 90.0)
    lng = _number(data.get("lng"), f"{place}.lng", -180.0, 180.0)
    # An unanswered "can you lead?" may lead in a proposal; the question is asked before anything is promised.
    return Firm(firm_id, lat, lng, can_lead is not False, tuple(sorted(weeks.items())))


def _weeks(raw: Sequence[Any], place: str, latest: date) -> dict[date, float]:
    weeks: dict[date, float] = {}
    for i, item in enumerate(raw):
        week = _mapping(item, f"{place}[{i}]")
        start = _date(week.get("week_start"), f"{place}[{i}].week_start")
        if start in weeks:
            raise ProblemError(f"{place}[{i}].week_start", f"{start} is listed twice; keep one")
        if start > latest:
            raise ProblemError(f"{place}[{i}].week_start", f"{start} is too far ahead; give weeks up to {latest}")
        weeks[start] = _number(week.get("hours_free"), f"{place}[{i}].hours_free", 0.0, MOST_HOURS)
    return weeks


def _options(
    raw: Mapping[str, Any], steps: Sequence[Step], firms: Mapping[str, Firm]
) -> tuple[tuple[Option, ...], ...]:
    ids = {s.id for s in steps}
    for name in raw:
        if name not in ids:
            raise ProblemError(f"candidates.{name}", "there is no such step; use an id from steps")
    return tuple(_options_of(_list(raw.get(s.id, []), f"candidates.{s.id}"), s.id, firms) for s in steps)


def _options_of(raw: Sequence[Any], step_id: str, firms: Mapping[str, Firm]) -> tuple[Option, ...]:
    found: dict[str, Option] = {}
    for i, item in enumerate(raw):
        place = f"candidates.{step_id}[{i}]"
        data = _mapping(item, place)
        firm_id = _text(data.get("firm_id"), f"{place}.firm_id")
        if firm_id not in firms:
            raise ProblemError(f"{place}.firm_id", f"there is no firm {firm_id!r}; add it to firms")
        if firm_id in found:
            raise ProblemError(f"{place}.firm_id", f"{firm_id!r} is listed twice for this step; keep one")
        found[firm_id] = Option(firm_id, _number(data.get("fit"), f"{place}.fit", 0.0, 1.0))
    # Sorted by id, so that "ties by the tuple of firm ids" is the order of positions everywhere below.
    return tuple(found[f] for f in sorted(found))


def _handovers(raw: Sequence[Any], firms: Mapping[str, Firm]) -> frozenset[frozenset[str]]:
    pairs: set[frozenset[str]] = set()
    for i, item in enumerate(raw):
        place = f"past_handovers[{i}]"
        pair = _list(item, place)
        if len(pair) != 2:
            raise ProblemError(place, "two firm ids are expected here")
        names = [_text(x, place) for x in pair]
        for name in names:
            if name not in firms:
                raise ProblemError(place, f"there is no firm {name!r}; add it to firms")
        pairs.add(frozenset(names))
    return frozenset(pairs)


def _params(raw: Mapping[str, Any]) -> Params:
    known = {f.name: f.default for f in fields(Params)}
    values: dict[str, Any] = {n: raw[n] for n in known if n in raw and not (raw[n] is None and n != "max_firms")}
    for name in ("k", "max_firms"):
        if values.get(name) is not None:
            values[name] = _count(values[name], f"params.{name}")
    for name in ("w_fit", "w_km", "w_firm", "w_day", "w_trust", "time_limit_s"):
        if name in values:
            values[name] = _number(values[name], f"params.{name}", 0.0, MOST_WEIGHT)
    if values.get("k", 1) > MOST_ANSWERS:
        raise ProblemError("params.k", f"give at most {MOST_ANSWERS}")
    if "max_shared" in values:
        values["max_shared"] = _number(values["max_shared"], "params.max_shared", 0.0, 1.0)
    return Params(**values)


def _count(raw: object, place: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
        raise ProblemError(place, "a whole number of at least 1 is expected here")
    return raw
