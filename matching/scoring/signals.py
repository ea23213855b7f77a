"""What speaks for a firm besides meeting the conditions: figures between 0 and 1, one function each."""

import math
from collections.abc import Callable, Mapping
from datetime import date

from matching.scoring.calendar import free_hours, is_stale
from matching.scoring.demand import FIRST_CHECKING_STAGE, FIRST_MAKING_STAGE, Demand, stage
from matching.scoring.material import material_signal
from matching.scoring.process import ProcessFit, coverage
from matching.scoring.size import Room
from matching.understanding.firm import centrality
from matching.understanding.offer import Offer

NEUTRAL = 0.5
# A request without a tolerance is an ordinary one (JIS B 0405 medium for a part the size of a hand).
_ORDINARY_TOLERANCE_MM = 0.1
# Ten free hours a week over a month is plenty for a prototype.
_PLENTY_HOURS = 40.0


def signals(
    demand: Demand, offer: Offer, fits: tuple[ProcessFit, ...], near: tuple[float, float], room: Room | None
) -> dict[str, float]:
    """Every signal by its name in the table of weights. `near` is (dense, lexical), `room` where the part lies."""
    found = {
        "process": coverage(fits) if fits else _makes_things(offer),
        "centrality": _centrality(demand, offer),
        "dense": near[0],
        "lexical": near[1],
        "size": size_signal(room),
    }
    for name, signal in _SIMPLE.items():
        found[name] = signal(demand, offer)
    return found


def _makes_things(offer: Offer) -> float:
    """Where no process is known, a maker rather than a measuring room, a packer or a designer."""
    makes = any(FIRST_MAKING_STAGE <= stage(o.process_id) < FIRST_CHECKING_STAGE for o in offer.processes)
    return NEUTRAL if makes else 0.25


def _centrality(demand: Demand, offer: Offer) -> float:
    """The firm's own trade rather than a side line, over the core processes."""
    if not demand.core:
        return NEUTRAL
    return sum([centrality(offer, w.process_id) for w in demand.core]) / len(demand.core)


def size_signal(room: Room | None) -> float:
    """1 where the part uses a fair share of the machine, less where the machine is far too big for it."""
    if room is None or not room.fits:
        return NEUTRAL if room is None else 0.0
    return min(1.0, 0.4 + 2.0 * room.used)


def lot_floor(demand: Demand, offer: Offer) -> float:
    """1 where the firm's smallest lot is about what is wanted, falling to 0 two and a half decades below."""
    low = offer.firm.lot_min
    if demand.need.quantity is None or low is None:
        return NEUTRAL
    wanted = max(1, demand.need.quantity.value)
    return 0.0 if wanted < low else max(0.0, 1.0 - math.log10(wanted / max(1, low)) / 2.5)


def lot_ceiling(demand: Demand, offer: Offer) -> float:
    """1 where the firm's largest lot leaves more than a decade of room."""
    high = offer.firm.lot_max
    if demand.need.quantity is None or high is None:
        return NEUTRAL
    wanted = max(1, demand.need.quantity.value)
    return 0.0 if wanted > high else min(1.0, 0.3 + math.log10(high / wanted))


def tolerance_signal(demand: Demand, offer: Offer) -> float:
    """1 where the firm's accuracy is just what is needed; a much finer shop is the wrong address for coarse work."""
    held = offer.firm.tolerance_mm
    if held is None:
        return NEUTRAL
    wanted = demand.need.tolerance_mm.value if demand.need.tolerance_mm else _ORDINARY_TOLERANCE_MM
    decades = math.log10(max(wanted, 1e-4) / max(held, 1e-4))
    return 0.0 if decades < 0 and demand.need.tolerance_mm else max(0.0, 1.0 - abs(decades) / 2.5)


def capacity_signal(demand: Demand, offer: Offer) -> float:
    """Free hours before the date, or on file at all, towards plenty; neutral where the figures are too old."""
    if is_stale(offer, demand.need.today):
        return NEUTRAL
    due = demand.need.due.value if demand.need.due else date.max
    hours = free_hours(offer.firm.capacity or (), demand.need.today, due)
    return NEUTRAL if hours is None else min(1.0, hours / _PLENTY_HOURS)


def manner(demand: Demand, offer: Offer) -> float:
    """Share of the ways of working the request hints at that the firm says it likes."""
    hinted = demand.manners
    return len(hinted & offer.willingness) / len(hinted) if hinted else NEUTRAL


def public_signal(demand: Demand, offer: Offer) -> float:
    """1 for a public facility when one is asked for; neutral otherwise."""
    if not demand.wants_public:
        return NEUTRAL
    return 1.0 if offer.firm.public_facility else 0.0


_SIMPLE: Mapping[str, Callable[[Demand, Offer], float]] = {
    "material": material_signal,
    "lot_floor": lot_floor,
    "lot_ceiling": lot_ceiling,
    "tolerance": tolerance_signal,
    "capacity": capacity_signal,
    "manner": manner,
    "public": public_signal,
}
SIGNALS: tuple[str, ...] = ("process", "centrality", "dense", "lexical", "size", *_SIMPLE, "certainty")
