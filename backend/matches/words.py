"""How values of a reading are said to people, in the language of the screen."""

import re
from collections.abc import Iterable
from datetime import date

from backend.core.i18n import gettext as _
from backend.core.i18n import language, term
from backend.core.templating import WEEKDAYS_JA
from matching.vocabulary.certifications import certifications
from matching.vocabulary.materials import material_phrase, materials
from matching.vocabulary.processes import processes

_PIECES_JA = re.compile(r"[0-9][0-9,]{0,10}個")
_DAY_JA = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日\([^()]\)")


def process_name(process_id: str) -> str:
    known = processes().get(process_id)
    if known is None:
        return process_id
    return known.en if language() == "en" else known.ja


def process_names(ids: Iterable[str]) -> str:
    separator = ", " if language() == "en" else "・"
    return separator.join(dict.fromkeys(process_name(id_) for id_ in ids))


def english_terms() -> dict[str, str]:
    """The English name of every material, certificate and process by its Japanese one."""
    named = {name: one.en for one in materials().values() for name in (one.ja, *one.names)}
    certified = {name: one.en for name, one in certifications().items()}
    return {**named, **certified, **{process.ja: process.en for process in processes().values()}}


def material(word: str) -> str:
    """A material by its usual name in English; symbols such as SUS304 read alike in both languages."""
    return material_phrase(word).text(language())


def number(value: float) -> str:
    """12.0 is said 12, 1200 is said 1,200 and 0.05 stays as it is."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4f}".rstrip("0")


def size(values: tuple[float, ...]) -> str:
    return " × ".join(number(v) for v in values) + " mm"


def tolerance(value: float) -> str:
    return f"±{number(value)} mm"


def quantity(value: int) -> str:
    return _("%(count)s個", count=number(value))


def day(value: date) -> str:
    """2027年1月15日(金), or Fri 15 Jan 2027."""
    if language() == "en":
        return f"{value:%a} {value.day} {value:%b %Y}"
    return _day_ja(value)


def _day_ja(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日({WEEKDAYS_JA[value.weekday()]})"


def is_day(text: str) -> bool:
    """Whether these words are a day, as it is kept."""
    return _DAY_JA.fullmatch(text) is not None


def in_language(text: str) -> str:
    """What was kept in Japanese for any reader: days, pieces and known terms in their language, the rest as written."""
    if language() == "en" and _PIECES_JA.fullmatch(text):
        return quantity(int(text[:-1].replace(",", "")))
    found = _DAY_JA.fullmatch(text)
    try:
        value = date(*map(int, found.groups())) if found else None
    except ValueError:
        # Somebody typed a day that there is not.
        value = None
    return day(value) if value and _day_ja(value) == text else term(text)


def short_day(value: date) -> str:
    """1月15日(金), or Fri 15 Jan: where the year is plain."""
    if language() == "en":
        return f"{value:%a} {value.day} {value:%b}"
    return f"{value.month}月{value.day}日({WEEKDAYS_JA[value.weekday()]})"


def certification_names(names: Iterable[str]) -> str:
    known = certifications()
    english = language() == "en"
    return (", " if english else "・").join(known[n].en if english and n in known else n for n in names)
