"""What the single stretches of a request tell, where the reading of the whole text knows less."""

from collections.abc import Sequence
from dataclasses import replace

from matching.routing.making import is_there
from matching.routing.plan import plan
from matching.routing.route import RouteStep
from matching.types import Need, ProcessMention


def with_told_steps(need: Need) -> Need:
    """The need with the operations its stretches tell, where the reading as a whole only guessed from the product.

    Costs a reading of each stretch in that case, nothing otherwise.
    """
    if any(not mention.guessed for mention in need.processes) or not (need.processes == () or is_there(need.text)):
        return need
    told = [step for step in plan(need).steps if step.spans and not step.inferred]
    mentions = tuple(ProcessMention(s.process_id, s.spans, i, implied=True) for i, s in enumerate(told))
    return replace(need, processes=mentions) if mentions else need


def with_route(need: Need) -> Need:
    """The need of a job of several operations with the told steps of its route; any other need as it is.

    For whoever reads or ranks: a route is planned from the need as it was read. Costs a reading of each stretch.
    """
    route = plan(need)
    told = [step for step in route.steps if not step.inferred]
    return replace(need, processes=_mentions(told, need)) if route.is_chain else need


def _mentions(steps: Sequence[RouteStep], need: Need) -> tuple[ProcessMention, ...]:
    known = {mention.process_id: mention for mention in need.processes}
    told = {s.process_id: replace(known.get(s.process_id, ProcessMention(s.process_id)), spans=s.spans) for s in steps}
    return tuple(replace(mention, order=place) for place, mention in enumerate(told.values()))
