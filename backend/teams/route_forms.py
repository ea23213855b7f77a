"""What the form of a step may say: hours, wishes, what it waits for. Refuses with a sentence for each field."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.texts import printable
from backend.matches import corrections as correcting
from matching.routing.draft import DraftStep, Wishes
from matching.routing.route import Hours
from matching.types import Need

MAX_HOURS, MIN_HOURS = 2000.0, 0.1
MAX_TITLE, MAX_WISH = 80, 80
HOURS = ("likely", "low", "high")
# The fields of a wish, by the part of a reading that each is read like.
WISHES = ("material", "size", "tolerance", "certification")


def changes(posted: Mapping[str, str], need: Need, keys: frozenset[str]) -> Callable[[DraftStep], DraftStep]:
    """What a form makes of a step. `need` is what the job says, `keys` are the steps it may wait for.

    Raises Invalid with a sentence for each field that cannot be read.
    """
    wrong: dict[str, str] = {}
    hours = _hours(posted, wrong)
    wishes = _wishes(posted, need, wrong)
    title = _title(posted.get("title", ""), wrong)
    if wrong:
        raise Invalid(_("直してほしい所があります。"), wrong)
    after = tuple(key for key in sorted(keys, key=_number) if f"after-{key}" in posted)
    return lambda step: replace(step, hours=hours, wishes=wishes, title=title, after=after)


def _number(key: str) -> int:
    return int(key[1:])


def _title(words: str, wrong: dict[str, str]) -> str:
    title = " ".join(printable(words).split())
    if len(title) > MAX_TITLE:
        wrong["title"] = _("%(limit)s字までで書いてください。", limit=MAX_TITLE)
    return title


def _hours(posted: Mapping[str, str], wrong: dict[str, str]) -> Hours:
    found = [_figure(posted.get(name, "")) for name in HOURS]
    for name, hours in zip(HOURS, found, strict=True):
        if hours is None:
            wrong[name] = _("時間を 0.1 から 2000 までの数字で書いてください。")
    likely, low, high = (hours or MIN_HOURS for hours in found)
    if not wrong and not low <= likely <= high:
        wrong["likely"] = _("見込みの時間は、早くてから長くてまでの間にしてください。")
    return Hours(likely, low, high)


def _figure(words: str) -> float | None:
    """A number of hours as people type it, full-width digits and comma included."""
    plain = unicodedata.normalize("NFKC", words).strip().removesuffix("h").removesuffix("時間").replace(",", "")
    if len(plain) > 8 or not plain.replace(".", "", 1).isascii() or not plain.replace(".", "", 1).isdigit():
        return None
    hours = round(float(plain), 1)
    return hours if MIN_HOURS <= hours <= MAX_HOURS else None


def _wishes(posted: Mapping[str, str], need: Need, wrong: dict[str, str]) -> Wishes:
    said = {name: posted.get(name, "").strip() for name in WISHES}
    for name, words in said.items():
        if len(words) > MAX_WISH or printable(words) != words:
            wrong[name] = _("%(limit)s字までで書いてください。", limit=MAX_WISH)
    told = {name: words for name, words in said.items() if words and name not in wrong}
    read, not_read = correcting.apply(need, told)
    wrong.update(dict.fromkeys(not_read, _("読み取れませんでした。例のように書いてください。")))
    return Wishes(
        material=read.material.value if "material" in told and read.material else None,
        size_mm=read.size_mm.value if "size" in told and read.size_mm else None,
        tolerance_mm=read.tolerance_mm.value if "tolerance" in told and read.tolerance_mm else None,
        certifications=read.certifications.value if "certification" in told and read.certifications else None,
    )
