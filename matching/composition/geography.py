"""Distances between workshops."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

EARTH_KM = 6371.0088  # mean radius, as the haversine formula is commonly used with
# Single precision leaves smaller errors than this in the squares of a region up to so many km from its centre.
SLACK_KM2 = 1e-2
WIDEST_KM = 60.0
# Rows worked on together: they stay in the cache, and the product stays too small to be spread over threads.
ROWS = 128


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


def chord_costs(
    a: NDArray[np.float64], b: NDArray[np.float64], per_km: float, own: NDArray[np.float32]
) -> NDArray[np.float32]:
    """`per_km` times `chord_km`, plus what each of `b` costs itself (`own`), in single precision."""
    left, right = _factors(a, b)
    # The squares carry the price, so that the root does.
    left *= per_km * per_km
    costs = np.empty((len(a), len(b)), np.float32)
    none = np.zeros((ROWS, len(b)), left.dtype)
    for begin in range(0, len(a), ROWS):
        rows = costs[begin : begin + ROWS]
        squares = np.matmul(left[begin : begin + ROWS], right)
        np.sqrt(np.maximum(squares, none[: len(rows)], out=squares), out=rows, casting="same_kind")
        rows += own
    return costs


def _factors(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Two matrices whose product holds the squared distances: one pass over the pairs instead of three."""
    wide = max(np.abs(a).max(), np.abs(b).max()) > WIDEST_KM
    kind: type[np.floating[Any]] = np.float64 if wide else np.float32
    slack = 1e-6 if wide else SLACK_KM2
    x, y = (a * a).sum(axis=1)[:, None], (b * b).sum(axis=1)[:, None]
    # |a|^2 + |b|^2 - 2ab
    left = np.hstack([-2.0 * a, x - slack, np.ones_like(x)]).astype(kind)
    right = np.ascontiguousarray(np.hstack([b, np.ones_like(y), y]).astype(kind).T)
    return left, right
