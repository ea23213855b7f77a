"""`python -m seed.learn`: count what the seed routes teach, and write it where the matching library reads it.

Two small tables come out. `pairs`: an operation that comes before another one in every seed route that has both, told
for the operations themselves and for the trades they belong to, where at least three routes (of trades: four) agree and
none contradicts. `hours`: the middle figure for an operation of at least three routes, brought to the lot and the size
the practice table speaks of.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import yaml

from matching.routing.practice import practice
from matching.vocabulary.processes import lineage, processes
from seed.routes import SeedRoute, seed_routes

TABLE = Path(__file__).resolve().parents[1] / "matching" / "routing" / "data" / "learned.yaml"
HEAD = "# Counted from the seed routes by `python -m seed.learn`; change those and run it again.\n"
ROUTES_FOR_PAIR, ROUTES_FOR_TRADES, ROUTES_FOR_HOURS = 3, 4, 3
PIECES = 10

Pair = tuple[str, str]


def learned(routes: Sequence[SeedRoute]) -> str:
    """The text of the table."""
    pairs = [list(pair) for pair in sorted(usual_pairs(routes))]
    body = yaml.safe_dump({"hours": usual_hours(routes), "pairs": pairs}, default_flow_style=None, width=118)
    return HEAD + body


def usual_pairs(routes: Iterable[SeedRoute]) -> set[Pair]:
    """Operations, or trades, that always come in this order."""
    votes: dict[Pair, int] = defaultdict(int)
    for route in routes:
        for pair in set(_orders(route)):
            votes[pair] += 1
    return {
        (a, b)
        for (a, b), count in votes.items()
        if not votes.get((b, a)) and count >= (ROUTES_FOR_PAIR if _single(a) and _single(b) else ROUTES_FOR_TRADES)
    }


def _single(process_id: str) -> bool:
    return not any(other.parent == process_id for other in processes().values())


def _orders(route: SeedRoute) -> Iterator[Pair]:
    """Each operation with each one behind it on the same path, and the trades above both."""
    for i, step in enumerate(route.steps):
        for before in _before(route, i):
            for a in lineage(route.steps[before].process_id):
                for b in lineage(step.process_id):
                    if a != b and a not in lineage(b) and b not in lineage(a):
                        yield a, b


def _before(route: SeedRoute, place: int) -> set[int]:
    direct = route.steps[place].after
    return {*direct, *(far for one in direct for far in _before(route, one))}


def usual_hours(routes: Iterable[SeedRoute]) -> Mapping[str, float]:
    """Hours of operations that the practice table has no row of its own for, at its lot."""
    found: dict[str, list[float]] = defaultdict(list)
    for route in routes:
        for step in route.steps:
            grows = practice(step.process_id).grows
            found[step.process_id].append(step.hours / (route.pieces / PIECES) ** grows)
    return {id_: round(median(hours), 1) for id_, hours in sorted(found.items()) if len(hours) >= ROUTES_FOR_HOURS}


def main() -> int:
    """Write the table and say how much was learned."""
    text = learned(seed_routes())
    TABLE.write_text(text, encoding="utf-8")
    table = yaml.safe_load(text)
    sys.stdout.write(f"{len(table['pairs'])} orders and {len(table['hours'])} hours learned\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
