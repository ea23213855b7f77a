"""Which firms come into question for a leg: ranked by the matcher, with reasons to read out on the telephone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.core.i18n import gettext as _
from backend.core.i18n import speaking
from backend.introductions.models import Case, CaseLeg
from backend.matches.cards import Card, card_of
from backend.matches.index import Found, LiveIndex
from backend.matches.reading import view
from backend.matches.service import DEPTH, TRADE
from backend.requests.models import PartRequest
from backend.teams import plan_queries
from backend.teams import service as routes
from matching.types import Need, Verdict

SHOWN, LOOKED_AT = 12, 40


@dataclass(frozen=True)
class Choice:
    """A firm to choose. `asked` is the state of the offer it already has for this leg, blank when it has none."""

    card: Card
    asked: str = ""
    planned: bool = False


@dataclass(frozen=True)
class Choices:
    """The firms for a leg, and the lines that firms would be shown."""

    rows: tuple[Choice, ...]
    lines: tuple[tuple[str, str], ...]
    until: str = ""


def choices(
    session: Session,
    index: LiveIndex,
    actor: User,
    case: Case,
    leg: CaseLeg,
    kept: PartRequest,
    asked: Mapping[str, str],
) -> Choices:
    """The firms that can do this leg, those of the decided team first. Raises NotReady while there is no index."""
    whole, need = _needs(session, actor, leg, kept)
    found = index.find_able(need, LOOKED_AT, whole.text) if leg.step_key else index.find(need, DEPTH)
    planned = _planned(session, case, leg)
    rows = [
        Choice(card, asked.get(card.firm_id, ""), card.firm_id == planned) for card in _ranked(found, need, {planned})
    ]
    rows.sort(key=lambda row: (not row.planned, row.card.rank))
    return Choices(tuple(rows[:SHOWN]), lines_of(whole, need, leg, kept))


def lines(session: Session, actor: User, leg: CaseLeg, kept: PartRequest) -> tuple[tuple[str, str], ...]:
    """What firms would be shown, without asking who they are."""
    return lines_of(*_needs(session, actor, leg, kept), leg, kept)


def lines_of(whole: Need, need: Need, leg: CaseLeg, kept: PartRequest) -> tuple[tuple[str, str], ...]:
    """What is asked for, part by part; it names nobody. The text itself stays here."""
    # In Japanese whatever the coordinator reads: it is the firms that will read it.
    with speaking("ja"):
        told = [(chip.aspect, chip.label, chip.value) for chip in view(need, {}).chips]
        due = [(chip.label, chip.value) for chip in view(whole, {}).chips if chip.aspect == "due"]
        own = [(label, value) for aspect, label, value in told if aspect not in {"process", "due"}]
        found = [(_("工程"), leg.title), *own, *due, (_("納める所"), kept.ward or "")]
        return tuple((label, value) for label, value in found if value)


def _needs(session: Session, actor: User, leg: CaseLeg, kept: PartRequest) -> tuple[Need, Need]:
    """What the request asks for as a whole, and what this leg of it does."""
    worked = routes.work_on(session, actor, kept.token)
    step = next((step for step in worked.route.steps if step.id == leg.step_key), None)
    return worked.need, step.need if step else worked.need


def _planned(session: Session, case: Case, leg: CaseLeg) -> str:
    """The firm of the decided team for this leg."""
    plan = plan_queries.plan_by_id(session, case.request_id, case.plan_id) if case.plan_id else None
    return str(plan.team.get(leg.step_key, "")) if plan else ""


def _ranked(found: Sequence[Found], need: Need, always: set[str]) -> list[Card]:
    """Those of the trade, whom nothing rules out first."""
    cards = [card_of(one, need, rank, staff=True) for rank, one in enumerate(found, 1)]
    able = [c for c in cards if c.firm_id in always or all(line.aspect not in TRADE for line in c.lacks)]
    return sorted(able or cards, key=lambda card: (card.verdict == Verdict.NO, card.rank))
