"""The proposals side by side: who does what, the facts to compare, and a star where one is best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.core.i18n import gettext as _
from backend.core.i18n import ngettext
from backend.matches import words
from backend.teams import team_words
from backend.teams.legs import kilometres, neighbours, orders
from backend.teams.solving import Shown
from backend.teams.team_case import Case
from backend.teams.what_if import WhatIf
from matching.composition.objectives import Objective
from matching.routing.route import RouteStep
from matching.types import Verdict

# What firms that were asked have said, in the words of the case, by step and firm; a blank step is the whole job.
Said = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Who:
    steps: str
    firm_id: str
    firm: str
    ward: str
    lead: bool
    said: str


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    best: bool = False


@dataclass(frozen=True)
class TeamCard:
    """One proposal. `address` shows it; the chosen one is shown below the cards."""

    title: str
    blurb: str
    who: tuple[Who, ...]
    facts: tuple[Fact, ...]
    chosen: bool
    address: str


def cards(
    case: Case, shown: Sequence[Shown], wish: WhatIf, path: str, said: Said, *, staff: bool
) -> tuple[TeamCard, ...]:
    """A card for each team, with stars where it is best among several."""
    titles = _titles(shown)
    rows = [_figures(case, one, wish, staff=staff) for one in shown]
    best = [_best([row[n] for row in rows]) for n in range(len(rows[0]))] if rows else []
    return tuple(
        TeamCard(
            *title,
            who=_who(case, one, said),
            facts=tuple(Fact(cell[0], cell[1], cell[1] in b) for cell, b in zip(row, best, strict=True)),
            chosen=one.chosen,
            address=wish.looking_at(one.team.assignment).address(path),
        )
        for title, one, row in zip(titles, shown, rows, strict=True)
    )


def _titles(shown: Sequence[Shown]) -> list[tuple[str, str]]:
    """Each team is called after the first wish it serves best that no team before it is called after."""
    used: set[Objective] = set()
    # Where every plan has as few firms, none of them is the one with few.
    if len({len(set(one.ids)) for one in shown}) == 1:
        used.add(Objective.FEWEST)
    found = []
    for one in shown:
        wish = next((o for o in Objective if o in one.best_in and o not in used), None)
        if one.repair is not None:
            found.append((_("組み直した案"), _("前の案から、変えるのは%(n)s工程だけ", n=len(one.repair.changed))))
        elif wish is None:
            found.append((_("別の案"), _("ほかの会社の組み合わせ")))
        else:
            used.add(wish)
            found.append((team_words.objective_title(wish), team_words.objective_blurb(wish)))
    return found


def _who(case: Case, one: Shown, said: Said) -> tuple[Who, ...]:
    """Steps in a row at one firm share a line."""
    return tuple(
        Who(
            steps=team_words.step_names(case.steps[i] for i in group),
            firm_id=(firm := one.ids[group[0]]),
            firm=case.facts[firm].name,
            ward=case.facts[firm].ward,
            lead=firm == one.team.lead_firm,
            said=_said([case.steps[i] for i in group], firm, said),
        )
        for group in one.rows
    )


def _said(steps: Sequence[RouteStep], firm: str, said: Said) -> str:
    """What a firm said to these steps, in one word where it is one for all of them."""
    words = [said.get((step.id, firm)) or said.get(("", firm), "") for step in steps]
    if len(set(words)) == 1:
        return words[0]
    return team_words.listed(f"{team_words.step_name(s)} {word}" for s, word in zip(steps, words, strict=True) if word)


# Label, words, and what is compared: less is better. None is not compared.
Cell = tuple[str, str, float | None]


def _figures(case: Case, one: Shown, wish: WhatIf, *, staff: bool) -> list[Cell]:
    ids = list(dict.fromkeys(one.ids))
    passes = neighbours(case, one)
    sent = [o for o in orders(wish.order, one.team.lead_firm, ids, passes) if o.orderer == one.team.lead_firm]
    finish = one.team.finish
    cells: list[Cell] = [
        (_("仕上がり"), words.short_day(finish), finish.toordinal()),
        (
            _("10回に8回はこの日まで"),
            words.short_day(one.finish.sure) if one.finish.sure else _("先の空きしだい"),
            None,
        ),
    ]
    if case.due:
        spare = case.daily.days.index(max(d for d in case.daily.days if d <= case.due)) - _place(case, one)
        cells.append((_("納期までの余裕"), ngettext("%(n)s営業日", "%(n)s営業日", spare), -spare))
    cells += [
        (_("会社の数"), ngettext("%(n)s社", "%(n)s社", len(ids)), len(ids)),
        (
            _("運ぶ"),
            _("%(n)s回・%(km)s", n=len(passes), km=kilometres(one.figures.km, staff=staff)),
            round(one.figures.km, 3),
        ),
        (_("まとめ役が出す注文"), _("%(n)s本", n=len(sent)), len(sent)),
    ]
    if staff:
        doubts = _doubts(case, one)
        cells.append((_("はじめての受け渡し"), _("%(n)s回", n=one.figures.new), one.figures.new))
        cells.append((_("電話で確かめること"), ngettext("%(n)s件", "%(n)s件", doubts), doubts))
    return cells


def _place(case: Case, one: Shown) -> int:
    return case.daily.days.index(one.team.finish)


def _doubts(case: Case, one: Shown) -> int:
    options = [case.option(i, firm) for i, firm in enumerate(one.ids)]
    return sum(c.verdict is not Verdict.OK for option in options if option for c in option.candidate.checks)


def _best(cells: Sequence[Cell]) -> frozenset[str]:
    """The words of the best of several, so that what reads alike is starred alike; none where all read alike."""
    least = min((value for _label, _words, value in cells if value is not None), default=None)
    if least is None or len({words for _label, words, _value in cells}) == 1:
        return frozenset()
    return frozenset(words for _label, words, value in cells if value == least)
