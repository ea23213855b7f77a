"""The measures, against values worked out by hand from their definitions."""

import math

import pytest

from matching.evaluation.metrics import Shown, feasible_first, hit, mean, ndcg, recall, trap_share
from matching.types import Verdict

GRADES = {"a": 3, "b": 2, "c": 1}


def test_ndcg_of_the_ideal_order_is_one() -> None:
    assert ndcg(["a", "b", "c"], GRADES) == pytest.approx(1.0)


def test_ndcg_by_hand() -> None:
    ideal = 7 + 3 / math.log2(3) + 1 / 2
    found = 3 + 7 / math.log2(4)
    assert ndcg(["b", "x", "a"], GRADES) == pytest.approx(found / ideal)


def test_ndcg_looks_at_ten_places() -> None:
    assert ndcg([*"0123456789", "a"], {"a": 3}) == 0.0


def test_measures_without_graded_firms_are_undefined() -> None:
    assert ndcg(["a"], {}) is None
    assert recall(["a"], {"a": 1}) is None
    assert hit(["a"], {"a": 1}) is None


def test_recall_and_hit_count_good_firms_only() -> None:
    assert recall(["c", "b"], GRADES) == 0.5
    assert hit(["c", "a"], GRADES) == 0.0
    assert hit(["b", "a"], GRADES) == 1.0
    assert hit([], GRADES) == 0.0


def shown(*places: tuple[str, Verdict]) -> list[Shown]:
    return [Shown(firm_id, verdict) for firm_id, verdict in places]


def test_a_trap_counts_only_when_it_is_proposed() -> None:
    answer = shown(("t1", Verdict.UNKNOWN), ("a", Verdict.OK), ("t2", Verdict.NO))
    assert trap_share(answer, {"t1", "t2"}) == 0.5
    assert trap_share(answer, ()) is None


def test_feasible_first() -> None:
    assert feasible_first(shown(("a", Verdict.OK), ("b", Verdict.NO))) == 1.0
    assert feasible_first(shown(("b", Verdict.NO), ("a", Verdict.OK))) == 0.0
    assert feasible_first(shown(("b", Verdict.UNKNOWN), ("a", Verdict.OK))) == 1.0


def test_the_mean_is_over_what_is_defined() -> None:
    assert mean([1.0, None, 0.0]) == 0.5
    assert mean([None]) == 0.0
