"""The team proposal on one A4 page, as values for its template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from backend.core.i18n import gettext as _
from backend.core.i18n import language
from backend.matches import rules, words
from backend.teams import legs, team_words
from backend.teams.solving import Shown
from backend.teams.team_case import Case
from backend.teams.what_if import WhatIf
from matching.types import Need, Verdict

# Reasons longer than this would run onto a second page.
REASON_CHARS = 36


@dataclass(frozen=True)
class FlowBox:
    title: str
    place: str
    days: str
    lead: bool


@dataclass(frozen=True)
class SheetLine:
    steps: str
    firm: str
    ward: str
    lead: bool
    reason: str


@dataclass(frozen=True)
class TeamSheet:
    to: str
    number: str
    today: date
    about: tuple[tuple[str, str], ...]
    finish: str
    flow: tuple[FlowBox, ...]
    lines: tuple[SheetLine, ...]
    promises: tuple[str, ...]
    lead: str


def team_sheet(case: Case, shown: Shown, wish: WhatIf, need: Need) -> TeamSheet:
    """What stands on the sheet. It goes to the one who asked, so it says no more of firms than a stranger may read."""
    groups = shown.rows
    return TeamSheet(
        to=legs.party_name(case, legs.REQUESTER),
        number=case.kept.number,
        today=case.today,
        about=_about(need, case),
        finish=_finish(shown),
        flow=tuple(_box(case, shown, group) for group in groups),
        lines=tuple(_line(case, shown, group) for group in groups),
        promises=_promises(wish),
        lead=case.facts[shown.team.lead_firm].name,
    )


def _about(need: Need, case: Case) -> tuple[tuple[str, str], ...]:
    pairs = [
        (_("材質"), words.material(need.material.value) if need.material else ""),
        (_("数量"), words.quantity(need.quantity.value) if need.quantity else ""),
        (_("大きさ"), words.size(need.size_mm.value) if need.size_mm else ""),
        (_("公差"), words.tolerance(need.tolerance_mm.value) if need.tolerance_mm else ""),
        (_("納期"), words.short_day(case.due) if case.due else ""),
    ]
    return tuple((label, value or _("相談中")) for label, value in pairs)


def _finish(shown: Shown) -> str:
    said = words.short_day(shown.team.finish)
    if shown.finish.sure is not None and shown.finish.sure > shown.team.finish:
        said += _("(10回に8回は%(day)sまで)", day=words.short_day(shown.finish.sure))
    return said


def _box(case: Case, shown: Shown, group: Sequence[int]) -> FlowBox:
    firm = shown.ids[group[0]]
    works = [shown.works[i] for i in group]
    numbers = "・".join(str(i + 1) for i in group)
    return FlowBox(
        title=f"{numbers} {team_words.step_names(case.steps[i] for i in group)}",
        place=case.facts[firm].ward,
        days=team_words.span(min(w.start for w in works), max(w.finish for w in works)),
        lead=firm == shown.team.lead_firm,
    )


def _line(case: Case, shown: Shown, group: Sequence[int]) -> SheetLine:
    firm = shown.ids[group[0]]
    facts = case.facts[firm]
    box = _box(case, shown, group)
    return SheetLine(box.title, facts.name, facts.ward, box.lead, _reason(case, shown, group))


def _reason(case: Case, shown: Shown, group: Sequence[int]) -> str:
    """What speaks for the firm, from what everybody may read of it."""
    said: list[str] = []
    for i in group:
        option = case.option(i, shown.ids[i])
        checks = rules.shown_checks(option.candidate.checks, case.facts[shown.ids[i]].hidden) if option else ()
        said += [check.fact.text(language()) for check in checks if check.verdict is Verdict.OK]
    return team_words.listed(_few(dict.fromkeys(said))) or _("工程と場所が合う")


def _few(facts: Iterable[str]) -> list[str]:
    """As many whole facts as a line or two hold."""
    kept: list[str] = []
    for fact in facts:
        if not kept or len("".join(kept)) + len(fact) <= REASON_CHARS:
            kept.append(fact)
    return kept


def _promises(wish: WhatIf) -> tuple[str, ...]:
    return (
        team_words.order_blurb(wish.order),
        _("図面は、会社ごとに御社の承諾を得てから見せます。承諾のない会社には渡しません。"),
        _("注文のときは、品物・受領日・代金・支払日などを書面かメールで示してください(取適法 4条明示)。"),
        _("会社の返事はこれから聞きます。空きは変わることがあります。"),
        _("金額は見積のときに会社どうしで決めます。この提案書に金額はありません。"),
    )
