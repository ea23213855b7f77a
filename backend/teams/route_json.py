"""The JSON form of a route: what programs send and receive."""

from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints

from backend.core.api_models import ApiIn, ApiOut, like
from backend.core.i18n import language
from backend.matches import words
from backend.teams.route_forms import MAX_HOURS, MAX_TITLE, MAX_WISH, MIN_HOURS
from backend.teams.service import Worked
from matching.routing.draft import Draft, DraftStep, Origin, Wishes
from matching.routing.edit import MOST_STEPS, EditError, ordered
from matching.routing.meant import findings
from matching.routing.practice import is_step
from matching.routing.route import Hours, RouteStep
from matching.types import Phrase
from matching.vocabulary.processes import processes

T = TypeVar("T")
Key = Annotated[str, StringConstraints(pattern=r"^s[1-9][0-9]{0,3}$")]
# No control characters: what a program sends is shown to people.
Line = r"^[^\x00-\x1f\x7f]*$"
Process = Annotated[str, StringConstraints(max_length=60)]
Amount = Annotated[float, Field(ge=MIN_HOURS, le=MAX_HOURS, allow_inf_nan=False)]
Millimetres = Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
Short = Annotated[str, StringConstraints(max_length=MAX_WISH, pattern=Line)]


class HoursBody(ApiIn):
    """Working hours in one shop: what is likely, and the range it may lie in."""

    likely: Amount
    low: Amount
    high: Amount


class StepIn(ApiIn):
    """One operation. A wish that is null leaves it to the request."""

    key: Key = Field(description="Names the step within the route: s1, s2, ...")
    process: Process = Field(description="The id of a process of the vocabulary.")
    also: list[Process] = Field(default_factory=list, max_length=10, description="Processes done in the same go.")
    after: list[Key] = Field(default_factory=list, max_length=MOST_STEPS, description="Steps it waits for.")
    hours: HoursBody
    title: Annotated[str, StringConstraints(max_length=MAX_TITLE, pattern=Line)] = ""
    material: Short | None = None
    size_mm: list[Millimetres] | None = Field(default=None, min_length=1, max_length=3)
    tolerance_mm: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] | None = None
    certifications: list[Short] | None = Field(default=None, min_length=1, max_length=10)


STEP = {
    "key": "s1",
    "process": "laser_cutting",
    "also": [],
    "after": [],
    "hours": {"likely": 2.0, "low": 1.0, "high": 4.0},
    "title": "首の板",
    "material": "A5052",
    "size_mm": [240.0, 160.0, 90.0],
    "tolerance_mm": 0.1,
    "certifications": ["ISO9001"],
}


class RouteIn(ApiIn):
    """The steps of a route; in any order, since each says what it waits for."""

    model_config = like({"version": 3, "steps": [STEP]})

    version: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = Field(
        default=None, description="The version that was read; a newer one is not overwritten."
    )
    steps: list[StepIn] = Field(max_length=MOST_STEPS)


class StepOut(StepIn):
    """One operation as it stands, with its name, where it comes from and why."""

    name: str
    origin: str = Field(description="told, inferred or added.")
    reason: str


class FindingOut(ApiOut):
    """What a rule of the trade says of the route."""

    rule: str
    verdict: str = Field(description="ok, unknown or no.")
    fact: str
    steps: list[str]
    add: str | None = Field(description="The process that is missing, if one is.")


class RouteOut(ApiOut):
    """The route of a request, held against the rules."""

    model_config = like(
        {
            "version": 3,
            "edited": True,
            "steps": [{**STEP, "name": "レーザー切断", "origin": "told", "reason": "文にある"}],
            "findings": [
                {"rule": "deburr", "verdict": "unknown", "fact": "バリ取りがない", "steps": ["s1"], "add": "deburring"}
            ],
        }
    )

    version: int
    edited: bool
    steps: list[StepOut]
    findings: list[FindingOut]


def draft_of(sent: RouteIn) -> Draft:
    """The draft of a route that was sent. Raises EditError when the steps cannot be a route."""
    keys = [step.key for step in sent.steps]
    if len(set(keys)) != len(keys):
        raise EditError(Phrase("同じ名前(key)の工程が二つあります。", "Two operations have the same key."))
    return ordered(tuple(map(_step, sent.steps)))


def _step(sent: StepIn) -> DraftStep:
    ids = (sent.process, *sent.also)
    if not all(id_ in processes() and not processes()[id_].heading and is_step(id_) for id_ in ids):
        raise EditError(Phrase("その工程は、言葉の一覧にありません。", "That process is not in the vocabulary."))
    hours = Hours(sent.hours.likely, sent.hours.low, sent.hours.high)
    if not hours.low <= hours.likely <= hours.high:
        raise EditError(
            Phrase("見込みの時間は、早くてから長くてまでの間にしてください。", "Hours must be low <= likely <= high.")
        )
    return DraftStep(
        key=sent.key,
        process_id=sent.process,
        after=tuple(dict.fromkeys(sent.after)),
        hours=hours,
        origin=Origin.ADDED,
        reason=Phrase("プログラムから送られた道順", "Sent by a program"),
        title=sent.title.strip(),
        also=tuple(sent.also),
        wishes=Wishes(sent.material or None, _tuple(sent.size_mm), sent.tolerance_mm, _tuple(sent.certifications)),
    )


def _tuple(values: list[T] | None) -> tuple[T, ...] | None:
    return tuple(values) if values else None


def shown(worked: Worked) -> RouteOut:
    """The route as programs receive it."""
    route = worked.route
    lang = language()
    return RouteOut(
        version=worked.version,
        edited=worked.edited,
        steps=[_shown(step, drafted) for step, drafted in zip(route.steps, worked.draft, strict=True)],
        findings=[
            FindingOut(
                rule=one.rule,
                verdict=one.verdict.value,
                fact=one.fact.text(lang),
                steps=list(one.steps),
                add=one.offer.process_id if one.offer else None,
            )
            for one in findings(route, worked.need)
        ],
    )


def _shown(step: RouteStep, drafted: DraftStep) -> StepOut:
    wishes = drafted.wishes
    return StepOut(
        key=drafted.key,
        process=drafted.process_id,
        also=list(drafted.also),
        after=list(drafted.after),
        hours=HoursBody(likely=step.hours.likely, low=step.hours.low, high=step.hours.high),
        title=drafted.title,
        material=wishes.material,
        size_mm=list(wishes.size_mm) if wishes.size_mm else None,
        tolerance_mm=wishes.tolerance_mm,
        certifications=list(wishes.certifications) if wishes.certifications else None,
        name=words.process_names(drafted.process_ids),
        origin=drafted.origin.value,
        reason=drafted.reason.text(language()),
    )
