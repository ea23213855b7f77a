"""SQL of the joint plan: the requests that still wait for a team."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, desc
from sqlmodel import Session, col, false, select
from sqlmodel.sql.expression import SelectOfScalar

from backend.accounts.models import User
from backend.requests.models import PartRequest
from backend.requests.queries import readable_requests
from backend.teams.team_models import TeamPlan

# Ids of requests; cases lie above teams, so whoever asks brings along which are settled.
Settled = Select[int]


def readable_open(actor: User | None, settled: Settled) -> SelectOfScalar[PartRequest]:
    """Requests without a decided team, not settled, that this coordinator may find; for staff only."""
    if actor is None or not actor.is_staff:
        return select(PartRequest).where(false())
    statement = readable_requests(actor)
    decided = select(TeamPlan.request_id).where(col(TeamPlan.withdrawn_at).is_(None))
    return statement.where(col(PartRequest.id).not_in(decided), col(PartRequest.id).not_in(settled))


def open_requests(session: Session, actor: User | None, settled: Settled, most: int) -> Sequence[PartRequest]:
    """The newest first."""
    wanted = readable_open(actor, settled).order_by(desc(col(PartRequest.id)))
    return session.exec(wanted.limit(most)).all()


def all_readable(session: Session, actor: User, tokens: Collection[str]) -> bool:
    """Whether the actor may find every one of these requests that is still there."""
    there = select(PartRequest.id).where(col(PartRequest.token).in_(tokens))
    found = readable_requests(actor).where(col(PartRequest.token).in_(tokens))
    return set(session.exec(there)) == {kept.id for kept in session.exec(found)}


def chosen_requests(
    session: Session, actor: User | None, settled: Settled, tokens: Sequence[str]
) -> Sequence[PartRequest]:
    """Those of these tokens that still wait, the oldest first."""
    wanted = readable_open(actor, settled).where(col(PartRequest.token).in_(tokens))
    return session.exec(wanted.order_by(col(PartRequest.id))).all()
