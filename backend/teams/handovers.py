"""Past handovers between two firms: recorded and withdrawn by staff, read by the two firms and staff only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.core.texts import printable
from backend.teams import plan_queries
from backend.teams.team_models import Handover

MOST_NOTE = 200
RECORDED = audit.action("handover recorded", mark("受け渡しを記録した"))
WITHDRAWN = audit.action("handover withdrawn", mark("受け渡しの記録を取り消した"))
RESTORED = audit.action("handover restored", mark("受け渡しの記録を戻した"))


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


def names_of(session: Session, firms: Sequence[str]) -> tuple[str, ...]:
    """The names of these firms, as far as they stand in the register."""
    known = plan_queries.names(session, firms)
    return tuple(known[firm_id] for firm_id in firms if firm_id in known)


def record(session: Session, actor: User, firms: Sequence[str], note: str) -> Handover:
    """Note that these two firms have passed work on to each other; the note of last time is kept if none is given."""
    one, other = sorted(firms)
    known = plan_queries.names(session, firms)
    if one == other or known.keys() != {one, other}:
        sentence = _("台帳にある、ちがう2社を選んでください。")
        raise Invalid(sentence, {"firms": sentence})
    note = " ".join(printable(note).split())
    if len(note) > MOST_NOTE:
        sentence = _("メモは%(n)s字までで書いてください。", n=MOST_NOTE)
        raise Invalid(sentence, {"note": sentence})
    found = [h for h in plan_queries.handovers(session, actor, [one, other]) if (h.firm_a, h.firm_b) == (one, other)]
    handover = found[0] if found else Handover(firm_a=one, firm_b=other)
    before, handover.note = handover.note, note or handover.note
    handover.recorded_by, handover.recorded_at, handover.withdrawn_at = actor.id, clock.now(), None
    session.add(handover)
    session.flush()
    what = {"firms": f"{one}・{other}", "before": before, "after": handover.note}
    audit.record(session, RECORDED, f"handover:{handover.id}", actor_id=actor.id, **what)
    return handover


def set_withdrawn(session: Session, actor: User, handover_id: str, *, withdrawn: bool) -> Handover:
    """Take a record back, or put it in force again."""
    handover = plan_queries.handover_by_id(session, actor, handover_id)
    if handover is None:
        raise NotFound
    handover.withdrawn_at = clock.now() if withdrawn else None
    session.add(handover)
    session.flush()
    firms = f"{handover.firm_a}・{handover.firm_b}"
    action = WITHDRAWN if withdrawn else RESTORED
    audit.record(session, action, f"handover:{handover.id}", actor_id=actor.id, firms=firms)
    return handover
