"""From a solved joint problem to what is kept of it: cases, loads by week, bottlenecks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.teams.joint_case import Wanted
from backend.teams.joint_result import CaseKept, LoadKept, NarrowKept, ResultKept, Standing, StepKept
from matching.days import monday_of
from matching.joint.bottleneck import Outlook
from matching.joint.load import loads
from matching.joint.problem import JointProblem
from matching.joint.region import Region
from matching.joint.result import CasePlan, JointPlan
from matching.joint.shortage import spread

MOST_TEXT = 120
# So many weeks stand in the chart.
WEEKS_SHOWN = 12


@dataclass(frozen=True)
class Solved:
    """A problem with its plan and what keeps it from being better."""

    problem: JointProblem
    plan: JointPlan
    outlook: Outlook


def kept_of(cases: Sequence[Wanted], solved: Solved, seconds: float) -> ResultKept:
    """Everything the page shows."""
    plans = {case.id: plan for case, plan in zip(solved.problem.cases, solved.plan.cases, strict=True)}
    numbers = {one.case.kept.token: one.number for one in cases}
    return ResultKept(
        start=solved.problem.start,
        cases=[_case(one, plans.get(one.case.kept.token)) for one in cases],
        loads=_loads(solved),
        narrow=[
            NarrowKept(
                process=b.process,
                partners=list(b.partners),
                weeks=list(b.weeks),
                hours=b.hours,
                numbers=[numbers[token] for token in b.cases],
            )
            for b in solved.outlook.bottlenecks
        ],
        too_soon=[numbers[token] for token in solved.outlook.hopeless],
        on_time=solved.plan.delivered,
        most=solved.plan.most,
        seconds=round(seconds, 1),
    )


def _case(one: Wanted, plan: CasePlan | None) -> CaseKept:
    kept = one.case.kept
    case = CaseKept(
        token=kept.token,
        number=kept.number,
        text=kept.text[:MOST_TEXT],
        due=one.due,
        standing=Standing.NO_HOURS if one.is_staffed else Standing.NOBODY,
        missing=[step.process_id for step in one.case.missing],
    )
    if plan is None:
        return case
    late = 0 if plan.on_time or one.due is None else (plan.finish - one.due).days
    return case.model_copy(
        update={
            "standing": Standing.ON_TIME if plan.on_time else Standing.LATE,
            "finish": plan.finish,
            "days_late": late,
            "lead_firm_id": plan.lead_firm,
            "steps": _steps(one, plan),
        }
    )


def _steps(one: Wanted, plan: CasePlan) -> list[StepKept]:
    return [
        StepKept(
            processes=[step.process_id, *step.also],
            firm_id=firm_id,
            firm=one.case.facts[firm_id].name,
            start=start,
            finish=finish,
            hours=step.hours.likely,
        )
        for step, firm_id, start, finish in zip(one.case.steps, plan.firms, plan.starts, plan.finishes, strict=True)
    ]


def _loads(solved: Solved) -> list[LoadKept]:
    """The processes of the cases in the next weeks; the fullest first comes later, on the page."""
    missing = _missing(solved)
    last = monday_of(solved.problem.start) + timedelta(weeks=WEEKS_SHOWN - 1)
    return [
        LoadKept(
            process=load.process,
            week=load.week,
            free=load.free,
            used=load.used,
            other=load.other,
            missing=missing.get((load.process, load.week), 0.0),
        )
        for load in loads(solved.problem, solved.plan)
        if load.week <= last
    ]


def _missing(solved: Solved) -> Mapping[tuple[str, date], float]:
    """The hours of the bottlenecks by process and week."""
    region = Region(solved.problem)
    found: dict[tuple[str, date], float] = defaultdict(float)
    for bottleneck in solved.outlook.bottlenecks:
        for addition in bottleneck.additions:
            for (_firm, day), hours in spread(region, (addition,)):
                found[addition.process, monday_of(day)] += hours
    return found
