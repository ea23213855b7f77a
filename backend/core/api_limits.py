"""How much one caller may ask in a minute: a bucket that fills up evenly, counted in this process."""

import math
from threading import Lock

from backend.core import clock

# From so many callers on those are forgotten who have asked nothing for a minute.
MOST_CALLERS = 10_000


class RateLimit:
    """A full bucket holds one minute's questions; each takes one, and time puts them back."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    @property
    def callers(self) -> int:
        """How many are counted at present."""
        return len(self._buckets)

    def take(self, caller: str) -> int:
        """0 when this question may be asked; else after how many seconds the next one may."""
        now = clock.now().timestamp()
        with self._lock:
            left, since = self._buckets.get(caller, (float(self.per_minute), now))
            # A clock that was put back must not empty a bucket.
            left = min(self.per_minute, left + max(0.0, now - since) * self.per_minute / 60)
            granted = left >= 1
            self._buckets[caller] = (left - 1 if granted else left, now)
            if len(self._buckets) > MOST_CALLERS:
                self._forget(now - 60)
        return 0 if granted else max(1, math.ceil((1 - left) * 60 / self.per_minute))

    def _forget(self, before: float) -> None:
        """Leave out those whose buckets are full again."""
        self._buckets = {caller: bucket for caller, bucket in self._buckets.items() if bucket[1] > before}
