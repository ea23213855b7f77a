"""Which operations a request tells: what the tables find in the whole text and in each stretch of it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from matching.routing.listening import listened
from matching.routing.operation import (
    Operation,
    as_told,
    is_product,
    is_there_already,
    material_of,
    operation_of,
    sharpened,
    suits_some,
    traits,
    traits_at,
)
from matching.routing.practice import is_deed, is_step, kind
from matching.routing.segments import Segment
from matching.routing.spoken import spoken
from matching.types import Need, ProcessMention, Span
from matching.vocabulary.processes import is_a, processes

# What is not wanted at all, and what people do themselves: this holds for every word of the stretch.
_NEEDS_NOT = re.compile(r"(?:必要|つもり)[はが]?ありません|\bno need (?:to|for)\b|\b(?:ourselves|myself)\b")
# "machined after welding" tells of the machining.
_AFTER_EN = re.compile(r"\bafter (?:the )?$")


def operations(need: Need, known: Sequence[Segment], part_of: Sequence[int]) -> list[Operation]:
    """The steps the text asks for, in its order: what tables find in the whole and in each stretch, then `listened` to.

    `part_of[i]` is the part that segment i tells of. What only the product suggests is no step yet.
    """
    found = [op for m in need.processes if m.process_id in processes() for op in _by_part(m, need, known, part_of)]
    there = tuple(ProcessMention(op.process_id, op.spans) for op in found if is_there_already(op, need.text))
    need = replace(need, refused=(*need.refused, *there))
    kept = [op for op in found if is_step(op.process_id) and not is_product(op, need.text)]
    kept = [op for op in kept if not (known and _NEEDS_NOT.search(known[op.segment].text))]
    kept = [sharpened(op, need, known) for op in kept]
    kept = [op for op in kept if suits_some(op, known, traits(material_of(op, need, known)))] or kept
    more = [op for number in range(len(known)) for op in _more(need, known, number, kept, part_of)]
    return listened(need, known, [*kept, *more], part_of)


def _by_part(mention: ProcessMention, need: Need, known: Sequence[Segment], part_of: Sequence[int]) -> list[Operation]:
    """The operation once for each part it is told of."""
    if is_guess(mention):
        return []
    told: dict[int, Operation] = {}
    referred = [s for s in mention.spans if not _AFTER_EN.search(need.text[: s.start][-12:].lower())] or mention.spans
    for span in referred or (None,):
        op = operation_of(replace(mention, spans=(span,) if span else ()), need, known)
        place = part_of[op.segment] if part_of else 0
        told[place] = replace(told[place], spans=(*told[place].spans, *op.spans)) if place in told else op
    return list(told.values())


def is_guess(mention: ProcessMention) -> bool:
    """Whether only the product or its shape speaks for the operation."""
    return mention.guessed and not is_deed(mention.process_id)


def _more(
    need: Need, known: Sequence[Segment], number: int, told: Sequence[Operation], part_of: Sequence[int]
) -> list[Operation]:
    """What a stretch tells when it is read alone, of trades that nobody has told of this part yet."""
    if _NEEDS_NOT.search(known[number].text):
        return []
    told_here = [*_read_alone(known[number]), *_spoken(need, known, number)]
    return _new(told_here, need, known, number, told, part_of)


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
        op = as_told(process_id, span, need, known, number)
        fits = is_step(op.process_id) and suits_some(op, known, traits_at(need, known, number))
        if fits and not is_product(op, need.text) and _is_new(op, [*same, *wanted], need):
            wanted.append(op)
    return wanted


def _spoken(need: Need, known: Sequence[Segment], number: int) -> Iterator[tuple[str, Span]]:
    whole = traits(need.material.value if need.material else None)
    segment = known[number]
    return spoken(segment.text, segment.start, traits_at(need, known, number), whole)


def _read_alone(segment: Segment) -> Iterator[tuple[str, Span]]:
    for mention in segment.need.processes:
        for span in () if is_guess(mention) else mention.spans[:1]:
            yield mention.process_id, Span(span.start + segment.start, span.end + segment.start, span.text)


def _is_new(op: Operation, told: Sequence[Operation], need: Need) -> bool:
    ruled_out = [m.process_id for m in need.refused if m.process_id in processes()]
    if any(is_a(op.process_id, id_) for id_ in ruled_out):
        return False
    if any(is_a(op.process_id, o.process_id) or is_a(o.process_id, op.process_id) for o in told):
        return False
    return all(kind(o.process_id) != kind(op.process_id) for o in told if o.segment == op.segment)
