"""From the reading of a request to the route of operations it needs."""

from collections.abc import Sequence

from matching.routing.hours import estimate
from matching.routing.operations import Operation, completed, operations
from matching.routing.ordering import ordered, predecessors
from matching.routing.practice import practice
from matching.routing.route import Route, RouteStep
from matching.routing.segments import Segment, segments
from matching.routing.step_needs import Setting, step_need
from matching.types import Need, Phrase
from matching.vocabulary.materials import families, find_materials


def plan(need: Need) -> Route:
    """The operations of a job in an order in which they can be done, each with its reason and its hours.

    Told steps keep the order of the words; what the words leave open is ordered and completed by practice.
    Costs a reading of each stretch of the text. A need without any operation gives a route without steps.
    """
    known = segments(need.text, need.today, need.lang)
    told = operations(need, known)
    parts = _parts(known, told)
    route = _merged(ordered(completed(need, known, told, parts)))
    setting = Setting(need, known, tuple(parts), tuple(route))
    after = predecessors(route, [setting.part(op) for op in route])
    steps = tuple(_step(setting, op, i, after[i]) for i, op in enumerate(route))
    return Route(steps, len([op for op in told if not op.attribute]) > 1)


def _parts(known: Sequence[Segment], told: Sequence[Operation]) -> list[int]:
    """The part each segment tells of: a stretch with a material of its own begins the next part."""
    parts: list[int] = []
    part, current = 0, frozenset[str]()
    for number, segment in enumerate(known):
        here = [op for op in told if op.segment == number]
        makes = not here or any(practice(op.process_id).shapes for op in here)
        own = frozenset(h.material_id for h in find_materials(segment.material)) if makes and segment.material else None
        if own and current and not _akin(own, current):
            part += 1
        current = own or current
        parts.append(part)
    return parts


def _akin(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two words may mean the same stock: SUS304 and ステンレス do, 真鍮 and SUS303 do not."""
    return any(a in families(b) or b in families(a) for a in some for b in others)


def _merged(route: Sequence[Operation]) -> list[Operation]:
    """An operation that is told twice in a row is one step."""
    return [op for i, op in enumerate(route) if not i or route[i - 1].process_id != op.process_id]


def _step(setting: Setting, op: Operation, number: int, after: tuple[int, ...]) -> RouteStep:
    need = step_need(setting, op)
    return RouteStep(
        id=f"s{number + 1}",
        process_id=op.process_id,
        after=after,
        hours=estimate(op.process_id, need),
        reason=op.reason or _told(op),
        need=need,
        spans=op.spans,
        inferred=op.reason is not None,
    )


def _told(op: Operation) -> Phrase:
    if not op.spans:
        return Phrase("品物から考えられる工程", "Usual for such a product")
    words = op.spans[0].text
    return Phrase(f"依頼文の「{words}」から", f'The request says "{words}"')
