"""How a route is shown: the head strip of its request, and the chain picture with one entry for each step."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.core.i18n import gettext as _
from backend.core.i18n import language
from backend.matches import words
from backend.matches.reading import view
from backend.requests.models import PartRequest
from matching.routing.draft import DraftStep
from matching.routing.route import Route, RouteStep
from matching.types import Need


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
    # The numbers of the steps it follows, said only where it is not simply the one before.
    after: str
    wishes: str
    origin: str


def heading(kept: PartRequest, need: Need) -> tuple[tuple[str, str], ...]:
    """The head strip: what the request says part by part, and who asks."""
    pairs = [(chip.label, chip.value) for chip in view(need, {}).chips if chip.value and chip.aspect != "process"]
    return (*pairs, (_("依頼者"), kept.contact_organisation or kept.contact_name or _("まだ書かれていません")))


def pictured(route: Route, draft: Sequence[DraftStep]) -> tuple[StepView, ...]:
    """The steps of the chain picture, in the language of the screen."""
    return tuple(_pictured(i, step, one) for i, (step, one) in enumerate(zip(route.steps, draft, strict=True)))


def _pictured(place: int, step: RouteStep, drafted: DraftStep) -> StepView:
    hours = step.hours
    span = _("%(low)s〜%(high)s時間", low=words.number(hours.low), high=words.number(hours.high))
    return StepView(
        number=place + 1,
        key=step.id,
        name=words.process_names((step.process_id, *step.also)),
        title=step.title,
        hours=_("%(hours)sh", hours=words.number(hours.likely)),
        span=span,
        reason=step.reason.text(language()),
        after=_after(place, step),
        wishes=_wishes(drafted),
        origin=drafted.origin.value,
    )


def _after(place: int, step: RouteStep) -> str:
    """Blank for a step that follows the one before it, as in a chain."""
    if step.after == ((place - 1,) if place else ()):
        return ""
    if not step.after:
        return _("はじめから並行して")
    separator = ", " if language() == "en" else "・"
    return _("%(steps)s のあと", steps=separator.join(str(i + 1) for i in step.after))


def _wishes(step: DraftStep) -> str:
    """What this step must hold where it differs from the request."""
    wishes = step.wishes
    said = [
        wishes.material or "",
        words.size(wishes.size_mm) if wishes.size_mm else "",
        words.tolerance(wishes.tolerance_mm) if wishes.tolerance_mm is not None else "",
        words.certification_names(wishes.certifications) if wishes.certifications else "",
    ]
    return (", " if language() == "en" else "、").join(filter(None, said))
