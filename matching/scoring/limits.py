"""Plain limits: tolerance, quantity, certificates, and the special measures of a trade."""

from collections.abc import Callable, Iterator, Mapping

from matching.scoring.demand import Demand, comes_hardened
from matching.scoring.size import smallest_diameter
from matching.scoring.wording import ask, no, number, ok
from matching.types import Aspect, Check, Phrase
from matching.understanding.firm_clauses import Stance
from matching.understanding.measures import Measure, MeasureKind
from matching.understanding.offer import Offer
from matching.understanding.uses import use_name
from matching.vocabulary.certifications import holds, is_of_goods

_ROUNDING = 1e-6
_FEW = 3


def tolerance_check(demand: Demand, offer: Offer) -> Check | None:
    """`None` where the request states no tolerance."""
    if demand.need.tolerance_mm is None:
        return None
    wanted, held = demand.need.tolerance_mm.value, offer.firm.tolerance_mm
    if held is None:
        fact = Phrase("精度は登録がない", "No accuracy on file")
        return ask(
            Aspect.TOLERANCE, fact, Phrase(f"±{number(wanted)} は守れますか。", f"Can you hold ±{number(wanted)}?")
        )
    if held > wanted * (1 + _ROUNDING):
        return no(
            Aspect.TOLERANCE,
            f"±{number(held)} まで（必要 ±{number(wanted)}）",
            f"Holds ±{number(held)}, ±{number(wanted)} needed",
        )
    return ok(
        Aspect.TOLERANCE,
        f"精度 ±{number(held)}（必要 ±{number(wanted)}）",
        f"Holds ±{number(held)} (±{number(wanted)} needed)",
    )


def quantity_check(demand: Demand, offer: Offer) -> Check | None:
    """`None` where the request states no quantity."""
    if demand.need.quantity is None:
        return None
    wanted, low, high = demand.need.quantity.value, offer.firm.lot_min, offer.firm.lot_max
    if low is not None and wanted < low:
        return no(
            Aspect.QUANTITY, f"{low:,}個から（あと{low - wanted:,}個）", f"From {low:,} pieces, {low - wanted:,} more"
        )
    if high is not None and wanted > high:
        return no(
            Aspect.QUANTITY,
            f"{high:,}個まで（{wanted - high:,}個多い）",
            f"Up to {high:,} pieces, {wanted - high:,} too many",
        )
    if declined := _declines_few(wanted, offer):
        question = Phrase(f"{wanted:,}個でも受けられますか。", f"Would you take {wanted:,} pieces?")
        return ask(Aspect.QUANTITY, Phrase(f"「{declined}」", "Prefers larger lots"), question)
    if low is None and high is None:
        question = Phrase(f"{wanted:,}個は受けられますか。", f"Would you take {wanted:,} pieces?")
        return ask(Aspect.QUANTITY, Phrase("数量の範囲は登録がない", "No lot range on file"), question)
    return ok(Aspect.QUANTITY, f"{_lots(low, high)}（必要 {wanted:,}個）", f"Takes {wanted:,} pieces")


def _lots(low: int | None, high: int | None) -> str:
    return f"{low or 1:,}〜{high:,}個" if high is not None else f"{low or 1:,}個から"


def _declines_few(wanted: int, offer: Offer) -> str | None:
    few = (r.text for r in offer.refusals if r.one_off and wanted <= _FEW)
    return next(few, None)


def certification_check(demand: Demand, offer: Offer) -> Check | None:
    """`None` where the request asks for no certificate. A certificate that is not listed is not held.

    What is about the goods of one delivery (RoHS) no firm lists: it is asked.
    """
    wanted = demand.need.certifications.value if demand.need.certifications else ()
    if not wanted:
        return None
    missing = [name for name in wanted if not holds(offer.certifications, name)]
    if missing and all(map(is_of_goods, missing)):
        names = "、".join(missing)
        question = Phrase(f"{names} の証明を付けられますか。", f"Can you certify {', '.join(missing)}?")
        return ask(Aspect.CERTIFICATION, Phrase(f"{names} は納品ごとに確かめる", "Shown with each delivery"), question)
    if missing:
        names = "、".join(missing)
        return no(Aspect.CERTIFICATION, f"{names} の登録がない", f"No {', '.join(missing)} on file")
    return ok(Aspect.CERTIFICATION, f"{'、'.join(wanted)} を持つ", f"Holds {', '.join(wanted)}")


def use_check(demand: Demand, offer: Offer) -> Check | None:
    """`None` unless the firm works for some uses only. A request that tells no use at all is asked for it."""
    only = offer.only_uses
    if only is None:
        return None
    ja = "・".join(use_name(id_).ja for id_ in only.ids)
    en = " and ".join(use_name(id_).en for id_ in only.ids)
    if demand.uses & set(only.ids):
        return ok(Aspect.EXCLUSION, f"{ja}の仕事を受けている（「{only.text}」）", f"Takes on work for {en}")
    if demand.uses:
        return no(Aspect.EXCLUSION, f"{ja}以外は受けていない（「{only.text}」）", f"Works for {en} only")
    fact = Phrase(f"{ja}以外は受けていない（「{only.text}」）", f"Works for {en} only")
    return ask(Aspect.EXCLUSION, fact, Phrase("何に使うものか、うかがえますか。", "What will it be used for?"))


_MEASURE_NAMES: Mapping[MeasureKind, tuple[str, str]] = {
    MeasureKind.MODULE: ("モジュール", "module"),
    MeasureKind.HOLE: ("穴径", "hole diameter"),
    MeasureKind.BORE: ("内径", "bore"),
    MeasureKind.WIRE: ("線径", "wire diameter"),
    MeasureKind.WIRE_SECTION: ("電線の太さ", "wire section"),
    MeasureKind.THICKNESS: ("厚み", "thickness"),
    MeasureKind.SCREW: ("ねじの呼び M", "screw size M"),
}


def measure_checks(demand: Demand, offer: Offer) -> Iterator[Check]:
    """One check for each special measure that both sides state; what only one side states is no condition."""
    for kind, (ja, en) in _MEASURE_NAMES.items() if offer.measures else ():
        value = demand.thickness if kind is MeasureKind.THICKNESS else demand.measures.get(kind)
        if value is None:
            continue
        if ranges := [m for m in offer.measures if m.kind is kind and is_range(m)]:
            yield _measure_check(value, ranges, ja, en)
    yield from filter(None, (check(demand, offer) for check in _SPECIAL))


def is_range(measure: Measure) -> bool:
    """A single figure in a firm's words is an example, not a limit."""
    return measure.low != measure.high


def _measure_check(value: float, ranges: list[Measure], ja: str, en: str) -> Check:
    fitting = [m for m in ranges if m.holds(value)]
    text = (fitting or ranges)[0].text
    if fitting:
        return ok(
            Aspect.SIZE, f"{text}（必要 {number(value)}）", f"{en.capitalize()} {number(value)} is within its range"
        )
    return no(
        Aspect.SIZE,
        f"{ja} {number(value)} は範囲外（「{text}」）",
        f"{en.capitalize()} {number(value)} is outside its range",
    )


def _thin_round(demand: Demand, offer: Offer) -> Check | None:
    smallest = smallest_diameter(offer)
    if demand.round_mm is None or smallest is None or smallest.low is None:
        return None
    if demand.round_mm[0] >= smallest.low:
        return None
    wanted = number(demand.round_mm[0])
    return no(Aspect.SIZE, f"φ{wanted} は細すぎる（「{smallest.text}」）", f"φ{wanted} is below its range")


def _too_short(demand: Demand, offer: Offer) -> Check | None:
    """Shops for long work say from which length on they are one."""
    least = [m for m in offer.measures if m.kind is MeasureKind.LENGTH and m.low is not None and is_range(m)]
    if not least or not demand.sides:
        return None
    length = demand.round_mm[1] if demand.round_mm else demand.sides[0]
    if length >= min(m.low or 0.0 for m in least):
        return None
    return no(Aspect.SIZE, f"長さ {number(length)} は短すぎる（「{least[0].text}」）", "Shorter than it takes")


def _too_hard(demand: Demand, offer: Offer) -> Check | None:
    hardness = demand.measures.get(MeasureKind.HARDNESS)
    for refusal in offer.refusals:
        limit = refusal.hardness_above
        beyond = limit is None or hardness is None or hardness > limit
        if refusal.hardened and refusal.stance is Stance.REFUSED and comes_hardened(demand) and beyond:
            return no(Aspect.EXCLUSION, f"焼入れ材は受けていない（「{refusal.text}」）", "Does not take hardened parts")
    return None


_SPECIAL: tuple[Callable[[Demand, Offer], Check | None], ...] = (_thin_round, _too_short, _too_hard)
