"""The comparison for the coordinator: firms as rows, conditions as columns, and what to say on the telephone."""

from dataclasses import dataclass, replace

from backend.core.i18n import gettext as _
from backend.matches import words
from backend.matches.cards import COLUMNS, Card, card_of
from backend.matches.index import LiveIndex
from backend.matches.reading import view
from backend.matches.service import DEPTH, TRADE
from matching.types import Aspect, Need, ProcessMention, Verdict

ROWS, FEWEST_ROWS = 12, 3


@dataclass(frozen=True)
class Column:
    aspect: str
    label: str
    # What the request asks for, under the label; blank when it asks for nothing.
    wanted: str


@dataclass(frozen=True)
class Tab:
    """One operation of the route and how many firms come into question for it."""

    process_id: str
    name: str
    firms: int
    chosen: bool


@dataclass(frozen=True)
class Comparison:
    title: str
    pairs: tuple[tuple[str, str], ...]
    tabs: tuple[Tab, ...]
    columns: tuple[Column, ...]
    rows: tuple[Card, ...]
    fitting: int
    # The date wanted, said shortly; blank when there is none, and then no calendar is drawn.
    until: str = ""


def compare(index: LiveIndex, need: Need, step: str) -> Comparison:
    """The firms for the whole job, or for one operation of it if `step` names one of the route."""
    steps = tuple(dict.fromkeys(m.process_id for m in sorted(need.processes, key=lambda m: m.order)))
    chosen = step if step in steps else ""
    tabs = _tabs(index, need, steps, chosen) if len(steps) > 1 else ()
    asked = _only(need, chosen) if chosen else need
    found = [card_of(one, asked, rank, staff=True) for rank, one in enumerate(index.find(asked, DEPTH), 1)]
    fitting = sum(1 for card in found if card.verdict != Verdict.NO)
    # Who cannot do the process at all is shown only when there is hardly anybody else to call.
    able = [card for card in found if all(line.aspect not in TRADE for line in card.lacks)]
    rows = tuple((able if len(able) >= FEWEST_ROWS else found)[:ROWS])
    until = words.short_day(need.due.value) if need.due else ""
    title = words.process_name(chosen) if chosen else _("全部まとめて")
    return Comparison(title, _pairs(need), tabs, _columns(asked, rows), rows, fitting, until)


def _tabs(index: LiveIndex, need: Need, steps: tuple[str, ...], chosen: str) -> tuple[Tab, ...]:
    whole = Tab("", _("全部まとめて"), _count(index, need), not chosen)
    singles = (Tab(s, words.process_name(s), _count(index, _only(need, s)), s == chosen) for s in steps)
    return (whole, *singles)


def _only(need: Need, process_id: str) -> Need:
    """The same need with this operation alone, as if it were a job of its own."""
    return replace(need, processes=(ProcessMention(process_id),))


def _count(index: LiveIndex, need: Need) -> int:
    return sum(1 for one in index.find(need, DEPTH) if one.candidate.verdict is not Verdict.NO)


def _pairs(need: Need) -> tuple[tuple[str, str], ...]:
    """The title block: what the request says, part by part."""
    return tuple((chip.label, chip.value) for chip in view(need, {}).chips if chip.value)


def _columns(need: Need, rows: tuple[Card, ...]) -> tuple[Column, ...]:
    """The conditions that were checked of any firm, in the order of the design."""
    wanted = {chip.aspect: (chip.label, chip.value) for chip in view(need, {}).chips}
    checked = {line.aspect for row in rows for line in row.checks}
    columns = [Column(a.value, *wanted[a.value]) for a in COLUMNS if a.value in checked]
    if Aspect.EXCLUSION.value in checked:
        columns.append(Column(Aspect.EXCLUSION.value, _("しないこと"), ""))
    return tuple(columns)
