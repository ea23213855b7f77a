"""What a request for one firm tells in the words of a step, where the wider reading found no operation."""

from dataclasses import replace

from matching.routing.making import is_there
from matching.routing.plan import plan
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
