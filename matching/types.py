"""The values that pass between the rooms of matching/. All are frozen; lengths are millimetres, times are hours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Verdict(StrEnum):
    """Whether a firm meets one condition. `UNKNOWN` is not a weak yes: it always brings a question to ask."""

    OK = "ok"
    UNKNOWN = "unknown"
    NO = "no"


class Aspect(StrEnum):
    """What a reading or a check is about. The same word names the field of a need and the check against it."""

    PROCESS = "process"
    MATERIAL = "material"
    SIZE = "size"
    TOLERANCE = "tolerance"
    QUANTITY = "quantity"
    DUE = "due"
    CERTIFICATION = "certification"
    EXCLUSION = "exclusion"
    PUBLIC_FACILITY = "public_facility"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence or label a person can read, in both languages of the product."""

    ja: str
    en: str

    def text(self, lang: str) -> str:
        return self.en if lang == "en" else self.ja


@dataclass(frozen=True, slots=True)
class Span:
    """The words a reading came from: `text == source[start:end]` of the text as the person typed it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """A value that was understood, with the words it came from (none when a person corrected it)."""

    value: T_co
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Equipment:
    kind: str
    maker: str = ""
    model: str = ""
    count: int = 1
    envelope_mm: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class CapacityWeek:
    week_start: date
    hours_free: float


@dataclass(frozen=True, slots=True)
class FirmProfile:
    """A firm as matching sees it. A `None` is unknown, never "no limit"."""

    id: str
    name: str
    ward: str = ""
    lat: float | None = None
    lng: float | None = None
    text: str = ""
    processes: tuple[str, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    materials: tuple[str, ...] = ()
    tolerance_mm: float | None = None
    lot_min: int | None = None
    lot_max: int | None = None
    certifications: tuple[str, ...] = ()
    capacity: tuple[CapacityWeek, ...] | None = None
    # The last day on which `capacity` may be relied on without asking again; None where that is not known.
    capacity_until: date | None = None
    public_facility: bool | None = None
    can_lead: bool | None = None


@dataclass(frozen=True, slots=True)
class ProcessMention:
    """An operation the text asks for. `order` is its place in the route as the text tells it."""

    process_id: str
    spans: tuple[Span, ...] = ()
    order: int = 0
    # True when inferred from product, finish or purpose instead of being named.
    implied: bool = False
    # True when the product alone suggests it and no word of the text tells of the operation.
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """What was understood of a request. A field is `None` where the text is silent."""

    text: str
    today: date
    lang: str = "ja"
    material: Reading[str] | None = None
    size_mm: Reading[tuple[float, ...]] | None = None
    tolerance_mm: Reading[float] | None = None
    quantity: Reading[int] | None = None
    due: Reading[date] | None = None
    certifications: Reading[tuple[str, ...]] | None = None
    # Operations wanted, in the order of the route; those the text rules out stand in `refused`.
    processes: tuple[ProcessMention, ...] = ()
    refused: tuple[ProcessMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a need held against one firm: the verdict, the fact it rests on, the question if unknown."""

    aspect: Aspect
    verdict: Verdict
    fact: Phrase
    question: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm for a need. `score` orders candidates of one answer only; it means nothing to a person."""

    firm_id: str
    score: float
    verdict: Verdict
    checks: tuple[Check, ...]
    # The single signals (dense, lexical, process, ...) before fusion, for the benchmark and for debugging.
    signals: Mapping[str, float] = field(default_factory=dict)

    @property
    def reasons(self) -> tuple[Phrase, ...]:
        return tuple(c.fact for c in self.checks if c.verdict is not Verdict.UNKNOWN)

    @property
    def questions(self) -> tuple[Phrase, ...]:
        """Each once, though several conditions may lead to the same one."""
        asked = (c.question for c in self.checks if c.verdict is Verdict.UNKNOWN and c.question)
        return tuple(dict.fromkeys(asked))
