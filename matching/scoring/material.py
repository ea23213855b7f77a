"""Does the firm work this material?"""

import re

from matching.scoring.demand import Demand
from matching.scoring.wording import ask, no, ok
from matching.types import Aspect, Check, Phrase, Verdict
from matching.understanding.firm_clauses import Stance
from matching.understanding.offer import Offer, OfferedMaterial, Refusal
from matching.vocabulary.materials import covers, families, material_phrase

THIN_MM = 6.0


def within(material_id: str, family_id: str) -> bool:
    """Whether a material is `family_id` or belongs to it."""
    return family_id in families(material_id)


def material_check(demand: Demand, offer: Offer) -> Check | None:
    """`None` where the request names no material."""
    if demand.material is None:
        return None
    if refusal := refusing(demand, offer):
        return _refused(demand.material, refusal)
    entry = _covering(demand, offer)
    if entry:
        return _listed(demand, entry)
    return _unlisted(demand.material, offer)


def refusing(demand: Demand, offer: Offer) -> Refusal | None:
    """The clause that rules the wanted material out by name or family, whatever the process."""
    for refusal in offer.refusals:
        whole = not refusal.joint and refusal.stance is not Stance.RELUCTANT
        if whole and any(_refuses(refusal, want, demand, offer) for want in demand.material_ids):
            return refusal
    return None


def _refuses(refusal: Refusal, wanted: str, demand: Demand, offer: Offer) -> bool:
    """Whether the clause means the wanted material. A firm that lists a grade does not refuse its whole family:
    「二千番のアルミは断っています」 speaks of a part of it.
    """
    if refusal.series:
        symbol = re.search(r"\d", str(demand.material))
        return symbol is not None and symbol.group() in refusal.series and within(wanted, "aluminium")
    meant = [id_ for id_ in refusal.material_ids if within(wanted, id_)]
    listed = {id_ for entry in offer.materials for id_ in entry.material_ids}
    return any(id_ == wanted or not any(within(own, id_) for own in listed) for id_ in meant)


def _refused(material: str, refusal: Refusal) -> Check:
    return no(
        Aspect.MATERIAL,
        f"{material}は受けていない（「{refusal.text}」）",
        f"Does not take on {material_phrase(material).en}",
    )


def _covering(demand: Demand, offer: Offer) -> OfferedMaterial | None:
    wanted = str(demand.material)
    return next((m for m in offer.materials if covers(m.words, wanted) is Verdict.OK), None)


def _listed(demand: Demand, entry: OfferedMaterial) -> Check:
    wanted = str(demand.material)
    english = material_phrase(wanted).en
    thin = demand.thickness is not None and demand.thickness <= THIN_MM
    if entry.thin_only and not thin:
        if not demand.sides:
            fact = Phrase(f"{wanted}は薄い物だけ", f"Takes only thin {english}")
            return ask(Aspect.MATERIAL, fact, Phrase("この厚みは加工できますか。", "Can you work this thickness?"))
        return no(Aspect.MATERIAL, f"{wanted}は薄い物だけ", f"Takes only thin {english}")
    return ok(Aspect.MATERIAL, f"{wanted}を扱う（{entry.words}）", f"Works {english}")


def _unlisted(material: str, offer: Offer) -> Check:
    english = material_phrase(material).en
    question = Phrase(f"{material}は加工できますか。", f"Can you work {english}?")
    if not offer.materials:
        return ask(Aspect.MATERIAL, Phrase("扱う材料は登録がない", "No materials on file"), question)
    if offer.open_materials or _partly_unread(offer):
        return ask(Aspect.MATERIAL, Phrase(f"{material}とは書いていない", f"Does not name {english}"), question)
    return no(Aspect.MATERIAL, f"{material}は扱う材料にない", f"{english} is not among its materials")


def _partly_unread(offer: Offer) -> bool:
    """A list with words the vocabulary does not know cannot rule anything out by silence."""
    return not any(entry.material_ids for entry in offer.materials)


def material_signal(demand: Demand, offer: Offer) -> float:
    """1 for the very word, less for its family or for a family that was wanted, 0 where nothing covers it."""
    if demand.material is None:
        return 0.5
    best = 0.0
    for entry in offer.materials:
        verdict = covers(entry.words, demand.material)
        if verdict is Verdict.OK:
            same = set(entry.material_ids) & set(demand.material_ids)
            best = max(best, 1.0 if same else 0.85)
        elif verdict is Verdict.UNKNOWN:
            best = max(best, 0.3)
    return best
