"""Long lists in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlmodel import Session, func, select
from sqlmodel.sql.expression import SelectOfScalar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its items, which page it is (from 1), how many a page holds and how many there are."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


def paginate(session: Session, statement: SelectOfScalar[T], *, number: int = 1, size: int = 20) -> Page[T]:
    """The asked page of a query that selects one entity; a number past the end gives the last page."""
    total = session.exec(select(func.count()).select_from(statement.order_by(None).subquery())).one()
    number = min(max(1, number), max(1, -(-total // size)))
    items = session.exec(statement.limit(size).offset((number - 1) * size)).all()
    return Page(items, number, size, total)
