"""What a firm offers, as read once from its profile and its own words. All values are frozen."""

from dataclasses import dataclass, field
from enum import StrEnum

from matching.types import Equipment, FirmProfile
from matching.understanding.firm_clauses import Stance
from matching.understanding.measures import Measure
from matching.understanding.uses import OnlyUses

# The place in a route (Process.stage) where measuring and testing begin. A machine for these serves a firm's own
# parts first: owning it is not yet an offer.
INSPECTION_STAGE = 80


class Source(StrEnum):
    """Where an offered process comes from; the list a firm declares weighs more than a machine it owns."""

    LISTED = "listed"
    EQUIPMENT = "equipment"
    TEXT = "text"


class Willingness(StrEnum):
    """What a firm says about the way it likes to work, besides what it can do."""

    ONE_OFF = "one_off"
    NO_DRAWING = "no_drawing"
    PROTOTYPE = "prototype"
    RUSH = "rush"
    GUIDANCE = "guidance"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class OfferedProcess:
    """A process with the words it came from. `rank` counts from 0 in the order the firm lists its processes."""

    process_id: str
    source: Source
    words: str
    rank: int = 0
    # Done only on parts the firm makes itself (「自社で打った品のみ」).
    own_parts_only: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine, what it is for, and the work it takes."""

    equipment: Equipment
    process_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferedMaterial:
    """One entry of the firm's list; `thin_only` and `bar_only` are its own reservations."""

    words: str
    material_ids: tuple[str, ...]
    thin_only: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something a firm says it does not do, does unwillingly, or passes on to others.

    `joint` means that only the combination is refused: 「アルミのろう付けは未対応」 leaves both aluminium and
    brazing open for other pairs.
    """

    stance: Stance
    text: str
    process_ids: tuple[str, ...] = ()
    material_ids: tuple[str, ...] = ()
    joint: bool = False
    # First digits of refused alloy series: 「2000系」「七千番」.
    series: tuple[str, ...] = ()
    hardened: bool = False
    hardness_above: float | None = None
    one_off: bool = False
    prototype: bool = False
    small_parts: bool = False
    # The side in millimetres below which a part is too small, where the firm names it.
    smaller_than_mm: float | None = None
    large_parts: bool = False
    loaded_parts: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A firm as the checks see it. Lists are in the firm's own order; boxes are millimetres, largest side first."""

    firm: FirmProfile
    processes: tuple[OfferedProcess, ...] = ()
    machines: tuple[Machine, ...] = ()
    materials: tuple[OfferedMaterial, ...] = ()
    # A list such as 「金属全般」 or 「指定なし」 rules nothing out by silence.
    open_materials: bool = False
    refusals: tuple[Refusal, ...] = ()
    measures: tuple[Measure, ...] = ()
    boxes: tuple[tuple[float, ...], ...] = ()
    certifications: tuple[str, ...] = ()
    full_this_year: bool = False
    lead_days: int | None = None
    willingness: frozenset[Willingness] = field(default_factory=frozenset)
    only_uses: OnlyUses | None = None
