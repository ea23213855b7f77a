"""Materials by grade and family, as written in requests and in the lists of shops, and which covers which."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from matching.types import Phrase, Span, Verdict
from matching.vocabulary.files import load, load_all
from matching.vocabulary.lexicon import Found, Lexicon, longest
from matching.vocabulary.normalise import fold, normalise

_GRADE = re.compile(r"[a-z]+[ -]?\d+|\d{4}(?=-)")


@dataclass(frozen=True, slots=True)
class Material:
    """A grade or a family of grades. `family` is the id of the next wider family, "" at the top.

    `traits` holds also what it inherits: ferrous, hardenable, carburisable, anodisable, colour_anodisable,
    conductive, weldable, metal, plastic, thermoplastic, magnetic, brittle, flammable ...
    """

    id: str
    ja: str
    en: str
    family: str = ""
    spellings: tuple[str, ...] = ()
    # Everyday names that stay as the person wrote them ("真鍮"), where other spellings give way to `ja`.
    names: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    # A heading such as "金属": covers what is below it, but says nothing when it stands in a request.
    heading: bool = False


@dataclass(frozen=True, slots=True)
class MaterialHit:
    """`as_written` is the word of the text in its presentable form: "SUS304", "A5052", "POM", "真鍮"."""

    material_id: str
    span: Span
    as_written: str


@dataclass(frozen=True, slots=True)
class _Entry:
    material_id: str
    label: str


@cache
def materials() -> Mapping[str, Material]:
    """Every material by its id, in the order of the data files."""
    raw = {entry["id"]: entry for entry in load_all("materials")}
    return MappingProxyType({id_: _material(raw, id_) for id_ in raw})


def _material(raw: Mapping[str, dict[str, Any]], id_: str) -> Material:
    entry = raw[id_]
    return Material(
        id=id_,
        ja=entry["ja"],
        en=entry["en"],
        family=entry.get("family", ""),
        spellings=tuple(map(str, entry.get("words", ()))),
        names=tuple(map(str, entry.get("names", ()))),
        traits=_traits(raw, id_),
        heading=bool(entry.get("heading", False)),
    )


def _traits(raw: Mapping[str, dict[str, Any]], id_: str) -> frozenset[str]:
    """Own traits and those of the families; a trait written `-so` is taken away again."""
    entry = raw[id_]
    inherited = _traits(raw, entry["family"]) if entry.get("family") else frozenset()
    own = set(entry.get("traits", ()))
    return (inherited | {t for t in own if not t.startswith("-")}) - {t[1:] for t in own if t.startswith("-")}


@cache
def _lexicon() -> Lexicon[_Entry | None]:
    return Lexicon(_entries())


def _entries() -> Iterator[tuple[str, _Entry | None]]:
    yield from ((word, None) for word in load("not_words")["materials"])
    for material in materials().values():
        own = _Entry(material.id, material.ja)
        yield from ((word, own) for word in (material.ja, material.en, *material.spellings))
        yield from ((name, _Entry(material.id, name)) for name in material.names)


@cache
def _symbols() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """One pattern for the JIS symbols no table can list in full, and the family behind each of its groups."""
    rows = load("material_symbols")
    alternatives = "|".join(f"({row['pattern']})" for row in rows)
    return re.compile(rf"(?<![a-z0-9])(?:{alternatives})(?![a-z0-9])"), tuple(row["family"] for row in rows)


def _symbol_hits(text: str) -> Iterator[Found[_Entry | None]]:
    pattern, families = _symbols()
    for match in pattern.finditer(text):
        entry = _symbol(match.group(), families[(match.lastindex or 1) - 1])
        yield Found(entry, match.start(), match.end(), len(fold(match.group())))


def _symbol(symbol: str, family: str) -> _Entry:
    """A temper or a shape behind a grade of the table ("A5052-H32") leaves the grade what it is."""
    grade = _GRADE.match(symbol)
    for spelling in (symbol, grade.group() if grade else ""):
        for entry in _lexicon().exact(spelling):
            if entry:
                return entry
    return _Entry(family, symbol.replace(" ", "").upper())


def find_materials(text: str) -> tuple[MaterialHit, ...]:
    """The materials a text speaks of, in its order; the longest wording wins and none overlap.

    Headings such as 「金属」 are left out: they do not say of what a thing shall be made.
    """
    return tuple(hit for hit in _find(text) if not materials()[hit.material_id].heading)


@lru_cache(maxsize=256)
def _find(text: str) -> tuple[MaterialHit, ...]:
    folded = normalise(text)
    found = longest([*_lexicon().everything(folded), *_symbol_hits(folded.text)])
    hits = (MaterialHit(f.value.material_id, folded.span(f.start, f.end), f.value.label) for f in found if f.value)
    lookalikes = load("not_words")["lookalikes"]["materials"]
    return tuple(hit for hit in hits if unicodedata.normalize("NFKC", hit.span.text) not in lookalikes)


@lru_cache(maxsize=4096)
def families(material_id: str) -> tuple[str, ...]:
    """The material and the families above it, nearest first. Raises KeyError for an unknown id."""
    known, chain = materials(), [material_id]
    while family := known[chain[-1]].family:
        chain.append(family)
    return tuple(chain)


@lru_cache(maxsize=65536)
def covers(offered: str, wanted: str) -> Verdict:
    """Whether a shop that lists `offered` can take `wanted`; both as ids or as people write them.

    OK for the grade itself, for a family that holds it, and for a member when only a family is wanted. UNKNOWN
    for another grade of the same family, and for words this vocabulary does not know. NO otherwise.
    """
    (offered_key, have), (wanted_key, want) = _read(offered), _read(wanted)
    if offered_key == wanted_key:
        return Verdict.OK
    if not have or not want:
        return Verdict.OK if wanted_key in offered_key else Verdict.UNKNOWN
    verdicts = {_compare(h, w) for h in have for w in want}
    return next(v for v in (Verdict.OK, Verdict.UNKNOWN, Verdict.NO) if v in verdicts)


@lru_cache(maxsize=4096)
def _read(word: str) -> tuple[str, tuple[_Entry, ...]]:
    """The key of a word and what it means: few words of shops are held against each other again and again."""
    return fold(word), _meant(word)


def _meant(word: str) -> tuple[_Entry, ...]:
    if word in materials():
        return (_Entry(word, materials()[word].ja),)
    return tuple(_Entry(hit.material_id, hit.as_written) for hit in _find(word))


def _compare(have: _Entry, want: _Entry) -> Verdict:
    above_have, above_want = families(have.material_id), families(want.material_id)
    if have.material_id in above_want or want.material_id in above_have:
        return _compare_symbols(have, want)
    related = set(above_have) & set(above_want)
    return Verdict.UNKNOWN if any(not materials()[f].heading for f in related) else Verdict.NO


def _is_symbol(entry: _Entry) -> bool:
    """Whether the words name a grade that stands in no table: its family then says less than its label."""
    own = materials()[entry.material_id]
    return entry.label not in {own.ja, own.en, *own.names}


def _compare_symbols(have: _Entry, want: _Entry) -> Verdict:
    """Two of one line of descent; a grade known by its symbol only is narrower than the family it is filed under."""
    if have.label == want.label:
        return Verdict.OK
    if have.material_id == want.material_id:
        return Verdict.UNKNOWN if _is_symbol(have) and _is_symbol(want) else Verdict.OK
    wider = have if have.material_id in families(want.material_id) else want
    return Verdict.UNKNOWN if _is_symbol(wider) else Verdict.OK


def material_phrase(word: str) -> Phrase:
    """A material for a person to read: as written in Japanese, by its usual name in English.

    Symbols ("SUS304", "POM") read alike in both, and so does a word this vocabulary does not know.
    """
    hits = _find(word)
    japanese = any("ぁ" <= c <= "ヿ" or "一" <= c <= "鿿" for c in word)
    return Phrase(word, materials()[hits[-1].material_id].en if hits and japanese else word)
