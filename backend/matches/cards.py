"""A found firm as people see it: a card with reasons, and the row of a comparison with one cell for each aspect."""

from dataclasses import dataclass
from datetime import date, timedelta

from backend.core.i18n import gettext as _
from backend.core.i18n import language
from backend.firms.profiles import FirmFacts
from backend.matches import rules, words
from backend.matches.index import Found
from backend.matches.profiles import weeks_of
from matching.scoring.calendar import WORKING_DAYS, free_hours
from matching.types import Aspect, Check, Need, Verdict

INTRO_CHARS = 60


@dataclass(frozen=True)
class Line:
    """One check in words. `verdict` is ok, unknown or no."""

    aspect: str
    verdict: str
    fact: str
    question: str = ""


@dataclass(frozen=True)
class Week:
    """A week of free hours, for the small drawing of a firm's calendar."""

    start: date
    hours: float


@dataclass(frozen=True)
class Card:
    rank: int
    firm_id: str
    name: str
    ward: str
    intro: str
    verdict: str
    checks: tuple[Line, ...]
    can_lead: bool
    free: str
    weeks: tuple[Week, ...]
    free_hours: float | None

    @property
    def questions(self) -> tuple[str, ...]:
        """Each once, though several conditions may lead to the same one."""
        return tuple(dict.fromkeys(line.question for line in self.checks if line.question))

    @property
    def fits(self) -> tuple[Line, ...]:
        return tuple(line for line in self.checks if line.verdict == Verdict.OK)

    @property
    def lacks(self) -> tuple[Line, ...]:
        return tuple(line for line in self.checks if line.verdict == Verdict.NO)

    @property
    def praise(self) -> str:
        """Why to recommend this firm, in one line: how many conditions it meets, and its own first words."""
        counted = _("確かめた%(all)sつのうち%(fits)sつに合う。", all=len(self.checks), fits=len(self.fits))
        return f"{counted} {self.intro}".strip()

    def about(self, aspect: str) -> tuple[Line, ...]:
        return tuple(line for line in self.checks if line.aspect == aspect)

    def worst(self, aspect: str) -> str:
        """The verdict of one aspect, or blank when nothing was checked."""
        found = {line.verdict for line in self.about(aspect)}
        return next((v.value for v in (Verdict.NO, Verdict.UNKNOWN, Verdict.OK) if v in found), "")


def card_of(found: Found, need: Need, rank: int, *, staff: bool) -> Card:
    """A card that shows only what this reader may know."""
    facts = found.facts
    hidden = frozenset() if staff else facts.hidden
    checks = rules.shown_checks(found.candidate.checks, hidden)
    weeks = _weeks(facts, need) if "capacity" not in hidden else ()
    hours = _free_hours(facts, need) if "capacity" not in hidden else None
    return Card(
        rank=rank,
        firm_id=facts.id,
        name=facts.name,
        ward=facts.ward,
        intro="" if "own_words" in hidden else _first_sentence(facts.text),
        verdict=rules.verdict_of(checks).value,
        checks=tuple(_line(check) for check in checks),
        can_lead=bool(facts.can_lead) and "can_lead" not in hidden,
        free="" if any(check.aspect is Aspect.DUE for check in checks) else _free_words(hours, need),
        weeks=weeks,
        free_hours=hours,
    )


def _line(check: Check) -> Line:
    lang = language()
    question = check.question.text(lang) if check.question and check.verdict is Verdict.UNKNOWN else ""
    return Line(check.aspect.value, check.verdict.value, check.fact.text(lang), question)


def _first_sentence(text: str) -> str:
    first = text.split("\n", 1)[0].split("。", 1)[0].strip()
    return first if len(first) <= INTRO_CHARS else first[: INTRO_CHARS - 1] + "…"


def _weeks(facts: FirmFacts, need: Need) -> tuple[Week, ...]:
    until = need.due.value if need.due else date.max
    coming = [w for w in facts.capacity or () if need.today <= _friday(w.week_start) and w.week_start <= until]
    return tuple(Week(w.week_start, w.hours_free) for w in coming[:8])


def _friday(week_start: date) -> date:
    return week_start + timedelta(days=WORKING_DAYS - 1)


def _free_hours(facts: FirmFacts, need: Need) -> float | None:
    """Hours free until the date wanted; None when the firm has not said or no date is wanted."""
    if facts.capacity is None or need.due is None:
        return None
    return free_hours(weeks_of(facts) or (), need.today, need.due.value)


def _free_words(hours: float | None, need: Need) -> str:
    if hours is None or need.due is None:
        return ""
    day = words.short_day(need.due.value)
    return _("%(day)sまでの空き %(hours)s時間", day=day, hours=words.number(hours))


# The columns of a comparison, in the order of the design.
COLUMNS: tuple[Aspect, ...] = (
    Aspect.PROCESS,
    Aspect.MATERIAL,
    Aspect.SIZE,
    Aspect.TOLERANCE,
    Aspect.QUANTITY,
    Aspect.DUE,
    Aspect.CERTIFICATION,
)
