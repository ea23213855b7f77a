"""What speaks for a firm besides meeting the conditions: figures between 0 and 1, one function each."""

import math
import re
from collections.abc import Callable, Mapping

from matching.scoring.calendar import free_hours, total_hours
from matching.scoring.demand import Demand
from matching.scoring.material import material_signal
from matching.scoring.process import ProcessFit, coverage
from matching.scoring.size import best_room
from matching.understanding.firm import centrality
from matching.understanding.measures import plain
from matching.understanding.offer import Offer, Willingness

NEUTRAL = 0.5
# A request without a tolerance is an ordinary one (JIS B 0405 medium for a part the size of a hand).
_ORDINARY_TOLERANCE_MM = 0.1
# Ten free hours a week over a month is plenty for a prototype.
_PLENTY_HOURS = 40.0
_RUSH_DAYS = 14
_FEW = 5

_MANNERS: Mapping[Willingness, re.Pattern[str]] = {
    Willingness.NO_DRAWING: re.compile(
        r"図面(?:は|が|も)?(?:な|書け|描け|引け|ありません)|スケッチ|絵(?:な|し|を|が)|ポンチ絵|手書き|頭の中|アイデア"
        r"|no drawing|sketch|\bidea\b",
        re.IGNORECASE,
    ),
    Willingness.GUIDANCE: re.compile(
        r"分から|わから|どこに|どう(?:すれば|頼)|初めて|はじめ|素人|相談|一緒に|教えて|何から"
        r"|\bnot sure\b|\badvice\b|don't know|first time",
        re.IGNORECASE,
    ),
    Willingness.PROTOTYPE: re.compile(r"試作|試し|試した|プロトタイプ|prototyp|trial", re.IGNORECASE),
    Willingness.REPAIR: re.compile(
        r"修理|直し|折れ|欠け|壊れ|割れた|メーカーも?な|廃業|現物|repair|broken|replacement", re.IGNORECASE
    ),
    Willingness.RUSH: re.compile(r"急ぎ|至急|特急|早く|最短|すぐ|urgent|asap|\brush\b", re.IGNORECASE),
}


def signals(demand: Demand, offer: Offer, fits: tuple[ProcessFit, ...], near: tuple[float, float]) -> dict[str, float]:
    """Every signal by its name in the table of weights. `near` is (dense, lexical) of this firm."""
    return {
        "process": coverage(fits) if fits else NEUTRAL,
        "centrality": _centrality(demand, offer),
        "dense": near[0],
        "lexical": near[1],
        **{name: signal(demand, offer) for name, signal in _SIMPLE.items()},
    }


def _centrality(demand: Demand, offer: Offer) -> float:
    """The firm's own trade rather than a side line, over the core processes."""
    if not demand.core:
        return NEUTRAL
    return sum(centrality(offer, w.process_id) for w in demand.core) / len(demand.core)


def size_signal(demand: Demand, offer: Offer) -> float:
    """1 where the part uses a fair share of the machine, less where the machine is far too big for it."""
    room = best_room(demand, offer) if demand.sides else None
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
    """Free hours before the date, or on file at all, towards plenty."""
    hours = free_hours(offer, demand.need.due.value) if demand.need.due else total_hours(offer)
    return NEUTRAL if hours is None else min(1.0, hours / _PLENTY_HOURS)


def manner(demand: Demand, offer: Offer) -> float:
    """Share of the ways of working the request hints at that the firm says it likes."""
    text = plain(demand.need.text)
    hinted = [kind for kind, pattern in _MANNERS.items() if pattern.search(text)]
    if demand.need.quantity is not None and demand.need.quantity.value <= _FEW:
        hinted.append(Willingness.ONE_OFF)
    if demand.need.due is not None and (demand.need.due.value - demand.need.today).days <= _RUSH_DAYS:
        hinted.append(Willingness.RUSH)
    wanted = set(hinted)
    return len(wanted & offer.willingness) / len(wanted) if wanted else NEUTRAL


def public_signal(demand: Demand, offer: Offer) -> float:
    """1 for a public facility when one is asked for; neutral otherwise."""
    if not demand.wants_public:
        return NEUTRAL
    return 1.0 if offer.firm.public_facility else 0.0


_SIMPLE: Mapping[str, Callable[[Demand, Offer], float]] = {
    "material": material_signal,
    "size": size_signal,
    "lot_floor": lot_floor,
    "lot_ceiling": lot_ceiling,
    "tolerance": tolerance_signal,
    "capacity": capacity_signal,
    "manner": manner,
    "public": public_signal,
}
SIGNALS: tuple[str, ...] = ("process", "centrality", "dense", "lexical", *_SIMPLE, "certainty")
