"""How well whole teams are found for jobs of several operations, measured on both graded sets with the real model."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.teams.proposals import TeamPlanner
from matching.api import MatchIndex
from matching.encoders import Encoder
from matching.evaluation.metrics import mean
from matching.records import firm_from_record, request_from_record
from matching.understanding.request import read

pytestmark = [pytest.mark.quality, pytest.mark.slow]

DATA = Path(__file__).parent / "data"


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


def figures(name: str, encoder: Encoder) -> Figures:
    planner = TeamPlanner(MatchIndex.build(map(firm_from_record, records(f"{name}_firms")), encoder))
    steps1, team1, team5 = [], [], []
    for record in records(f"{name}_requests"):
        if record["kind"] != "chain":
            continue
        request = request_from_record(record)
        wanted = [frozenset(s["firm_ids"]) for s in record["relevant_per_step"] if s["firm_ids"]]
        found = planner.propose(read(request.text, request.today), 5)
        teams = [[team.assignment[step.id] for step in found.steps] for team in found.teams]
        steps1.append(covered(wanted, teams[0]) / len(wanted) if teams else 0.0)
        team1.append(float(any(is_whole(wanted, team) for team in teams[:1])))
        team5.append(float(any(is_whole(wanted, team) for team in teams)))
    measured = Figures(mean(steps1), mean(team1), mean(team5))
    sys.stdout.write(f"\n{name}: {len(steps1)} chains, {measured}\n")
    return measured


def test_the_development_set_meets_its_marks(encoder: Encoder) -> None:
    measured = figures("dev", encoder)
    assert measured.steps1 >= 0.95
    assert measured.team1 >= 0.90
    assert measured.team5 >= 0.90


def test_what_was_learned_carries_over_to_other_authors(encoder: Encoder) -> None:
    measured = figures("second", encoder)
    assert measured.steps1 >= 0.90
    assert measured.team1 >= 0.80
    assert measured.team5 >= 0.90


def test_a_third_author_with_other_trades_is_mostly_understood(encoder: Encoder) -> None:
    # Measured: 0.98, 0.93, 1.00, after its failures were read. Untouched it was 0.65, 0.22, 0.26 (ADR 0085).
    measured = figures("third", encoder)
    assert measured.steps1 >= 0.92
    assert measured.team1 >= 0.85
    assert measured.team5 >= 0.92


def test_a_fourth_author(encoder: Encoder) -> None:
    # Untouched: 0.78, 0.54, 0.62. Since its failures were read: 0.94, 0.82, 0.94.
    measured = figures("fourth", encoder)
    assert measured.steps1 >= 0.90
    assert measured.team1 >= 0.75
    assert measured.team5 >= 0.88


def test_a_fifth_author_who_avoids_every_word_of_the_trade(encoder: Encoder) -> None:
    # Untouched: 0.60, 0.16, 0.18. The first half has been read since (0.88, 0.64, 0.77), the second has not.
    measured = figures("fifth", encoder)
    assert measured.steps1 >= 0.70
    assert measured.team1 >= 0.33
    assert measured.team5 >= 0.40
