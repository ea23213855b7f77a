"""A route: the operations of a job in their order, each with its reason and its hours."""

from dataclasses import dataclass

from matching.types import Need, Phrase, Span
from matching.vocabulary.processes import processes


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours in one shop: what is likely, and the range it may well lie in."""

    likely: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One operation. `after` are the positions of the steps before it; `need` is the request as far as it concerns it.

    `inferred` is True for a step that the text does not ask for but that cannot be left out.
    """

    id: str
    process_id: str
    after: tuple[int, ...]
    hours: Hours
    reason: Phrase
    need: Need
    spans: tuple[Span, ...] = ()
    inferred: bool = False
    # What a person calls it, and the processes done in the same go; both blank in a planned route.
    title: str = ""
    also: tuple[str, ...] = ()
    # The stretches of the text that tell of it, as they were typed.
    words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, str]:
        """Its Japanese and its English name."""
        done = [processes()[id_] for id_ in (self.process_id, *self.also)]
        return "・".join(p.ja for p in done), ", ".join(p.en for p in done)


@dataclass(frozen=True, slots=True)
class Route:
    """Steps in an order in which they can be done. `told` says that the text itself asks for several steps."""

    steps: tuple[RouteStep, ...]
    told: bool = False

    @property
    def is_chain(self) -> bool:
        """Whether the job has operations of at least two trades."""
        return len(self.steps) > 1

    @property
    def process_ids(self) -> tuple[str, ...]:
        return tuple(step.process_id for step in self.steps)
