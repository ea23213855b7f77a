"""One firm held against one demand: all checks, the verdict they add up to, and the signals behind its place."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import yaml

from matching.scoring.calendar import due_check
from matching.scoring.demand import Demand
from matching.scoring.limits import certification_check, measure_checks, quantity_check, tolerance_check, use_check
from matching.scoring.material import material_check
from matching.scoring.process import ProcessFit, process_checks
from matching.scoring.signals import SIGNALS, signals
from matching.scoring.size import Room, best_room, size_check
from matching.scoring.wording import ask, ok
from matching.types import Aspect, Candidate, Check, Phrase, Verdict
from matching.understanding.offer import Offer

# Each open question takes this much off certainty, each broken condition more.
_OPEN_COST, _BROKEN_COST = 0.12, 0.5


@cache
def weights() -> Mapping[str, float]:
    """The weight of each signal, as shipped."""
    text = (files("matching.scoring") / "data" / "weights.yaml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in yaml.safe_load(text).items()}


def assess(
    demand: Demand,
    offer: Offer,
    fits: tuple[ProcessFit, ...],
    near: tuple[float, float],
    arranged: frozenset[str] = frozenset(),
) -> Candidate:
    """The candidate with its checks, process first.

    `near` is (dense, lexical) of this firm; `arranged` are processes as in `process_checks`.
    """
    room = best_room(demand, offer)
    checks = tuple(_checks(demand, offer, fits, room, arranged))
    found = signals(demand, offer, fits, near, room)
    found["certainty"] = _certainty(checks)
    return Candidate(offer.firm.id, fuse(found, weights()), verdict_of(checks), checks, found)


def _checks(
    demand: Demand, offer: Offer, fits: tuple[ProcessFit, ...], room: Room | None, arranged: frozenset[str]
) -> Iterator[Check]:
    yield from process_checks(fits, arranged) or (_open_process(),)
    yield from filter(None, [material_check(demand, offer), size_check(demand, offer, room)])
    for check in _PLAIN:
        if (found := check(demand, offer)) is not None:
            yield found
    yield from measure_checks(demand, offer)
    if demand.wants_public and offer.firm.public_facility:
        yield ok(Aspect.PUBLIC_FACILITY, "公設の施設", "A public facility")


_PLAIN = (tolerance_check, quantity_check, due_check, certification_check, use_check)


def _open_process() -> Check:
    fact = Phrase("作り方は依頼文に書かれていない", "The request names no process")
    question = Phrase("作り方から一緒に考えてもらえますか。", "Would you help to choose how to make it?")
    return ask(Aspect.PROCESS, fact, question)


def verdict_of(checks: tuple[Check, ...]) -> Verdict:
    """NO if any condition is broken, UNKNOWN if any is open, OK otherwise."""
    verdicts = [check.verdict for check in checks]
    if Verdict.NO in verdicts:
        return Verdict.NO
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.OK


def _certainty(checks: tuple[Check, ...]) -> float:
    verdicts = [check.verdict for check in checks]
    open_points, broken = verdicts.count(Verdict.UNKNOWN), verdicts.count(Verdict.NO)
    return max(0.0, 1.0 - _OPEN_COST * open_points - _BROKEN_COST * broken)


def fuse(found: Mapping[str, float], weight: Mapping[str, float]) -> float:
    """The convex combination of the signals: their mean under the weights."""
    # Once for every firm that is looked at: lists, which are quicker than generators.
    return sum([weight[name] * found[name] for name in SIGNALS]) / sum([weight[name] for name in SIGNALS])
