"""What is typed or tapped about capacity: the eight weeks, a coordinator's quick line, how a firm wants to be asked."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from backend.capacity import rules
from backend.capacity.rules import Mark
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.core.mail import checked_address

Standing = Mapping[str, Mapping[date, float]]
Told = dict[str, dict[date, float]]
QUICK_MARKS = {
    **dict.fromkeys("1◎", Mark.PLENTY),
    **dict.fromkeys("2○〇◯", Mark.FREE),
    **dict.fromkeys("3△", Mark.LITTLE),
    **dict.fromkeys("4×xX✕", Mark.NONE),
}
SILENT = "-–ー.・"


def field_name(group_number: int, monday: date) -> str:
    return f"w{group_number}-{monday.isoformat()}"


@dataclass(frozen=True)
class Asked:
    """What a firm is asked: its groups ("" for the firm as a whole), whether in hours, and what stands now."""

    groups: tuple[str, ...]
    by_hours: bool
    weeks: tuple[date, ...]
    standing: Standing


def read_answer(form: Mapping[str, str], asked: Asked) -> Told:
    """The hours told, by group and Monday. Raises Invalid with the fields that cannot be read."""
    if form.get("same"):
        told = _same_but_shown(form, asked)
    elif form.get("all") in set(Mark):
        hours = rules.MARK_HOURS[Mark(form["all"])]
        told = {group: dict.fromkeys(asked.weeks, hours) for group in asked.groups}
    else:
        told = _read_weeks(form, asked)
    if not any(told.values()):
        raise Invalid(_("どの週も選ばれていません。わかる週だけでかまいませんので、1つは選んでください。"))
    return told


def _same_but_shown(form: Mapping[str, str], asked: Asked) -> Told:
    """What stands, save where the page shows something else by now: a week changed by hand is never dropped."""
    told = {group: dict(part) for group, part in asked.standing.items()}
    shown = _read_weeks(form, asked)
    for number, group in enumerate(asked.groups):
        for monday in open_weeks(asked.weeks):
            if field_name(number, monday) in form:
                told.setdefault(group, {}).pop(monday, None)
        told.setdefault(group, {}).update(shown.get(group, {}))
    return {group: part for group, part in told.items() if part}


def _read_weeks(form: Mapping[str, str], asked: Asked) -> Told:
    told: Told = {}
    wrong: dict[str, str] = {}
    for number, group in enumerate(asked.groups):
        for monday in open_weeks(asked.weeks):
            name = field_name(number, monday)
            try:
                hours = _read_one(form.get(name, ""), asked.standing.get(group, {}).get(monday))
            except ValueError:
                wrong[name] = _("0から%(most)s までの時間を数字で入れてください。", most=f"{rules.MOST_HOURS:g}")
                continue
            if hours is not None:
                told.setdefault(group, {})[monday] = hours
    if wrong:
        raise Invalid(_("直していただきたいところがあります。"), wrong)
    return told


def open_weeks(weeks: tuple[date, ...]) -> tuple[date, ...]:
    """The weeks asked about now, and the one before: the page may have been open over the weekend."""
    return (weeks[0] - timedelta(weeks=1), *weeks)


def _read_one(text: str, before: float | None) -> float | None:
    text = unicodedata.normalize("NFKC", text).strip().replace(",", "").removesuffix("h").removesuffix("時間")
    if not text:
        return None
    if text in set(Mark):
        return rules.hours_for(Mark(text), before)
    hours = float(text)
    if not rules.may_be_hours(hours):
        raise ValueError(text)
    # The page shows one decimal: sent back untouched, it confirms the figure known before.
    return before if before is not None and round(before, 1) == hours else hours


def read_quick(line: str, asked: Asked) -> Told:
    """A coordinator's line: eight keys (1 ◎, 2 ○, 3 △, 4 ×, - not said), or hours with blanks between them."""
    if len(asked.groups) > 1:
        raise Invalid(_("工程ごとに答える工場です。下の表に入れてください。"))
    parts = unicodedata.normalize("NFKC", line).replace(",", " ").replace("、", " ").split()
    keys = list(line.strip()) if len(parts) == 1 and not asked.by_hours else parts
    if not 0 < len(keys) <= len(asked.weeks):
        raise Invalid(_("%(n)s週分までを、前の週から順に入れてください。", n=len(asked.weeks)))
    told: dict[date, float] = {}
    for monday, key in zip(asked.weeks, keys, strict=False):
        hours = _quick_hours(key, monday, asked)
        if hours is not None:
            told[monday] = hours
    if not told:
        raise Invalid(_("どの週も選ばれていません。わかる週だけでかまいませんので、1つは選んでください。"))
    return {asked.groups[0]: told}


def _quick_hours(key: str, monday: date, asked: Asked) -> float | None:
    if key in SILENT:
        return None
    try:
        if asked.by_hours:
            return _read_one(key, None)
        chosen = QUICK_MARKS[unicodedata.normalize("NFKC", key)]
        return rules.hours_for(chosen, asked.standing.get(asked.groups[0], {}).get(monday))
    except (KeyError, ValueError) as error:
        raise Invalid(_("「%(key)s」は読み取れません。", key=key)) from error


def read_code(text: str) -> str:
    """The number of a sheet as people write it: 123-456, full width, with blanks."""
    code = "".join(c for c in unicodedata.normalize("NFKC", text) if c not in " -–ー‐−")
    if not rules.is_code(code):
        message = _("用紙の番号は数字6けたです。用紙の右上をもう一度お確かめください。")
        raise Invalid(message, {"code": message})
    return code


@dataclass(frozen=True)
class Wishes:
    """How a firm wants to be asked."""

    weekday: int | None
    email: str
    fax: str
    lang: str
    by_hours: bool
    groups: tuple[str, ...]


def read_wishes(form: Mapping[str, str]) -> Wishes:
    """Raises Invalid with a sentence for each field that cannot be right."""
    wrong: dict[str, str] = {}
    weekday = form.get("weekday", "")
    if weekday not in {"", *"0123456"}:
        wrong["weekday"] = _("曜日を選んでください。")
    email = form.get("email", "").strip()
    try:
        email = checked_address(email) if email else ""
    except Invalid as refusal:
        wrong["email"] = refusal.message
    if weekday and not email and not wrong:
        wrong["email"] = _("お知らせを送るメールアドレスを入れてください。")
    groups = tuple(dict.fromkeys(g.strip() for g in form.get("groups", "").splitlines() if g.strip()))
    if len(groups) > rules.MOST_GROUPS or any(len(group) > 40 for group in groups):
        wrong["groups"] = _("工程は%(n)sつまで、それぞれ40字までにしてください。", n=rules.MOST_GROUPS)
    if wrong:
        raise Invalid(_("直していただきたいところがあります。"), wrong)
    lang = form.get("lang", "ja")
    return Wishes(
        weekday=int(weekday) if weekday else None,
        email=email,
        fax=form.get("fax", "").strip()[:40],
        lang=lang if lang in {"ja", "en"} else "ja",
        by_hours=bool(form.get("by_hours")),
        groups=groups,
    )
