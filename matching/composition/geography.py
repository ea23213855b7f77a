"""Distances between workshops and what they mean in transport days."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.composition.problem import Firm

EARTH_KM = 6371.0088  # mean radius, as the haversine formula is commonly used with


def km_between(a: Firm, b: Firm) -> float:
    """Great-circle distance in km (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    d_lat, d_lng = lat_b - lat_a, math.radians(b.lng) - math.radians(a.lng)
    h = math.sin(d_lat / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(d_lng / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def transport_days(a: Firm, b: Firm) -> int:
    """Working days a part is on the way: same firm or by bicycle 0, by van 1, else 2."""
    if a.id == b.id:
        return 0
    km = km_between(a, b)
    if km <= 10:
        return 0
    return 1 if km <= 100 else 2


def unit_vectors(firms: Sequence[Firm]) -> NDArray[np.float64]:
    """Points on the unit sphere, shape (n, 3)."""
    lat = np.radians([f.lat for f in firms])
    lng = np.radians([f.lng for f in firms])
    return np.stack([np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)], axis=1)


def chord_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Straight-line distances in km through the earth, shape (len(a), len(b)): never longer than the haversine.

    One matrix product instead of an arc sine per pair; within 50 km it is short by at most 0.13 m. The points are
    moved to their common centre first, otherwise the squares cancel and close neighbours lose their digits.
    """
    centre = a.mean(axis=0)
    a, b = a - centre, b - centre
    square = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None, :] - 2.0 * (a @ b.T)
    # Rounding may carry a value above the truth; a millimetre off keeps the promise.
    km: NDArray[np.float64] = np.sqrt(np.maximum(square, 0.0)) * EARTH_KM - 1e-6
    return np.maximum(km, 0.0)


def haversine_km(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances in km, shape (len(a), len(b)); `a` and `b` hold radians (lat, lng)."""
    d_lat = b[None, :, 0] - a[:, None, 0]
    d_lng = b[None, :, 1] - a[:, None, 1]
    h = np.sin(d_lat / 2) ** 2 + np.cos(a[:, None, 0]) * np.cos(b[None, :, 0]) * np.sin(d_lng / 2) ** 2
    km: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(h)))
    return km
