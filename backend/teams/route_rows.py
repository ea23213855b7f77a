"""An edited route in its three shapes: the draft that is edited, the rows of the database, the JSON of a version."""

from collections.abc import Sequence
from typing import Any

from backend.teams.models import RouteStepRow
from matching.routing.draft import Draft, DraftStep, Origin, Wishes
from matching.routing.route import Hours
from matching.types import Phrase


def values_of(step: DraftStep) -> dict[str, Any]:
    """A step as the columns of its row, which is also how a version keeps it."""
    wishes = step.wishes
    return {
        "key": step.key,
        "process_id": step.process_id,
        "also": list(step.also),
        "title": step.title,
        "hours_likely": step.hours.likely,
        "hours_low": step.hours.low,
        "hours_high": step.hours.high,
        "after": list(step.after),
        "material": wishes.material,
        "size_mm": list(wishes.size_mm) if wishes.size_mm else None,
        "tolerance_mm": wishes.tolerance_mm,
        "certifications": list(wishes.certifications) if wishes.certifications else None,
        "origin": step.origin.value,
        "reason_ja": step.reason.ja,
        "reason_en": step.reason.en,
    }


def step_of(values: dict[str, Any]) -> DraftStep:
    """The step that `values_of` wrote down."""
    size, certifications = values["size_mm"], values["certifications"]
    return DraftStep(
        key=values["key"],
        process_id=values["process_id"],
        after=tuple(values["after"]),
        hours=Hours(values["hours_likely"], values["hours_low"], values["hours_high"]),
        origin=Origin(values["origin"]),
        reason=Phrase(values["reason_ja"], values["reason_en"]),
        title=values["title"],
        also=tuple(values["also"]),
        wishes=Wishes(
            values["material"],
            tuple(size) if size else None,
            values["tolerance_mm"],
            tuple(certifications) if certifications else None,
        ),
    )


def draft_of_rows(rows: Sequence[RouteStepRow]) -> Draft:
    """The draft the rows hold, in the order of their positions."""
    return tuple(step_of(row.model_dump()) for row in sorted(rows, key=lambda row: row.position))


def rows_of(request_id: int, draft: Draft) -> list[RouteStepRow]:
    """The rows of a draft."""
    return [RouteStepRow(request_id=request_id, position=i, **values_of(step)) for i, step in enumerate(draft)]
