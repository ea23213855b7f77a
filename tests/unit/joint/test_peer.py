"""CP-SAT gets the same problem: its plans keep the rules, and where it proves the best, ours is as good."""

import pytest

from bench.joint import EQUAL, rows
from bench.joint_peer import cp_sat
from bench.joint_regions import region
from matching.joint.solve import Effort, solve

SECONDS = 30.0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_small_regions_equal_cp_sat(seed: int) -> None:
    problem = region(seed, cases=4, firms=24, weeks=6)
    peer = cp_sat(problem, SECONDS)
    assert peer is not None
    assert peer.teams is not None, "what CP-SAT calls a plan is one by our rules"
    ours = solve(problem, Effort(rounds=200, time_limit_s=30.0))
    assert ours.delivered >= len(peer.teams)
    if peer.proven:
        assert ours.delivered == len(peer.teams)
        assert ours.cost == pytest.approx(sum(team.cost for team in peer.teams.values()), abs=EQUAL)


@pytest.mark.slow
def test_the_rows_of_the_table_say_what_was_measured() -> None:
    found = {row.name: row for row in rows(1, peer_seconds=0.0)}
    assert found["joint plan: broken rules, ours and CP-SAT's"].value == 0
    assert found["joint plan: cases on time, ours"].value <= found["joint plan: cases on time, proven limit"].value
