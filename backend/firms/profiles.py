"""What a firm is for the matching: facts without people, audiences or history. `None` is unknown, never "no limit"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from backend.core import clock
from backend.firms import queries
from backend.firms.models import Equipment, Firm
from backend.firms.rules import Answer, Viewer, hidden_fields


@dataclass(frozen=True, slots=True)
class EquipmentFacts:
    kind: str
    maker: str
    model: str
    count: int
    envelope_mm: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class CapacityFacts:
    week_start: date
    hours_free: float


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """The fields carry the names of the matching's own profile, so that one maps to the other field by field."""

    id: str
    code: str | None
    name: str
    ward: str
    lat: float | None
    lng: float | None
    text: str
    processes: tuple[str, ...]
    equipment: tuple[EquipmentFacts, ...]
    materials: tuple[str, ...]
    tolerance_mm: float | None
    lot_min: int | None
    lot_max: int | None
    # Name and the day it ends, if known: whether it still holds depends on the day that is asked about.
    certificates: tuple[tuple[str, date | None], ...]
    capacity: tuple[CapacityFacts, ...] | None
    # The day in Tokyo on which the firm last spoke of its free hours.
    capacity_told: date | None
    public_facility: bool | None
    can_lead: bool | None
    listed: bool
    # What a stranger may not read; reasons that rest on these are not shown to strangers.
    hidden: frozenset[str]

    def certifications(self, today: date) -> tuple[str, ...]:
        """The names of the certificates that have not run out on that day."""
        return tuple(name for name, ends in self.certificates if ends is None or ends >= today)


def profiles(session: Session, ids: Sequence[str] | None = None) -> Iterator[FirmFacts]:
    """The facts of every living firm, or of those asked for; a deleted firm is simply not among them."""
    return (facts_of(firm) for firm in queries.whole_firms(session, ids))


def facts_of(firm: Firm) -> FirmFacts:
    """The facts of one whole firm."""
    said = (firm.own_words, *(row.experience for row in firm.techniques))
    weeks = tuple(CapacityFacts(row.week_start, row.hours_left) for row in firm.capacity)
    return FirmFacts(
        id=firm.id,
        code=firm.code,
        name=firm.name,
        ward=firm.ward,
        lat=firm.lat,
        lng=firm.lng,
        text="\n".join(text for text in said if text),
        processes=tuple(dict.fromkeys(row.process for row in firm.techniques)),
        equipment=tuple(_equipment(row) for row in firm.equipment),
        materials=tuple(row.name for row in firm.materials),
        tolerance_mm=firm.tolerance_mm,
        lot_min=firm.lot_min,
        lot_max=firm.lot_max,
        certificates=tuple((row.name, row.expires_on) for row in firm.certificates),
        capacity=weeks or None,
        capacity_told=clock.in_tokyo(max(row.declared_at for row in firm.capacity)).date() if weeks else None,
        public_facility=_known(firm.public_facility),
        can_lead=_known(firm.can_lead),
        listed=firm.listed,
        hidden=hidden_fields(firm.audiences, Viewer.STRANGER),
    )


def _equipment(row: Equipment) -> EquipmentFacts:
    x, y, z = row.envelope_x_mm, row.envelope_y_mm, row.envelope_z_mm
    envelope = (x, y, z) if x is not None and y is not None and z is not None else None
    return EquipmentFacts(row.kind, row.maker, row.model, row.count, envelope)


def _known(answer: Answer) -> bool | None:
    return None if answer is Answer.UNKNOWN else answer is Answer.YES
