"""What the team half of the workbench shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import Request
from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.i18n import gettext as _
from backend.core.i18n import term
from backend.matches import words
from backend.matches.dependencies import is_staff
from backend.matches.index import LiveIndex, NotReady
from backend.requests.models import PartRequest
from backend.teams import gantt, legs, plan_queries, plans, team_words
from backend.teams.cards import Said, TeamCard, cards
from backend.teams.gantt import Gantt
from backend.teams.legs import Leg, Move
from backend.teams.plan_rules import TURNS_KM
from backend.teams.route_map import RouteMap, Stop, route_map, ward_centre
from backend.teams.solving import Shown, Solved, solve
from backend.teams.team_case import Case, case_of
from backend.teams.team_models import TeamPlan
from backend.teams.what_if import OrderKind, WhatIf, what_if, written
from matching.composition.result import Infeasible
from matching.routing.route import Route
from matching.types import Need


@dataclass(frozen=True)
class WayOut:
    """What to change so that a team becomes possible, with the address that does it where one does."""

    words: str
    address: str = ""
    action: str = ""


@dataclass(frozen=True)
class Choice:
    """One thing tried out that can be taken back."""

    words: str
    address: str


@dataclass(frozen=True)
class Held:
    """A decided team."""

    plan: TeamPlan
    holds: bool
    address: str
    firms: str


EMPTY = Solved(())


@dataclass(frozen=True)
class TeamsView:
    """Everything the team half shows; without `case` only why there is nothing."""

    path: str
    wish: WhatIf
    staff: bool
    # Why there is nothing; `soon` says that asking again in a moment helps.
    unavailable: str = ""
    soon: bool = False
    case: Case | None = None
    solved: Solved = EMPTY
    cards: tuple[TeamCard, ...] = ()
    holes: tuple[str, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    reason: str = ""
    choices: tuple[Choice, ...] = ()
    difference: tuple[str, ...] = ()
    detail: "Detail | None" = None
    plans: tuple[Held, ...] = ()
    # Where the answers of the firms are taken in, while the team shown says something else.
    answers: str = ""

    @property
    def held(self) -> Held | None:
        return next((one for one in self.plans if one.holds), None)

    @property
    def turns(self) -> tuple[tuple[int, str], ...]:
        said = [_("見ない"), *(_("%(km)s km 近いのと同じ重さ", km=km) for km in TURNS_KM[1:])]
        return tuple(zip(TURNS_KM, said, strict=True))

    @property
    def orders(self) -> tuple[tuple[str, str], ...]:
        return tuple((kind.value, team_words.order_title(kind)) for kind in OrderKind)


@dataclass(frozen=True)
class Detail:
    """The chosen team: map, days, legs."""

    shown: Shown
    title: str
    team: str
    lead: str
    why_lead: str
    map: RouteMap | None
    gantt: Gantt
    legs: tuple[Leg, ...]
    moves: tuple[Move, ...]
    order_words: str
    promised: tuple[str, ...]
    warnings: tuple[str, ...]
    candidates: Mapping[str, tuple[tuple[str, str], ...]]


def teams_context(
    request: Request, session: Session, actor: User | None, kept: PartRequest, need: Need, route: Route
) -> dict[str, Any]:
    """The value `teams` that `_teams.html` needs."""
    index: LiveIndex = request.app.state.matches
    wish = what_if(request.query_params, clock.today())
    said: Said = request.app.state.said_of_steps(session, actor, kept) if actor and actor.is_staff else {}
    view = teams_view(session, index, actor, kept, need, route, wish, said)
    return {"teams": replace(view, answers=_answers(view, answers_of(request, session, kept)) if view.staff else "")}


def answers_of(request: Request, session: Session, kept: PartRequest) -> WhatIf:
    """What the answers of the firms leave to teams; for staff only, because it says who has said no."""
    found: WhatIf = request.app.state.team_answers(session, [kept.token]).get(kept.token, WhatIf())
    return found


def _answers(view: TeamsView, answers: WhatIf) -> str:
    """Where the team shown would be made from the answers, if it says something else than they do."""
    team = view.solved.chosen.team.assignment if view.solved.chosen else {}
    gone = any(firm in answers.out for firm in team.values())
    if not gone and all(team.get(step, firm) == firm for step, firm in answers.fixed.items()):
        return ""
    out, fixed = tuple(dict.fromkeys((*view.wish.out, *answers.out))), {**view.wish.fixed, **answers.fixed}
    if (out, fixed) == (view.wish.out, view.wish.fixed):
        # They are taken in as far as they can be: what does not fit is told beside the team.
        return ""
    return replace(view.wish, out=out, fixed=fixed, team={}, was={}).address(view.path)


def teams_view(
    session: Session,
    index: LiveIndex,
    actor: User | None,
    kept: PartRequest,
    need: Need,
    route: Route,
    wish: WhatIf,
    said: Said,
) -> TeamsView:
    """Everything about the teams of a request as this person may see it."""
    staff, path = is_staff(actor), f"/requests/{kept.token}/chain"
    if not route.steps:
        return TeamsView(
            path, wish, staff, unavailable=_("工程がまだ読み取れていません。道順に工程を足すと、チームを組めます。")
        )
    try:
        case = case_of(session, index, kept, need, route, wish, staff=staff)
    except NotReady as reason:
        return TeamsView(path, wish, staff, unavailable=reason.message, soon=reason.soon)
    held = plans.decided(session, kept.id or 0)
    solved = solve(case, wish, held.team if held else None)
    chosen = solved.chosen
    return TeamsView(
        path=path,
        wish=wish,
        staff=staff,
        case=case,
        solved=solved,
        cards=cards(case, solved.shown, wish, path, said, staff=staff),
        holes=tuple(team_words.step_name(step) for step in case.missing if not step.inferred),
        reason=_reason(case, solved.infeasible) if solved.infeasible else "",
        ways_out=_ways_out(case, solved, wish, path),
        choices=_choices(case, wish, path),
        difference=_difference(case, chosen),
        detail=_detail(session, case, chosen, wish, actor) if chosen else None,
        plans=_plans(session, case, wish, path) if staff else (),
    )


def _detail(session: Session, case: Case, chosen: Shown, wish: WhatIf, actor: User | None) -> Detail:
    staff = is_staff(actor)
    lead = chosen.team.lead_firm
    firms = plan_queries.firms(session, set(chosen.ids)) if staff else {}
    return Detail(
        shown=chosen,
        title=_("%(lead)sがまとめる案", lead=case.facts[lead].name),
        team=written(chosen.team.assignment),
        lead=case.facts[lead].name,
        why_lead=_why_lead(case, chosen, staff=staff),
        map=_map(case, chosen, staff=staff),
        gantt=_gantt(case, chosen, staff=staff),
        legs=legs.legs(case, chosen, wish, firms, staff=staff),
        moves=legs.moves(case, chosen, plan_queries.known_pairs(session), staff=staff),
        order_words=team_words.order_blurb(wish.order),
        promised=legs.promised_items(),
        warnings=_warnings(case, chosen),
        candidates=_candidates(case) if staff else {},
    )


def _why_lead(case: Case, chosen: Shown, *, staff: bool) -> str:
    lead = chosen.team.lead_firm
    hours = sum(s.hours.likely for s, firm in zip(case.steps, chosen.ids, strict=True) if firm == lead)
    said = _(
        "幹事を引き受けられる会社のうち、受け持つ時間がいちばん長い(%(hours)s)からです。", hours=team_words.hours(hours)
    )
    if staff and case.facts[lead].can_lead is None:
        said += _("幹事を引き受けるかは、まだ聞いていません。")
    return said


def _map(case: Case, chosen: Shown, *, staff: bool) -> RouteMap | None:
    stops = [_stop(case, chosen, id_, staff=staff) for id_ in dict.fromkeys(chosen.ids)]
    return route_map([stop for stop in stops if stop], legs.neighbours(case, chosen))


def _stop(case: Case, chosen: Shown, firm_id: str, *, staff: bool) -> Stop | None:
    facts = case.facts[firm_id]
    place = (facts.lat, facts.lng)
    if not staff and "position" in facts.hidden:
        place = ward_centre(facts.ward) or (None, None)
    if place[0] is None or place[1] is None:
        return None
    numbers = "・".join(str(i + 1) for i, firm in enumerate(chosen.ids) if firm == firm_id)
    return Stop(firm_id, numbers, facts.name, facts.ward, place[0], place[1], firm_id == chosen.team.lead_firm)


def _gantt(case: Case, chosen: Shown, *, staff: bool) -> Gantt:
    """The days. Free hours stand there as the firm shows them: exact for staff, as marks for others."""
    lines = []
    for i, (step, work) in enumerate(zip(case.steps, chosen.works, strict=True)):
        facts = case.facts[work.firm_id]
        may_see = staff or "capacity" not in facts.hidden
        free = gantt.free_of(work.firm_id, case.daily.free, may_see=may_see)
        name, lead = team_words.step_name(step), work.firm_id == chosen.team.lead_firm
        told = frozenset(week.week_start for week in facts.capacity or ())
        lines.append(gantt.Line(name, facts.name, lead, case.steps[i].after, work, staff, free, told))
    return gantt.gantt(lines, case.closed, case.due)


def _warnings(case: Case, chosen: Shown) -> tuple[str, ...]:
    said = []
    if case.due and (chosen.finish.sure is None or chosen.finish.sure > case.due):
        said.append(
            _("時間が長めにかかると、納期に間に合わないことがあります。早めに始めるか、納期に余裕をもらってください。")
        )
    if any(_is_new_year(day) for work in chosen.works for day in _span(work.start, work.finish)):
        said.append(_("年末年始(12月29日〜1月3日)をまたぎます。休みの前後の受け渡しを確かめてください。"))
    return tuple(said)


def _is_new_year(day: date) -> bool:
    return (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def _span(first: date, last: date) -> list[date]:
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


def _candidates(case: Case) -> dict[str, tuple[tuple[str, str], ...]]:
    """For each step the firms it can be fixed to, by how well they fit."""
    return {
        step.id: tuple(
            (o.firm.id, f"{o.firm.name}({term(o.firm.ward)})" if o.firm.ward else o.firm.name) for o in options
        )
        for step, options in zip(case.steps, case.options, strict=True)
    }


def _choices(case: Case, wish: WhatIf, path: str) -> tuple[Choice, ...]:
    """What is tried out, each with the way back."""
    found = (
        [Choice(_("納期を%(day)sにした", day=words.short_day(wish.due)), wish.until(None).address(path))]
        if wish.due
        else []
    )
    names = {step.id: team_words.step_name(step) for step in case.steps}
    for step_id, firm_id in wish.fixed.items():
        if step_id in names and firm_id in case.facts:
            said = _("%(step)sは%(firm)sに決めた", step=names[step_id], firm=case.facts[firm_id].name)
            found.append(Choice(said, wish.letting_go(step_id).address(path)))
    for firm_id in wish.out:
        if firm_id in case.facts:
            said = _("%(firm)sを外した", firm=case.facts[firm_id].name)
            found.append(Choice(said, wish.taking_back(firm_id).address(path)))
    return tuple(found)


def _difference(case: Case, chosen: Shown | None) -> tuple[str, ...]:
    """What a repair changed: days, km, and which steps go to whom."""
    if chosen is None or chosen.repair is None:
        return ()
    repair, said = chosen.repair, []
    if repair.days is not None:
        said.append(_("日程 %(days)s日", days=f"{repair.days:+d}") if repair.days else _("日程は同じ"))
    if repair.km is not None:
        said.append(_("道のり %(km)s km", km=f"{repair.km:+.1f}") if abs(repair.km) >= 0.05 else _("道のりは同じ"))
    changed = [i for i, step in enumerate(case.steps) if step.id in repair.changed]
    said += [
        _("%(step)s → %(firm)s", step=team_words.step_name(case.steps[i]), firm=case.facts[chosen.ids[i]].name)
        for i in changed
    ]
    return tuple(said)


def _reason(case: Case, why: Infeasible) -> str:
    step = next((team_words.step_name(s) for s in case.steps if s.id == why.step), "")
    return {
        "no_candidate": _("%(step)sを頼める会社が、ほかに見つかりません。", step=step),
        "nobody_can_lead": _("納品をまとめる幹事を引き受けられる会社がありません。"),
        "no_capacity_before_due": _("%(step)sの空きが足りず、納期に間に合いません。", step=step),
        "unproven": _("時間のうちに、チームも組めない理由も見つかりませんでした。"),
    }.get(why.code, _("%(step)sの空きが、わかっている週の中にありません。", step=step))


def _ways_out(case: Case, solved: Solved, wish: WhatIf, path: str) -> tuple[WayOut, ...]:
    """The cheapest change that makes a team possible, then whatever was tried out and could be taken back."""
    if solved.infeasible is None:
        return ()
    found = []
    if solved.possible_due:
        day = words.short_day(solved.possible_due)
        found.append(
            WayOut(
                _("納期を%(day)sまで延ばせれば組めます。", day=day),
                wish.until(solved.possible_due).address(path),
                _("この納期で組む"),
            )
        )
    leaders = [case.facts[id_].name for id_ in solved.infeasible.relaxation.get("can_lead", ())]
    if leaders:
        found.append(
            WayOut(
                _(
                    "%(firms)sのどこかが幹事を引き受ければ組めます。電話で聞いてください。",
                    firms=team_words.listed(leaders),
                )
            )
        )
    if solved.infeasible.code in {"no_capacity", "no_candidate"} and not (wish.out or wish.fixed):
        found.append(WayOut(_("この工程の会社に空きを聞くか、道順の工程を見直してください。")))
    if wish.out or wish.fixed:
        found.append(WayOut(_("外した会社や決めた会社を戻すと、組めるかもしれません。")))
    return tuple(found)


def _plans(session: Session, case: Case, wish: WhatIf, path: str) -> tuple[Held, ...]:
    """Every team that was decided on, the holding one first."""
    known = plan_queries.plans_of(session, case.kept.id or 0)
    names = plan_queries.names(session, {id_ for plan in known for id_ in plan.team.values()})
    return tuple(
        Held(
            plan,
            plan.withdrawn_at is None,
            wish.looking_at(plan.team).address(path),
            team_words.listed(dict.fromkeys(names.get(id_, "?") for id_ in plan.team.values())),
        )
        for plan in sorted(known, key=lambda plan: plan.withdrawn_at is not None)
    )
