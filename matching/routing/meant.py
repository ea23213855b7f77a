"""What to ask about a route: what the rules of the trade miss in it, and the operations the words may mean besides."""

from collections.abc import Iterator

from matching.routing.check import Finding, Offer, check_route
from matching.routing.hearing import kin
from matching.routing.plan import WiderRoute, plan, wider
from matching.routing.route import Route
from matching.types import Need, Verdict


def findings(route: Route, need: Need) -> tuple[Finding, ...]:
    """What the rules say of a route for a request, then the operations it may mean, each a question with an offer."""
    return (*check_route(route, need), *_meant(route, need))


def _meant(route: Route, need: Need) -> Iterator[Finding]:
    # Whose text asks for one operation alone has told what it wants.
    if not route.steps or not plan(need).told:
        return
    for also in wider(need, to_ask=True):
        if not kin(also.process_id) & set(route.process_ids):
            offer = Offer(also.process_id, _behind(also, route))
            yield Finding(f"meant:{also.process_id}", Verdict.UNKNOWN, also.question, (), offer)


def _behind(also: WiderRoute, route: Route) -> str:
    """The step of `route` behind which the operation stands in the wider one; "" at the beginning."""
    before = also.route.process_ids[: also.route.process_ids.index(also.process_id)]
    ids = {step.process_id: step.id for step in route.steps}
    return next((ids[process_id] for process_id in reversed(before) if process_id in ids), "")
