"""The operations that a request may mean besides those of its route: what its stretches sound like next."""

from collections.abc import Iterator, Sequence
from heapq import nlargest

from matching.routing.hearing import heard, kin
from matching.routing.listening import heard_as
from matching.routing.operation import Operation, is_wanted, traits_at
from matching.routing.practice import kind
from matching.routing.segments import Segment
from matching.types import Need

# Of each stretch so many are looked at, and of these so many are no kin of what it tells anyhow.
_LOOKED_AT, _OF_A_STRETCH = 4, 2
# How much it counts that a stretch seems to tell nothing; a date tells less than nothing, which is no stronger reason.
_SILENCE, _LEAST_SILENT, _MOST_SILENT = 0.5, -1.0, 1.5
# From this score on a person is asked; below it eight of ten questions would be in vain.
_WORTH_ASKING = 0.0


def doubts(
    need: Need, known: Sequence[Segment], told: Sequence[Operation], most: int = 3, *, to_ask: bool = False
) -> list[Operation]:
    """At most `most` operations that may be meant besides those `told`, each another process, the likeliest first.

    `to_ask`: only those that are worth a person's time: likely, and no other way to do what the stretch tells. Of 176
    chains nobody had read, 27 of 100 with a score of 0 and above were missing in the route indeed, 8 of 100 of the
    first three of any score (ADR 0121).
    """
    likeliest: dict[str, tuple[float, Operation]] = {}
    for number in range(len(known)):
        for score, op in _of_a_stretch(need, known, number, told):
            if op.process_id not in likeliest or score > likeliest[op.process_id][0]:
                likeliest[op.process_id] = score, op
    found = [one for one in likeliest.values() if not to_ask or _is_worth_asking(*one, told)]
    return [op for _score, op in nlargest(most, found, key=lambda one: one[0])]


def _is_worth_asking(score: float, op: Operation, told: Sequence[Operation]) -> bool:
    """Who brands a name need not be asked whether it is laser marking."""
    here = {kind(other.process_id) for other in told if other.segment == op.segment}
    return score >= _WORTH_ASKING and kind(op.process_id) not in here


def _of_a_stretch(
    need: Need, known: Sequence[Segment], number: int, told: Sequence[Operation]
) -> Iterator[tuple[float, Operation]]:
    segment, like = known[number], traits_at(need, known, number)
    hearing = heard(segment.text, like)
    akin = {id_ for op in told if op.segment == number for id_ in kin(op.process_id)}
    akin |= {op.process_id for op in told}
    others = [id_ for id_ in nlargest(_LOOKED_AT, hearing.scores, key=hearing.scores.__getitem__) if id_ not in akin]
    for process_id in others[:_OF_A_STRETCH]:
        op = heard_as(need, known, number, process_id)
        if op and is_wanted(op, need, like, known):
            silent = min(max(hearing.silence, _LEAST_SILENT), _MOST_SILENT)
            yield hearing.scores[process_id] - _SILENCE * silent, op
