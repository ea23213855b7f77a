"""The request as far as it concerns one step: its own material, size, tolerance and lot."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from matching.routing.operation import Operation, traits
from matching.routing.practice import Concern, kind, practice, suits
from matching.routing.segments import Segment, segment_at
from matching.types import Need, ProcessMention, Reading

# A close tolerance belongs to these steps only where their own words say so.
_MEASURES_ITSELF = 1
# A stretch with which a sentence ends.
_LAST = re.compile(r"[。．！？!?\n.]\s*$")


@dataclass(frozen=True, slots=True)
class Setting:
    """The whole request, cut up: `part_of[i]` is the part that segment i tells of, `told_in` the steps' segments."""

    need: Need
    segments: tuple[Segment, ...]
    part_of: tuple[int, ...]
    ops: tuple[Operation, ...]

    def segment(self, op: Operation) -> Segment:
        return self.segments[op.segment]

    def part(self, op: Operation) -> int:
        return self.part_of[op.segment]


def step_need(setting: Setting, op: Operation) -> Need:
    """What to ask of a firm for this step alone."""
    how = practice(op.process_id)
    need = setting.need
    return replace(
        need,
        text=_text(setting, op),
        processes=(ProcessMention(op.process_id, op.spans),),
        material=_material(setting, op, how.material),
        size_mm=_size(setting, op, how.size),
        tolerance_mm=_tolerance(setting, op),
        quantity=need.quantity if how.lot else None,
        certifications=_certifications(setting, op),
    )


def own_words(setting: Setting, op: Operation) -> tuple[str, ...]:
    """What the text says of this step, stretch by stretch; nothing of a step that it does not tell.

    Words beside a step in its sentence are said of the step before them, at the beginning of the sentence of the first.
    """
    if op.reason is not None or not op.spans:
        return ()
    told = {other.segment for other in setting.ops if other.spans and other.reason is None}
    mine = {op.segment} | (_mentioned(setting, op) - told)
    ends = [bool(_LAST.search(segment.text)) for segment in setting.segments]
    line = list(zip(accumulate(ends[:-1], initial=0), setting.part_of, strict=True))
    return tuple(s.text for i, s in enumerate(setting.segments) if _said_of(line, told | mine, i) in mine)


def _mentioned(setting: Setting, op: Operation) -> set[int]:
    """Where the text comes back to this step."""
    spans = [s for m in setting.need.processes if m.process_id == op.process_id for s in m.spans]
    places = {segment_at(setting.segments, span.end - 1) for span in spans}
    return {place for place in places if setting.part_of[place] == setting.part(op)}


def _said_of(line: Sequence[tuple[int, int]], told: set[int], place: int) -> int | None:
    """The stretch that tells the step which these words are about; `line` is the sentence and the part of each."""
    near = sorted(i for i in told if line[i] == line[place])
    return max((i for i in near if i <= place), default=near[0] if near else None)


def _text(setting: Setting, op: Operation) -> str:
    """Its own words and those that tell of no step of another part."""
    busy = {o.segment for o in setting.ops} - {op.segment}
    part = setting.part(op)
    mine = (s for i, s in enumerate(setting.segments) if i not in busy and setting.part_of[i] == part)
    return "".join(s.text for s in mine)


def _certifications(setting: Setting, op: Operation) -> Reading[tuple[str, ...]] | None:
    """A certificate told with one step is that step's; one told of the job is asked of those who make and join."""
    found = setting.need.certifications
    if found is None:
        return None
    place = segment_at(setting.segments, found.spans[0].start) if found.spans else None
    if any(other.segment == place for other in setting.ops):
        return found if op.segment == place else None
    how = practice(op.process_id)
    return found if how.shapes or how.joins else None


def _material(setting: Setting, op: Operation, concern: Concern) -> Reading[str] | None:
    own = setting.segment(op).stock
    if concern is Concern.NONE:
        return None
    if concern is Concern.OWN or (own and practice(op.process_id).shapes):
        return own
    part = setting.part(op)
    mine = (s.stock for i, s in enumerate(setting.segments) if setting.part_of[i] == part and _tells(setting, i))
    found = next(filter(None, mine), setting.need.material)
    if found and not suits(op.process_id, traits(found.value)):
        # 「柄はカエデ、胴の内側はフッ素」: a trade that cannot work this stock is meant for another part.
        others = (s.stock for s in setting.segments if s.stock and suits(op.process_id, traits(s.stock.value)))
        return next(others, None)
    return found


def _tells(setting: Setting, segment: int) -> bool:
    """Whether a material named in a segment is the part's: in 「ニッケルとクロムの飾り」 it is that of the coat."""
    here = [op for op in setting.ops if op.segment == segment]
    return not here or any(kind(op.process_id) != "coat" for op in here)


def _size(setting: Setting, op: Operation, concern: Concern) -> Reading[tuple[float, ...]] | None:
    own = setting.segment(op).need.size_mm
    if concern is Concern.NONE:
        return None
    if concern is Concern.OWN:
        return own
    whole = setting.need.size_mm
    part = setting.part(op)
    if whole and (len(set(setting.part_of)) < 2 or _in_part(setting, whole, part)):
        return whole
    mine = (s.need.size_mm for i, s in enumerate(setting.segments) if setting.part_of[i] == part)
    return next(filter(None, mine), None)


def _in_part(setting: Setting, reading: Reading[tuple[float, ...]], part: int) -> bool:
    place = segment_at(setting.segments, reading.spans[0].start) if reading.spans else None
    return place is None or setting.part_of[place] == part


def _tolerance(setting: Setting, op: Operation) -> Reading[float] | None:
    """The tolerance its own words state, or that of the whole job if this is the step that has to hold it."""
    whole = setting.need.tolerance_mm
    if practice(op.process_id).fineness == 0:
        return None
    own = setting.segment(op).need.tolerance_mm
    if own or whole is None:
        return own
    return whole if _holder(setting, whole) is op else None


def _holder(setting: Setting, whole: Reading[float]) -> Operation | None:
    """Of the steps told where the tolerance stands (else of the whole job), the finest, the latest if several are."""
    place = segment_at(setting.segments, whole.spans[0].start) if whole.spans else None
    fine = [op for op in setting.ops if practice(op.process_id).fineness >= _MEASURES_ITSELF]
    near = [op for op in fine if op.segment == place]
    behind = [
        op
        for op in fine
        if place is not None and op.segment < place and setting.segment(op).end > _before(setting, place)
    ]
    pool = near or behind or _same_part(setting, fine, place) or fine
    return max(enumerate(pool), key=lambda p: (practice(p[1].process_id).fineness, p[0]), default=(0, None))[1]


def _before(setting: Setting, place: int) -> int:
    """Where the segment before `place` begins: an attribute right behind a step belongs to it."""
    return setting.segments[place - 1].start if place else 0


def _same_part(setting: Setting, fine: Sequence[Operation], place: int | None) -> list[Operation]:
    return [op for op in fine if place is not None and setting.part(op) == setting.part_of[place]]
