"""The board: the states as columns, folded into phases, and cards with what may be done from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.core.templating import short_date
from backend.introductions import tables
from backend.introductions.cases import rules as case_rules
from backend.introductions.desk import list_queries
from backend.introductions.desk.filters import CaseFilter
from backend.introductions.desk.list_queries import Row
from backend.introductions.states import CaseState as C

EACH = 6
PHASES: Sequence[tuple[str, str, tuple[C, ...]]] = (
    ("start", mark("受付から候補まで"), (C.RECEIVED, C.CLARIFYING, C.SHORTLISTING)),
    ("asking", mark("打診から承諾まで"), (C.ASKING, C.ANSWERED, C.AGREED)),
    ("talks", mark("紹介と商談"), (C.INTRODUCED, C.NEGOTIATING)),
    ("work", mark("製作と納品"), (C.ORDERED, C.MAKING, C.DELIVERED)),
    ("ended", mark("終わった案件"), (C.CLOSED, C.LOST, C.WITHDRAWN, C.EXPIRED)),
)


@dataclass(frozen=True)
class Card:
    case_id: int
    version: int
    number: str
    title: str
    owner: str
    age: str
    due: str
    late: bool


@dataclass(frozen=True)
class Column:
    """One state. `targets` are the states a card can be moved to from here."""

    state: str
    label: str
    total: int
    cards: tuple[Card, ...]
    targets: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Phase:
    key: str
    label: str
    columns: tuple[Column, ...]

    @property
    def total(self) -> int:
        return sum(column.total for column in self.columns)


def board_view(session: Session, actor: User, wanted: CaseFilter) -> tuple[Phase, ...]:
    """Every phase with its columns, for one question to the database."""
    found = list_queries.on_board(session, actor, wanted, EACH)
    return tuple(
        Phase(key, _(label), tuple(_column(state, found) for state in states)) for key, label, states in PHASES
    )


def _column(state: C, found: Mapping[C, tuple[list[Row], int]]) -> Column:
    rows, total = found.get(state, ([], 0))
    targets = tuple((t.target.value, _(tables.STATES[t.target].label)) for t in case_rules.board_moves(state))
    return Column(state.value, _(tables.STATES[state].label), total, tuple(map(_card, rows)), targets)


def _card(row: Row) -> Card:
    case, request, owner = row
    now, due = clock.now(), case.due_at
    there = clock.in_tokyo(due) if due else None
    return Card(
        case_id=case.id or 0,
        version=case.version,
        number=request.number,
        title=case.title,
        owner=owner,
        age=case_rules.age_words(case.entered_at, now),
        due=short_date(there) if there else "",
        late=due is not None and due < now,
    )
