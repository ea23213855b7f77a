"""The instruments: a clock, the memory of this process, and a table."""

import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
# Runs of one short computation of which the fastest counts.
RUNS = 3
STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure, with what the project asks of it: `limit` at most, or `least`."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    least: float | None = None

    @property
    def ok(self) -> bool:
        return (self.limit is None or self.value <= self.limit) and (self.least is None or self.value >= self.least)

    @property
    def line(self) -> str:
        if self.limit is None and self.least is None:
            return f"{self.name:<52}{self.value:>12,.2f} {self.unit}"
        asked = f"at most {self.limit:g}" if self.limit is not None else f"at least {self.least:g}"
        verdict = "ok" if self.ok else "TOO MUCH" if self.limit is not None else "TOO LITTLE"
        return f"{self.name:<52}{self.value:>12,.2f} {self.unit:<6} ({asked}: {verdict})"


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def milliseconds(action: Callable[[str], object], texts: Iterable[str]) -> list[float]:
    return [1000 * seconds(partial(action, text)) for text in texts]


def fastest(action: Callable[[], T], runs: int = RUNS) -> tuple[float, T]:
    """Milliseconds of processor time of the fastest of `runs`, and what the action gave.

    One thread works, so this is the time it takes where nothing else runs. What else runs on the machine can only add
    to it, through the caches that both share: hence the fastest.
    """
    took = []
    for _run in range(max(1, runs)):
        began = time.process_time()
        result = action()
        took.append(1000 * (time.process_time() - began))
    return min(took), result


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of `values` lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def resident_mb() -> float:
    """Memory this process holds now, in MB; where the system does not tell, the most it ever held."""
    if STATM.exists():
        return int(STATM.read_text().split()[1]) * resource.getpagesize() / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
