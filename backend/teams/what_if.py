"""What somebody tries out on the workbench, as it stands in the address: another due date, a firm fixed or left out.

The address is all there is to it, so that a link shows somebody else the same, and nothing needs JavaScript.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from backend.core.i18n import gettext as _
from backend.teams.plan_rules import TURNS_KM, USUAL_TURN_KM
from matching.days import may_be_due

_ID = re.compile(r"[\w-]{1,64}")
MOST_OUT, MOST_STEPS = 40, 60
# Ten-thousands of yen: how people here say a capital.
MAN_YEN, MOST_MAN, MOST_PEOPLE = 10_000, 100_000_000, 1_000_000

# Firm ids by step id.
Team = Mapping[str, str]


class OrderKind(StrEnum):
    """Who orders from whom."""

    STAR = "star"
    CHAIN = "chain"
    JOINT = "joint"


@dataclass(frozen=True)
class WhatIf:
    """What is tried out. `team` is the team looked at, `was` the one it was before a firm was left out."""

    due: date | None = None
    fixed: Team = field(default_factory=dict)
    out: tuple[str, ...] = ()
    turn_km: int = USUAL_TURN_KM
    order: OrderKind = OrderKind.STAR
    team: Team = field(default_factory=dict)
    was: Team = field(default_factory=dict)
    # Of the one who asks, who stands in no register.
    capital_man: int | None = None
    people: int | None = None
    # What was in the address but could not be used, as sentences.
    notes: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing is tried out beyond looking at a team."""
        return not (self.due or self.fixed or self.out or self.turn_km != USUAL_TURN_KM)

    def pairs(self) -> list[tuple[str, str]]:
        """The names and values of the address, without what is usual."""
        found = [("due", self.due.isoformat())] if self.due else []
        found += [("fix", f"{step}.{firm}") for step, firm in self.fixed.items()]
        found += [("out", firm) for firm in self.out]
        found += [("turn", str(self.turn_km))] if self.turn_km != USUAL_TURN_KM else []
        found += [("order", self.order.value)] if self.order is not OrderKind.STAR else []
        found += [("team", written(self.team))] if self.team else []
        found += [("was", written(self.was))] if self.was else []
        found += [("capital", str(self.capital_man))] if self.capital_man is not None else []
        found += [("people", str(self.people))] if self.people is not None else []
        return found

    def address(self, path: str, place: str = "teams") -> str:
        """The address of a page with all this."""
        query = urlencode(self.pairs())
        return f"{path}{'?' if query else ''}{query}{'#' if place else ''}{place}"

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """The pairs a form carries along beside its own fields."""
        return [pair for pair in self.pairs() if pair[0] not in without]

    def looking_at(self, team: Team) -> "WhatIf":
        return replace(self, team=team)

    def dropping(self, firm_id: str, team: Team) -> "WhatIf":
        """Without a firm, staying as near as can be to the team it was in."""
        fixed = {step: firm for step, firm in self.fixed.items() if firm != firm_id}
        return replace(self, out=tuple(dict.fromkeys((*self.out, firm_id))), was=team, team={}, fixed=fixed)

    def taking_back(self, firm_id: str) -> "WhatIf":
        return replace(self, out=tuple(f for f in self.out if f != firm_id), was={}, team={})

    def letting_go(self, step_id: str) -> "WhatIf":
        return replace(self, fixed={s: f for s, f in self.fixed.items() if s != step_id}, team={})

    def ordering(self, kind: str, team: Team) -> "WhatIf":
        return replace(self, order=OrderKind(kind), team=team)

    def until(self, due: date | None) -> "WhatIf":
        return replace(self, due=due, team={}, was={})


def written(team: Team) -> str:
    """A team in an address: s1.firm~s2.firm."""
    return "~".join(f"{step}.{firm}" for step, firm in team.items())


def read_team(text: str) -> dict[str, str]:
    """What `written` wrote; pieces that are nothing of the kind are left out."""
    pieces = (piece.partition(".") for piece in text.split("~")[:MOST_STEPS])
    return {step: firm for step, _dot, firm in pieces if _ID.fullmatch(step) and _ID.fullmatch(firm)}


def what_if(sent: QueryParams, today: date) -> WhatIf:
    """The address, read. What cannot be used is told in `notes` and otherwise left out."""
    notes: list[str] = []
    return WhatIf(
        due=_due(sent.get("due", ""), today, notes),
        fixed=read_team("~".join(sent.getlist("fix"))),
        out=_firms(sent.getlist("out")),
        turn_km=_turn(sent.get("turn", "")),
        order=_order(sent.get("order", "")),
        team=read_team(sent.get("team", "")),
        was=read_team(sent.get("was", "")),
        capital_man=_count(sent.get("capital", ""), MOST_MAN, _("依頼者の資本金"), notes),
        people=_count(sent.get("people", ""), MOST_PEOPLE, _("依頼者の人数"), notes),
        notes=tuple(notes),
    )


def _due(text: str, today: date, notes: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        due = date.fromisoformat(text.strip())
    except ValueError:
        notes.append(_("納期は「2027-01-15」のように書いてください。"))
        return None
    if not may_be_due(due, today):
        notes.append(due_words())
        return None
    return due


def due_words() -> str:
    """What is said of a due date that cannot be tried out."""
    return _("納期は、今日から3年のうちの日にしてください。")


def _firms(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id_ for id_ in ids[:MOST_OUT] if _ID.fullmatch(id_)))


def _turn(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 and int(text) in TURNS_KM else USUAL_TURN_KM


def _order(text: str) -> OrderKind:
    return OrderKind(text) if text in set(OrderKind) else OrderKind.STAR


def _count(text: str, most: int, name: str, notes: list[str]) -> int | None:
    digits = text.strip().replace(",", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10 and int(digits) <= most):
        notes.append(_("%(name)sは数字で書いてください。", name=name))
        return None
    return int(digits)
