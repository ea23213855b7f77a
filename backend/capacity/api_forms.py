"""Free hours as programs send and receive them."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from backend.capacity import rules
from backend.capacity.forms import Asked, Told, open_weeks
from backend.capacity.rules import Freshness, Mark
from backend.core.api_models import ApiIn, ApiOut, like
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _

MOST_WEEKS = rules.WEEKS_ASKED + 1
# The number of a booking fits into a column of the database.
Seen = Annotated[int, Field(ge=0, le=2**31 - 1)]
# No control characters: what a program sends is shown to people.
Line = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]


class WeekIn(ApiIn):
    """One week, by a mark or in hours: one of the two."""

    week_start: date = Field(description="A Monday, one of `weeks_asked`, or the one before.")
    group: Line = Field(default="", description="The group of processes, for a firm that answers by groups.")
    mark: Mark | None = Field(default=None, description="plenty (20 h or more), free (10), little, none.")
    hours: Annotated[float, Field(ge=0, le=rules.MOST_HOURS, allow_inf_nan=False)] | None = None


class CapacityIn(ApiIn):
    """An answer about the coming weeks."""

    model_config = like(
        {
            "seen": 12,
            "weeks": [{"week_start": "2026-12-07", "mark": "free"}, {"week_start": "2026-12-14", "hours": 26.5}],
        }
    )

    weeks: list[WeekIn] = Field(min_length=1, max_length=MOST_WEEKS * rules.MOST_GROUPS)
    seen: Seen = Field(default=0, description="`seen` as it was read; bookings after it come off these hours.")
    spoke_with: Line = Field(default="", description="Who said so, where somebody answers for the firm.")


class WeekOut(ApiOut):
    week_start: date
    mark: Mark
    hours_free: float = Field(description="As the firm told.")
    hours_booked: float = Field(description="What jobs have taken of them since.")
    hours_left: float


class CapacityOut(ApiOut):
    """What stands of a firm's free hours. An answer is fresh for two weeks, ageing for two more, then stale."""

    model_config = like(
        {
            "firm_id": "5f0c8a529d534a3b9a580d3a6c1a7f10",
            "told_on": "2026-12-01",
            "freshness": "fresh",
            "fresh_until": "2026-12-15",
            "groups": [],
            "weeks_asked": ["2026-12-07", "2026-12-14"],
            "seen": 12,
            "weeks": [
                {
                    "week_start": "2026-12-07",
                    "mark": "free",
                    "hours_free": 16.0,
                    "hours_booked": 4.0,
                    "hours_left": 12.0,
                }
            ],
        }
    )

    firm_id: str
    told_on: date | None
    freshness: Freshness
    fresh_until: date | None
    groups: list[str]
    weeks_asked: list[date]
    seen: int
    weeks: list[WeekOut]


def read_told(sent: CapacityIn, asked: Asked) -> Told:
    """The hours told, by group and Monday. Raises Invalid with the fields that cannot be right."""
    told: Told = {}
    wrong: dict[str, str] = {}
    for at, week in enumerate(sent.weeks):
        problems = _problems(week, asked, told)
        wrong |= {f"weeks.{at}.{name}": sentence for name, sentence in problems.items()}
        if not problems:
            told.setdefault(week.group, {})[week.week_start] = _hours(week, asked)
    if not wrong and len({frozenset(part) for part in told.values()} | _missing(told, asked)) > 1:
        wrong["weeks"] = _("工程ごとに答える工場です。週ごとに、すべての工程を答えてください。")
    if wrong:
        raise Invalid(_("直していただきたいところがあります。"), wrong)
    return told


def _missing(told: Told, asked: Asked) -> set[frozenset[date]]:
    """An empty set of weeks for each group of which nothing was told, unless the firm was told of as a whole."""
    return set() if set(told) in ({""}, set(asked.groups)) else {frozenset()}


def _problems(week: WeekIn, asked: Asked, told: Told) -> dict[str, str]:
    wrong = {}
    if week.week_start not in open_weeks(asked.weeks):
        wrong["week_start"] = _("weeks_asked の週か、その前の週の月曜日にしてください。")
    elif week.week_start in told.get(week.group, {}):
        wrong["week_start"] = _("同じ週が二度あります。")
    if week.group not in {"", *asked.groups}:
        wrong["group"] = _("この工場が答える工程ではありません。")
    if (week.mark is None) == (week.hours is None):
        wrong["mark"] = _("mark か hours の、どちらか一つにしてください。")
    return wrong


def _hours(week: WeekIn, asked: Asked) -> float:
    if week.mark is None:
        return week.hours or 0.0
    return rules.hours_for(week.mark, asked.standing.get(week.group, {}).get(week.week_start))
