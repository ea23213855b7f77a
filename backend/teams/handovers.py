"""Past handovers between two firms: recorded and withdrawn by staff, read by the two firms and staff only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.requests.rules import printable
from backend.teams import plan_queries
from backend.teams.team_models import Handover

MOST_NOTE = 200


@dataclass(frozen=True)
class Known:
    """A handover with the names of both firms."""

    handover: Handover
    first: str
    second: str


def readable(session: Session, actor: User | None) -> tuple[Known, ...]:
    """The handovers this person may know of, newest first."""
    found = plan_queries.handovers(session, actor)
    names = plan_queries.names(session, {id_ for one in found for id_ in (one.firm_a, one.firm_b)})
    return tuple(Known(one, names.get(one.firm_a, "?"), names.get(one.firm_b, "?")) for one in found)


def record(session: Session, actor: User, firms: Sequence[str], note: str) -> Handover:
    """Note that these two firms have passed work on to each other; the note of last time is kept if none is given."""
    one, other = sorted(firms)
    known = plan_queries.names(session, firms)
    if one == other or known.keys() != {one, other}:
        raise Invalid(_("台帳にある、ちがう2社を選んでください。"))
    note = " ".join(printable(note).split())
    if len(note) > MOST_NOTE:
        raise Invalid(_("メモは%(n)s字までで書いてください。", n=MOST_NOTE), {"note": _("長すぎます。")})
    found = [h for h in plan_queries.handovers(session, actor, [one, other]) if (h.firm_a, h.firm_b) == (one, other)]
    handover = found[0] if found else Handover(firm_a=one, firm_b=other)
    handover.note = note or handover.note
    handover.recorded_by, handover.recorded_at, handover.withdrawn_at = actor.id, clock.now(), None
    session.add(handover)
    session.flush()
    audit.record(session, "handover recorded", f"handover:{handover.id}", actor_id=actor.id)
    return handover


def set_withdrawn(session: Session, actor: User, handover_id: str, *, withdrawn: bool) -> Handover:
    """Take a record back, or put it in force again."""
    handover = plan_queries.handover_by_id(session, actor, handover_id)
    if handover is None:
        raise NotFound
    handover.withdrawn_at = clock.now() if withdrawn else None
    session.add(handover)
    session.flush()
    action = "handover withdrawn" if withdrawn else "handover restored"
    audit.record(session, action, f"handover:{handover.id}", actor_id=actor.id)
    return handover
