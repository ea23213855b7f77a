"""Moments and lists as the pages of firms and clients say them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from backend.capacity.wording import day_words
from backend.core import clock
from backend.core.i18n import gettext as _
from backend.core.i18n import language, term

__all__ = ["brackets", "choices", "day_of", "day_words", "moment_words"]


def moment_words(moment: datetime) -> str:
    """12月4日(金) 17時, or Fri 4 December, 17:00."""
    local = clock.in_tokyo(moment)
    if language() == "ja":
        hour = f"{local.hour}時" if local.minute == 0 else f"{local.hour}時{local.minute}分"
        return f"{day_words(local.date())} {hour}"
    return f"{day_words(local.date())}, {local:%H:%M}"


def day_of(moment: datetime) -> str:
    return day_words(clock.in_tokyo(moment).date())


def brackets(titles: Iterable[str]) -> str:
    """「曲げ」と「検査」."""
    return _("と").join(_("「%(title)s」", title=term(title)) for title in titles)


def choices(listed: Mapping[str, str]) -> list[tuple[str, str]]:
    """A list of reasons for a field to choose from."""
    return [(value, _(label)) for value, label in listed.items()]


def without_name(ward: str, work: str) -> str:
    """What a firm is called to a client that does not know it yet."""
    return _("%(ward)sの「%(leg)s」の工場", ward=term(ward) or _("都内"), leg=term(work))
