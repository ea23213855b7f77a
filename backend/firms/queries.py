"""All SQL of the register. Every read of firms for a person starts from `readable_firms`."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import Organisation, User
from backend.accounts.queries import reached_organisations
from backend.core import clock
from backend.core.pagination import Page, paginate
from backend.core.templating import short_date
from backend.core.turns import Turn, append_last
from backend.firms.models import CapacityWeek, Firm, FirmChange, FirmImport, FirmTag, FirmVersion, Picture
from backend.firms.records import FREE_TAG
from backend.firms.rules import Viewer
from backend.firms.wording import fold, width
from matching.days import monday_of

PAGE_SIZE = 20
FACET_LENGTH = 14
MOST_ON_MAP = 5000
CHUNK = 500
MOST_WORDS = 8
FACETS = ("process", "material", "certificate", FREE_TAG)
# All rows of a firm, because drafts, views and profiles speak of the whole firm.
WHOLE = tuple(
    selectinload(getattr(Firm, name)) for name in ("equipment", "techniques", "materials", "certificates", "capacity")
)


@dataclass(frozen=True)
class Search:
    """What the directory was asked. Words of one kind are alternatives, kinds narrow each other."""

    text: str = ""
    process: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    ward: tuple[str, ...] = ()
    certificate: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    page: int = 1

    @property
    def is_open(self) -> bool:
        """Whether nothing was asked."""
        return self == Search(page=self.page)


@dataclass(frozen=True)
class Facet:
    """One word to narrow by, and how many firms are left then."""

    word: str
    label: str
    count: int
    chosen: bool


def viewer_of(actor: User | None, firm_id: str) -> Viewer:
    """As whom this person looks at this firm."""
    if actor is not None and actor.is_staff:
        return Viewer.STAFF
    if actor is not None and actor.firm_id == firm_id:
        return Viewer.OWN_FIRM
    return Viewer.STRANGER


def readable_firms(actor: User | None) -> SelectOfScalar[Firm]:
    """The firms this person may know of: staff all, others the listed ones and their own."""
    statement = select(Firm).where(col(Firm.deleted_at).is_(None))
    if actor is not None and actor.is_staff:
        return statement
    if actor is not None and actor.firm_id:
        return statement.where(or_(col(Firm.listed), col(Firm.id) == actor.firm_id))
    return statement.where(col(Firm.listed))


def editable_firms(actor: User) -> SelectOfScalar[Firm]:
    """The firms whose record this person keeps: staff all, people of a workshop their own."""
    statement = select(Firm).where(col(Firm.deleted_at).is_(None))
    return statement if actor.is_staff else statement.where(col(Firm.id) == actor.firm_id)


def editable_firm(session: Session, actor: User, firm_id: str) -> Firm | None:
    """The whole firm, if this person keeps its record."""
    statement = editable_firms(actor).where(col(Firm.id) == firm_id).options(*WHOLE)
    return session.scalars(statement).one_or_none()


def firm_by_id(session: Session, actor: User | None, firm_id: str) -> Firm | None:
    """The whole firm, if this person may know of it."""
    statement = readable_firms(actor).where(col(Firm.id) == firm_id).options(*WHOLE)
    return session.scalars(statement).one_or_none()


def stored_firm(session: Session, firm_id: str) -> Firm | None:
    """The whole firm even when it was deleted; for the service only, after the right was checked."""
    return session.scalars(select(Firm).where(col(Firm.id) == firm_id).options(*WHOLE)).one_or_none()


def search_firms(session: Session, actor: User | None, search: Search) -> Page[Firm]:
    """One page of the directory, by reading of the name."""
    statement = _narrowed(readable_firms(actor), actor, search)
    ordered = statement.options(*WHOLE).order_by(col(Firm.kana) == "", col(Firm.kana), col(Firm.name), col(Firm.id))
    return paginate(session, ordered, number=search.page, size=PAGE_SIZE)


def found_firms(actor: User | None, search: Search) -> SelectOfScalar[Firm]:
    """The firms of the directory that were asked for, in no order yet."""
    return _narrowed(readable_firms(actor), actor, search)


def count_found(session: Session, found: SelectOfScalar[Firm]) -> int:
    return session.scalar(select_columns(func.count()).select_from(found.subquery())) or 0


def map_points(session: Session, actor: User | None, search: Search) -> Sequence[Any]:
    """Id, name, ward, position and audiences of the firms found, by name and as many as a map can show."""
    firms = _narrowed(readable_firms(actor), actor, search).where(col(Firm.lat).is_not(None))
    columns: tuple[Any, ...] = (Firm.id, Firm.name, Firm.ward, Firm.lat, Firm.lng, Firm.audiences)
    return session.execute(firms.with_only_columns(*columns).order_by(col(Firm.name)).limit(MOST_ON_MAP)).all()


def facets(session: Session, actor: User | None, search: Search) -> dict[str, list[Facet]]:
    """For each kind the commonest words, counted as if nothing of that kind had been chosen yet."""
    found = {kind: _tag_facet(session, actor, search, kind) for kind in FACETS}
    found["ward"] = _ward_facet(session, actor, search)
    return found


def _tag_facet(session: Session, actor: User | None, search: Search, kind: str) -> list[Facet]:
    others: dict[str, Any] = {kind: ()}
    firms = _narrowed(readable_firms(actor), actor, replace(search, **others)).with_only_columns(col(Firm.id))
    count = func.count(col(FirmTag.firm_id).distinct())
    statement = (
        select_columns(col(FirmTag.word), func.min(col(FirmTag.label)), count)
        .where(col(FirmTag.kind) == kind, col(FirmTag.firm_id).in_(firms), *_visible(actor))
        .group_by(col(FirmTag.word))
        .order_by(count.desc(), col(FirmTag.word))
    )
    chosen = getattr(search, kind)
    rows = [Facet(word, label, number, word in chosen) for word, label, number in session.execute(statement)]
    if kind == FREE_TAG:
        monday = monday_of(clock.today())
        # A week that is over stays where it was chosen, so that the choice can be taken back.
        weeks = sorted((f for f in rows if f.chosen or f.word >= monday.isoformat()), key=lambda facet: facet.word)
        return [replace(week, label=_week_words(week.word)) for week in weeks]
    return [facet for at, facet in enumerate(rows) if at < FACET_LENGTH or facet.chosen]


def _week_words(kept: str) -> str:
    """The day a week begins, as a person says it; what is no day stays as it was kept."""
    try:
        return short_date(date.fromisoformat(kept))
    except ValueError:
        return kept


def _ward_facet(session: Session, actor: User | None, search: Search) -> list[Facet]:
    firms = _narrowed(readable_firms(actor), actor, replace(search, ward=()))
    columns = firms.with_only_columns(col(Firm.ward), func.count()).where(col(Firm.ward) != "")
    rows = session.execute(columns.group_by(col(Firm.ward)).order_by(func.count().desc(), col(Firm.ward)))
    return [Facet(ward, ward, number, ward in search.ward) for ward, number in rows]


def _narrowed(statement: SelectOfScalar[Firm], actor: User | None, search: Search) -> SelectOfScalar[Firm]:
    for word in fold(search.text).split()[:MOST_WORDS]:
        statement = statement.where(_has_word(word, actor))
    if search.ward:
        statement = statement.where(col(Firm.ward).in_(search.ward))
    for kind in FACETS:
        words = getattr(search, kind)
        if words:
            statement = statement.where(_has_tag(actor, kind, words))
    return statement


def _has_word(word: str, actor: User | None) -> ColumnElement[bool]:
    here = col(Firm.search_text).contains(word, autoescape=True)
    if actor is not None and actor.is_staff:
        return or_(here, func.lower(col(Firm.code)) == word, col(Firm.corporate_number) == width(word))
    return here


def _has_tag(actor: User | None, kind: str, words: Iterable[str]) -> ColumnElement[bool]:
    tag = select(FirmTag.id).where(
        col(FirmTag.firm_id) == col(Firm.id), col(FirmTag.kind) == kind, col(FirmTag.word).in_(words), *_visible(actor)
    )
    return tag.exists()


def _visible(actor: User | None) -> tuple[ColumnElement[bool], ...]:
    return () if actor is not None and actor.is_staff else (col(FirmTag.public).is_(True),)


def phones(session: Session, actor: User, ids: Collection[str]) -> dict[str, str]:
    """The telephone numbers of those of these firms that have one. Only staff may call just any firm."""
    if not actor.is_staff or not ids:
        return {}
    statement = select(Firm.id, Firm.phone).where(col(Firm.id).in_(ids), col(Firm.phone) != "")
    return dict(session.exec(statement).all())


def whole_firms(session: Session, ids: Sequence[str] | None = None) -> Iterator[Firm]:
    """Every living firm, or those of the ids, whole and in small portions; for the search index, not for a person."""
    wanted = list(ids) if ids is not None else list(session.scalars(select(Firm.id).order_by(col(Firm.id))))
    for start in range(0, len(wanted), CHUNK):
        some = col(Firm.id).in_(wanted[start : start + CHUNK])
        yield from session.scalars(select(Firm).where(some, col(Firm.deleted_at).is_(None)).options(*WHOLE))


def changes_after(session: Session, seq: int) -> Sequence[FirmChange]:
    """What changed since that number, in order."""
    return session.scalars(select(FirmChange).where(col(FirmChange.seq) > seq).order_by(col(FirmChange.seq))).all()


def note_changes(session: Session, firm_ids: Iterable[str], at: datetime) -> None:
    """Note for the search index that these firms changed.

    The numbers follow the order of commits, so that a reader who saw number 7 has not missed 6: PostgreSQL hands
    numbers out before the commit, so writers take turns.
    """
    append_last(session, CHANGES, [{"firm_id": firm_id, "at": at} for firm_id in firm_ids])


def _append_changes(session: Session, changes: Sequence[Any]) -> None:
    session.execute(insert(FirmChange), changes)


CHANGES = Turn(7_031_401, _append_changes)


def last_change(session: Session) -> int:
    """The number of the newest change; 0 when nothing ever changed."""
    return session.scalar(select_columns(func.max(col(FirmChange.seq)))) or 0


def known_firms(session: Session) -> Sequence[Any]:
    """Id, code, corporate number, name, keys and deletion of every firm: what tells a newcomer from an old friend."""
    columns: tuple[Any, ...] = (
        Firm.id,
        Firm.code,
        Firm.corporate_number,
        Firm.name,
        Firm.name_key,
        Firm.address_key,
        Firm.deleted_at,
    )
    return session.execute(select_columns(*columns)).all()


def drop_tags(session: Session, firm_ids: Sequence[str]) -> None:
    """Take away the derived words of these firms, to write them anew."""
    for start in range(0, len(firm_ids), CHUNK):
        session.execute(delete(FirmTag).where(col(FirmTag.firm_id).in_(firm_ids[start : start + CHUNK])))


def drop_free_tags(session: Session, firm_id: str) -> None:
    """Take away the words for the weeks in which a firm has free hours."""
    session.execute(delete(FirmTag).where(col(FirmTag.firm_id) == firm_id, col(FirmTag.kind) == FREE_TAG))


def drop_past_free_tags(session: Session, before: date) -> None:
    """Take away the words for weeks that began before that day."""
    past = col(FirmTag.word) < before.isoformat()
    session.execute(delete(FirmTag).where(col(FirmTag.kind) == FREE_TAG, past))


def hold(session: Session, firm_ids: Iterable[str]) -> Sequence[Any]:
    """Id, name and audiences of the living firms of these ids, which nobody else can change until we are done.

    SQLite has one writer at a time anyway; on PostgreSQL the rows are held, always in the same order.
    """
    columns = select_columns(col(Firm.id), col(Firm.name), col(Firm.audiences))
    some = columns.where(col(Firm.id).in_(sorted(set(firm_ids))), col(Firm.deleted_at).is_(None))
    return session.execute(some.order_by(col(Firm.id)).with_for_update(key_share=True)).all()


def fresh_weeks(session: Session, firm_ids: Iterable[str]) -> Sequence[CapacityWeek]:
    """The weeks of these firms as the database has them now, whatever this session knew of them before."""
    weeks = select(CapacityWeek).where(col(CapacityWeek.firm_id).in_(list(firm_ids)))
    return session.scalars(weeks.order_by(col(CapacityWeek.week_start)).execution_options(populate_existing=True)).all()


def hold_whole(session: Session, firm_id: str) -> None:
    """Hold one firm, also a deleted one, and read it anew with all its rows: another transaction may just have changed
    it or promised hours of it.
    """
    one = col(Firm.id) == firm_id
    session.execute(select_columns(col(Firm.id)).where(one).with_for_update(key_share=True))
    session.scalars(select(Firm).where(one).options(*WHOLE).execution_options(populate_existing=True)).all()


def versions(session: Session, firm_id: str) -> Sequence[FirmVersion]:
    """The kept versions of a firm, newest first."""
    statement = select(FirmVersion).where(col(FirmVersion.firm_id) == firm_id)
    return session.scalars(statement.order_by(col(FirmVersion.revision).desc(), col(FirmVersion.at).desc())).all()


def firm_with_code(session: Session, code: str) -> Firm | None:
    return session.scalars(select(Firm).where(col(Firm.code) == code)).one_or_none()


def firm_with_number(session: Session, number: str) -> Firm | None:
    return session.scalars(select(Firm).where(col(Firm.corporate_number) == number)).one_or_none()


def picture(session: Session, picture_id: str) -> Picture | None:
    return session.get(Picture, picture_id)


def imports(session: Session) -> Sequence[FirmImport]:
    """The last imports, newest first."""
    return session.scalars(select(FirmImport).order_by(col(FirmImport.created_at).desc()).limit(20)).all()


def import_by_id(session: Session, import_id: str) -> FirmImport | None:
    return session.get(FirmImport, import_id)


def hold_import(session: Session, import_id: str) -> FirmImport | None:
    """An import as it is now, held until this transaction ends: what moves it on begins with this."""
    statement = select(FirmImport).where(col(FirmImport.id) == import_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def stored_firms(session: Session, ids: Iterable[str], *, hold: bool = False) -> Iterator[Firm]:
    """The whole firms of these ids, deleted ones too, in small portions; for imports.

    `hold` lets nobody else change them until the transaction ends; always in the same order, against deadlocks.
    """
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        some = select(Firm).where(col(Firm.id).in_(wanted[start : start + CHUNK])).order_by(col(Firm.id))
        some = some.with_for_update(key_share=True) if hold else some
        yield from session.scalars(some.options(*WHOLE))


def firms_without_people(session: Session, ward: str, *, limit: int) -> list[tuple[str, str]]:
    """Id and name of firms for which nobody can sign in and no invitation is open, by name."""
    reached = select_columns(col(Organisation.firm_id)).where(
        col(Organisation.firm_id).is_not(None), col(Organisation.id).in_(reached_organisations(clock.now()))
    )
    statement = select_columns(col(Firm.id), col(Firm.name)).where(
        col(Firm.deleted_at).is_(None), col(Firm.id).not_in(reached)
    )
    if ward:
        statement = statement.where(col(Firm.ward) == ward)
    rows = session.execute(statement.order_by(col(Firm.name), col(Firm.id)).limit(limit))
    return [(row.id, row.name) for row in rows]


def wards(session: Session) -> list[str]:
    """Every ward with a living firm."""
    statement = select_columns(col(Firm.ward)).where(col(Firm.deleted_at).is_(None)).distinct()
    return sorted(ward for ward in session.scalars(statement) if ward)
