"""Steps told out of their order: 「めっきの前に磨く」「最後に塗装。その前に…」."""

import re
from collections.abc import Sequence
from dataclasses import replace

from matching.routing.operation import Operation, folded
from matching.routing.practice import kind, practice
from matching.routing.segments import Segment
from matching.types import Need
from matching.vocabulary.processes import find_processes, is_a, processes

# The step before which another one is done, and the words that say so.
_BEFORE = re.compile(
    r"(?P<step>[^、。\n]{2,12}?)(?:加工|処理)?(?:を?する|を?かける|をやる|の)?前(?:に|の(?![一-龥]*方))"
)
_BUT_FIRST = re.compile(r"その前に|それまでに|before (?:that|doing so)|but first")
_LAST = re.compile(r"最後に|仕上げに(?!は)|締めに|\bfinally\b|\blastly\b|last of all")
_ENDS = re.compile(r"[。\n]\s*$|\.\s*$")
_REACH, _CHECKING = 24, 80


def retold(ops: Sequence[Operation], need: Need, known: Sequence[Segment]) -> list[Operation]:
    """The told steps in the order the text means, where it tells a later one first."""
    route = list(ops)
    text = folded(need.text)
    for found in _BEFORE.finditer(text):
        route = _before(route, found.group("step"), found.end())
    for found in _BUT_FIRST.finditer(text):
        route = _but_first(route, found.start(), _sentence_end(text, found.end()))
    return _last(_titled(route, known), known)


def _start(op: Operation) -> int:
    return op.spans[0].start if op.spans else -1


def _before(route: list[Operation], words: str, place: int) -> list[Operation]:
    """Moves what is told right behind `place` before the step that `words` name."""
    ids = [hit.process_id for hit in find_processes(words)][-1:]
    later = next((op for op in route if any(is_a(op.process_id, i) or is_a(i, op.process_id) for i in ids)), None)
    first = next((op for op in route if any(place <= s.start < place + _REACH for s in op.spans)), None)
    if later is None or first is None or route.index(first) < route.index(later) or first is later:
        return route
    return _moved(route, [first], later)


def _moved(route: Sequence[Operation], first: Sequence[Operation], later: Operation) -> list[Operation]:
    rest = [op for op in route if op not in first]
    at = rest.index(later)
    return [*rest[:at], *(replace(op, attribute=False) for op in first), *rest[at:]]


def _but_first(route: list[Operation], place: int, end: int) -> list[Operation]:
    """Moves what the sentence tells behind `place` before the step that is told just before it."""
    told = [op for op in route if 0 <= _start(op) < place]
    first = [op for op in route if place <= _start(op) < end]
    return _moved(route, first, max(told, key=_start)) if told and first else route


def _sentence_end(text: str, place: int) -> int:
    found = re.compile(r"[。\n]").search(text, place)
    return found.start() if found else len(text)


def _titled(route: Sequence[Operation], known: Sequence[Segment]) -> list[Operation]:
    """A finish that the first sentence gives the thing as its name (「ホーロー看板です。」) is done once it is made."""
    ends = next((i for i in range(len(known)) if _ENDS.search(known[i].text)), len(known))
    title = [op for op in route if op.segment <= ends]
    if any(kind(op.process_id) != "coat" for op in title) or not any(practice(op.process_id).shapes for op in route):
        return list(route)
    return [replace(op, attribute=True) if op in title else op for op in route]


def _last(route: list[Operation], known: Sequence[Segment]) -> list[Operation]:
    """What is done last stands behind all that is told in later sentences, but for checking and packing."""
    for op in [op for op in route if known and _LAST.search(known[op.segment].text.lower())][:1]:
        behind = route[route.index(op) + 1 :]
        ends = next((i for i in range(op.segment, len(known)) if _ENDS.search(known[i].text)), len(known))
        making = [o for o in behind if processes()[o.process_id].stage < _CHECKING and o.segment > ends]
        for other in making:
            route = _moved(route, [other], op)
    return route
