"""How well whole teams are found for jobs of several operations, measured on both graded sets with the real model."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from backend.teams.proposals import TeamPlanner
from matching.evaluation.metrics import mean
from matching.records import request_from_record
from matching.understanding.request import read
from tests.quality.conftest import DATA, IndexOf

pytestmark = [pytest.mark.quality, pytest.mark.slow]


@dataclass(frozen=True)
class Figures:
    """Share of steps the first team covers in order; share of jobs that the first, and any of five, covers wholly."""

    steps1: float
    team1: float
    team5: float


def records(name: str) -> list[dict[str, Any]]:
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def covered(wanted: Sequence[frozenset[str]], team: Sequence[str]) -> int:
    """How many wanted steps a team covers in order; one firm may cover several in a row."""
    best = [[0] * (len(team) + 1) for _ in range(len(wanted) + 1)]
    for i, firms in enumerate(wanted, start=1):
        for j, firm in enumerate(team, start=1):
            with_it = max(best[i - 1][j - 1], best[i - 1][j]) + 1 if firm in firms else 0
            best[i][j] = max(best[i - 1][j], best[i][j - 1], with_it)
    return best[-1][-1]


def is_whole(wanted: Sequence[frozenset[str]], team: Sequence[str]) -> bool:
    return covered(wanted, team) == len(wanted) and len(team) <= 1.5 * len(wanted) + 0.5


def figures(name: str, index_of: IndexOf) -> Figures:
    index = index_of(name)
    chains = [record for record in records(f"{name}_requests") if record["kind"] == "chain"]
    index.expect([record["text"] for record in chains])
    planner = TeamPlanner(index)
    steps1, team1, team5 = [], [], []
    for record in chains:
        request = request_from_record(record)
        wanted = [frozenset(s["firm_ids"]) for s in record["relevant_per_step"] if s["firm_ids"]]
        found = planner.propose(read(request.text, request.today), 5)
        teams = [[team.assignment[step.id] for step in one.steps] for one in found for team in one.teams]
        steps1.append(covered(wanted, teams[0]) / len(wanted) if teams else 0.0)
        team1.append(float(any(is_whole(wanted, team) for team in teams[:1])))
        team5.append(float(any(is_whole(wanted, team) for team in teams)))
    measured = Figures(mean(steps1), mean(team1), mean(team5))
    sys.stdout.write(f"\n{name}: {len(steps1)} chains, {measured}\n")
    return measured


# The least that the chains of each author must reach, and what was measured before anybody had read their failures.
# Second to fourth were a little higher while wordings written after reading them overruled the ear (ADR 0119).
LEAST = {
    "dev": Figures(0.95, 0.90, 0.90),
    "second": Figures(0.92, 0.75, 0.80),
    # Untouched: 0.65, 0.22, 0.26 (ADR 0085).
    "third": Figures(0.91, 0.75, 0.82),
    # Untouched: 0.78, 0.54, 0.62.
    "fourth": Figures(0.90, 0.75, 0.85),
    # Avoids every word of the trade. Untouched: 0.60, 0.16, 0.18; the second half has not been read since (ADR 0116).
    "fifth": Figures(0.76, 0.40, 0.46),
    # Every job in four wordings; nobody has looked at what is missed. At first .902, .693, .727 (ADR 0121).
    "seventh": Figures(0.86, 0.66, 0.75),
}


@pytest.mark.parametrize("author", LEAST)
def test_the_chains_of_an_author_are_found(author: str, index_of: IndexOf) -> None:
    measured, least = figures(author, index_of), LEAST[author]
    assert measured.steps1 >= least.steps1
    assert measured.team1 >= least.team1
    assert measured.team5 >= least.team5
