"""Fusion keeps order, stays in 0 … 1, and favours what both arms favour."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matching.retrieval.fusion import Scores, by_maximum, convex, min_max, reciprocal_rank

floats = st.floats(-100, 100, width=32)
scores = arrays(np.float32, st.integers(0, 30), elements=floats)
pairs = st.integers(1, 20).flatmap(
    lambda n: st.tuples(*[arrays(np.float32, n, elements=st.floats(0, 1, width=32)) for _ in range(2)])
)


@given(scores)
def test_min_max_lies_between_0_and_1_and_keeps_the_order(values: Scores) -> None:
    scaled = min_max(values)
    assert scaled.dtype == np.float32
    assert ((scaled >= 0) & (scaled <= 1)).all()
    order = np.argsort(values, kind="stable")
    assert (np.diff(scaled[order]) >= 0).all()


@given(scores.filter(lambda values: values.size > 0 and np.ptp(values) > 1e-3))
def test_min_max_reaches_both_ends(values: Scores) -> None:
    scaled = min_max(values)
    assert scaled.min() == 0.0
    assert scaled.max() == 1.0


def test_alike_scores_tell_nothing() -> None:
    assert min_max(np.full(3, 7.0, dtype=np.float32)).tolist() == [0, 0, 0]
    assert by_maximum(np.zeros(3, dtype=np.float32)).tolist() == [0, 0, 0]
    assert by_maximum(np.zeros(0, dtype=np.float32)).size == 0


@given(arrays(np.float32, st.integers(1, 20), elements=st.floats(0, 100, width=32)))
def test_by_maximum_keeps_zero_at_zero(values: Scores) -> None:
    scaled = by_maximum(values)
    assert (scaled[values == 0] == 0).all()
    assert scaled.max() in {0.0, 1.0}


@given(pairs, st.floats(0, 1))
def test_a_convex_mix_lies_between_its_arms(arms: tuple[Scores, Scores], weight: float) -> None:
    mixed = convex(*arms, weight)
    assert (mixed >= np.minimum(*arms) - 1e-6).all()
    assert (mixed <= np.maximum(*arms) + 1e-6).all()


@given(pairs)
def test_a_convex_mix_at_the_ends_is_one_arm(arms: tuple[Scores, Scores]) -> None:
    np.testing.assert_array_equal(convex(*arms, 1.0), arms[0])
    np.testing.assert_array_equal(convex(*arms, 0.0), arms[1])


@given(pairs)
def test_what_both_arms_put_first_stays_first(arms: tuple[Scores, Scores]) -> None:
    best = np.zeros(1, dtype=np.float32) + 2
    fused = reciprocal_rank(*(np.concatenate([arm, best]) for arm in arms))
    assert fused.argmax() == len(fused) - 1
    assert (fused > 0).all()
    assert fused.max() <= 2 / 61 + 1e-6
