"""What the single stretches of a request tell, where the reading of the whole text knows less."""

from collections.abc import Sequence
from dataclasses import replace

from matching.routing.hearing import kin
from matching.routing.making import is_there
from matching.routing.plan import plan
from matching.routing.route import RouteStep
from matching.types import Need, ProcessMention
from matching.vocabulary.processes import processes


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

    What the text names and the route leaves out stays. For whoever reads or ranks: a route is planned from the need as
    it was read. Costs a reading of each stretch.
    """
    route = plan(need)
    mentions = _mentions([step for step in route.steps if not step.inferred], need)
    return replace(need, processes=mentions) if route.is_chain and len(mentions) > 1 else need


def _mentions(steps: Sequence[RouteStep], need: Need) -> tuple[ProcessMention, ...]:
    """One for each step; what is only heard counts as implied."""
    known = {mention.process_id: mention for mention in need.processes}
    told = {
        s.process_id: replace(
            known.get(s.process_id, ProcessMention(s.process_id, implied=True)), spans=s.spans, guessed=False
        )
        for s in steps
    }
    named = [m for m in need.processes if m.process_id in processes() and not (m.implied or m.guessed)]
    left_out = [m for m in named if not kin(m.process_id) & told.keys()]
    return tuple(replace(mention, order=place) for place, mention in enumerate([*told.values(), *left_out]))
