"""The comparison for the coordinator: firms as rows, conditions as columns, and what to say on the telephone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend.core.i18n import gettext as _
from backend.matches import words
from backend.matches.cards import COLUMNS, Card, Line, card_of
from backend.matches.index import LiveIndex
from backend.matches.operations import DEPTH, able_for_all, by_operation, only
from backend.matches.reading import view
from backend.matches.service import TRADE
from matching.types import Aspect, Need, Verdict

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

    @property
    def step(self) -> str:
        """The operation compared for; blank for the whole job."""
        return next((tab.process_id for tab in self.tabs if tab.chosen), "")


def compare(index: LiveIndex, need: Need, step: str | None) -> Comparison:
    """The firms for the whole job, or for one operation of it if `step` names one of the route.

    Where nobody chose (`None`), the whole job is shown if one firm can do it, else the first operation.
    """
    each = by_operation(index, need)
    steps = {mention.process_id for mention in need.processes}
    chosen = _first(each) if step is None else step if step in steps else ""
    tabs = _tabs(each, chosen)
    asked = only(need, chosen) if chosen else need
    found = [card_of(one, asked, rank, staff=True) for rank, one in enumerate(index.find(asked, DEPTH), 1)]
    if each and not chosen:
        found = [card if card.firm_id in able_for_all(each) else _part_only(card) for card in found]
    fitting = sum(1 for card in found if card.verdict != Verdict.NO)
    # Who cannot do the process at all is shown only when there is hardly anybody else to call.
    able = [card for card in found if all(line.aspect not in TRADE for line in card.lacks)]
    rows = tuple((able if len(able) >= FEWEST_ROWS else found)[:ROWS])
    until = words.short_day(need.due.value) if need.due else ""
    title = words.process_name(chosen) if chosen else _("全部まとめて")
    return Comparison(title, _pairs(need), tabs, _columns(asked, rows), rows, fitting, until)


def _first(each: Mapping[str, frozenset[str]]) -> str:
    """The whole job where one firm can do it, else the first operation that somebody can do."""
    return "" if not each or able_for_all(each) else next((one for one, firms in each.items() if firms), "")


def _tabs(each: Mapping[str, frozenset[str]], chosen: str) -> tuple[Tab, ...]:
    if not each:
        return ()
    whole = Tab("", _("全部まとめて"), len(able_for_all(each)), not chosen)
    return (whole, *(Tab(step, words.process_name(step), len(firms), step == chosen) for step, firms in each.items()))


def _part_only(card: Card) -> Card:
    """The same firm, with the reason why the whole job is not for it."""
    reason = Line(Aspect.PROCESS.value, Verdict.NO.value, _("この工場だけでは全部の工程ができません"))
    return replace(card, verdict=Verdict.NO.value, checks=(reason, *card.checks))


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
