"""Who has promised which hours on which day, and when more work would end there."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from matching.composition.arrays import Array, Ints
from matching.composition.calendar import EPSILON_H, Load, Workload
from matching.joint.region import Region

# Sums of many hours differ by less than this from what they should be.
ROUNDING_H = 1e-6

# (firm number, day, hours)
Booking = tuple[int, int, float]


class Ledger:
    """The hours each firm has left on each day.

    After `renew`, `totals[f]` are the hours firm f has before each day, and `version[f]` differs if they changed."""

    def __init__(self, region: Region) -> None:
        self.left = [list(hours) for hours in region.free]
        self.version: Ints = np.zeros(len(self.left), np.intp)
        self.totals: Array = np.zeros((len(self.left), region.days + 1))
        self._loads: list[Workload | None] = [None] * len(self.left)
        self._changes = 0
        # Firms whose hours changed since anybody asked: most changes are made in long rows.
        self._changed = set(range(len(self.left)))

    def book(self, bookings: Sequence[Booking]) -> None:
        for firm, day, hours in bookings:
            self.left[firm][day] -= hours
            self._changed.add(firm)

    def release(self, bookings: Sequence[Booking]) -> None:
        for firm, day, hours in bookings:
            self.left[firm][day] += hours
            self._changed.add(firm)

    def has(self, bookings: Sequence[Booking]) -> bool:
        """Whether these hours are there; on a day below 0, which is none, they never are."""
        wanted: dict[tuple[int, int], float] = {}
        for firm, day, hours in bookings:
            wanted[firm, day] = wanted.get((firm, day), 0.0) + hours
        return all(day >= 0 and self.left[firm][day] > hours - ROUNDING_H for (firm, day), hours in wanted.items())

    def last(self, firm: int, loads: tuple[Load, ...]) -> int:
        """The day on which the last of several loads ends that the firm takes in this order."""
        self.renew()
        known = self._loads[firm]
        if known is None:
            known = self._loads[firm] = Workload(self.left[firm])
        return known.last(loads)

    def spread(self, firm: int, earliest: int, hours: float) -> list[Booking] | None:
        """The bookings of `hours` as early as possible from day `earliest`; None when the calendar ends first."""
        left, pieces = self.left[firm], []
        for day in range(earliest, len(left)):
            if left[day] > EPSILON_H:
                piece = min(hours, left[day])
                pieces.append((firm, day, piece))
                hours -= piece
                if hours <= EPSILON_H:
                    return pieces
        return None

    def renew(self) -> None:
        """Bring `totals` and `version` up to date."""
        self._changes += 1
        for firm in self._changed:
            self.totals[firm, 1:] = tuple(accumulate(self.left[firm]))
            self.version[firm] = self._changes
            self._loads[firm] = None
        self._changed.clear()
