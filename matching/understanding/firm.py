"""From a firm's profile to what it offers: its declared lists, its machines, and the reservations in its own words."""

import re
from collections.abc import Iterable, Iterator, Mapping

from matching.types import FirmProfile
from matching.understanding import firm_phrases
from matching.understanding.firm_clauses import Clause, Stance, read_clauses
from matching.understanding.firm_materials import named_materials
from matching.understanding.measures import MeasureKind, plain, read_measures
from matching.understanding.offer import (
    INSPECTION_STAGE,
    Machine,
    Offer,
    OfferedMaterial,
    OfferedProcess,
    Refusal,
    Source,
)
from matching.understanding.uses import only_uses
from matching.vocabulary.certifications import find_certifications
from matching.vocabulary.materials import MaterialHit, families, find_materials
from matching.vocabulary.processes import (
    ProcessHit,
    able,
    find_processes,
    is_a,
    machine_processes,
    processes,
)

_OPEN_LIST = re.compile(r"全般|指定なし|問わ|いろいろ|各種|なんでも|何でも|応相談|any\b|various", re.IGNORECASE)
_THIN = re.compile(r"薄(?:物|板|い)")
_OWN_PARTS = re.compile(r"(?:自社|当社|弊社)(?:で|の)?[^、。]{0,10}(?:品|製品|部品|もの|物)?(?:のみ|だけ|限定|に限)")
_CAN = re.compile(
    r"対応|可能|可$|でき(?:ます|る)|自社|社内|やっています|あります|あり$|承(?:り|って)|いたします|します|行(?:い|って)|請け|受け|まで|も$|offer|in-house"
)
_SERIES = re.compile(r"([1-8一二三四五六七八])(?:000|千)(?:番|系)")
_SERIES_DIGITS = dict(zip("一二三四五六七八", "12345678", strict=True))
_HARDENED = re.compile(r"焼入れ?(?:後|済|材|鋼|品)|焼き入れ(?:後|済|材)|焼きの入った|高硬度|hardened", re.IGNORECASE)
_ONE_OFF = re.compile(r"一品|単品|一個だけ|1個だけ|一点物|現物一個|1点だけ|single piece|one-off", re.IGNORECASE)
_PROTOTYPE = re.compile(r"試作")
_SMALL = re.compile(
    r"小さ(?:い|な)|ちいさ(?:い|な)|チイサ(?:イ|ナ)|小物|手に乗る|手のひら|細かい(?:もの|物|部品)|small parts",
    re.IGNORECASE,
)
_SMALLER_THAN = re.compile(
    r"(?P<side>\d{1,5})\s?(?:mm|ミリ|(?P<cm>cm|センチ))?\s?(?:角|カク|かく|四方)?\s?"
    r"(?:以下|未満|(?:より|ヨリ)も?\s?(?:小|ちい|チイ))",
    re.IGNORECASE,
)
_LARGE = re.compile(r"大物|大板|大きい|大きな|大型|large parts", re.IGNORECASE)
_LOADED = re.compile(r"力のかかる|強度(?:が|の)|機能部品|荷重")


def read_firm(firm: FirmProfile) -> Offer:
    """Everything the checks need to know of a firm, read once. Never raises: what is not understood is left open."""
    clauses = read_clauses(firm.text)
    machines = tuple(Machine(e, machine_processes(e.kind)) for e in firm.equipment)
    refusals = tuple(_refusals(clauses, firm))
    return Offer(
        firm=firm,
        processes=tuple(_offered(firm, machines, clauses, refusals)),
        machines=machines,
        materials=tuple(_offered_material(words) for words in firm.materials),
        open_materials=any(_OPEN_LIST.search(words) for words in firm.materials),
        refusals=refusals,
        measures=read_measures(firm.text) + tuple(m for words in firm.materials for m in read_measures(words)),
        boxes=firm_phrases.boxes(firm.text),
        certifications=_certifications(firm, clauses),
        full_this_year=firm_phrases.full_this_year(firm.text),
        lead_days=firm_phrases.lead_days(firm.text),
        willingness=firm_phrases.willingness(firm.text),
        only_uses=only_uses(firm.text),
    )


def _offered(
    firm: FirmProfile, machines: Iterable[Machine], clauses: Iterable[Clause], refusals: Iterable[Refusal]
) -> Iterator[OfferedProcess]:
    """Listed processes first, then what machines add, then what the words add; each process once."""
    own_only = set(_own_parts_only(plain(firm.text)))
    away = {id_ for r in refusals if not r.material_ids and not r.joint for id_ in r.process_ids}
    seen: set[str] = set()
    for offer in (*_listed(firm), *_by_machine(machines), *_by_words(clauses)):
        refused = offer.source is not Source.LISTED and any(is_a(offer.process_id, id_) for id_ in away)
        if offer.process_id in seen or refused:
            continue
        seen.add(offer.process_id)
        limited = any(is_a(offer.process_id, id_) for id_ in own_only)
        yield OfferedProcess(offer.process_id, offer.source, offer.words, offer.rank, own_parts_only=limited)


def _listed(firm: FirmProfile) -> Iterator[OfferedProcess]:
    for rank, words in enumerate(firm.processes):
        for hit in find_processes(words):
            yield OfferedProcess(hit.process_id, Source.LISTED, words, rank)


def _by_machine(machines: Iterable[Machine]) -> Iterator[OfferedProcess]:
    for machine in machines:
        for id_ in machine.process_ids:
            if processes()[id_].stage < INSPECTION_STAGE:
                yield OfferedProcess(id_, Source.EQUIPMENT, machine.equipment.kind, rank=9)


def _by_words(clauses: Iterable[Clause]) -> Iterator[OfferedProcess]:
    for clause in clauses:
        if clause.stance is Stance.DONE:
            for hit in find_processes(clause.scope):
                if not hit.cue and (_CAN.search(clause.scope) or hit.span.text == clause.scope):
                    yield OfferedProcess(hit.process_id, Source.TEXT, hit.span.text, rank=9)


def _own_parts_only(text: str) -> Iterator[str]:
    """Processes right before a remark that they serve the firm's own parts only."""
    for match in _OWN_PARTS.finditer(text):
        start = max(text.rfind(mark, 0, match.start()) for mark in "。\n") + 1
        yield from (hit.process_id for hit in find_processes(text[start : match.start()])[-2:])


def _offered_material(words: str) -> OfferedMaterial:
    ids = tuple(dict.fromkeys(hit.material_id for hit in named_materials(words)))
    return OfferedMaterial(words, ids, thin_only=bool(_THIN.search(words)))


def _certifications(firm: FirmProfile, clauses: Iterable[Clause]) -> tuple[str, ...]:
    """Listed certificates as written, and those named in the words without being denied."""
    told = (hit.name for c in clauses if c.stance is Stance.DONE for hit in find_certifications(c.scope))
    return tuple(dict.fromkeys([*firm.certifications, *told]))


def _refusals(clauses: Iterable[Clause], firm: FirmProfile) -> Iterator[Refusal]:
    listed = {hit.process_id for words in firm.processes for hit in find_processes(words)}
    worked = {hit.material_id for words in firm.materials for hit in find_materials(words)}
    for clause in clauses:
        if clause.stance is not Stance.DONE:
            yield from _refusal(clause, listed, worked)


def _refusal(clause: Clause, listed: set[str], worked: set[str]) -> Iterator[Refusal]:
    scope = clause.scope
    found, materials = _processes_in(scope), named_materials(scope)
    joint = _is_joint(scope, found, materials)
    # What a firm lists, by itself or in this material, is not refused as such: the clause speaks of a special case.
    own = not joint or any(h.material_id in families(id_) for h in materials for id_ in worked)
    hits = tuple(dict.fromkeys(h.process_id for h in found if not (own and _any_is(listed, h.process_id))))
    hardness = [m for m in read_measures(scope) if m.kind is MeasureKind.HARDNESS]
    refusal = Refusal(
        stance=clause.stance,
        text=clause.text,
        process_ids=hits,
        material_ids=tuple(dict.fromkeys(h.material_id for h in materials)),
        joint=joint,
        series=tuple(_SERIES_DIGITS.get(d, d) for d in _SERIES.findall(scope)),
        hardened=bool(_HARDENED.search(scope)),
        hardness_above=hardness[0].low if hardness else None,
        smaller_than_mm=_smallest_side(scope),
        **_qualities(scope),
    )
    if refusal != Refusal(refusal.stance, refusal.text):
        yield refusal


def _smallest_side(scope: str) -> float | None:
    """「200角より小さい物」: the side below which a part is not taken."""
    match = _SMALLER_THAN.search(scope)
    return float(match["side"]) * (10.0 if match["cm"] else 1.0) if match else None


def _any_is(listed: Iterable[str], process_id: str) -> bool:
    return any(is_a(id_, process_id) for id_ in listed)


def _qualities(scope: str) -> Mapping[str, bool]:
    return {
        "one_off": bool(_ONE_OFF.search(scope)),
        "prototype": bool(_PROTOTYPE.search(scope)),
        "small_parts": bool(_SMALL.search(scope)),
        "large_parts": bool(_LARGE.search(scope)),
        "loaded_parts": bool(_LOADED.search(scope)),
    }


def _processes_in(scope: str) -> tuple[ProcessHit, ...]:
    """Processes a refusal names. Hardening named as a state of the part (「焼入れ材」) is none."""
    return tuple(h for h in find_processes(scope) if not _HARDENED.match(scope[h.span.start :]))


def _is_joint(scope: str, found: tuple[ProcessHit, ...], materials: tuple[MaterialHit, ...]) -> bool:
    """Whether a material qualifies the process that follows it: 「アルミのろう付け」, not 「革と縫製」."""
    for material in materials:
        for hit in found:
            between = scope[material.span.end : hit.span.start]
            if material.span.end <= hit.span.start and re.search(r"の|へ|に", between + "の" * (not between)):
                return True
    return False


def centrality(offer: Offer, process_id: str) -> float:
    """How much a process is a firm's own trade (1) rather than a side line (towards 0), by its listed order.

    A firm of one trade scores 1; with n listed processes the k-th from the front loses up to a third.
    """
    best, by = 0.0, able(process_id)
    count = max(1, len(offer.firm.processes))
    for offered in offer.processes:
        if offered.source is Source.LISTED:
            place = 1.0 - offered.rank / (3.0 * count) if count > 1 else 1.0
            best = max(best, place * by.get(offered.process_id, 0.0))
    return best
