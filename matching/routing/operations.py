"""Which operations of a reading are steps of the route, where each is told, and which are missing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from matching.routing.hearing import STOPS, heard
from matching.routing.practice import Piece, any_is, comes_last, is_deed, is_step, kind, sharpers, suits, vague
from matching.routing.segments import Segment, segment_at
from matching.routing.spoken import WIDELY, asks_nothing, spoken
from matching.routing.things import describes, is_there, names_a_thing, only_likens
from matching.scoring.demand import read_demand
from matching.scoring.generic import is_minor
from matching.types import Need, Phrase, ProcessMention, Span
from matching.understanding.source import fold
from matching.vocabulary.materials import families, find_materials, materials
from matching.vocabulary.processes import is_a, processes

# By these scores a stretch is heard as an operation: so much may silence be likelier, this is the least.
_BEYOND_SILENCE, _LEAST_SCORE = 0.5, -0.8
# So much likelier, and at least so likely, is what corrects a table; so much less likely may a wide wording be.
_CLEARLY, _SURE_SCORE, _NEARLY = 0.6, -0.6, 0.3
# A stock of which nothing is known suits everything.
_ANY: frozenset[str] = frozenset()
_SEVERAL = 3
# What brings a picture or a name onto a thing: one of them is enough for it.
_PICTURES = frozenset({"mark", "print", "picture"})
_THEN = re.compile(r"[てでしりきえいけみ、,]|\band\b")
# What a sentence does not want, told so plainly that none of its words asks for anything.
_WANTS_NOT = re.compile(
    r"(?:必要|要|つもり)[はが]?ありません|(?<!あり)ません(?!か|でしょうか)|"
    r"たくな|なくて?も?(?:いい|よい|良い|構)|don.t (?:want|need)|no need"
)
# The plainest of these, and what people do themselves: this holds for every word of the stretch.
_NEEDS_NOT = re.compile(r"(?:必要|つもり)[はが]?ありません|\bno need (?:to|for)\b|\b(?:ourselves|myself)\b")
# "machined after welding" tells of the machining.
_AFTER_EN = re.compile(r"\bafter (?:the )?$")


@dataclass(frozen=True, slots=True)
class Operation:
    """`segment` is where it is told; `attribute` that it describes the part there, so that its place tells no order."""

    process_id: str
    segment: int
    spans: tuple[Span, ...] = ()
    attribute: bool = False
    reason: Phrase | None = None


# What a way of reading adds in the stretch of this number, given what is told so far.
Adding = Callable[[Need, Sequence[Segment], int, Sequence[Operation], Sequence[int]], list[Operation]]


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """The words of a text as the rules know them; the same few stretches are asked for again and again."""
    return fold(text).text


def operations(need: Need, known: Sequence[Segment], part_of: Sequence[int]) -> list[Operation]:
    """The steps the text asks for, in its order: those of the whole reading, then what single stretches add.

    `part_of[i]` is the part that segment i tells of. What only the product suggests is no step yet.
    """
    found = [op for m in need.processes if m.process_id in processes() for op in _by_part(m, need, known, part_of)]
    there = tuple(ProcessMention(op.process_id, op.spans) for op in found if _is_there(op, need.text))
    need = replace(need, refused=(*need.refused, *there))
    kept = [op for op in found if is_step(op.process_id) and not _is_product(op, need.text)]
    kept = [op for op in kept if not (known and _NEEDS_NOT.search(known[op.segment].text))]
    kept = [sharpened(op, need, known) for op in kept]
    kept = [op for op in kept if suits(op.process_id, traits(_material(op, need, known)))] or kept
    kept = _with(_more, need, known, kept, part_of)
    kept = [_corrected(op, need, known, kept) for op in kept]
    kept = _with(_heard, need, known, kept, part_of)
    kept = _main(_with(_widely, need, known, kept, part_of))
    return [op for i, op in enumerate(kept) if not _is_vague(op, kept) and not _marks_again(op, kept[:i])]


def _with(
    add: Adding, need: Need, known: Sequence[Segment], told: Sequence[Operation], part_of: Sequence[int]
) -> list[Operation]:
    """The operations told so far with those that one way of reading adds, stretch by stretch."""
    return _in_order(told, [op for number in range(len(known)) for op in add(need, known, number, told, part_of)])


def _by_part(mention: ProcessMention, need: Need, known: Sequence[Segment], part_of: Sequence[int]) -> list[Operation]:
    """The operation once for each part it is told of."""
    if is_guess(mention):
        return []
    told: dict[int, Operation] = {}
    referred = [s for s in mention.spans if not _AFTER_EN.search(need.text[: s.start][-12:].lower())] or mention.spans
    for span in referred or (None,):
        op = _operation(replace(mention, spans=(span,) if span else ()), need, known)
        place = part_of[op.segment] if part_of else 0
        told[place] = replace(told[place], spans=(*told[place].spans, *op.spans)) if place in told else op
    return list(told.values())


def is_guess(mention: ProcessMention) -> bool:
    """Whether only the product or its shape speaks for the operation."""
    return mention.guessed and not is_deed(mention.process_id)


def _marks_again(op: Operation, before: Sequence[Operation]) -> bool:
    """One mark may be told by several words: 「レーザーで名前を彫る」 is marking, engraving and laser work."""
    return kind(op.process_id) == "mark" and any(
        kind(o.process_id) == "mark" and o.segment == op.segment for o in before
    )


def _in_order(told: Sequence[Operation], more: Sequence[Operation]) -> list[Operation]:
    """What single stretches add stands where it is told: before the first step that is told later."""
    route = list(told)
    for op in more:
        place = next((i for i, other in enumerate(route) if _end(other) > _end(op)), len(route))
        route.insert(place, op)
    return route


def _end(op: Operation) -> tuple[int, int]:
    return op.segment, op.spans[0].end if op.spans else 0


def _main(ops: list[Operation]) -> list[Operation]:
    """Without the features every shop of the trade adds in passing, unless there is nothing else."""
    return [op for op in ops if not is_minor(op.process_id)] or ops


def _more(
    need: Need, known: Sequence[Segment], number: int, told: Sequence[Operation], part_of: Sequence[int]
) -> list[Operation]:
    """What a stretch tells when it is read alone, of trades that nobody has told of this part yet."""
    if _NEEDS_NOT.search(known[number].text):
        return []
    told_here = [*_read_alone(known[number]), *_spoken(need, known, number)]
    return _new(told_here, need, known, number, told, part_of)


def _heard(
    need: Need, known: Sequence[Segment], number: int, told: Sequence[Operation], part_of: Sequence[int]
) -> list[Operation]:
    """What a stretch sounds like of which no table knows anything."""
    here = known[number]
    if any(op.segment == number for op in told) or _WANTS_NOT.search(here.text) or asks_nothing(folded(here.text)):
        return []
    like = _traits_at(need, known, number)
    hearing = heard(here.text, like)
    # Where one operation is told, one more makes another job of it; among several there is likely to be one more.
    least = hearing.silence - (_BEYOND_SILENCE if len(told) >= _SEVERAL - 1 else 0)
    if hearing.score < max(least, _LEAST_SCORE):
        return []
    words = here.text.strip().rstrip(STOPS)
    start = here.start + here.text.index(words)
    op = _operation(ProcessMention(hearing.best, (Span(start, start + len(words), words),)), need, known)
    same = [other.process_id for other in told if part_of[other.segment] == part_of[number]]
    known_already = any(is_a(op.process_id, id_) or is_a(id_, op.process_id) for id_ in same)
    return [replace(op, segment=number)] if _is_wanted(op, need, like) and not known_already else []


def _corrected(op: Operation, need: Need, known: Sequence[Segment], told: Sequence[Operation]) -> Operation:
    """What the whole stretch sounds like, where that speaks clearly against what some of its words suggest."""
    alone = all(other is op or other.segment != op.segment for other in told)
    if not op.spans or not known or not alone or _is_named(op):
        return op
    hearing = heard(known[op.segment].text, _traits_at(need, known, op.segment))
    clear = hearing.score > max(hearing.of(op.process_id) + _CLEARLY, _SURE_SCORE)
    changes = clear and not is_minor(hearing.best) and not comes_last(hearing.best)
    return replace(op, process_id=hearing.best) if changes else op


def _is_named(op: Operation) -> bool:
    """Whether the words hold a name of the operation, and not only what is said of it."""
    return any(name in folded(span.text).lower() for span in op.spans for name in _names(op.process_id))


@lru_cache(maxsize=1024)
def _names(process_id: str) -> tuple[str, ...]:
    """Folded, since a text is."""
    known = processes()[process_id]
    return tuple(fold(name).text.lower() for name in (known.ja, known.en, *known.spellings))


def _widely(
    need: Need, known: Sequence[Segment], number: int, told: Sequence[Operation], part_of: Sequence[int]
) -> list[Operation]:
    """What the wider wordings make of a stretch: of a kind of work that nobody has told of this part yet."""
    here = known[number]
    if _WANTS_NOT.search(here.text):
        return []
    same = [op for op in told if part_of[op.segment] == part_of[number]]
    # In a job of several steps a stretch that tells of none may speak of a stock that is told elsewhere, or of none.
    silent = len(told) >= _SEVERAL and all(op.segment != number for op in told)
    mine, whole = _traits_at(need, known, number), traits(need.material.value if need.material else None)
    for like, of in [(mine, whole), *([(mine, _every_stock(known)), (_ANY, _ANY)] if silent else [])]:
        found: list[Operation] = []
        for process_id, span in spoken(here.text, here.start, like, of, WIDELY):
            op = _as_told(process_id, span, need, known, number)
            wanted = _is_wanted(op, need, like) and not _is_busy(op, [*same, *found], need.text)
            if wanted and _sounds_so(op, here.text, mine):
                found.append(op)
        if found:
            return found
    return []


def _sounds_so(op: Operation, stretch: str, like: frozenset[str]) -> bool:
    """Whether the stretch does not sound much more like something else."""
    hearing = heard(stretch, like)
    return hearing.of(op.process_id) > hearing.score - _NEARLY


def _every_stock(known: Sequence[Segment]) -> frozenset[str]:
    return frozenset().union(*(traits(s.material) for s in known if s.material))


def _is_wanted(op: Operation, need: Need, like: frozenset[str]) -> bool:
    fits = is_step(op.process_id) and suits(op.process_id, like) and not _is_product(op, need.text)
    ruled_out = [m.process_id for m in need.refused if m.process_id in processes()]
    return fits and not any_is([op.process_id], ruled_out)


def _is_busy(op: Operation, told: Sequence[Operation], text: str) -> bool:
    """Whether the part has such work already, told by other words or by the same ones."""
    if any(is_a(op.process_id, o.process_id) or is_a(o.process_id, op.process_id) for o in told):
        return True
    if _same_words(op.spans[0], [span for o in told for span in o.spans]):
        return True
    if kind(op.process_id) == "mark" and any(o.segment == op.segment and kind(o.process_id) in _PICTURES for o in told):
        return True
    alike = [o for o in told if _is_alike(op, o)]
    return any(o.segment != op.segment or not o.spans or not _goes_on(op.spans[0], o.spans[0], text) for o in alike)


def _is_alike(one: Operation, other: Operation) -> bool:
    """Of one kind of work; what is cut from the solid is not cut from sheet as well. Looks may be several."""
    kinds = kind(one.process_id), kind(other.process_id)
    return (kinds[0] == kinds[1] != "look") or (is_a(one.process_id, "laser_cutting") and kinds[1] == "cut")


def _goes_on(one: Span, other: Span, text: str) -> bool:
    """「ヤスリがけしてから桶で回して」: two verbs of a stretch, one after the other."""
    first, second = sorted((one, other), key=lambda span: span.start)
    return first.end <= second.start and bool(_THEN.search(text[first.end - 1 : second.start]))


def _same_words(words: Span, used: Iterable[Span]) -> bool:
    """Whether the verb of a wording has told of a step already, or it holds the verb of another."""
    return any(span.start < words.end <= span.end or words.start < span.end <= words.end for span in used)


def _new(
    told_here: Iterable[tuple[str, Span]],
    need: Need,
    known: Sequence[Segment],
    number: int,
    told: Sequence[Operation],
    part_of: Sequence[int],
) -> list[Operation]:
    same = [op for op in told if part_of[op.segment] == part_of[number]]
    wanted: list[Operation] = []
    for process_id, span in told_here:
        op = _as_told(process_id, span, need, known, number)
        fits = is_step(op.process_id) and suits(op.process_id, _traits_at(need, known, number))
        if fits and not _is_product(op, need.text) and _is_new(op, [*same, *wanted], need):
            wanted.append(op)
    return wanted


def _as_told(process_id: str, span: Span, need: Need, known: Sequence[Segment], number: int) -> Operation:
    """The operation that these words of a stretch tell."""
    told = replace(_operation(ProcessMention(process_id, (span,)), need, known), segment=number)
    return sharpened(told, need, known)


def _spoken(need: Need, known: Sequence[Segment], number: int) -> Iterator[tuple[str, Span]]:
    whole = traits(need.material.value if need.material else None)
    segment = known[number]
    return spoken(segment.text, segment.start, _traits_at(need, known, number), whole)


def _read_alone(segment: Segment) -> Iterator[tuple[str, Span]]:
    for mention in segment.need.processes:
        for span in () if is_guess(mention) else mention.spans[:1]:
            yield mention.process_id, Span(span.start + segment.start, span.end + segment.start, span.text)


def _traits_at(need: Need, known: Sequence[Segment], number: int) -> frozenset[str]:
    """What the part of a stretch is like: by the last material named up to there, else by that of the job."""
    named = [s.material for s in known[: number + 1] if s.material]
    return traits(named[-1] if named else need.material.value if need.material else None)


def _is_new(op: Operation, told: Sequence[Operation], need: Need) -> bool:
    ruled_out = [m.process_id for m in need.refused if m.process_id in processes()]
    if any(is_a(op.process_id, id_) for id_ in ruled_out):
        return False
    if any(is_a(op.process_id, o.process_id) or is_a(o.process_id, op.process_id) for o in told):
        return False
    return all(kind(o.process_id) != kind(op.process_id) for o in told if o.segment == op.segment)


def _operation(mention: ProcessMention, need: Need, known: Sequence[Segment]) -> Operation:
    if not mention.spans:
        return Operation(mention.process_id, 0, attribute=True)
    span = mention.spans[0]
    # A wide wording may begin at the part and end at the verb: the verb tells where in the order it stands.
    return Operation(mention.process_id, segment_at(known, span.end - 1), mention.spans, describes(span, need.text))


def _is_product(op: Operation, text: str) -> bool:
    if _is_there(op, text):
        return True
    asks_nothing = (names_a_thing(span, text) or only_likens(op.process_id, span, text) for span in op.spans)
    return bool(op.spans) and all(asks_nothing)


def _is_there(op: Operation, text: str) -> bool:
    return any(is_there(span, text) for span in op.spans)


def _material(op: Operation, need: Need, known: Sequence[Segment]) -> str | None:
    return known[op.segment].material or (need.material.value if need.material else None) if known else None


def traits(material: str | None) -> frozenset[str]:
    """What a material is like: its traits and its families; empty for one that is not known."""
    hits = find_materials(material) if material else ()
    return frozenset(t for h in hits for f in families(h.material_id) for t in (f, *materials()[f].traits))


def _is_vague(op: Operation, others: Iterable[Operation]) -> bool:
    near = [o.process_id for o in others if o.segment == op.segment and o.process_id != op.process_id]
    return op.process_id in vague() and any_is(near, vague()[op.process_id])


def sharpened(op: Operation, need: Need, known: Sequence[Segment]) -> Operation:
    """The special process that a general word means on such a part."""
    # What is only inferred stands nowhere: all of the text may speak of it.
    stretch = folded(need.text if op.reason else known[op.segment].text) if known else ""
    own = known[op.segment].need if known and known[op.segment].need.size_mm else need
    shape = read_demand(replace(own, processes=())).shape
    like = Piece(_traits_at(need, known, op.segment), shape, need.quantity.value if need.quantity else None)
    found = (r.special for r in sharpers() if r.holds(op.process_id, stretch, folded(need.text), like))
    return replace(op, process_id=next(found, op.process_id))
