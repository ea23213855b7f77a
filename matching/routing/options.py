"""Which firms could do each step, by the verdicts of that step alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from matching.routing.practice import neighbours
from matching.routing.route import RouteStep
from matching.scoring.process import RELATED
from matching.types import Aspect, Candidate, FirmProfile, Need, ProcessMention, Verdict
from matching.understanding.offer import Offer

# So many firms are looked at for a step, and so many go into the composition.
_LOOKED_AT, _KEPT = 60, 24
# A firm with open questions is proposed behind one whose facts all fit; one that fails a single figure only if there
# is nobody else, since the figure may be misread or open to talk.
_OK, _OPEN, _ONE_AGAINST = (0.55, 0.45), (0.25, 0.45), (0.0, 0.2)
_OPEN_COST = 0.06
_TALKABLE = frozenset({Aspect.SIZE, Aspect.TOLERANCE, Aspect.QUANTITY, Aspect.MATERIAL, Aspect.DUE})


class Register(Protocol):
    """The firms, as `MatchIndex` holds them."""

    def find_able(self, need: Need, top: int = 20, near: str | None = None) -> list[Candidate]: ...

    def offer(self, firm_id: str) -> Offer: ...


@dataclass(frozen=True, slots=True)
class StepOption:
    """A firm for a step; `fit` is 0..1. `candidate` holds the checks of this step alone."""

    firm: FirmProfile
    fit: float
    candidate: Candidate


def step_options(register: Register, step: RouteStep, job: str | None = None) -> tuple[StepOption, ...]:
    """The firms for one step of the job told in `job`, best first; empty when nobody does such work."""
    usable = _usable(register.find_able(step.need, _LOOKED_AT, job)) or _neighbours(register, step, job)
    options = [StepOption(register.offer(c.firm_id).firm, fit(c), c) for c in usable]
    return tuple(sorted(options, key=lambda o: (-o.fit, o.firm.id))[:_KEPT])


def _usable(found: Sequence[Candidate]) -> list[Candidate]:
    return [c for c in found if c.verdict is not Verdict.NO] or _nearest(found)


def _neighbours(register: Register, step: RouteStep, job: str | None) -> list[Candidate]:
    """Where nobody does such work, the firms of the first neighbouring trade: who marks by laser may well engrave."""
    needs = (replace(step.need, processes=(ProcessMention(id_),)) for id_ in neighbours(step.process_id))
    return next(filter(None, (_usable(register.find_able(need, _LOOKED_AT, job)) for need in needs)), [])


def _nearest(found: Sequence[Candidate]) -> list[Candidate]:
    """Firms of the trade that break the fewest conditions, all of them open to talk."""
    talkable = [c for c in found if _does_it(c) and all(aspect in _TALKABLE for aspect in _against(c))]
    least = min((len(_against(c)) for c in talkable), default=0)
    return [c for c in talkable if len(_against(c)) == least]


def _against(candidate: Candidate) -> list[Aspect]:
    return [check.aspect for check in candidate.checks if check.verdict is Verdict.NO]


def _does_it(candidate: Candidate) -> bool:
    return candidate.signals.get("process", 0.0) >= RELATED


def fit(candidate: Candidate) -> float:
    """How well a firm suits a step, 0..1: by its verdict first, by its place among the candidates second."""
    base, share = {Verdict.OK: _OK, Verdict.UNKNOWN: _OPEN, Verdict.NO: _ONE_AGAINST}[candidate.verdict]
    open_points = sum(check.verdict is Verdict.UNKNOWN for check in candidate.checks)
    return max(0.0, min(1.0, base + share * candidate.score - _OPEN_COST * max(0, open_points - 1)))
