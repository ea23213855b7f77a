"""Which firms come into question for a leg: ranked by the matcher, with reasons to read out on the telephone."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.core.i18n import gettext as _
from backend.core.i18n import speaking
from backend.introductions import people
from backend.introductions.models import Case, CaseLeg
from backend.matches.cards import Card
from backend.matches.index import LiveIndex
from backend.requests.models import PartRequest
from backend.teams import plan_queries, steps

SHOWN = 12


@dataclass(frozen=True)
class Choice:
    """A firm to choose. `asked` is the state of the offer it already has for this leg, blank when it has none."""

    card: Card
    asked: str = ""
    planned: bool = False
    # Whether a mail reaches it; who has no address is asked by telephone or FAX.
    has_mail: bool = True


def choices(
    session: Session,
    index: LiveIndex,
    actor: User,
    case: Case,
    leg: CaseLeg,
    kept: PartRequest,
    asked: Mapping[str, str],
) -> tuple[Choice, ...]:
    """The firms that can do this leg, those of the decided team first. Raises NotReady while there is no index."""
    planned = _planned(session, case, leg)
    cards = steps.firms_for(index, steps.work_on(session, actor, kept.token), leg.step_key, {planned})
    shown = sorted(cards, key=lambda card: card.firm_id != planned)[:SHOWN]
    mails = people.mail_addresses(session, [card.firm_id for card in shown])
    return tuple(
        Choice(card, asked.get(card.firm_id, ""), card.firm_id == planned, card.firm_id in mails) for card in shown
    )


def lines(session: Session, actor: User, leg: CaseLeg, kept: PartRequest) -> tuple[tuple[str, str], ...]:
    """What firms would be shown, part by part; it names nobody. The text of the request itself stays here."""
    worked = steps.work_on(session, actor, kept.token)
    # In Japanese whatever the coordinator reads: it is the firms that will read it.
    with speaking("ja"):
        found = [(_("工程"), leg.title), *steps.asked_for(worked, leg.step_key), (_("納める所"), kept.ward or "")]
        return tuple((label, value) for label, value in found if value)


def _planned(session: Session, case: Case, leg: CaseLeg) -> str:
    """The firm of the decided team for this leg."""
    plan = plan_queries.plan_by_id(session, case.request_id, case.plan_id) if case.plan_id else None
    return str(plan.team.get(leg.step_key, "")) if plan else ""
