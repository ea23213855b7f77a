"""A team for other programs: as JSON values and as a workbook."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import xlsxwriter
from pydantic import Field

from backend.core.api_models import ApiIn, ApiOut, like
from backend.core.i18n import gettext as _
from backend.teams import legs, team_words
from backend.teams.solving import Shown, Solved
from backend.teams.team_case import Case
from backend.teams.what_if import MOST_MAN, MOST_PEOPLE, OrderKind, WhatIf
from matching.composition.result import Infeasible


class DayOut(ApiOut):
    day: date
    hours: float


class StepOut(ApiOut):
    """Which firm does a step, and when."""

    step_id: str
    process: str
    firm_id: str
    firm: str
    ward: str
    start: date
    finish: date
    days: list[DayOut]


class OrderOut(ApiOut):
    orderer: str
    supplier: str


class TeamOut(ApiOut):
    """A team. `best_in` names the wishes it serves best among those shown; no money stands anywhere."""

    steps: list[StepOut]
    lead_firm_id: str
    finish: date
    finish_likely_by: date | None = Field(description="Reached in eight cases of ten; null when hours run out.")
    km: float | None = Field(description="Null where a place is not public.")
    firms: int
    best_in: list[str]
    orders: list[OrderOut]


class WhyNotOut(ApiOut):
    code: str
    step_id: str | None
    possible_due: date | None


class TeamsOut(ApiOut):
    """The teams that could do a request."""

    model_config = like(
        {
            "teams": [],
            "proven": True,
            "why_none": {"code": "too_late", "step_id": "s2", "possible_due": "2027-01-29"},
            "steps_without_firms": [],
            "notes": [],
        }
    )

    teams: list[TeamOut]
    proven: bool = Field(description="Whether each is proven to be the best for its wish.")
    why_none: WhyNotOut | None
    steps_without_firms: list[str]
    notes: list[str]


class TeamsIn(ApiIn):
    """What is tried out: another due date, steps fixed to firms, firms left out."""

    model_config = like({"due": "2027-01-20", "without": ["5f0c8a529d534a3b9a580d3a6c1a7f10"], "turn_km": 2})

    due: date | None = None
    fixed: dict[str, str] = Field(default_factory=dict, description="{step id: firm id}")
    without: list[str] = Field(default_factory=list, max_length=40, description="Ids of firms to leave out.")
    turn_km: int = Field(default=2, description="0, 2, 5 or 10: how much firms not asked for long step forward.")
    order: OrderKind = OrderKind.STAR
    capital_man: int | None = Field(default=None, ge=0, le=MOST_MAN)
    people: int | None = Field(default=None, ge=0, le=MOST_PEOPLE)


def teams_out(case: Case, solved: Solved, wish: WhatIf, *, staff: bool) -> TeamsOut:
    return TeamsOut(
        teams=[team_out(case, shown, wish, staff=staff) for shown in solved.shown],
        proven=solved.proven,
        why_none=_why_not(solved.infeasible, solved) if solved.infeasible else None,
        steps_without_firms=[team_words.step_name(step) for step in case.missing],
        notes=list(solved.notes),
    )


def _why_not(why: Infeasible, solved: Solved) -> WhyNotOut:
    return WhyNotOut(code=why.code, step_id=why.step, possible_due=solved.possible_due)


def team_out(case: Case, shown: Shown, wish: WhatIf, *, staff: bool) -> TeamOut:
    ids = list(dict.fromkeys(shown.ids))
    ordered = legs.orders(wish.order, shown.team.lead_firm, ids, legs.neighbours(case, shown))
    return TeamOut(
        steps=[_step(case, i, shown) for i in range(len(case.steps))],
        lead_firm_id=shown.team.lead_firm,
        finish=shown.team.finish,
        finish_likely_by=shown.finish.sure,
        km=legs.known_km(case, shown, staff=staff),
        firms=len(ids),
        best_in=sorted(objective.value for objective in shown.best_in),
        orders=[OrderOut(orderer=o.orderer, supplier=o.supplier) for o in ordered],
    )


def _step(case: Case, i: int, shown: Shown) -> StepOut:
    facts, work = case.facts[shown.ids[i]], shown.works[i]
    return StepOut(
        step_id=case.steps[i].id,
        process=team_words.step_name(case.steps[i]),
        firm_id=facts.id,
        firm=facts.name,
        ward=facts.ward,
        start=work.start,
        finish=work.finish,
        days=[DayOut(day=day, hours=round(hours, 2)) for day, hours in work.hours],
    )


def workbook(case: Case, shown: Shown, wish: WhatIf, *, staff: bool) -> bytes:
    """The team as an XLSX file: steps, days, orders. Texts are written as texts, never as formulas or links."""
    team = team_out(case, shown, wish, staff=staff)
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "border": 1})
        for title, rows in _sheets(case, team):
            page = book.add_worksheet(title)
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    style = bold if y == 0 else None
                    write = page.write_number if isinstance(value, float) else page.write_string
                    write(y, x, value, style)
            page.set_column(0, 6, 18)
            page.freeze_panes(1, 0)
    return out.getvalue()


Rows = Sequence[Sequence[str | float]]


def _sheets(case: Case, team: TeamOut) -> list[tuple[str, Rows]]:
    names = {step.firm_id: step.firm for step in team.steps}
    names |= {
        legs.REQUESTER: legs.party_name(case, legs.REQUESTER),
        legs.JOINT_BODY: legs.party_name(case, legs.JOINT_BODY),
    }
    steps: list[list[str | float]] = [[_("番号"), _("工程"), _("会社"), _("区"), _("始まり"), _("終わり"), _("幹事")]]
    days: list[list[str | float]] = [[_("工程"), _("会社"), _("日"), _("時間")]]
    for n, step in enumerate(team.steps, 1):
        lead = _("幹事") if step.firm_id == team.lead_firm_id else ""
        steps.append([str(n), step.process, step.firm, step.ward, f"{step.start}", f"{step.finish}", lead])
        days += [[step.process, step.firm, f"{each.day}", each.hours] for each in step.days]
    orders: list[list[str | float]] = [[_("注文する人"), _("受ける会社")]]
    orders += [[names[order.orderer], names[order.supplier]] for order in team.orders]
    return [(_("工程"), steps), (_("日程"), days), (_("注文"), orders)]
