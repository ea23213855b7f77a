"""From the reading of a request to the route of operations it needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from matching.routing.corrected import put_right
from matching.routing.doubts import doubts
from matching.routing.hours import estimate
from matching.routing.making import completed
from matching.routing.operation import Operation, end_of
from matching.routing.operations import operations
from matching.routing.ordering import lawful, ordered, predecessors
from matching.routing.parts import parts
from matching.routing.retelling import retold
from matching.routing.route import Route, RouteStep
from matching.routing.segments import Segment, segment_at, segments
from matching.routing.step_needs import Setting, own_words, step_need
from matching.types import Need, Phrase
from matching.understanding.request import read
from matching.vocabulary.processes import processes

# One step that is named, one that is only told in a verb, one of which no table knows, with a figure of each kind.
_SOME_DAY = date(2026, 12, 1)
_SAMPLE = "A5052の板（t2、±0.1）を切削して曲げ、顔が映るほどつるつるに。ふわっと包んで。10個、来月末まで。ISO9001。"


@dataclass(frozen=True, slots=True)
class WiderRoute:
    """A route with one operation more than the request surely asks for, and the question that settles it."""

    route: Route
    process_id: str
    question: Phrase


@dataclass(frozen=True, slots=True)
class _Told:
    """The operations a text tells, in the order in which it tells them, and its stretches."""

    need: Need
    known: tuple[Segment, ...]
    operations: tuple[Operation, ...]


def prepare() -> None:
    """Load all that reading and planning look things up in: seconds, once in a process, that nobody has to wait for."""
    for text, lang in ((_SAMPLE, "ja"), ("Machine ten lids from brass, make them shiny, wrap them nicely.", "en")):
        plan(read(text, _SOME_DAY, lang))


@lru_cache(maxsize=256)
def plan(need: Need) -> Route:
    """The operations of a job in an order in which they can be done, each with its reason and its hours.

    Told steps keep the order of the words; what the words leave open is ordered and completed by practice.
    Costs a reading of each stretch of the text; the last plans are remembered, since a page asks for its own several
    times. A need without any operation gives a route without steps.
    """
    told = _told(need)
    return _route(told, told.operations)


def wider(need: Need, most: int = 3, *, to_ask: bool = False) -> tuple[WiderRoute, ...]:
    """At most `most` routes with one more operation that the words may mean, the likeliest first.

    Each differs from `plan(need)` and from the others. `to_ask`: only what is worth asking a person (see `doubts`).
    """
    told = _told(need)
    found: dict[tuple[str, ...], WiderRoute] = {}
    for op in doubts(told.need, told.known, told.operations, most, to_ask=to_ask):
        route = _route(told, sorted((*told.operations, op), key=end_of))
        if op.process_id in route.process_ids:
            found.setdefault(route.process_ids, WiderRoute(route, op.process_id, _question(op)))
    found.pop(plan(need).process_ids, None)
    return tuple(found.values())


def _question(op: Operation) -> Phrase:
    process, words = processes()[op.process_id], op.spans[0].text
    return Phrase(f"「{words}」には、{process.ja}も要りますか。", f'Does "{words}" also call for {process.en}?')


@lru_cache(maxsize=4)
def _told(need: Need) -> _Told:
    known = put_right(segments(need.text, need.today, need.lang), need)
    need = _as_far_as(need, known[-1].end if known else 0)
    rough = parts(known, [(segment_at(known, s.end - 1), m.process_id) for m in need.processes for s in m.spans])
    return _Told(need, tuple(known), tuple(operations(need, known, rough)))


def _route(found: _Told, ops: Sequence[Operation]) -> Route:
    need, known = found.need, found.known
    told = retold(ops, need, known)
    part_of = parts(known, [(op.segment, op.process_id) for op in told])
    route = ordered(completed(need, known, told, part_of), part_of)
    route = _merged(lawful(route, part_of), part_of)
    setting = Setting(need, known, tuple(part_of), tuple(route))
    after = predecessors(route, [setting.part(op) for op in route])
    steps = tuple(_step(setting, op, i, after[i]) for i, op in enumerate(route))
    return Route(steps, len([op for op in told if not op.attribute]) > 1)


def _as_far_as(need: Need, end: int) -> Need:
    """The need as the text tells it up to there."""
    if len(need.text.rstrip()) <= end:
        return need
    told = tuple(m for m in need.processes if all(span.end <= end for span in m.spans))
    refused = tuple(m for m in need.refused if all(span.end <= end for span in m.spans))
    return replace(need, text=need.text[:end], processes=told, refused=refused)


def _merged(route: Sequence[Operation], part_of: Sequence[int]) -> list[Operation]:
    """An operation that is told of a part twice in a row is one step."""
    names = [(op.process_id, part_of[op.segment] if part_of else 0) for op in route]
    return [op for i, op in enumerate(route) if not i or names[i - 1] != names[i]]


def _step(setting: Setting, op: Operation, number: int, after: tuple[int, ...]) -> RouteStep:
    need = step_need(setting, op)
    return RouteStep(
        id=f"s{number + 1}",
        process_id=op.process_id,
        after=after,
        hours=estimate(op.process_id, need),
        reason=op.reason or _why(op),
        need=need,
        spans=op.spans,
        inferred=op.reason is not None,
        words=own_words(setting, op),
    )


def _why(op: Operation) -> Phrase:
    if not op.spans:
        # Everything that is read has its words: only what a person put right has none.
        return Phrase("ご指定の工程", "As specified")
    words = op.spans[0].text
    return Phrase(f"依頼文の「{words}」から", f'The request says "{words}"')
