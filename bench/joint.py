"""Joint plans for generated regions, beside CP-SAT: `python -m bench.joint [--regions 20] [--seconds 60]`."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.joint_peer import cp_sat
from bench.joint_regions import region
from bench.measure import Row, percentile
from matching.joint.bottleneck import outlook, with_hours
from matching.joint.check import check
from matching.joint.problem import JointProblem
from matching.joint.result import JointPlan
from matching.joint.search import Search
from matching.joint.solve import Effort, solve
from matching.joint.writing import write

PEER_SECONDS = 60.0
LIMIT_S = 10.0
# Thousandths of a cost are rounding on CP-SAT's side.
EQUAL = 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """One region: ours, theirs (None: nothing found), processor seconds, faults, and whether a bottleneck held."""

    ours: JointPlan
    theirs: JointPlan | None
    seconds: float
    faults: int
    named: bool
    confirmed: bool

    @property
    def beaten(self) -> bool:
        """Whether CP-SAT delivers more, or as much for less."""
        if self.theirs is None:
            return False
        more = self.theirs.delivered - self.ours.delivered
        return more > 0 or (more == 0 and self.theirs.cost < self.ours.cost - EQUAL)


def measure(seed: int, peer_seconds: float, workers: int) -> Outcome:
    problem = region(seed)
    began = time.process_time()
    ours = solve(problem, Effort(time_limit_s=LIMIT_S))
    took = time.process_time() - began
    theirs = _peer(problem, peer_seconds, workers) if peer_seconds else None
    faults = len(check(problem, ours)) + (len(check(problem, theirs)) if theirs else 0)
    found = outlook(problem, ours).bottlenecks
    confirmed = False
    if found:
        again = solve(with_hours(problem, found[0].additions), Effort(time_limit_s=LIMIT_S), begin=ours)
        confirmed = again.delivered > ours.delivered
    return Outcome(ours, theirs, took, faults, bool(found), confirmed)


def _peer(problem: JointProblem, seconds: float, workers: int) -> JointPlan | None:
    """CP-SAT's teams as a plan, placed by the same rules."""
    found = cp_sat(problem, seconds, workers)
    if found is None or found.teams is None:
        return None
    search = Search(problem, 1)
    search.best = [found.teams.get(c) for c in range(len(problem.cases))]
    return write(search, len(problem.cases))


def rows(regions: int, peer_seconds: float = PEER_SECONDS, workers: int = 1) -> list[Row]:
    outcomes = []
    for seed in range(regions):
        outcomes.append(measure(seed, peer_seconds, workers))
        sys.stderr.write(_line(seed, outcomes[-1]) + "\n")
    return _rows(outcomes)


def _line(seed: int, outcome: Outcome) -> str:
    ours, theirs = outcome.ours, outcome.theirs
    peer = f"CP-SAT {theirs.delivered} for {theirs.cost:.2f}" if theirs else "CP-SAT nothing"
    return (
        f"region {seed}: {ours.delivered} of at most {ours.most} for {ours.cost:.2f} in {outcome.seconds:.1f} s; {peer}"
    )


def _rows(outcomes: Sequence[Outcome]) -> list[Row]:
    took = [o.seconds for o in outcomes]
    named = [o for o in outcomes if o.named]
    return [
        Row("joint plan 30 x 300 x 12 weeks: regions", len(outcomes), ""),
        Row("joint plan: median, processor", percentile(took, 0.5), "s"),
        Row("joint plan: slowest, processor", max(took), "s", LIMIT_S),
        Row("joint plan: broken rules, ours and CP-SAT's", sum(o.faults for o in outcomes), "", 0),
        Row("joint plan: cases on time, ours", sum(o.ours.delivered for o in outcomes), ""),
        Row("joint plan: cases on time, CP-SAT", sum(o.theirs.delivered for o in outcomes if o.theirs), ""),
        Row("joint plan: cases on time, proven limit", sum(o.ours.most for o in outcomes), ""),
        Row("joint plan: regions where CP-SAT is better", sum(o.beaten for o in outcomes), "", 0),
        Row("joint plan: bottlenecks named", len(named), ""),
        Row("joint plan: bottlenecks not confirmed", sum(not o.confirmed for o in named), "", 0),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.joint", description=__doc__)
    parser.add_argument("--regions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=PEER_SECONDS, help="for CP-SAT, each region; 0 leaves it out")
    parser.add_argument("--workers", type=int, default=1, help="of CP-SAT")
    options = parser.parse_args()
    measured = rows(options.regions, options.seconds, options.workers)
    sys.stdout.write("\n".join(row.line for row in measured) + "\n")
    return int(any(row.limit is not None and row.value > row.limit for row in measured))


if __name__ == "__main__":
    sys.exit(main())
