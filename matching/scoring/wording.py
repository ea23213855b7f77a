"""Figures and words as people read them out on the telephone."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from matching.types import Aspect, Check, Phrase, Verdict

_WEEKDAYS = "月火水木金土日"


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    """1200.0 -> 1,200 and 0.05 -> 0.05; no trailing zeros."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:.4f}".rstrip("0")


def box(sides: Iterable[float]) -> str:
    return "×".join(map(number, sides))


@lru_cache(maxsize=1024)
def day(value: date) -> str:
    return f"{value.month}/{value.day}({_WEEKDAYS[value.weekday()]})"


@lru_cache(maxsize=1024)
def day_en(value: date) -> str:
    return f"{value:%a} {value.day} {value:%b}"


def ok(aspect: Aspect, ja: str, en: str) -> Check:
    return Check(aspect, Verdict.OK, Phrase(ja, en))


def no(aspect: Aspect, ja: str, en: str) -> Check:
    return Check(aspect, Verdict.NO, Phrase(ja, en))


def ask(aspect: Aspect, fact: Phrase, question: Phrase) -> Check:
    """An open point: what is known so far, and what to ask."""
    return Check(aspect, Verdict.UNKNOWN, fact, question)


def enumerated(names: Sequence[str]) -> str:
    """cutting, bending and painting."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
