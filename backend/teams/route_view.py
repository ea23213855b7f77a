"""How a route is shown: the head strip of its request, the chain picture, what the rules say, the panel of one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from backend.core.i18n import gettext as _
from backend.core.i18n import language
from backend.matches import words
from backend.matches.reading import view
from backend.requests.models import PartRequest
from backend.teams import service
from backend.teams.route_forms import HOURS, WISHES
from backend.teams.service import Worked
from matching.routing.check import Finding
from matching.routing.draft import DraftStep
from matching.routing.meant import findings
from matching.routing.route import Route, RouteStep
from matching.routing.ways import alternatives, together
from matching.types import Need, Verdict


@dataclass(frozen=True)
class StepView:
    """One step of the chain picture."""

    number: int
    key: str
    name: str
    title: str
    hours: str
    span: str
    reason: str
    # What it follows, said only where that is not simply the step before.
    after: str
    wishes: str
    worst: str


@dataclass(frozen=True)
class FindingView:
    """What a rule says; `add` is the press that adds what is missing, blank where nothing is."""

    verdict: str
    fact: str
    add: str = ""
    adds: str = ""


@dataclass(frozen=True)
class TogetherView:
    press: str
    names: str
    why: str


@dataclass(frozen=True)
class WayView:
    press: str
    names: str
    why: str


@dataclass(frozen=True)
class StepPanel:
    """The form of one step."""

    key: str
    name: str
    fields: Mapping[str, str]
    # What the request says where a wish is blank.
    told: Mapping[str, str]
    after: tuple[tuple[str, str, bool], ...]
    ways: tuple[WayView, ...]
    # The press that makes one step of this and the next, and what the next is called; blank for the last.
    merge: str
    next_name: str
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RouteView:
    """The route half of the workbench."""

    steps: tuple[StepView, ...]
    findings: tuple[FindingView, ...]
    good: tuple[FindingView, ...]
    pairs: tuple[TogetherView, ...]
    hours: str


def heading(kept: PartRequest, need: Need) -> tuple[tuple[str, str], ...]:
    """The head strip: what the request says part by part, and who asks."""
    pairs = [(chip.label, chip.value) for chip in view(need, {}).chips if chip.value and chip.aspect != "process"]
    return (*pairs, (_("依頼者"), kept.contact_organisation or kept.contact_name or _("まだ書かれていません")))


def likely_chain(session: Session, kept: PartRequest) -> tuple[StepView, ...]:
    """The chain picture for the page of a request; empty for a job of one operation."""
    worked = service.work_on(session, None, kept.token)
    route = worked.route
    if not route.is_chain:
        return ()
    return tuple(
        _pictured(i, step, drafted, "") for i, (step, drafted) in enumerate(zip(route.steps, worked.draft, strict=True))
    )


def route_view(worked: Worked, route: Route) -> RouteView:
    """The route in the language of the screen, held against the rules."""
    found = findings(route, worked.need)
    worst = _worst(found)
    good = tuple(_finding(one) for one in found if one.verdict is Verdict.OK)
    return RouteView(
        steps=tuple(
            _pictured(i, step, drafted, worst.get(step.id, ""))
            for i, (step, drafted) in enumerate(zip(route.steps, worked.draft, strict=True))
        ),
        findings=tuple(_finding(one) for one in found if one.verdict is not Verdict.OK),
        good=good,
        pairs=tuple(_pair(one.steps, route, one.why.text(language())) for one in together(route)),
        hours=_range([step.hours.likely for step in route.steps], route),
    )


def _worst(found: Sequence[Finding]) -> Mapping[str, str]:
    """For each step that anything speaks against, whether it cannot be or is a question."""
    worst: dict[str, str] = {}
    for one in found:
        if one.verdict is not Verdict.OK:
            for key in one.steps:
                worst.setdefault(key, one.verdict.value)
    return worst


def _range(likely: Sequence[float], route: Route) -> str:
    low, high = (sum(getattr(step.hours, end) for step in route.steps) for end in ("low", "high"))
    total = words.number(round(sum(likely), 1))
    return _(
        "合わせて %(hours)s時間(%(low)s〜%(high)s時間)",
        hours=total,
        low=words.number(round(low, 1)),
        high=words.number(round(high, 1)),
    )


def _pictured(place: int, step: RouteStep, drafted: DraftStep, worst: str) -> StepView:
    hours = step.hours
    return StepView(
        number=place + 1,
        key=step.id,
        name=name_of(step),
        title=step.title,
        hours=_("%(hours)sh", hours=words.number(hours.likely)),
        span=_("%(low)s〜%(high)s時間", low=words.number(hours.low), high=words.number(hours.high)),
        reason=step.reason.text(language()),
        after=_after(place, step),
        wishes=_wishes(drafted),
        worst=worst,
    )


def name_of(step: RouteStep | DraftStep) -> str:
    """What a step is called on the screen: its processes."""
    return words.process_names((step.process_id, *step.also))


def _after(place: int, step: RouteStep) -> str:
    """Blank for a step that follows the one before it, as in a chain."""
    if step.after == ((place - 1,) if place else ()):
        return ""
    if not step.after:
        return _("ほかと並行して始められる")
    separator = ", " if language() == "en" else "・"
    return _("%(steps)s のあと", steps=separator.join(str(i + 1) for i in step.after))


def _wishes(step: DraftStep) -> str:
    """What this step must hold where it differs from the request."""
    said = {**_wish_words(step), "material": words.material(step.wishes.material or "")}
    return (", " if language() == "en" else "、").join(filter(None, said.values()))


def _wish_words(step: DraftStep) -> Mapping[str, str]:
    wishes = step.wishes
    return {
        "material": wishes.material or "",
        "size": words.size(wishes.size_mm) if wishes.size_mm else "",
        "tolerance": words.tolerance(wishes.tolerance_mm) if wishes.tolerance_mm is not None else "",
        "certification": words.certification_names(wishes.certifications) if wishes.certifications else "",
    }


def _finding(one: Finding) -> FindingView:
    fact = one.fact.text(language())
    if one.offer is None:
        return FindingView(one.verdict.value, fact)
    press = f"add:{one.offer.process_id}:{one.offer.behind}"
    return FindingView(one.verdict.value, fact, press, words.process_name(one.offer.process_id))


def _pair(keys: tuple[str, str], route: Route, why: str) -> TogetherView:
    names = [name_of(step) for step in route.steps if step.id in keys]
    return TogetherView(f"together:{keys[0]}:{keys[1]}", " + ".join(names), why)


def step_panel(
    worked: Worked,
    route: Route,
    key: str,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> StepPanel | None:
    """The form of a step, with what was typed if it was refused; None when there is no such step."""
    place = next((i for i, step in enumerate(route.steps) if step.id == key), None)
    if place is None:
        return None
    step, drafted = route.steps[place], worked.draft[place]
    following = route.steps[place + 1] if place + 1 < len(route.steps) else None
    fields = {"title": step.title, **_hour_fields(step), **_wish_words(drafted)}
    return StepPanel(
        key=key,
        name=name_of(step),
        fields=fields if typed is None else {name: typed.get(name, "") for name in fields},
        told=_told(worked.need),
        after=_after_choices(route, drafted, typed),
        ways=tuple(
            WayView(f"otherwise:{key}:{'+'.join(w.process_ids)}", _arrows(w.process_ids), w.why.text(language()))
            for w in alternatives(step, worked.need)
            # What the route does already in another step is no other way.
            if w.process_ids[-1] not in route.process_ids
        ),
        merge=f"together:{key}:{following.id}" if following else "",
        next_name=name_of(following) if following else "",
        errors=errors or {},
    )


def _hour_fields(step: RouteStep) -> dict[str, str]:
    return {name: words.number(getattr(step.hours, name)) for name in HOURS}


def _told(need: Need) -> Mapping[str, str]:
    return {chip.aspect: chip.value for chip in view(need, {}).chips if chip.aspect in WISHES}


def _after_choices(
    route: Route, drafted: DraftStep, typed: Mapping[str, str] | None
) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (
            step.id,
            f"{i + 1} {name_of(step)}",
            step.id in drafted.after if typed is None else f"after-{step.id}" in typed,
        )
        for i, step in enumerate(route.steps)
        if step.id != drafted.key
    )


def _arrows(process_ids: Sequence[str]) -> str:
    return " → ".join(words.process_name(id_) for id_ in process_ids)
