"""Certificates, licences and marks of conformity: one canonical name, many spellings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from matching.types import Span
from matching.vocabulary.files import load
from matching.vocabulary.lexicon import Lexicon
from matching.vocabulary.normalise import normalise


@dataclass(frozen=True, slots=True)
class Certification:
    """`name` is the canonical one. A holder of this one also meets those named in `includes`.

    `of_goods`: it is about what is in the goods of one delivery (RoHS), so that a firm shows it when it is asked.
    """

    name: str
    en: str
    spellings: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    of_goods: bool = False


@dataclass(frozen=True, slots=True)
class CertificationHit:
    name: str
    span: Span


@cache
def certifications() -> Mapping[str, Certification]:
    """Every certificate by its canonical name."""
    return MappingProxyType(
        {
            row["name"]: Certification(
                row["name"],
                row["en"],
                tuple(map(str, row.get("words", ()))),
                tuple(row.get("includes", ())),
                bool(row.get("of_goods", False)),
            )
            for row in load("certifications")
        }
    )


@cache
def _lexicon() -> Lexicon[str]:
    return Lexicon((word, c.name) for c in certifications().values() for word in (c.name, c.en, *c.spellings))


def find_certifications(text: str) -> tuple[CertificationHit, ...]:
    """The certificates a text names, in its order; the longest wording wins and none overlap."""
    folded = normalise(text)
    return tuple(CertificationHit(f.value, folded.span(f.start, f.end)) for f in _lexicon().search(folded))


def is_of_goods(name: str) -> bool:
    """Whether it is about the goods of one delivery, not about the firm."""
    return name in certifications() and certifications()[name].of_goods


def holds(held: tuple[str, ...], wanted: str) -> bool:
    """Whether a firm with the certificates `held` (in any spelling) meets `wanted` (a canonical name)."""
    names = {hit.name for word in held for hit in find_certifications(word)} | set(held)
    known = certifications()
    return wanted in names or any(wanted in known[name].includes for name in names if name in known)
