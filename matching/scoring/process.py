"""Can this firm do the operations of the job, in its own house?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from matching.scoring.demand import Demand, Wanted
from matching.scoring.generic import is_minor, is_narrow
from matching.scoring.material import within
from matching.scoring.wording import ask, enumerated, no, ok
from matching.types import Aspect, Check, Phrase
from matching.understanding.firm_clauses import Stance
from matching.understanding.offer import Offer, OfferedProcess, Refusal, Source
from matching.vocabulary.processes import able, affinity, is_a, processes

# From this affinity on it is worth asking a firm; below, its process is merely of the same trade.
RELATED = 0.5
# How sure an offer is by where it was read: declared, owned as a machine, or mentioned.
_SOURCE_WEIGHT: Mapping[Source, float] = {Source.LISTED: 1.0, Source.EQUIPMENT: 0.75, Source.TEXT: 0.7}
_PASSED_ON = 0.25
# A word as wide as 「レーザー」 in a refusal means the cutting that a job wants by it.
_SAME = 0.8
# A kind of the wanted trade that does one feature only is no answer to a request for the trade.
_NARROW = 0.4


class Standing(StrEnum):
    """How a firm stands towards one wanted process."""

    IN_HOUSE = "in_house"
    LIKELY = "likely"
    PASSED_ON = "passed_on"
    ABSENT = "absent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ProcessFit:
    """`strength` is 0..1; `offered` the firm's own process it rests on, `text` its words where it declines."""

    wanted: Wanted
    standing: Standing
    strength: float
    offered: OfferedProcess | None = None
    text: str = ""

    @property
    def held(self) -> bool:
        return self.standing is Standing.IN_HOUSE or self.standing is Standing.LIKELY


def process_fits(demand: Demand, offer: Offer) -> tuple[ProcessFit, ...]:
    """One fit per wanted process, in the order of the demand."""
    fits = tuple(_fit(wanted, demand, offer) for wanted in demand.wanted)
    others = {fit.wanted.process_id for fit in fits if fit.held and fit.offered and not fit.offered.own_parts_only}
    return tuple(_only_with_own(fit, others) for fit in fits)


def may_hold(demand: Demand, offer: Offer) -> bool:
    """Whether any wanted process could be `held`: the quick look before `process_fits`, and never stricter than it."""
    akin = [_akin(wanted.process_id, demand.shape) for wanted in demand.wanted]
    return any(o.process_id in ids for ids in akin for o in offer.processes)


@lru_cache(maxsize=4096)
def _akin(wanted: str, shape: str) -> frozenset[str]:
    """The processes by which a shop may hold the wanted one."""
    return frozenset(id_ for id_, sure in relations(wanted, shape).items() if sure >= RELATED)


def _only_with_own(fit: ProcessFit, others: set[str]) -> ProcessFit:
    """What a firm does on its own parts only counts when it makes the part as well."""
    if fit.offered is None or not fit.offered.own_parts_only or others:
        return fit
    return ProcessFit(fit.wanted, Standing.REFUSED, 0.0, fit.offered, "自社で作った品だけ")


def _fit(wanted: Wanted, demand: Demand, offer: Offer) -> ProcessFit:
    declined = _declined(wanted.process_id, demand, offer)
    if declined and declined.stance is not Stance.PASSED_ON:
        return ProcessFit(wanted, Standing.REFUSED, 0.0, None, declined.text)
    best, offered = _best(wanted.process_id, offer, demand.shape)
    if declined:
        return ProcessFit(wanted, Standing.PASSED_ON, _PASSED_ON, None, declined.text)
    if offered is None or best < RELATED or _lacks_machine(wanted.process_id, offered, offer):
        return ProcessFit(wanted, Standing.ABSENT, 0.3 * best, offered)
    return ProcessFit(wanted, Standing.IN_HOUSE if best >= 1.0 else Standing.LIKELY, best, offered)


def _best(process_id: str, offer: Offer, shape: str) -> tuple[float, OfferedProcess | None]:
    # Most of what a shop does has nothing to do with what is wanted: this runs for every firm and is kept short.
    by = relations(process_id, shape)
    known = [(by[o.process_id], o) for o in offer.processes if o.process_id in by]
    if not known:
        return 0.0, offer.processes[0] if offer.processes else None
    related = any(sure >= RELATED for sure, o in known if o.source is Source.LISTED)
    return max([(_worth(sure, o, offer, related=related), o) for sure, o in known], key=_first)


def _first(pair: tuple[float, OfferedProcess]) -> float:
    return pair[0]


def _worth(sure: float, offered: OfferedProcess, offer: Offer, *, related: bool) -> float:
    """How much one offer says about the wanted process, with a listed trade and its machine confirming each other."""
    if sure >= 1.0:
        confirmed = offered.source is Source.EQUIPMENT and related
        return 1.0 if confirmed else _SOURCE_WEIGHT[offered.source]
    if offered.source is not Source.LISTED or _names_kinds_of(offered.process_id, offer):
        return min(sure, _NARROW)
    return sure


def _names_kinds_of(generic: str, offer: Offer) -> bool:
    """A firm that names the kinds it does (zinc, nickel) does not mean the others by the general word."""
    return any(
        o.source is Source.LISTED and o.process_id != generic and is_a(o.process_id, generic) for o in offer.processes
    )


@lru_cache(maxsize=4096)
def relations(wanted: str, shape: str) -> Mapping[str, float]:
    """The processes by which a shop can do another on a part of this shape, and how surely, above 0 and up to 1."""
    by = able(wanted).items()
    return {id_: min(sure, _NARROW) if is_narrow(wanted, id_, shape) else sure for id_, sure in by}


def _declined(process_id: str, demand: Demand, offer: Offer) -> Refusal | None:
    """The clause by which the firm declines this process, hard refusals before those that pass it on."""
    matching = [
        refusal
        for refusal in offer.refusals
        if any(_means(id_, process_id) for id_ in refusal.process_ids)
        and refusal.stance is not Stance.RELUCTANT
        and (not refusal.joint or _concerns(refusal, demand))
    ]
    return min(matching, key=lambda r: r.stance is Stance.PASSED_ON, default=None)


def _means(refused: str, wanted: str) -> bool:
    """Whether refusing one process refuses the other: a kind of it, or what its wide word is used for."""
    if is_a(wanted, refused):
        return True
    return affinity(wanted, refused) >= _SAME and not is_a(refused, wanted)


def _concerns(refusal: Refusal, demand: Demand) -> bool:
    return any(within(wanted, id_) for wanted in demand.material_ids for id_ in refusal.material_ids)


def _lacks_machine(process_id: str, offered: OfferedProcess, offer: Offer) -> bool:
    """A special process that needs a machine of its own is not there when the machine list shows none."""
    if affinity(process_id, offered.process_id) >= 1.0 or not offer.machines or not processes()[process_id].machines:
        return False
    generic, by = is_a(process_id, offered.process_id), able(process_id)
    return generic and not any(by.get(id_, 0.0) >= 1.0 for machine in offer.machines for id_ in machine.process_ids)


def coverage(fits: tuple[ProcessFit, ...]) -> float:
    """Share of the wanted work a firm covers, weighted by how much each part matters; 0 where nothing is wanted."""
    whole = sum([fit.wanted.weight for fit in fits])
    return sum([fit.wanted.weight * fit.strength for fit in fits]) / whole if whole else 0.0


def process_checks(fits: tuple[ProcessFit, ...], arranged: frozenset[str] = frozenset()) -> tuple[Check, ...]:
    """A check for each wanted process.

    `arranged` are the processes that no firm offers together with the rest of the job: for a firm that does
    its part, such a one is something to arrange and not a fault.
    """
    helps = any(fit.held for fit in fits if fit.wanted.core)
    wanted = [fit for fit in fits if not (helps and _goes_without_saying(fit))]
    left = [f for f in wanted if helps and (f.wanted.process_id in arranged or _can_be_arranged(f)) and _is_left_out(f)]
    # One question for all that the firm does not do itself: nobody is asked the same thing three times.
    question = _could_arrange([fit.wanted.process_id for fit in left]) if left else None
    return tuple(_check(fit, question if fit in left else None) for fit in wanted)


def is_shared(firms: Sequence[tuple[ProcessFit, ...]]) -> bool:
    """Whether the core of the job has several parts and none of `firms` holds them all."""
    core = [fit for fit in firms[0] if fit.wanted.core] if firms else []
    return len(core) > 1 and not any(all(fit.held for fit in fits if fit.wanted.core) for fits in firms)


def to_arrange(firms: Sequence[tuple[ProcessFit, ...]]) -> frozenset[str]:
    """The wanted processes that have to be arranged, whichever of `firms` does the rest."""
    if is_shared(firms):
        return frozenset(fit.wanted.process_id for fit in firms[0])
    whole = [fits for fits in firms if all(fit.held for fit in fits if fit.wanted.core)]
    offered = {fit.wanted.process_id for fits in whole for fit in fits if fit.held}
    sides = {fit.wanted.process_id for fits in firms[:1] for fit in fits if not fit.wanted.core}
    return frozenset(sides - offered)


def _goes_without_saying(fit: ProcessFit) -> bool:
    """A small feature, or a side that was only guessed from the text: no reason to trouble anybody with a question."""
    side = fit.standing is Standing.ABSENT and not fit.wanted.core
    return side and (is_minor(fit.wanted.process_id) or not fit.wanted.named)


def _can_be_arranged(fit: ProcessFit) -> bool:
    """A side of the job may be left to others, unless it was asked for by name and takes equipment of its own."""
    special = fit.wanted.named and bool(processes()[fit.wanted.process_id].machines)
    return not fit.wanted.core and not special


def _is_left_out(fit: ProcessFit) -> bool:
    """Whether the firm does not do it itself, as far as it says; what is only a hunch is asked otherwise."""
    if fit.standing in {Standing.IN_HOUSE, Standing.LIKELY}:
        return False
    return not (fit.standing is Standing.ABSENT and fit.wanted.hunch)


def _could_arrange(process_ids: Sequence[str]) -> Phrase:
    known = [names(process_id) for process_id in process_ids]
    ja, en = "・".join(ja for ja, _en in known), enumerated([en for _ja, en in known])
    return Phrase(f"{ja}は、協力先への手配まで頼めますか。", f"Can you arrange {en} through a partner?")


def _check(fit: ProcessFit, arrange: Phrase | None) -> Check:
    """`arrange` is what to ask where the firm may have others do it; without it, that the firm does not is a fault."""
    ja, en = names(fit.wanted.process_id)
    if fit.standing is Standing.IN_HOUSE:
        return _in_house(fit)
    if fit.standing is Standing.LIKELY:
        return _likely(fit)
    said = f"（「{fit.text}」）" if fit.text else ""
    if fit.standing is Standing.ABSENT and fit.wanted.hunch:
        fact = Phrase(f"{ja}とは限らない（依頼文に作り方がない）", "The request does not say how to make it")
        return ask(Aspect.PROCESS, fact, Phrase("どう作るのがよいですか。", "How would you make it?"))
    if fit.standing is Standing.PASSED_ON or arrange:
        fact = Phrase(f"{ja}は自社では行わない{said}", f"Does not do {en} in house")
        return ask(Aspect.PROCESS, fact, arrange) if arrange else no(Aspect.PROCESS, fact.ja, fact.en)
    if fit.standing is Standing.REFUSED:
        return no(Aspect.EXCLUSION, f"{ja}は受けていない{said}", f"Does not take on {en}")
    return no(Aspect.PROCESS, f"{ja}の設備・工程がない", f"Has no process for {en}")


def _in_house(fit: ProcessFit) -> Check:
    ja, en = names(fit.wanted.process_id)
    words = fit.offered.words if fit.offered else ja
    fact = f"{ja}を自社で行う" if words == ja else f"{ja}を自社で行う（{words}）"
    return ok(Aspect.PROCESS, fact, f"Does {en} in house")


def _likely(fit: ProcessFit) -> Check:
    ja, en = names(fit.wanted.process_id)
    words = fit.offered.words if fit.offered else ""
    fact = Phrase(f"{words}はあるが、{ja}とは書いていない", f"Lists related work, but not {en} by name")
    if fit.offered and fit.offered.source is Source.EQUIPMENT:
        fact = Phrase(f"{words}はあるが、{ja}とは書いていない", f"Owns a machine for {en}, but does not list it")
    return ask(Aspect.PROCESS, fact, Phrase(f"{ja}はできますか。", f"Can you do {en}?"))


def names(process_id: str) -> tuple[str, str]:
    process = processes()[process_id]
    return process.ja, process.en
