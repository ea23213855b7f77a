"""Which firms come into question for a leg: ranked by the matcher, with reasons to read out on the telephone."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.i18n import gettext as _
from backend.core.i18n import mark, speaking
from backend.introductions import people, queries, tables
from backend.introductions.legs import summary
from backend.introductions.legs.summary import Secrets
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.states import OfferState
from backend.matches import words
from backend.matches.cards import Card
from backend.matches.index import LiveIndex
from backend.requests.models import PartRequest
from backend.teams import plan_queries, steps, what_if
from backend.teams.what_if import WhatIf

SHOWN = 12
GONE = frozenset({OfferState.DECLINED, OfferState.DROPPED_OUT, OfferState.SILENT, OfferState.CANCELLED})
# The label of the client's own words, which whoever sends them has to read before.
OWN_WORDS = mark("この工程について書かれていること")
SAID_YES = tables.AGREED_ON | {OfferState.WILLING, OfferState.CONDITIONAL}


@dataclass(frozen=True)
class Choice:
    """A firm to choose. `asked` is the state of the offer it already has for this leg, blank when it has none."""

    card: Card
    asked: str = ""
    planned: bool = False
    # Whether it was ticked on the way here; where nobody was, the firm of the decided team is.
    ticked: bool = False
    # Whether a mail reaches it; who has no address, or wants no such mail, is asked by telephone or FAX.
    has_mail: bool = True


def choices(
    session: Session,
    index: LiveIndex,
    actor: User,
    case: Case,
    leg: CaseLeg,
    kept: PartRequest,
    asked: Mapping[str, str],
    wanted: Collection[str] = (),
) -> tuple[Choice, ...]:
    """The firms that can do this leg: those `wanted` first, whatever speaks against them, then the decided team's.

    Raises NotReady while there is no index.
    """
    planned = _planned(session, case, leg)
    worked = steps.work_on(session, actor, kept.token)
    cards = steps.firms_for(index, worked, leg.step_key, {planned, *wanted})
    known = {card.firm_id for card in cards}
    cards = [*cards, *steps.named(session, [id_ for id_ in wanted if id_ not in known])]
    ranked = sorted(cards, key=lambda card: (card.firm_id not in wanted, card.firm_id != planned))
    shown = ranked[: SHOWN + len(wanted)]
    told = people.reach(session, [card.firm_id for card in shown], tables.ASKING).told
    ticked = wanted or {planned}
    return tuple(
        Choice(
            card,
            asked=asked.get(card.firm_id, ""),
            planned=card.firm_id == planned,
            ticked=card.firm_id in ticked,
            has_mail=card.firm_id in told,
        )
        for card in shown
    )


def lines(session: Session, actor: User, leg: CaseLeg, kept: PartRequest) -> tuple[tuple[str, str], ...]:
    """What firms would be shown, part by part, for a coordinator to read over. It names nobody the request names.

    Of the text of the request only what it says of this operation.
    """
    worked = steps.work_on(session, actor, kept.token)
    said = summary.unnamed(steps.words_of(worked, leg.step_key), secrets_of(session, kept))
    # In Japanese whatever the coordinator reads: it is the firms that will read it.
    with speaking("ja"):
        found = [
            (_("工程"), leg.title),
            *steps.asked_for(worked, leg.step_key),
            (_("引き渡しの目安"), words.day(leg.finish) if leg.finish and leg.finish >= clock.today() else ""),
            (_("納める所"), kept.ward or ""),
            (_(OWN_WORDS), said),
        ]
        return tuple((label, value) for label, value in found if value)


def sent_before(found: Sequence[tuple[str, str]], shown: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """The same for a press that nobody reads over: of the client's own words only those that went out before."""
    return [(label, value) for label, value in found if label != OWN_WORDS or [label, value] in shown]


def secrets_of(session: Session, kept: PartRequest) -> Secrets:
    """What would tell a firm who asks."""
    owner = queries.user_by_id(session, kept.owner_id)
    names = (kept.contact_name, kept.contact_organisation, owner.name if owner else "")
    mails = (kept.contact_email, owner.email if owner else "")
    return Secrets(tuple(name for name in names if name), tuple(mail for mail in mails if mail))


def said_of_steps(session: Session, actor: User, kept: PartRequest) -> Mapping[tuple[str, str], str]:
    """What the page of the case calls the offers of a request, by step and firm; a blank step is the whole job."""
    states = queries.states_by_step(session, actor, kept.id or 0)
    return {asked: _(tables.OFFER_LABELS[state]) for asked, state in states.items()}


def team_address(case: Case, kept: PartRequest, legs: Sequence[CaseLeg], offers: Sequence[Offer]) -> str:
    """The workbench as the answers leave it."""
    return _address(kept, _answers(case, legs, offers))


def workbench_of(session: Session, kept: PartRequest) -> str:
    """The same, for a page that knows the request only."""
    return _address(kept, team_answers(session, [kept.token]).get(kept.token, WhatIf()))


def _address(kept: PartRequest, wish: WhatIf) -> str:
    return wish.address(f"/requests/{kept.token}/chain", "" if wish.is_open else "teams")


def team_answers(session: Session, tokens: Collection[str]) -> dict[str, WhatIf]:
    """What the answers of the firms leave to teams, by the token of the request; in three questions for all of them.

    Who may read these requests is the caller's affair.
    """
    found = queries.cases_of_tokens(session, tokens)
    ids = [case.id or 0 for case in found.values()]
    legs: dict[int, list[CaseLeg]] = defaultdict(list)
    offers: dict[int, list[Offer]] = defaultdict(list)
    for leg in queries.legs_of_cases(session, ids):
        legs[leg.case_id].append(leg)
    for offer in queries.offers_of_cases(session, ids):
        offers[offer.case_id].append(offer)
    return {token: _answers(case, legs[case.id or 0], offers[case.id or 0]) for token, case in found.items()}


def _answers(case: Case, legs: Sequence[CaseLeg], offers: Sequence[Offer]) -> WhatIf:
    """Without the firms that are gone, those that said yes held to their leg; a decided team that nobody left stays."""
    step_of = {leg.id: leg.step_key for leg in legs if leg.step_key}
    # Whoever said no to one leg may have said yes, or still be asked, for another.
    here = {offer.firm_id for offer in offers if offer.state in tables.ALIVE}
    gone = tuple(dict.fromkeys(o.firm_id for o in offers if o.state in GONE and o.firm_id not in here))
    held = {step_of[o.leg_id]: o.firm_id for o in reversed(offers) if o.leg_id in step_of and o.state in SAID_YES}
    as_decided = case.plan_id is not None and not gone
    return WhatIf() if as_decided else WhatIf(out=gone[: what_if.MOST_OUT], fixed=held)


def _planned(session: Session, case: Case, leg: CaseLeg) -> str:
    """The firm of the decided team for this leg."""
    plan = plan_queries.plan_by_id(session, case.request_id, case.plan_id) if case.plan_id else None
    return str(plan.team.get(leg.step_key, "")) if plan else ""
