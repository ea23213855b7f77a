"""Solve a joint problem: as many cases on time as possible, then at the least cost, with proven bounds."""

import time
from dataclasses import dataclass, replace

from matching.joint.bound import most_weight
from matching.joint.problem import JointProblem
from matching.joint.result import JointPlan
from matching.joint.search import Progress, Search
from matching.joint.writing import read, write

ROUNDS = 1600
# Of the time, so much may go into the bound.
BOUND_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Effort:
    """The same `seed` gives the same plan as long as `time_limit_s` does not end the search before its `rounds`."""

    seed: int = 1
    rounds: int = ROUNDS
    time_limit_s: float = 8.0


def solve(
    problem: JointProblem,
    effort: Effort | None = None,
    begin: JointPlan | None = None,
    progress: Progress | None = None,
) -> JointPlan:
    """The best plan found: the most weight delivered on time, then the least cost of what is delivered.

    Cases that cannot be on time get the earliest team in what the others leave. `begin`: a plan to start from (of this
    problem, or of one with fewer hours); the answer is never worse. Every day a firm gives at most the hours it has.
    """
    began = time.perf_counter()
    effort = effort or Effort()
    search = Search(problem, effort.seed)
    roster = search.roster
    able = [roster.finders[c] for c in search.able]
    most = most_weight(roster.region, able, roster.ledger, BOUND_SHARE * effort.time_limit_s)
    if begin is not None:
        search.take_over(read(roster, begin))
    search.run(effort.rounds, began + effort.time_limit_s, most, progress)
    plan = write(search, most)
    return replace(plan, elapsed_ms=1000 * (time.perf_counter() - began))
