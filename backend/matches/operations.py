"""A job of several operations: the firms that come into question for each, and those that can do it as a whole."""

from collections.abc import Mapping
from dataclasses import replace

from backend.matches.index import LiveIndex
from matching.types import Need, ProcessMention, Verdict

# How deep a question goes: enough to count the firms that fit, few enough to stay quick.
DEPTH = 300


def by_operation(index: LiveIndex, need: Need) -> Mapping[str, frozenset[str]]:
    """The firms for each operation of the route, in its order; nothing where the job has only one."""
    steps = tuple(dict.fromkeys(m.process_id for m in sorted(need.processes, key=lambda m: m.order)))
    return {one: _fitting(index, only(need, one)) for one in steps} if len(steps) > 1 else {}


def able_for_all(each: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The firms that come into question for every operation: they alone can do the job as a whole."""
    return frozenset.intersection(*each.values())


def only(need: Need, process_id: str) -> Need:
    """The same need with this operation alone, as if it were a job of its own."""
    return replace(need, processes=(ProcessMention(process_id),))


def _fitting(index: LiveIndex, need: Need) -> frozenset[str]:
    found = (one.candidate for one in index.find(need, DEPTH))
    return frozenset(one.firm_id for one in found if one.verdict is not Verdict.NO)
