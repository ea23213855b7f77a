"""What each stretch of a request tells: the sound of its words decides, what the tables found counts as votes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from matching.routing.hearing import STOPS, Hearing, heard, kin
from matching.routing.operation import Operation, end_of, folded, is_named, is_wanted, operation_of, traits_at
from matching.routing.practice import comes_last, does_several, kind, vague
from matching.routing.segments import Segment
from matching.routing.spoken import asks_nothing
from matching.scoring.generic import is_minor
from matching.types import Need, ProcessMention, Span
from matching.vocabulary.processes import is_a

# What a vote adds to the score of an operation and of its kin: that of a table, and that of a name beside it.
_TABLE, _NAME = 0.2, 0.1
# An operation of which no table knows is heard that is not less likely than silence by more than this, ...
_FIRST = 0.2
# ... among two and more by this, ...
_AMONG_SEVERAL = 0.4
# ... and in words that seem to ask for nothing it has to be likelier by this.
_ASKED_FOR_NOTHING = 0.1
# Below this score nothing is heard that no table knows.
_LEAST = -0.85
# So much likelier must silence be to take back what a table found: a guess, a name.
_SILENCED, _NAME_SILENCED = 1.4, 1.8
# So much likelier must another operation be to take its place, and at least so likely.
_CORRECTED, _NAME_CORRECTED, _LEAST_SURE = 0.1, 0.6, -0.5
# Of several that tables found in one stretch those go that are less likely than the best by more than this.
_BESIDE, _NAME_BESIDE = 0.7, 1.0
# From this score on, and likelier by so much than what tables found in it, a stretch tells an operation beside these,
# or a kind of one of them.
_HEARD, _HEARD_CLEARER = -0.35, 0.3
# From this score on an operation may stand beside another of its kin on the same part.
_SURE = -0.2
# Pieces of a stretch tell an operation each from this score on, unless the whole tells one clearer by so much.
_PIECE, _WHOLE_CLEARER = -0.4, 0.5
# 「抜いて|曲げ」「切断・|曲げ」: where one operation may end and the next begin.
_THEN = re.compile(
    r"(?:(?<=[いきしちっえけげせてねべめれりび]て)|(?<=[んい]で))(?![くほいもはあおかみっ下欲頂参])|"
    r"(?<=[一-龥ァ-ヶぁ-んー][・＋+&])(?=[一-龥ァ-ヶぁ-ん])|(?<=および)|(?<=及び)"
)
# What a sentence does not want, told so plainly that none of its words asks for anything.
_WANTS_NOT = re.compile(
    r"(?:必要|要|つもり)[はが]?ありません|(?<!あり)ません(?!か|でしょうか)|"
    r"たくな|なくて?も?(?:いい|よい|良い|構)|don.t (?:want|need)|no need"
)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of the segment with this number that are heard as one; `start` is their place in the whole text."""

    number: int
    start: int
    text: str
    like: frozenset[str]

    def holds(self, op: Operation) -> bool:
        return op.segment == self.number and self.start < op.spans[0].end <= self.start + len(self.text)

    def hearing(self) -> Hearing:
        return heard(self.text, self.like)


def listened(
    need: Need, known: Sequence[Segment], told: Sequence[Operation], part_of: Sequence[int]
) -> list[Operation]:
    """The operations the tables found (`told`), held against the sound of each stretch: kept, corrected or taken back,
    and those of which no table knows.

    `part_of[i]` is the part that segment i tells of. Costs half a millisecond for each stretch and each piece of it.
    """
    stretches = [one for number in range(len(known)) for one in _stretches(need, known, number, told)]
    silent: list[_Stretch] = []
    found, left = [op for op in told if not op.spans], [op for op in told if op.spans]
    for stretch in stretches:
        here = [op for op in left if stretch.holds(op)]
        left = [op for op in left if op not in here]
        kept = _kept(stretch.hearing().voted(_votes(here)), here, need, stretch)
        found += [*kept, *(_beside(need, known, stretch, kept) if kept else ())]
        silent += () if here else (stretch,)
    found += left
    for stretch in silent:
        found += list(_added(need, known, stretch, found, part_of))
    found = sorted(found, key=end_of)
    # The features every shop of the trade adds in passing are steps only where there is nothing else.
    found = [op for op in found if not is_minor(op.process_id)] or found
    return [op for i, op in enumerate(found) if not _is_vague(op, found) and not _marks_again(op, found[:i])]


def _stretches(need: Need, known: Sequence[Segment], number: int, told: Sequence[Operation]) -> list[_Stretch]:
    """The segment, or its pieces where each of several is heard as an operation of its own."""
    here, like = known[number], traits_at(need, known, number)
    whole = _Stretch(number, here.start, here.text, like)
    wordings = [span for op in told if op.segment == number for span in op.spans]
    cuts = [here.start + match.end() for match in _THEN.finditer(here.text)]
    cuts = [cut for cut in cuts if not any(span.start < cut < span.end for span in wordings)]
    pieces = [_Stretch(number, a, need.text[a:b], like) for a, b in pairwise([here.start, *cuts, here.end])]
    speaking = [piece for piece in pieces if _speaks(piece.hearing())]
    heards = [piece.hearing() for piece in speaking]
    differ = any(one.best not in kin(other.best) for one, other in pairwise(heards))
    if not differ or min(one.score for one in heards) < whole.hearing().score - _WHOLE_CLEARER:
        return [whole]
    return _joined(pieces, speaking, need.text)


def _speaks(hearing: Hearing) -> bool:
    return hearing.score > max(hearing.silence, _PIECE)


def _joined(pieces: Sequence[_Stretch], speaking: Sequence[_Stretch], text: str) -> list[_Stretch]:
    """The speaking pieces, each with the silent words before it; those at the end belong to the last."""
    ends = [piece.start + len(piece.text) for piece in speaking]
    ends[-1] = pieces[-1].start + len(pieces[-1].text)
    starts = [pieces[0].start, *ends[:-1]]
    return [replace(p, start=a, text=text[a:b]) for p, a, b in zip(speaking, starts, ends, strict=True)]


def _votes(here: Sequence[Operation]) -> Iterator[tuple[str, float]]:
    """Each operation that the tables found counts once, each name of one as well."""
    yield from ((process_id, _TABLE) for process_id in {op.process_id for op in here})
    yield from ((op.process_id, _NAME) for op in here if is_named(op))


def _kept(weighed: Hearing, here: Sequence[Operation], need: Need, stretch: _Stretch) -> list[Operation]:
    """What is left of the operations that the tables found in a stretch."""
    if weighed.score < weighed.silence - (_NAME_SILENCED if any(map(is_named, here)) else _SILENCED):
        return []
    if len(here) > 1:
        return [op for op in here if weighed.of(op.process_id) > _least_beside(op, weighed)]
    return [_corrected(op, weighed, need, stretch) for op in here]


def _beside(need: Need, known: Sequence[Segment], stretch: _Stretch, kept: Sequence[Operation]) -> Iterator[Operation]:
    """What the whole stretch sounds like most, where the tables found only others in it."""
    hearing = stretch.hearing()
    if hearing.score < max(_HEARD, hearing.silence) or any(hearing.best in kin(op.process_id) for op in kept):
        return
    near = any(hearing.of(op.process_id) > hearing.score - _HEARD_CLEARER for op in kept)
    if near or any(kind(hearing.best) == kind(op.process_id) for op in kept):
        return
    op = heard_as(need, known, stretch.number, hearing.best, stretch)
    if op and is_wanted(op, need, stretch.like):
        yield op


def _least_beside(op: Operation, weighed: Hearing) -> float:
    """What an operation must reach beside others; 「研磨と黒アルマイト」 sounds like the one, but names both."""
    if is_named(op):
        return min(weighed.score - _NAME_BESIDE, weighed.silence)
    return weighed.score - _BESIDE


def _corrected(op: Operation, weighed: Hearing, need: Need, stretch: _Stretch) -> Operation:
    """What the stretch sounds like, where that is clearly something else."""
    special = replace(op, process_id=stretch.hearing().best)
    if _is_clearer(op, stretch.hearing()) and is_wanted(special, need, stretch.like):
        return special
    best, clearly = weighed.best, _NAME_CORRECTED if is_named(op) else _CORRECTED
    other = replace(op, process_id=best)
    if best in kin(op.process_id) or weighed.score < max(weighed.of(op.process_id) + clearly, _LEAST_SURE):
        return op
    return op if is_minor(best) or comes_last(best) or not is_wanted(other, need, stretch.like) else other


def _is_clearer(op: Operation, hearing: Hearing) -> bool:
    """Whether the stretch tells the very kind of what the tables know in general only: polishing, done in a bath."""
    best, told = hearing.best, op.process_id
    if best == told or not is_a(best, told) or is_minor(best) or does_several(told):
        return False
    return hearing.score > max(_HEARD, hearing.scores.get(told, -1.0) + _HEARD_CLEARER)


def _added(
    need: Need, known: Sequence[Segment], stretch: _Stretch, told: Sequence[Operation], part_of: Sequence[int]
) -> Iterator[Operation]:
    """What a stretch sounds like of which no table knows anything."""
    hearing = stretch.hearing()
    # Where one operation is told, one more makes another job of it; among several there is likely to be one more.
    patience = _AMONG_SEVERAL if len(told) > 1 else _FIRST
    if _WANTS_NOT.search(stretch.text) or asks_nothing(folded(stretch.text)):
        patience = -_ASKED_FOR_NOTHING
    best = hearing.best
    if hearing.score < max(hearing.silence - patience, _LEAST):
        return
    op = heard_as(need, known, stretch.number, best, stretch)
    if op is None:
        return
    same = [other.process_id for other in told if part_of[other.segment] == part_of[stretch.number]]
    known_already = best in same or (hearing.score < _SURE and any(best in kin(id_) for id_ in same))
    if is_wanted(op, need, stretch.like) and not known_already:
        yield op


def heard_as(
    need: Need, known: Sequence[Segment], number: int, process_id: str, piece: "_Stretch | None" = None
) -> Operation | None:
    """The operation that all the words of segment `number`, or of this piece of it, tell; None where it has none."""
    told = piece or known[number]
    words = told.text.strip().rstrip(STOPS)
    if not words:
        return None
    start = told.start + told.text.index(words)
    span = Span(start, start + len(words), words)
    return replace(operation_of(ProcessMention(process_id, (span,)), need, known), segment=number)


def _marks_again(op: Operation, before: Sequence[Operation]) -> bool:
    """One mark may be told by several words: 「レーザーで名前を彫る」 is marking, engraving and laser work."""
    return kind(op.process_id) == "mark" and any(
        kind(o.process_id) == "mark" and o.segment == op.segment for o in before
    )


def _is_vague(op: Operation, others: Sequence[Operation]) -> bool:
    """Whether a general word stands beside a special one; cutting and bending are both sheet metal, and both told."""
    near = {o.process_id for o in others if o.segment == op.segment and o.process_id != op.process_id}
    special = vague().get(op.process_id, ())
    return any(id_ == a or (is_a(id_, a) and not is_a(op.process_id, a)) for id_ in near for a in special)
