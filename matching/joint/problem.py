"""The joint problem as immutable data: open cases, and the firms they share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matching.composition.problem import Firm, Option, Params, ProblemError, Step

# A firm's promise on a day: (firm id, day).
Slot = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Case:
    """One job. `steps` in a topological order, `options[i]` the candidates of `steps[i]`.

    `due`: last day allowed, or None; `start`: not before this day, or None; `weight` > 0: how much its delivery counts.
    """

    id: str
    steps: tuple[Step, ...]
    options: tuple[tuple[Option, ...], ...]
    due: date | None = None
    start: date | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class JointProblem:
    """Cases and the firms they share. Of `params` the weights and `max_firms` (of each team) count.

    `start`: the first day of all work. `taken`: hours that firms have promised elsewhere, by firm and day
    (negative: hours beyond those of their weeks).

    Raises:
        ProblemError: naming the field and what was expected there.
    """

    start: date
    cases: tuple[Case, ...]
    firms: Mapping[str, Firm]
    holidays: frozenset[date] = frozenset()
    past_handovers: frozenset[frozenset[str]] = frozenset()
    taken: Mapping[Slot, float] = field(default_factory=dict)
    params: Params = field(default_factory=Params)

    def __post_init__(self) -> None:
        if len({case.id for case in self.cases}) < len(self.cases):
            raise ProblemError("cases", "two cases have the same id; give each its own")
        for case in self.cases:
            _check(case, self.firms)


def _check(case: Case, firms: Mapping[str, Firm]) -> None:
    place = f"cases.{case.id}"
    if not case.steps or len(case.steps) != len(case.options):
        raise ProblemError(f"{place}.options", "give the candidates of each step, and at least one step")
    if case.weight < 1:
        raise ProblemError(f"{place}.weight", "give a whole number of at least 1")
    for i, step in enumerate(case.steps):
        if not step.hours > 0 or any(not 0 <= a < i for a in step.after):
            raise ProblemError(f"{place}.steps[{i}]", "give hours above 0, and list each step after its predecessors")
    unknown = {o.firm_id for options in case.options for o in options} - firms.keys()
    if unknown:
        raise ProblemError(f"{place}.options", f"there is no firm {min(unknown)!r}; add it to firms")
