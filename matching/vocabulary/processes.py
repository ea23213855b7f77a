"""The processes of Tokyo's small manufacturing: their words, their machines and what can stand in for what.

`din8580` is the group of DIN 8580 (Fertigungsverfahren) or of the part standards DIN 8589, 8593 ... below it, for
those processes that have one. `stage` is the usual place in a route (10 design ... 90 packing), inherited.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from matching.types import Span
from matching.vocabulary.files import load, load_all
from matching.vocabulary.lexicon import Found, Lexicon, longest
from matching.vocabulary.normalise import normalise

# A firm that names only the generic process may well do the special one, but each step away needs asking more.
_PARENT, _GRANDPARENT = 0.7, 0.5
# Shops share their clauses and lists, so what is this short is read once for all of them.
_CLAUSE = 120


@dataclass(frozen=True, slots=True)
class Process:
    """A process of making, testing or designing. `parent` is "" at the top."""

    id: str
    ja: str
    en: str
    parent: str = ""
    # Terms a person of the trade uses; `cues` are the words of people who do not know the term.
    spellings: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    din8580: str = ""
    stage: int = 0
    # Traits the material must have ("conductive" for spark erosion); see Material.traits.
    needs: tuple[str, ...] = ()
    # Other processes a shop with this one can do as well, and how sure that is (0..1).
    can_do: Mapping[str, float] = field(default_factory=dict)
    # A heading of the tree, not something anybody orders.
    heading: bool = False


@dataclass(frozen=True, slots=True)
class ProcessHit:
    process_id: str
    span: Span
    cue: bool


@cache
def processes() -> Mapping[str, Process]:
    """Every process by its id, in the order of the data files."""
    raw = {entry["id"]: entry for entry in load_all("processes")}
    return MappingProxyType({id_: _process(raw, id_) for id_ in raw})


def _process(raw: Mapping[str, dict[str, Any]], id_: str) -> Process:
    entry = raw[id_]
    return Process(
        id=id_,
        ja=entry["ja"],
        en=entry["en"],
        parent=entry.get("parent", ""),
        spellings=tuple(map(str, entry.get("words", ()))),
        cues=tuple(map(str, entry.get("cues", ()))),
        machines=tuple(map(str, entry.get("machines", ()))),
        din8580=str(_inherited(raw, id_, "din8580", "")),
        stage=int(_inherited(raw, id_, "stage", 0)),
        needs=tuple(_inherited(raw, id_, "needs", ())),
        can_do=MappingProxyType(dict(entry.get("can_do", {}))),
        heading=bool(entry.get("heading", False)),
    )


def _inherited(raw: Mapping[str, dict[str, Any]], id_: str, key: str, default: Any) -> Any:  # noqa: ANN401
    while id_:
        if key in raw[id_]:
            return raw[id_][key]
        id_ = raw[id_].get("parent", "")
    return default


@dataclass(frozen=True, slots=True)
class _Entry:
    process_id: str
    cue: bool


@cache
def _lexicon() -> Lexicon[_Entry | None]:
    return Lexicon(_entries())


def _entries() -> Iterator[tuple[str, _Entry | None]]:
    # Words that only look like a process ("プレスリリース"): the longest word wins, and these win for nobody.
    yield from ((word, None) for word in load("not_words")["processes"])
    owners: dict[str, set[str]] = {}
    for process in processes().values():
        if not process.heading:
            yield from ((w, _Entry(process.id, cue=False)) for w in (process.ja, process.en, *process.spellings))
        yield from ((w, _Entry(process.id, cue=True)) for w in process.cues)
        for machine in process.machines:
            owners.setdefault(machine, set()).add(process.id)
    for machine, ids in owners.items():
        if len(ids) == 1:
            yield machine, _Entry(next(iter(ids)), cue=False)


@cache
def _machines() -> Lexicon[str]:
    return Lexicon((word, p.id) for p in processes().values() for word in p.machines)


@cache
def _not_words() -> Lexicon[str]:
    return Lexicon((word, word) for word in load("not_words")["processes"])


def misleading(text: str) -> tuple[Span, ...]:
    """The places of words that only look like a process: figures of speech, and people of a trade."""
    folded = normalise(text)
    return tuple(folded.span(found.start, found.end) for found in _not_words().search(folded))


def find_processes(text: str) -> tuple[ProcessHit, ...]:
    """The processes a text speaks of, in its order; the longest wording wins and none overlap."""
    return _of_clause(text) if len(text) <= _CLAUSE else _find(text)


@lru_cache(maxsize=16384)
def _of_clause(text: str) -> tuple[ProcessHit, ...]:
    return _find(text)


def _find(text: str) -> tuple[ProcessHit, ...]:
    folded = normalise(text)
    return tuple(
        ProcessHit(found.value.process_id, folded.span(found.start, found.end), found.value.cue)
        for found in longest(_terms_first([*_lexicon().everything(folded)]))
        if found.value
    )


def _terms_first(found: list[Found[_Entry | None]]) -> list[Found[_Entry | None]]:
    """Drop the lay wordings that cut into a term: 「貼り箱に入れて」 tells of a box, not of packing.

    A lay wording that holds a whole term stays, and wins by its length.
    """
    terms = _Neighbours(f for f in found if not (f.value and f.value.cue))
    lay = (f for f in found if f.value and f.value.cue)
    cues = _Neighbours(f for f in lay if not any(_cuts(f, term) for term in terms.around(f)))
    return [*terms.found, *(f for f in cues.found if not any(_says_it_shorter(o, f) for o in cues.around(f)))]


class _Neighbours:
    """What was found, by place: asking only for what can touch a wording keeps a long text linear."""

    def __init__(self, found: Iterable[Found[_Entry | None]]) -> None:
        self.found = sorted(found, key=lambda f: f.start)
        self._starts = [f.start for f in self.found]
        self._longest = max((f.end - f.start for f in self.found), default=0)

    def around(self, wording: Found[_Entry | None]) -> list[Found[_Entry | None]]:
        first = bisect_left(self._starts, wording.start - self._longest)
        return self.found[first : bisect_left(self._starts, wording.end)]


def _says_it_shorter(other: Found[_Entry | None], cue: Found[_Entry | None]) -> bool:
    """Whether fewer words of the same wording name the same process already; the gap then swallows nothing else."""
    if cue.weight == cue.end - cue.start:
        return False
    within = cue.start <= other.start and other.end <= cue.end and other.end - other.start < cue.end - cue.start
    return within and bool(other.value and cue.value and other.value.process_id == cue.value.process_id)


def _cuts(cue: Found[_Entry | None], term: Found[_Entry | None]) -> bool:
    overlap = cue.start < term.end and term.start < cue.end
    return overlap and not cue.start <= term.start < term.end <= cue.end


@lru_cache(maxsize=4096)
def machine_processes(kind: str) -> tuple[str, ...]:
    """What a machine of this kind ("プレスブレーキ", "ワイヤ放電加工機") is for; its name may name the process too."""
    folded = normalise(kind)
    everything = [*_machines().everything(folded)]
    most = max((f.weight for f in everything), default=0)
    by_machine = [f.value for f in everything if f.weight == most]
    return tuple(dict.fromkeys(by_machine)) or tuple(dict.fromkeys(h.process_id for h in find_processes(kind)))


@lru_cache(maxsize=4096)
def lineage(process_id: str) -> tuple[str, ...]:
    """The process and its ancestors, nearest first. Raises KeyError for an unknown id."""
    known, chain = processes(), [process_id]
    while parent := known[chain[-1]].parent:
        chain.append(parent)
    return tuple(chain)


def is_a(child: str, ancestor: str) -> bool:
    """Whether `child` is `ancestor` or a specialisation of it. Raises KeyError for an unknown child."""
    return ancestor in lineage(child)


@lru_cache(maxsize=4096)
def able(wanted: str) -> Mapping[str, float]:
    """The processes by which a shop can do the wanted one, and how surely, above 0 and up to 1.

    1 for the process itself or a specialisation of it; less for a generic process, or one that is declared to stand
    in for it. Raises KeyError for an unknown id.
    """
    sure = _by_name(wanted)
    stand_ins = [(offered, weight * sure[other]) for offered, other, weight in _can_do() if other in sure]
    for offered, weight in stand_ins:
        sure[offered] = max(sure.get(offered, 0.0), weight)
    return MappingProxyType(sure)


def affinity(wanted: str, offered: str) -> float:
    """How surely a shop offering one process can do another, 0..1: see `able`."""
    return able(wanted).get(offered, 0.0)


def _by_name(wanted: str) -> dict[str, float]:
    """The wanted process and all below it, then the generic ones above it that somebody orders."""
    known, above = processes(), enumerate(lineage(wanted))
    generic = {id_: _PARENT if steps == 1 else _GRANDPARENT for steps, id_ in above if not known[id_].heading}
    return generic | {id_: 1.0 for id_ in known if is_a(id_, wanted)}


@cache
def _can_do() -> tuple[tuple[str, str, float], ...]:
    """Each process, one that a shop can do besides by it or by those above it, and how surely."""
    known = processes()
    return tuple((id_, other, sure) for id_ in known for up in lineage(id_) for other, sure in known[up].can_do.items())
