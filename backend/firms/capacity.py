"""The free hours of a firm, told anew every week and promised to jobs; unlike other changes not a version to undo."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from backend.core import clock
from backend.firms import queries, records
from backend.firms.models import CapacityWeek, FirmTag


@dataclass(frozen=True)
class HeldFirm:
    """A firm whose hours nobody else changes until the transaction ends, with its weeks by Monday."""

    id: str
    name: str
    audiences: Mapping[str, str]
    weeks: dict[date, CapacityWeek] = field(default_factory=dict)

    @property
    def declared_at(self) -> datetime | None:
        """When the firm last spoke of its hours."""
        return max((row.declared_at for row in self.weeks.values()), default=None)


def hold(session: Session, firm_ids: Iterable[str]) -> dict[str, HeldFirm]:
    """The living firms of these ids, held in an order that two transactions cannot cross."""
    held = {row.id: HeldFirm(row.id, row.name, row.audiences) for row in queries.hold(session, firm_ids)}
    for week in queries.fresh_weeks(session, held):
        held[week.firm_id].weeks[week.week_start] = week
    return held


def declare(firm: HeldFirm, hours: Mapping[date, float], at: datetime) -> None:
    """What a firm has free in these weeks, by Monday; weeks it does not speak of stay as they are."""
    for monday, free in hours.items():
        row = firm.weeks.get(monday)
        if row is None:
            row = firm.weeks[monday] = CapacityWeek(firm_id=firm.id, week_start=monday, hours_free=free, declared_at=at)
        row.hours_free, row.declared_at = free, at


def note_change(session: Session, firm: HeldFirm) -> None:
    """After hours changed: write them, make the words of the directory anew, and tell the search index."""
    session.add_all(firm.weeks.values())
    queries.drop_free_tags(session, firm.id)
    tags = records.free_tags(firm.audiences, firm.weeks.values())
    session.add_all(FirmTag(firm_id=firm.id, **tag) for tag in tags)
    session.flush()
    queries.note_changes(session, [firm.id], clock.now())
