"""Teams for a route: the exact composition over the firms of each step, eased where nothing is feasible."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from matching.composition.problem import Firm, Option, Params, Problem, Step
from matching.composition.result import TeamAnswer
from matching.composition.solve import compose
from matching.days import closed_days, first_working_day, monday_of
from matching.routing.options import StepOption
from matching.routing.route import Route, RouteStep
from matching.types import FirmProfile, Phrase

# Hours a week that a firm without a calendar is taken to have, until it is asked.
_UNTOLD_HOURS, _WEEKS = 20.0, 26
# Whether the firms can do the work weighs most; nearness decides among those that can.
_WEIGHTS = Params(w_fit=20.0, w_km=0.1, w_firm=0.6, w_day=0.03, max_shared=0.8, time_limit_s=0.5)
_MIDDLE_OF_TOKYO = (35.68, 139.76)


@dataclass(frozen=True, slots=True)
class TeamProposal:
    """Teams, cheapest first, for `steps` (those of the route for which there is anybody), and what to ask."""

    steps: tuple[RouteStep, ...]
    teams: tuple[TeamAnswer, ...]
    questions: tuple[Phrase, ...] = ()
    optimal: bool = False


Options = Sequence[Sequence[StepOption]]


def propose(route: Route, options: Options, start: date, due: date | None, k: int = 5) -> TeamProposal:
    """The `k` best teams for a route whose step i can be done by `options[i]`, from `start` (any day) until `due`.

    Steps nobody can do are left out with a question. When no team has the hours in time, the hours are taken at the
    low end of their range, then the date is left open, then the calendars; each brings its question.
    """
    steps, offered, questions = _staffed(route, options)
    if not steps:
        return TeamProposal((), (), questions)
    problem = _problem(steps, offered, start, due, k)
    for ease, question in _EASINGS:
        found = compose(ease(problem, steps))
        if found.answers:
            asked = (question,) if question else ()
            return TeamProposal(steps, found.answers, questions + asked, found.optimal)
    return TeamProposal(steps, (), questions)


def _staffed(
    route: Route, options: Options
) -> tuple[tuple[RouteStep, ...], list[Sequence[StepOption]], tuple[Phrase, ...]]:
    """The steps somebody can do; a step behind one that is left out follows what that one followed."""
    place: dict[int, tuple[int, ...]] = {}
    kept: list[RouteStep] = []
    for i, step in enumerate(route.steps):
        after = tuple(sorted({j for p in step.after for j in place[p]}))
        place[i] = (len(kept),) if options[i] else after
        if options[i]:
            kept.append(replace(step, after=after))
    missing = [step for step, found in zip(route.steps, options, strict=True) if not found and not step.inferred]
    return tuple(kept), [found for found in options if found], tuple(map(_nobody, missing))


def _nobody(step: RouteStep) -> Phrase:
    ja, en = step.names
    return Phrase(
        f"{ja}を頼める会社が登録にありません。心当たりはありますか。",
        f"No workshop in the register does {en}. Do you know one?",
    )


def _problem(steps: Sequence[RouteStep], options: Options, start: date, due: date | None, k: int) -> Problem:
    last = max(filter(None, [due, start + timedelta(weeks=2 * _WEEKS)]))
    closed = closed_days(start, last)
    begin = first_working_day(start, closed)
    profiles = {o.firm.id: o.firm for found in options for o in found}
    return Problem(
        start=begin,
        due=due if due and due >= begin else None,
        holidays=closed,
        steps=tuple(Step(s.id, s.process_id, s.hours.likely, s.after) for s in steps),
        firms={id_: _firm(profile, begin, profiles) for id_, profile in profiles.items()},
        options=tuple(_options(found) for found in options),
        params=replace(_WEIGHTS, k=k),
    )


def _options(found: Sequence[StepOption]) -> tuple[Option, ...]:
    return tuple(Option(o.firm.id, o.fit) for o in sorted(found, key=lambda o: o.firm.id))


def _firm(profile: FirmProfile, start: date, others: Mapping[str, FirmProfile]) -> Firm:
    lat, lng = _place(profile, others)
    weeks = tuple(sorted({w.week_start: w.hours_free for w in profile.capacity or ()}.items()))
    # Who may carry delivery is asked before anything is promised.
    return Firm(profile.id, lat, lng, profile.can_lead is not False, weeks or _untold(start))


def _place(profile: FirmProfile, others: Mapping[str, FirmProfile]) -> tuple[float, float]:
    """Where a firm is; one without an address on file is taken to be in the middle of the others."""
    if profile.lat is not None and profile.lng is not None:
        return profile.lat, profile.lng
    known = [(f.lat, f.lng) for f in others.values() if f.lat is not None and f.lng is not None]
    if not known:
        return _MIDDLE_OF_TOKYO
    return sum(p[0] for p in known) / len(known), sum(p[1] for p in known) / len(known)


def _untold(start: date) -> tuple[tuple[date, float], ...]:
    monday = monday_of(start)
    return tuple((monday + timedelta(weeks=i), _UNTOLD_HOURS) for i in range(_WEEKS))


def _as_it_is(problem: Problem, _steps: Sequence[RouteStep]) -> Problem:
    return problem


def _low_hours(problem: Problem, steps: Sequence[RouteStep]) -> Problem:
    low = tuple(replace(s, hours=r.hours.low) for s, r in zip(problem.steps, steps, strict=True))
    return replace(problem, steps=low)


def _open_date(problem: Problem, steps: Sequence[RouteStep]) -> Problem:
    return replace(_low_hours(problem, steps), due=None)


def _any_leader(problem: Problem, steps: Sequence[RouteStep]) -> Problem:
    eased = _open_date(problem, steps)
    return replace(eased, firms={id_: replace(f, can_lead=True) for id_, f in eased.firms.items()})


def _open_calendar(problem: Problem, steps: Sequence[RouteStep]) -> Problem:
    eased = _any_leader(problem, steps)
    weeks = _untold(problem.start)
    return replace(eased, firms={id_: replace(f, capacity=weeks) for id_, f in eased.firms.items()})


_Ease = Callable[[Problem, Sequence[RouteStep]], Problem]
_EASINGS: tuple[tuple[_Ease, Phrase | None], ...] = (
    (_as_it_is, None),
    (
        _low_hours,
        Phrase(
            "日程に余裕がありません。工程の時間を短くできますか。",
            "The dates are tight. Can the operations take less time?",
        ),
    ),
    (
        _open_date,
        Phrase(
            "希望の納期には間に合わない見込みです。納期を延ばせますか。",
            "The date wished for cannot be met. Can it be moved?",
        ),
    ),
    (
        _any_leader,
        Phrase("納品をまとめる会社が決まっていません。引き受けてもらえますか。", "Nobody leads yet. Would one of you?"),
    ),
    (
        _open_calendar,
        Phrase(
            "空き時間の登録が足りません。予定を確かめてもらえますか。",
            "Too few free hours on file. Please check your calendar.",
        ),
    ),
)
