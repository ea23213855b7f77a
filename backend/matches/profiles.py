"""A firm as the register keeps it becomes a firm as matching sees it."""

from datetime import date

from backend.capacity.rules import counts_until
from backend.firms.profiles import FirmFacts
from matching.types import CapacityWeek, Equipment, FirmProfile


def profile_of(facts: FirmFacts, today: date) -> FirmProfile:
    """The profile of a firm on that day: a certificate that has run out is none."""
    return FirmProfile(
        id=facts.id,
        name=facts.name,
        ward=facts.ward,
        lat=facts.lat,
        lng=facts.lng,
        text=facts.text,
        processes=facts.processes,
        equipment=tuple(Equipment(e.kind, e.maker, e.model, e.count, e.envelope_mm) for e in facts.equipment),
        materials=facts.materials,
        tolerance_mm=facts.tolerance_mm,
        lot_min=facts.lot_min,
        lot_max=facts.lot_max,
        certifications=facts.certifications(today),
        capacity=weeks_of(facts),
        capacity_until=counts_until(facts.capacity_told) if facts.capacity_told else None,
        public_facility=facts.public_facility,
        can_lead=facts.can_lead,
    )


def weeks_of(facts: FirmFacts) -> tuple[CapacityWeek, ...] | None:
    """All weeks that the firm spoke of, also those that are over: what is left of them depends on the day."""
    if facts.capacity is None:
        return None
    return tuple(CapacityWeek(week.week_start, week.hours_free) for week in facts.capacity)
