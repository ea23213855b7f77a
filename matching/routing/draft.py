"""A route as a person edits it: steps with names of their own that last through every edit, and wishes for each.

A `Route` is what the reading gives; a draft adds what somebody decided. `realised` turns it into a `Route` again, so
that whatever works with planned routes works with edited ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from matching.routing.plan import plan
from matching.routing.practice import Concern, practice
from matching.routing.route import Hours, Route, RouteStep
from matching.types import Need, Phrase, ProcessMention, Reading

T = TypeVar("T")


class Origin(StrEnum):
    """Where a step comes from: the text, what practice adds to the text, or a person."""

    TOLD = "told"
    INFERRED = "inferred"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one step must hold, where it differs from what the request says; `None` leaves it to the request.

    Lengths are millimetres.
    """

    material: str | None = None
    size_mm: tuple[float, ...] | None = None
    tolerance_mm: float | None = None
    certifications: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One operation. `key` names it through every edit; `after` are the keys of the steps it needs finished.

    `also` are processes done in the same go by the same firm; `title` is what a person calls the step.
    """

    key: str
    process_id: str
    after: tuple[str, ...]
    hours: Hours
    origin: Origin
    reason: Phrase
    title: str = ""
    also: tuple[str, ...] = ()
    wishes: Wishes = Wishes()

    @property
    def process_ids(self) -> tuple[str, ...]:
        """Everything that is done in this step."""
        return (self.process_id, *self.also)


Draft = tuple[DraftStep, ...]


def draft_of(route: Route) -> Draft:
    """The planned route as a draft, for the first edit."""
    return tuple(
        DraftStep(
            key=step.id,
            process_id=step.process_id,
            after=tuple(route.steps[i].id for i in step.after),
            hours=step.hours,
            origin=_origin(step),
            reason=step.reason,
            title=step.title,
            also=step.also,
        )
        for step in route.steps
    )


def _origin(step: RouteStep) -> Origin:
    """Without words of the text a planned step is one that a person named when putting the reading right."""
    if step.inferred:
        return Origin.INFERRED
    return Origin.TOLD if step.spans else Origin.ADDED


def realised(draft: Sequence[DraftStep], need: Need) -> Route:
    """The route of a draft for a request: each step with its own need. Costs the planning of the request.

    A step takes over what the reading says of a planned step of the same process; one that nobody told of is asked for
    with the material, the size and the lot of the whole job. Raises KeyError for a step after one that is not there.
    """
    planned = list(plan(need).steps)
    place = {step.key: i for i, step in enumerate(draft)}
    steps = tuple(_realised(step, need, _taken(planned, step.process_ids), place) for step in draft)
    return Route(steps, told=len(draft) > 1)


def _taken(planned: list[RouteStep], process_ids: Sequence[str]) -> list[RouteStep]:
    """The planned steps of these processes, each given away once."""
    found: list[RouteStep] = []
    for process_id in process_ids:
        step = next((s for s in planned if s.process_id == process_id), None)
        if step is not None:
            planned.remove(step)
            found.append(step)
    return found


def _realised(step: DraftStep, need: Need, planned: Sequence[RouteStep], place: dict[str, int]) -> RouteStep:
    return RouteStep(
        id=step.key,
        process_id=step.process_id,
        after=tuple(sorted(place[key] for key in step.after)),
        hours=step.hours,
        reason=step.reason,
        need=_need(step, need, planned),
        spans=tuple(span for one in planned for span in one.spans),
        inferred=step.origin is Origin.INFERRED,
        title=step.title,
        also=step.also,
        words=tuple(dict.fromkeys(said for one in planned for said in one.words)),
    )


def _need(step: DraftStep, need: Need, planned: Sequence[RouteStep]) -> Need:
    told = [one.need for one in planned] or [general_need(step.process_id, need)]
    base = told[0]
    mentions = {m.process_id: m for one in told for m in one.processes}
    wishes = step.wishes
    return replace(
        base,
        processes=tuple(mentions.get(id_, ProcessMention(id_)) for id_ in step.process_ids),
        material=_wished(wishes.material, [one.material for one in told]),
        size_mm=_wished(wishes.size_mm, [one.size_mm for one in told]),
        tolerance_mm=_wished(wishes.tolerance_mm, [one.tolerance_mm for one in told]),
        certifications=_wished(wishes.certifications, [one.certifications for one in told]),
    )


def _wished(wish: T | None, told: Sequence[Reading[T] | None]) -> Reading[T] | None:
    """What a person wrote, else the first that the request says of the processes of this step."""
    return Reading(wish) if wish is not None else next((one for one in told if one is not None), None)


def general_need(process_id: str, need: Need) -> Need:
    """What to ask of a firm for a step the text does not tell of: the job as far as such work is concerned with it."""
    how = practice(process_id)
    return replace(
        need,
        processes=(ProcessMention(process_id),),
        material=need.material if how.material is Concern.PART else None,
        size_mm=need.size_mm if how.size is Concern.PART else None,
        tolerance_mm=None,
        quantity=need.quantity if how.lot else None,
        certifications=need.certifications if how.shapes or how.joins else None,
    )
