"""The comparison of methods on a tiny graded set, with the deterministic encoder."""

import json
from pathlib import Path

import pytest

from matching.api import MatchIndex
from matching.encoders import HashingEncoder
from matching.evaluation.benchmark import OURS, compare, table
from matching.evaluation.graded import GradedSet, read_graded
from matching.retrieval import Arm

MILLING = {"processes": ["マシニング加工"], "materials": ["A5052"]}
FIRMS = (
    {"id": "A", "name": "甲", "text": "アルミを削ります。", "lot_max": 50, **MILLING},
    {"id": "B", "name": "乙", "text": "アルミの箱を削ります。", "lot_min": 1000, **MILLING},
    {"id": "C", "name": "丙", "text": "紙の箱。", "processes": ["貼り箱"], "materials": ["紙"]},
)
REQUESTS = (
    {
        "id": "R1",
        "kind": "single",
        "today": "2026-12-01",
        "text": "A5052の箱を10個、切削加工で。",
        "relevant": {"A": 3, "C": 0},
        "traps": [{"firm_id": "B", "why": "1000個から"}],
    },
    {"id": "R2", "kind": "chain", "today": "2026-12-01", "text": "削って染める。", "relevant": {}},
)


@pytest.fixture
def graded(tmp_path: Path) -> GradedSet:
    for name, records in (("firms", FIRMS), ("requests", REQUESTS)):
        lines = "\n\n".join(json.dumps(record, ensure_ascii=False) for record in records)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return read_graded(tmp_path / "firms.jsonl", tmp_path / "requests.jsonl")


def test_only_requests_for_one_firm_are_graded(graded: GradedSet) -> None:
    (only,) = graded.requests
    assert (only.request.id, dict(only.grades), only.traps) == ("R1", {"A": 3}, frozenset({"B"}))
    assert len(graded.firms) == 3


def test_every_method_has_its_row_and_ours_rules_the_trap_out(graded: GradedSet) -> None:
    rows = compare(graded, MatchIndex.build(graded.firms, HashingEncoder()))
    assert [row.name for row in rows] == [*(arm.value for arm in Arm), OURS]
    ours = rows[-1]
    assert (ours.ndcg, ours.hit, ours.recall, ours.trap, ours.feasible_first) == (1.0, 1.0, 1.0, 0.0, 1.0)
    assert all(row.trap == 1.0 for row in rows[:-1])
    assert len(table("tiny", rows).splitlines()) == 1 + len(rows)
