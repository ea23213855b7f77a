"""Distances between workshops."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0088  # mean radius, as the haversine formula is commonly used with
# Single precision leaves smaller errors than this in the squares of a region up to so many km from its centre.
SLACK_KM2 = 1e-2
# Of double precision, for the whole globe.
SLACK_WIDE_KM2 = 1e-6
WIDEST_KM = 60.0
# Rows worked on together: they stay in the cache, and the product stays too small to be spread over threads.
ROWS = 128
# The same, as pairs.
CELLS = 50_000


def haversine_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances in km, shape (len(a), len(b)); `a` and `b` hold radians (lat, lng)."""
    return arcs_km(a[:, None, :], b[None, :, :])


def arcs_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances in km (haversine) between points that broadcast; the last axis holds (lat, lng)."""
    d_lat, d_lng = b[..., 0] - a[..., 0], b[..., 1] - a[..., 1]
    h = np.sin(d_lat / 2) ** 2 + np.cos(a[..., 0]) * np.cos(b[..., 0]) * np.sin(d_lng / 2) ** 2
    km: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(h)))
    return km


def plane_points(radians: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of the globe in km from their common centre, shape (n, 3)."""
    lat, lng = radians[:, 0], radians[:, 1]
    points = np.stack([np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)], axis=1) * EARTH_KM
    centred: NDArray[np.float64] = points - points.mean(axis=0)
    return centred


def chord_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Straight-line distances in km through the earth, shape (len(a), len(b)): never longer than the haversine.

    One matrix product instead of an arc sine per pair; single precision where the region is small enough for it.
    A slack covers what rounding could add to the truth.
    """
    left, right = _factors(a, b)
    km = np.empty((len(a), len(b)), left.dtype)
    # A whole array of noughts is compared with far more quickly than a single one.
    none = np.zeros((ROWS, len(b)), left.dtype)
    for begin in range(0, len(a), ROWS):
        rows = km[begin : begin + ROWS]
        np.matmul(left[begin : begin + ROWS], right, out=rows)
        np.sqrt(np.maximum(rows, none[: len(rows)], out=rows), out=rows)
    return km


class Chords:
    """What the straight lines between some points cost at `per_km`, in single precision."""

    def __init__(self, radians: NDArray[np.float64], per_km: float) -> None:
        points = plane_points(radians)
        widest = float(np.abs(points).max())
        wide = widest > WIDEST_KM
        kind: type[np.floating[Any]] = np.float64 if wide else np.float32
        squares = (points * points).sum(axis=1)[:, None]
        one = np.ones_like(squares)
        # |a|^2 + |b|^2 - 2ab, and the squares carry the price, so that the root does.
        self._from = (per_km * per_km * np.hstack([-2.0 * points, squares, one])).astype(kind)
        self._to = np.hstack([points, one, squares]).astype(kind)
        self._slack = kind(per_km * per_km * (SLACK_WIDE_KM2 if wide else SLACK_KM2 * (widest / WIDEST_KM) ** 2))

    def at_most(self, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.float32]:
        """Costs from the points numbered `a` to those numbered `b`, never more than they are."""
        return self._costs(a, b, -self._slack)

    def at_least(self, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.float32]:
        """The same, never less than they are."""
        return self._costs(a, b, self._slack)

    def _costs(self, a: NDArray[np.intp], b: NDArray[np.intp], slack: np.floating[Any]) -> NDArray[np.float32]:
        left, right = self._from[a], self._to[b].T
        left[:, 3] += slack
        costs = np.empty((len(a), len(b)), np.float32)
        together = max(1, CELLS // max(len(b), 1))
        # A whole array of noughts is compared with far more quickly than a single one.
        none = np.zeros((min(together, len(a)), len(b)), left.dtype)
        for begin in range(0, len(a), together):
            rows = costs[begin : begin + together]
            squares = np.matmul(left[begin : begin + together], right)
            np.sqrt(np.maximum(squares, none[: len(rows)], out=squares), out=rows, casting="same_kind")
        return costs


def _factors(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Two matrices whose product holds the squared distances: one pass over the pairs instead of three."""
    wide = max(np.abs(a).max(), np.abs(b).max()) > WIDEST_KM
    kind: type[np.floating[Any]] = np.float64 if wide else np.float32
    slack = SLACK_WIDE_KM2 if wide else SLACK_KM2
    x, y = (a * a).sum(axis=1)[:, None], (b * b).sum(axis=1)[:, None]
    # |a|^2 + |b|^2 - 2ab
    left = np.hstack([-2.0 * a, x - slack, np.ones_like(x)]).astype(kind)
    right = np.ascontiguousarray(np.hstack([b, np.ones_like(y), y]).astype(kind).T)
    return left, right
