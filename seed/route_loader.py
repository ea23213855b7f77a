"""The seed routes as demo requests: each is sent as somebody would, and its route kept as a coordinator would."""

from collections.abc import Callable

from sqlmodel import Session

from backend.core.db import Database
from backend.requests import queries as request_queries
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.teams import service as routes
from matching.routing.draft import Draft, DraftStep, Origin
from matching.routing.route import Hours
from matching.types import Phrase
from seed.routes import SeedRoute, seed_routes

BATCH = 11
# How far from the likely figure a coordinator thinks the hours may lie.
LOW, HIGH = 0.7, 1.5
WHY = Phrase("見本の道順", "From the sample routes")


def load_routes(database: Database, progress: Callable[[str, int, int], None]) -> int:
    """Send the jobs of the seed routes that are not there yet; gives how many were."""
    with database.reading() as session:
        wanted = [route for route in seed_routes() if not _is_there(session, route)]
    for start in range(0, len(wanted), BATCH):
        with database.writing() as session:
            for route in wanted[start : start + BATCH]:
                kept = requests.send(session, Wording(route.request))
                routes.keep(session, None, routes.work_on(session, None, kept.token), draft_of(route), "loaded")
        progress("routes", min(start + BATCH, len(wanted)), len(wanted))
    return len(wanted)


def _is_there(session: Session, route: SeedRoute) -> bool:
    return request_queries.all_requests(session, number=1, wanted=route.request).total > 0


def draft_of(route: SeedRoute) -> Draft:
    """The route as it is edited, with hours on both sides of the likely figure."""
    return tuple(
        DraftStep(
            key=f"s{i + 1}",
            process_id=step.process_id,
            after=tuple(f"s{k + 1}" for k in step.after),
            hours=Hours(step.hours, round(step.hours * LOW, 1), round(step.hours * HIGH, 1)),
            origin=Origin.TOLD,
            reason=WHY,
        )
        for i, step in enumerate(route.steps)
    )
