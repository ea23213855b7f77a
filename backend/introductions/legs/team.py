"""A decided team beside the firms that were asked. Where another firm was agreed on, days that nobody agreed to go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.core.errors import Refused
from backend.core.i18n import gettext as _
from backend.introductions import queries, tables
from backend.introductions.models import Case, CaseLeg, Offer
from backend.introductions.trail import By, case_id_of, note
from backend.teams import plan_queries, plans


@dataclass(frozen=True)
class Departure:
    """A leg for which both sides agreed on other firms than the team was decided with."""

    leg: CaseLeg
    planned: str
    agreed: tuple[str, ...]


@dataclass(frozen=True)
class Departures:
    """Where a case leaves its decided team, and the lead firm if it has no part in the work any more."""

    legs: tuple[Departure, ...] = ()
    lead: str = ""

    def __bool__(self) -> bool:
        return bool(self.legs or self.lead)


def planned_firms(session: Session, case: Case) -> Mapping[str, str]:
    """The firm of the decided team, by leg."""
    plan = plan_queries.plan_by_id(session, case.request_id, case.plan_id) if case.plan_id else None
    team = plan.team if plan else {}
    return {
        leg.id: str(team[leg.step_key]) for leg in queries.legs_of(session, case_id_of(case)) if leg.step_key in team
    }


def departures(session: Session, case: Case) -> Departures:
    """What an introduction would take from the plan, as the offers stand now; nothing once it is gone."""
    if case.plan_id is None:
        return Departures()
    legs, agreed = queries.legs_of(session, case_id_of(case)), _agreed(queries.offers_of(session, case_id_of(case)))
    planned = planned_firms(session, case)
    left = tuple(
        Departure(leg, planned[leg.id], agreed[leg.id])
        for leg in legs
        if agreed.get(leg.id) and planned.get(leg.id, "") not in ("", *agreed[leg.id]) and is_planned(leg)
    )
    own = [leg for leg in legs if planned.get(leg.id) == case.lead_firm_id]
    stays = any(case.lead_firm_id in agreed.get(leg.id, ()) or not agreed.get(leg.id) for leg in own)
    elsewhere = any(case.lead_firm_id in firms for firms in agreed.values())
    return Departures(left, "" if stays or elsewhere else case.lead_firm_id or "")


def is_planned(leg: CaseLeg) -> bool:
    """Whether the leg still says what a team was decided with."""
    return leg.start is not None or leg.finish is not None or leg.orderer_firm_id is not None


def has_hours(case: Case, leg: CaseLeg) -> bool:
    """Whether the hours of the leg were booked when its team was decided on, so that its order books none."""
    return case.plan_id is not None and leg.start is not None


def free_hours(session: Session, by: By, case_id: int) -> Departures:
    """Give back the hours of whoever is not in it. Requests and firms are locked before cases, so before it is held."""
    case = session.get(Case, case_id)
    found = departures(session, case) if case else Departures()
    if case and case.plan_id and found.legs:
        steps = [one.leg.step_key for one in found.legs]
        plans.let_go(session, case.request_id, case.plan_id, steps, actor_id=by.signed_by)
    return found


def leave(session: Session, by: By, case: Case, freed: Departures) -> None:
    """Take off each such leg the days and the orderer nobody agreed to. The case is held by the caller.

    Raises:
        Refused: the offers changed after the hours were given back.
    """
    found = departures(session, case)
    if found != freed:
        raise Refused(_("この案件は、開いているあいだに変わりました。いまの様子を見て、もう一度押してください。"))
    for one in found.legs:
        one.leg.start = one.leg.finish = one.leg.orderer_firm_id = None
        session.add(one.leg)
        note(session, case, by, "off_team", one.leg)
    if case.plan_id and found.legs and plans.decided(session, case.request_id) is None:
        # Nobody of the team is left: orders book their own hours again.
        case.plan_id = None
    if found.lead:
        case.lead_firm_id = None
        for leg in queries.legs_of(session, case_id_of(case)):
            leg.orderer_firm_id = None if leg.orderer_firm_id == found.lead else leg.orderer_firm_id


def _agreed(offers: Sequence[Offer]) -> dict[str, tuple[str, ...]]:
    """The firms that both sides agreed on, by leg."""
    found: dict[str, tuple[str, ...]] = {}
    for offer in offers:
        if offer.state in tables.AGREED_ON:
            found[offer.leg_id] = (*found.get(offer.leg_id, ()), offer.firm_id)
    return found
