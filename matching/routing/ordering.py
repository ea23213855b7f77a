"""The order of a route: as the text tells it where it does, by the usual practice where it does not."""

from collections.abc import Sequence

from matching.routing.learned import usual_order
from matching.routing.operation import Operation
from matching.routing.practice import any_is, comes_last, is_apart, is_for_all, kind, practice, runs_beside
from matching.routing.rule_table import OrderRule, order_rules
from matching.vocabulary.processes import processes

# Design, patterns and moulds, raw castings and forgings come before everything that is done to the part.
_FIRST_UP_TO, _SHAPING_UP_TO, _FINISHING_FROM = 20, 58, 60


def ordered(ops: Sequence[Operation], part_of: Sequence[int]) -> list[Operation]:
    """Told steps in the order of the words; the others where their stage puts them among these.

    Steps of other parts do not move each other: a step is compared with those that are told near it. `part_of` are the
    parts of the segments.
    """
    route = [op for op in ops if not op.attribute]
    for op in ops:
        if op.attribute:
            route.insert(_place(op, route, part_of), op)
    early = [op for op in route if _stage(op) <= _FIRST_UP_TO and not runs_beside(op.process_id)]
    for op in sorted(early, key=_stage, reverse=True):
        route.remove(op)
        route.insert(_beginning(op, route, part_of), op)
    late = [op for op in route if op.attribute and comes_last(op.process_id)]
    return [op for op in route if op not in late] + late


def lawful(route: Sequence[Operation], part_of: Sequence[int]) -> list[Operation]:
    """The route without an order that the rules of the trade rule out: what must come first is moved before it.

    A text may name first what is done last (「ブローチで六角穴を。丸物を先に旋盤で」); what it names twice stays.
    """
    settled = list(route)
    for rule in order_rules():
        if rule.settles:
            settled = _put_right(settled, rule, part_of)
    return settled


def _put_right(route: list[Operation], rule: OrderRule, part_of: Sequence[int]) -> list[Operation]:
    # What ends a route says nothing about what else is told before it: a leaflet is not printed on its box.
    for then in [op for op in route if any_is([op.process_id], rule.then) and not comes_last(op.process_id)]:
        same = [op for op in route if op is not then and (not part_of or part_of[op.segment] == part_of[then.segment])]
        first = [op for op in same if any_is([op.process_id], rule.first) and not any_is([op.process_id], rule.then)]
        place = route.index(then)
        if first and all(route.index(op) > place for op in first):
            route = [op for op in route if op is not first[0]]
            route.insert(place, first[0])
    return route


def _beginning(op: Operation, route: Sequence[Operation], part_of: Sequence[int]) -> int:
    """Before everything else that is done to the same part, or to any part where it is done for all of them."""
    if is_for_all(op.process_id):
        return 0
    part = part_of[op.segment] if part_of else 0
    apart = is_apart(op.process_id)
    same = (
        i
        for i, other in enumerate(route)
        if (not part_of or part_of[other.segment] == part) and is_apart(other.process_id) == apart
    )
    return next(same, next((i for i, other in enumerate(route) if other.segment > op.segment), len(route)))


def _stage(op: Operation) -> int:
    return processes()[op.process_id].stage


def _place(op: Operation, route: Sequence[Operation], part_of: Sequence[int]) -> int:
    """Before the first step that is usually done later to the same part, and before those told later of other parts."""
    shapes = practice(op.process_id).shapes or _stage(op) < _SHAPING_UP_TO
    for i, other in enumerate(route):
        if part_of and part_of[other.segment] != part_of[op.segment]:
            follows = other.segment > op.segment and not practice(other.process_id).joins
        elif shapes:
            follows = other.segment >= op.segment and _stage(other) >= _stage(op)
        else:
            follows = _is_later(op, other) and not practice(other.process_id).shapes
        if follows:
            return i
    return _before_finish(op, route, part_of) if shapes else len(route)


def _before_finish(op: Operation, route: Sequence[Operation], part_of: Sequence[int]) -> int:
    """「塗装してください。溶接で作る門扉です。」: the making goes before a finish that is told first."""
    same = [i for i, o in enumerate(route) if not part_of or part_of[o.segment] == part_of[op.segment]]
    finish = (i for i in same if kind(route[i].process_id) == "coat" and _stage(op) < _FINISHING_FROM)
    return next(finish, len(route))


def _is_later(op: Operation, other: Operation) -> bool:
    """By its stage; of two of the same stage by the order in which the known routes have them."""
    stage, others = _stage(op), _stage(other)
    if comes_last(op.process_id) != comes_last(other.process_id):
        return comes_last(other.process_id)
    return others > stage or (others == stage and usual_order(op.process_id, other.process_id))


def predecessors(ops: Sequence[Operation], parts: Sequence[int]) -> list[tuple[int, ...]]:
    """The positions each step follows: parts in parallel where something joins them later, else one after the other."""
    joins = [practice(op.process_id).joins or comes_last(op.process_id) for op in ops]
    if len(set(parts)) < 2 or True not in joins:
        return [(i - 1,) if i else () for i in range(len(ops))]
    # What is done for all parts stands between them like what joins them: every part waits for it.
    return _parallel([join or is_for_all(op.process_id) for join, op in zip(joins, ops, strict=True)], parts)


def _parallel(joins: Sequence[bool], parts: Sequence[int]) -> list[tuple[int, ...]]:
    after: list[tuple[int, ...]] = []
    ends: dict[int, int] = {}
    for i, join in enumerate(joins):
        after.append(
            tuple(sorted(ends.values())) if join else ((ends[parts[i]],) if parts[i] in ends else _trunk(ends))
        )
        if join:
            ends = dict.fromkeys((*ends, -1), i)
        ends[parts[i]] = i
    return [tuple(sorted(set(a))) for a in after]


def _trunk(ends: dict[int, int]) -> tuple[int, ...]:
    """A part that begins after a joining step needs what was joined."""
    return (ends[-1],) if -1 in ends else ()
