"""SQL of the list, the board and the searches that somebody keeps."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from backend.accounts.models import User
from backend.core import clock
from backend.core.model import new_id
from backend.core.pagination import Page
from backend.firms.models import Firm
from backend.introductions import tables
from backend.introductions.desk.filters import ENDED, RUNNING, CaseFilter, request_id_in
from backend.introductions.desk.models import SavedFilter
from backend.introductions.desk.queries import case_ids
from backend.introductions.models import Case, Offer
from backend.introductions.queries import without_owner
from backend.introductions.states import CaseState
from backend.requests.models import PartRequest

Row = tuple[Case, PartRequest, str]
MOST_WARDS = 60


def found_cases(session: Session, actor: User, wanted: CaseFilter, *, number: int, size: int) -> Page[Row]:
    """The asked page of the cases wanted, newest first; a number past the end gives the last page."""
    here = _matching(actor, wanted)
    columns = select_columns(col(Case.id), func.count().over())
    statement = _from(columns).where(*here).order_by(col(Case.id).desc()).limit(size)
    found = session.execute(statement.offset((number - 1) * size)).all()
    if not found and number > 1:
        total = session.execute(_from(select_columns(func.count())).where(*here)).scalar_one()
        return found_cases(session, actor, wanted, number=max(1, -(-total // size)), size=size)
    rows = _rows(session, [col(Case.id).in_([row[0] for row in found])], size) if found else []
    return Page(rows, number, size, found[0][1] if found else 0)


def all_found(session: Session, actor: User, wanted: CaseFilter, most: int) -> list[Row]:
    """The cases wanted, newest first, for a spreadsheet."""
    return _rows(session, _matching(actor, wanted), most)


def on_board(session: Session, actor: User, wanted: CaseFilter, each: int) -> dict[CaseState, tuple[list[Row], int]]:
    """The most urgent cases of each state, and how many each state has."""
    urgent = (col(Case.due_at).is_(None), col(Case.due_at), col(Case.id).desc())
    place = func.row_number().over(partition_by=col(Case.state), order_by=urgent)
    count = func.count().over(partition_by=col(Case.state))
    columns = select_columns(col(Case.id).label("id"), place.label("place"), count.label("count"))
    ranked = _from(columns).where(*_matching(actor, wanted)).subquery()
    statement = (
        _from(select_columns(Case, PartRequest, func.coalesce(User.name, ""), ranked.c.count))
        .join(ranked, ranked.c.id == col(Case.id))
        .where(ranked.c.place <= each)
        .order_by(ranked.c.place)
    )
    found: dict[CaseState, tuple[list[Row], int]] = {}
    for case, request, owner, in_all in session.execute(statement):
        found.setdefault(case.state, ([], in_all))[0].append((case, request, owner))
    return found


def wards(session: Session, actor: User) -> list[str]:
    """The wards of the cases that this person may read."""
    statement = select(PartRequest.ward).join(Case, col(Case.request_id) == col(PartRequest.id))
    statement = statement.where(col(PartRequest.ward).is_not(None), col(Case.id).in_(case_ids(actor)))
    return [ward for ward in session.exec(statement.distinct().order_by(PartRequest.ward).limit(MOST_WARDS)) if ward]


def _from(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Cases with their request and whoever looks after them."""
    return (
        statement.select_from(Case)
        .join(PartRequest, col(PartRequest.id) == col(Case.request_id))
        .outerjoin(User, col(User.id) == col(Case.owner_id))
    )


def _rows(session: Session, here: Sequence[ColumnElement[bool]], limit: int) -> list[Row]:
    statement = _from(select_columns(Case, PartRequest, func.coalesce(User.name, ""))).where(*here)
    statement = statement.order_by(col(Case.id).desc()).limit(limit)
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def _matching(actor: User, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    here: list[ColumnElement[bool]] = [col(Case.id).in_(case_ids(actor))]
    here += [_says(word) for word in wanted.words]
    here += _in_state(wanted.state)
    if wanted.ward:
        here.append(col(PartRequest.ward) == wanted.ward)
    if wanted.whose:
        here.append(col(Case.owner_id) == actor.id if wanted.whose == "mine" else without_owner())
    if wanted.due:
        tomorrow = datetime.combine(clock.today() + timedelta(days=1), time(), clock.TOKYO)
        before = clock.now() if wanted.due == "over" else tomorrow
        here += [col(Case.due_at) < before, col(Case.state).in_(tables.RUNNING)]
    return here


def _in_state(state: str) -> list[ColumnElement[bool]]:
    several = {RUNNING: tables.RUNNING, ENDED: tables.ENDED}
    if not state:
        return []
    return [col(Case.state).in_(several[state]) if state in several else col(Case.state) == CaseState(state)]


def _says(word: str) -> ColumnElement[bool]:
    """That the word stands in the number, the title, the text, who asks, or the name of a firm that was asked."""
    of_firms = select(Offer.case_id).join(Firm, col(Firm.id) == col(Offer.firm_id))
    places = [
        col(Case.title).icontains(word, autoescape=True),
        col(PartRequest.text).icontains(word, autoescape=True),
        col(PartRequest.contact_organisation).icontains(word, autoescape=True),
        col(PartRequest.contact_name).icontains(word, autoescape=True),
        col(Case.id).in_(of_firms.where(col(Firm.name).icontains(word, autoescape=True))),
    ]
    number = request_id_in(word)
    return or_(*places, col(PartRequest.id) == number) if number else or_(*places)


def saved_filters(session: Session, user: User, page: str) -> Sequence[SavedFilter]:
    statement = select(SavedFilter).where(SavedFilter.user_id == user.id, SavedFilter.page == page)
    return session.exec(statement.order_by(SavedFilter.name)).all()


def save_filter(session: Session, user: User, page: str, name: str, query: str) -> None:
    """Keep a search under a name; the same name again replaces it."""
    statement = select(SavedFilter).where(
        SavedFilter.user_id == user.id, SavedFilter.page == page, SavedFilter.name == name
    )
    kept = session.exec(statement).first() or SavedFilter(id=new_id(), user_id=user.id, page=page, name=name, query="")
    kept.query = query
    session.add(kept)
    session.flush()


def remove_filter(session: Session, user: User, filter_id: str) -> None:
    """Forget one's own search; somebody else's stays where it is."""
    session.execute(delete(SavedFilter).where(col(SavedFilter.id) == filter_id, col(SavedFilter.user_id) == user.id))
