"""A joint plan as it is given back: who does what when, and how good it is proven to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Work:
    """Hours that a firm gives to a step on a day."""

    step: int
    firm_id: str
    day: date
    hours: float


@dataclass(frozen=True, slots=True)
class CasePlan:
    """The team of one case, by step. `cost` by the weights of the problem; `work` in the order of steps and days."""

    case_id: str
    firms: tuple[str, ...]
    starts: tuple[date, ...]
    finishes: tuple[date, ...]
    cost: float
    on_time: bool
    lead_firm: str
    work: tuple[Work, ...]

    @property
    def finish(self) -> date:
        return max(self.finishes)


@dataclass(frozen=True, slots=True)
class JointPlan:
    """`cases` in the order of the problem, None where nobody has the hours at all.

    `order`: (case id, step number) as the steps take their hours, each as early as possible. `delivered`: the weight of
    the cases that are on time; no plan delivers more than `most`. `cost`: of the cases on time; no plan delivers the
    same cases for less than `least`.
    """

    cases: tuple[CasePlan | None, ...]
    order: tuple[tuple[str, int], ...]
    delivered: int
    most: int
    cost: float
    least: float
    rounds: int = 0
    elapsed_ms: float = 0.0

    @property
    def proven(self) -> bool:
        """Whether no plan can deliver more."""
        return self.delivered >= self.most

    @property
    def on_time(self) -> Iterator[CasePlan]:
        return (case for case in self.cases if case and case.on_time)
