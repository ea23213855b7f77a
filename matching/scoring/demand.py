"""A need prepared once for many firms: what is wanted and how much each part matters, and its special measures."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from matching.scoring.generic import is_minor
from matching.scoring.manners import hinted_manners
from matching.types import Need, ProcessMention
from matching.understanding.measures import MeasureKind, plain, read_measures
from matching.understanding.offer import Willingness
from matching.understanding.uses import told_uses
from matching.vocabulary.materials import find_materials
from matching.vocabulary.processes import is_a, processes

# Places in a route (see Process.stage): shaping and treating a part is the core of a job, checking and packing is not.
FIRST_MAKING_STAGE, FIRST_CHECKING_STAGE = 11, 80
_SIDE_WEIGHT, _IMPLIED_WEIGHT = 0.5, 0.6
_PUBLIC = re.compile(
    r"公設|公的|公共の|区の施設|都の施設|試験場|産技研|機械を借り|自分で(?:測|使|操作|加工)|時間貸し"
    r"|public lab|public facilit|rent the machine",
    re.IGNORECASE,
)
_SUPPLIED_HARD = re.compile(r"焼入れ(?:済|後)|焼き入れ(?:済|後)|焼きの入った|hardened", re.IGNORECASE)
_THIN_LIMIT_MM = 6.0
_GRINDING_TOLERANCE_MM = 0.02
_SHEET_MM = 4.5
_ROUND_WORDS = re.compile(
    r"[φΦø⌀]|[直外口胴半]径|差し渡し|さしわたし|(?<![角縁端]を)(?<![角縁端]が)(?<![角縁端]は)丸|円(?!滑|で|を|以)|軸|シャフト|筒|管|パイプ|リング|輪|棒|ノブ|つまみ|コップ|グラス|瓶|ボトル|"
    r"缶|椀|鍋|釜|皿|球|ローラ|ピン(?!ク|ト)|ブッシュ|コマ|歯車|ギヤ|ギア|ホイール|レンズ|コイン|メダル|ドーム|ランプシェード|"
    r"\bdia|round|across|shaft|cylind|tube|pipe|ring|rod|knob|disc|disk|wheel|roller|pin\b|bush|gear|bowl|cup|dome|lens",
    re.IGNORECASE,
)


_ACROSS = re.compile(r"直径|外径|さしわたし|差し渡し|太さ|径\s?\d|φ|diameter|\bdia\b|across")
_ROUNDED = re.compile(r"丸[いくみ棒物]|まる[いく]|円[柱筒]|\bround\b|cylind")
_SHEET = re.compile(r"板|薄|シート|プレート|箔|フィルム|sheet|plate|\bthin|\bfilm|foil|label|ラベル|シール|パッキン")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A process the job needs. `core` ones decide whether a firm comes into question at all."""

    process_id: str
    weight: float
    core: bool
    named: bool = True
    # Suggested by the shape or the material alone, without a word of the text.
    hunch: bool = False


@dataclass(frozen=True)
class Demand:
    """The need with everything derived from it that does not depend on the firm.

    `sides` are the stated lengths, largest first; `round_mm` is (diameter, length) of a part given as a round one.
    """

    need: Need
    wanted: tuple[Wanted, ...] = ()
    refused: tuple[str, ...] = ()
    material: str | None = None
    material_ids: tuple[str, ...] = ()
    sides: tuple[float, ...] = ()
    round_mm: tuple[float, float] | None = None
    measures: Mapping[MeasureKind, float] = field(default_factory=dict)
    wants_public: bool = False
    manners: frozenset[Willingness] = frozenset()
    uses: frozenset[str] = frozenset()

    @cached_property
    def core(self) -> tuple[Wanted, ...]:
        return tuple(w for w in self.wanted if w.core)

    @cached_property
    def shape(self) -> str:
        """ "round", "flat" or "box" as the size tells it; "" where it tells nothing."""
        return _shape(self.sides, self.round_mm, self.need.text)

    @cached_property
    def thickness(self) -> float | None:
        """Thickness of the stock where it is stated, else of a part that is itself thin."""
        if MeasureKind.THICKNESS in self.measures:
            return self.measures[MeasureKind.THICKNESS]
        thin = len(self.sides) == 3 and self.sides[2] <= _THIN_LIMIT_MM and self.round_mm is None
        return self.sides[2] if thin else None


def shape_of(need: Need) -> str:
    """The `shape` of the demand, for those who ask for nothing else of it."""
    size = _size(need)
    return _shape(_sides(size), _round(size, need.text), need.text)


def _shape(sides: tuple[float, ...], round_mm: tuple[float, float] | None, text: str) -> str:
    if round_mm:
        return "round"
    if len(sides) < 3:
        return _outline_shape(sides, text)
    return "flat" if sides[2] <= min(_THIN_LIMIT_MM, 0.1 * sides[1]) else "box"


def _outline_shape(sides: tuple[float, ...], text: str) -> str:
    """Of two lengths: 「丸い金物、さしわたし45ミリ」 is turned, unless a sheet is spoken of."""
    if len(sides) < 2:
        return ""
    words = plain(text)
    across = sides[0] == sides[1] and _ACROSS.search(words) and _ROUNDED.search(words)
    return "round" if across and not _SHEET.search(words) else "flat"


def _joined_from_sheet(need: Need, measures: Mapping[MeasureKind, float]) -> tuple[ProcessMention, ...]:
    """A box welded from thin sheet is cut and bent first, though the text speaks of its welds only."""
    thin = measures.get(MeasureKind.THICKNESS, _SHEET_MM + 1.0) <= _SHEET_MM
    boxed = need.size_mm is not None and len(need.size_mm.value) == 3 and min(need.size_mm.value) > _THIN_LIMIT_MM
    named = {m.process_id for m in need.processes if m.process_id in processes()}
    welded = any(is_a(id_, "welding") for id_ in named) and not any(is_a(id_, "sheet_metal") for id_ in named)
    return (ProcessMention("sheet_metal", order=-1),) if thin and boxed and welded else ()


def read_demand(need: Need) -> Demand:
    """What to hold against every firm. Costs one pass over the text."""
    size = _size(need)
    material = need.material.value if need.material else None
    measures = _measures(need.text)
    mentions = (*_joined_from_sheet(need, measures), *need.processes)
    return Demand(
        need=need,
        # A need that was stored with a process this vocabulary no longer has still finds the rest.
        wanted=_wanted(_to_the_point(m, need) for m in mentions if m.process_id in processes()),
        refused=tuple(m.process_id for m in need.refused if m.process_id in processes()),
        material=material,
        material_ids=tuple(hit.material_id for hit in find_materials(material)) if material else (),
        sides=_sides(size),
        round_mm=_round(size, need.text),
        measures=measures,
        manners=hinted_manners(need),
        uses=told_uses(need.text),
        wants_public=bool(_PUBLIC.search(plain(need.text))),
    )


def _to_the_point(mention: ProcessMention, need: Need) -> ProcessMention:
    """「研磨」 means polishing to the eye and grinding on the shop floor: a close tolerance tells which."""
    if _is_hunch(mention) and mention.process_id == "milling" and _round(_size(need), need.text):
        return replace(mention, process_id="turning")
    close = need.tolerance_mm is not None and need.tolerance_mm.value <= _GRINDING_TOLERANCE_MM
    return replace(mention, process_id="grinding") if close and mention.process_id == "polishing" else mention


def _wanted(mentions: Iterable[ProcessMention]) -> tuple[Wanted, ...]:
    """Each process once, the named before the implied; a generic word gives way to the special one it belongs to."""
    named: dict[str, ProcessMention] = {}
    for mention in sorted(mentions, key=lambda m: (m.implied, m.order)):
        named.setdefault(mention.process_id, mention)
    kept = _without_hunches(
        [m for id_, m in named.items() if not any(other != id_ and is_a(other, id_) for other in named)]
    )
    core = _core_ids(kept)
    return tuple(
        Wanted(m.process_id, _weight(m, m.process_id in core), m.process_id in core, not m.implied, _is_hunch(m))
        for m in kept
    )


def _without_hunches(mentions: list[ProcessMention]) -> list[ProcessMention]:
    """What the shape alone suggests counts only where no words of the text tell of a process that matters."""
    told = [m for m in mentions if not _is_hunch(m) and not is_minor(m.process_id)]
    return [m for m in mentions if not _is_hunch(m)] if told else mentions


def _is_hunch(mention: ProcessMention) -> bool:
    return mention.implied and not mention.spans


def _core_ids(mentions: list[ProcessMention]) -> set[str]:
    """The named making processes; without any, the implied ones; without those, whatever is wanted."""
    if mentions and all(m.implied for m in mentions) and stage(mentions[0].process_id) >= FIRST_CHECKING_STAGE:
        return {mentions[0].process_id}
    making = [m for m in mentions if FIRST_MAKING_STAGE <= stage(m.process_id) < FIRST_CHECKING_STAGE]
    main = [m for m in making if not is_minor(m.process_id)]
    named = [m for m in main if not m.implied]
    return {m.process_id for m in named or main or making or mentions}


def _weight(mention: ProcessMention, core: bool) -> float:
    return (1.0 if core else _SIDE_WEIGHT) * (_IMPLIED_WEIGHT if mention.implied else 1.0)


def stage(process_id: str) -> int:
    return processes()[process_id].stage


def _size(need: Need) -> tuple[float, ...]:
    return need.size_mm.value if need.size_mm else ()


def _sides(size: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted((side for side in size if side), reverse=True))


def _round(size: tuple[float, ...], text: str) -> tuple[float, float] | None:
    """A part written as [φ, φ, length] has two lengths alike; so has a square box that nobody calls round."""
    if len(size) != 3 or size[0] != size[1] or not _ROUND_WORDS.search(text):
        return None
    return size[0], size[2]


def _measures(text: str) -> dict[MeasureKind, float]:
    """The demanding end of each kind: the largest hardness or depth, the smallest of everything else."""
    demanding: dict[MeasureKind, float] = {}
    for measure in read_measures(text):
        value = measure.high if measure.high is not None else measure.low
        if value is not None:
            pick = max if measure.kind in {MeasureKind.HARDNESS, MeasureKind.DEPTH} else min
            demanding[measure.kind] = pick(demanding.get(measure.kind, value), value)
    return demanding


def comes_hardened(demand: Demand) -> bool:
    """Whether the part arrives hard: said so in the text, not merely to be hardened in the job itself."""
    return bool(_SUPPLIED_HARD.search(plain(demand.need.text)))
