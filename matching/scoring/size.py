"""Does the part fit the machine of the wanted process?"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matching.scoring.demand import Demand
from matching.scoring.wording import ask, box, no, number, ok
from matching.types import Aspect, Check, Phrase
from matching.understanding.measures import Measure, MeasureKind
from matching.understanding.offer import INSPECTION_STAGE, Machine, Offer, Source
from matching.vocabulary.processes import able, is_a, processes

# Catalogue figures are rounded: half a percent over is still a fit.
_SLACK = 1.005
# A work space this flat belongs to a machine for sheets: its last figure is the thickness it takes.
_FLAT_SHARE, _FLAT_MM = 0.06, 60.0
# What a person can hold in one hand; shops for big parts decline such parts as losing the set-up time.
_HANDY_MM = 250.0
_RELATED = 0.5


@dataclass(frozen=True, slots=True)
class Room:
    """A work space and how the part sits in it: `used` is the largest share of any of its sides."""

    sides: tuple[float, ...]
    words: str
    used: float
    round_work: bool = False

    @property
    def fits(self) -> bool:
        return self.used <= _SLACK


def size_check(demand: Demand, offer: Offer, room: Room | None) -> Check | None:
    """`None` where the request states no size. `room` is what `best_room` found."""
    if not demand.sides:
        return None
    if small := _too_small(demand, offer):
        return small
    if room is None:
        question = Phrase(f"{_part(demand)} mm は入りますか。", f"Does {box(demand.sides)} mm fit?")
        return ask(Aspect.SIZE, Phrase("加工できる大きさは登録がない", "No work size on file"), question)
    if room.fits:
        ja, en = f"{_room(room)} まで（必要 {_part(demand)}）", f"Up to {_room(room)} mm ({_part(demand)} needed)"
        return ok(Aspect.SIZE, ja, en)
    ja = f"{_part(demand)} は {_room(room)} に入らない"
    return no(Aspect.SIZE, ja, f"{_part(demand)} mm does not fit {_room(room)} mm")


def _part(demand: Demand) -> str:
    if demand.round_mm:
        return f"φ{number(demand.round_mm[0])}×{number(demand.round_mm[1])}"
    return box(demand.sides)


def _room(room: Room) -> str:
    return f"φ{number(room.sides[0])}×{number(room.sides[-1])}" if room.round_work else box(room.sides)


def _too_small(demand: Demand, offer: Offer) -> Check | None:
    declines = next((r for r in offer.refusals if r.small_parts and not r.process_ids and not r.material_ids), None)
    if declines is None or demand.sides[0] >= (declines.smaller_than_mm or _HANDY_MM):
        return None
    ja = f"{_part(demand)} のような小さい部品は受けていない（「{declines.text}」）"
    return no(Aspect.SIZE, ja, "Declines parts this small")


def best_room(demand: Demand, offer: Offer) -> Room | None:
    """The room of the hardest wanted process: each process takes its best machine, the worst of these decides."""
    if not demand.sides:
        return None
    panels = _joins_panels(offer)
    rooms = [r for ids in _wanted_by_process(demand, offer) if (r := _best(demand, ids, panels)) is not None]
    if rooms:
        return max(rooms, key=lambda r: r.used)
    spoken = [_in_box(demand, sides, "") for sides in _spoken_boxes(offer)]
    return min(spoken, key=lambda r: r.used, default=None)


def _wanted_by_process(demand: Demand, offer: Offer) -> list[list[Machine]]:
    """The machines with a known work space for each core process; for none, all machines that make something."""
    sized = [m for m in offer.machines if m.equipment.envelope_mm]
    by_process = [_machines_for(wanted.process_id, sized) for wanted in demand.core]
    found = [machines for machines in by_process if machines]
    return found or [machines for machines in [[m for m in sized if not _only_inspects(m)] or sized] if machines]


def _machines_for(process_id: str, machines: Iterable[Machine]) -> list[Machine]:
    by = able(process_id)
    sure = [(max([by.get(id_, 0.0) for id_ in m.process_ids], default=0.0), m) for m in machines]
    return [m for how, m in sure if how >= 1.0] or [m for how, m in sure if how >= _RELATED]


def _only_inspects(machine: Machine) -> bool:
    return bool(machine.process_ids) and all(processes()[i].stage >= INSPECTION_STAGE for i in machine.process_ids)


def _best(demand: Demand, machines: Sequence[Machine], panels: bool) -> Room | None:
    rooms = [_in_machine(demand, machine, panels) for machine in machines]
    return min(rooms, key=lambda r: r.used, default=None)


def _in_machine(demand: Demand, machine: Machine, panels: bool) -> Room:
    envelope = machine.equipment.envelope_mm or ()
    kind = machine.equipment.kind
    if envelope and _turns(machine) and envelope[0] == envelope[1]:
        return _in_lathe(demand, envelope, kind)
    if envelope and (panels or _is_flat(envelope)):
        return _on_sheet(demand, envelope, kind)
    return _in_box(demand, tuple(sorted(envelope, reverse=True)), kind)


def _turns(machine: Machine) -> bool:
    return any(is_a(id_, "turning") for id_ in machine.process_ids)


def _joins_panels(offer: Offer) -> bool:
    """Furniture is cut as panels and put together: its largest face must lie on the machine."""
    return any(o.source is Source.LISTED and is_a(o.process_id, "woodworking") for o in offer.processes)


def _is_flat(envelope: Sequence[float]) -> bool:
    return envelope[2] <= min(_FLAT_MM, _FLAT_SHARE * max(envelope))


def _in_lathe(demand: Demand, envelope: Sequence[float], words: str) -> Room:
    """Swing and length between centres. A part that is not round turns about the corner of its smallest face."""
    swing, length = envelope[0], envelope[2]
    if demand.round_mm:
        used = max(demand.round_mm[0] / swing, demand.round_mm[1] / length)
    elif len(demand.sides) == 3:
        longest, *face = demand.sides
        used = max(math.hypot(*face) / swing, longest / length)
    else:
        used = max(demand.sides) / length
    return Room((swing, swing, length), words, used, round_work=True)


def _on_sheet(demand: Demand, envelope: Sequence[float], words: str) -> Room:
    """A blank on a cutting table: its two long sides, and its thickness where that is known."""
    table = sorted(envelope[:2], reverse=True)
    used = max(a / b for a, b in zip(demand.sides[:2], table, strict=False))
    if demand.thickness is not None:
        used = max(used, demand.thickness / envelope[2])
    return Room(tuple(envelope), words, used)


def _in_box(demand: Demand, sides: tuple[float, ...], words: str) -> Room:
    """Any side of the part may lie along any side of the space: compared in order of length."""
    used = max((a / b for a, b in zip(demand.sides, sides, strict=False)), default=0.0)
    return Room(sides, words, used)


def _spoken_boxes(offer: Offer) -> list[tuple[float, ...]]:
    """Sizes from the firm's own words, for a firm whose machine list has none."""
    if offer.boxes:
        return list(offer.boxes)
    diameter, length = _upper(offer, MeasureKind.DIAMETER), _upper(offer, MeasureKind.LENGTH)
    depth = length or _upper(offer, MeasureKind.DEPTH)
    if diameter and depth:
        return [tuple(sorted((diameter, diameter, depth), reverse=True))]
    only = diameter or length
    return [(only,)] if only else []


def _upper(offer: Offer, kind: MeasureKind) -> float | None:
    return max((m.high for m in offer.measures if m.kind is kind and m.high is not None), default=None)


def smallest_diameter(offer: Offer) -> Measure | None:
    """The stated lower end of the diameters a firm works."""
    ranges = [m for m in offer.measures if m.kind is MeasureKind.DIAMETER and m.low != m.high and m.low is not None]
    return min(ranges, key=lambda m: m.low or 0.0, default=None)
