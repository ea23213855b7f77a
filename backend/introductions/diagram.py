"""Draws docs/reference/case-states.md from the tables: `python -m backend.introductions.diagram`."""

from pathlib import Path

from backend.core.i18n import use_language
from backend.introductions import tables
from backend.introductions.states import CaseState
from backend.introductions.tables import LEG_MOVES, OFFER_LABELS, OFFER_MOVES, STATES, TRANSITIONS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "case-states.md"
HEAD = """# Where a case, its offers and its legs can stand

Drawn from `backend/introductions/tables.py` by `python -m backend.introductions.diagram`; a test compares the two.
Days are working days. *Who* is who may make the move; `system` is the passing of time or what follows from the offers.
"""


def drawn() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_cases(), *_offers(), *_legs()]) + "\n"


def _cases() -> list[str]:
    lines = ["## Cases", "", "```mermaid", "stateDiagram-v2", "  [*] --> received"]
    lines += [f"  {state.value}: {STATES[state].label}" for state in CaseState]
    pairs = [(s, t) for t in TRANSITIONS for s in CaseState if s in t.sources and t.action not in ENDS]
    lines += [f"  {source.value} --> {t.target.value}: {t.label}" for source, t in pairs]
    lines += ["```", "", f"Left out of the picture: {', '.join(sorted(ENDS))}.", ""]
    lines += ["| state | word | waits for | days | reminder | escalation | silence |", "|---|---|---|---|---|---|---|"]
    lines += [_state_row(state) for state in CaseState]
    lines += ["", "| move | word | from | to | who | mail |", "|---|---|---|---|---|---|"]
    for t in TRANSITIONS:
        sources = " ".join(s.value for s in CaseState if s in t.sources)
        mails = ", ".join(f"{event} → {party.value}" for event, party in t.mails)
        lines.append(f"| `{t.action}` | {t.label} | {sources} | {t.target.value} | {_who(t.who)} | {mails} |")
    return [*lines, ""]


# Moves from nearly everywhere would hide the others.
ENDS = frozenset({"lose", "withdraw", "expire", "reopen", "unclose", "hole", "exhausted"})


def _state_row(state: CaseState) -> str:
    rule = STATES[state]
    if rule.days is None:
        return f"| `{state.value}` | {rule.label} | – | | | | |"
    silence = f"`{rule.lapse}` after {rule.lapse_days}" if rule.lapse else ""
    before, late = f"{rule.remind} before", f"{rule.escalate} after"
    return f"| `{state.value}` | {rule.label} | {rule.owner.value} | {rule.days} | {before} | {late} | {silence} |"


def _offers() -> list[str]:
    lines = ["## Offers: one firm asked for one leg", "", "| move | word | from | to | who | mail |"]
    lines.append("|---|---|---|---|---|---|")
    for m in (tables.ASKING_MAIL, *OFFER_MOVES):
        sources = " ".join(state.value for state in OFFER_LABELS if state in m.sources) or "(new)"
        mails = ", ".join(f"{event} → {party.value}" for event, party in m.mails)
        lines.append(f"| `{m.action}` | {m.label} | {sources} | {m.target.value} | {_who(m.who)} | {mails} |")
    return [*lines, ""]


def _legs() -> list[str]:
    lines = ["## Legs: one operation from the order to the accepted work", "", "| move | word | from | to |"]
    lines.append("|---|---|---|---|")
    for action, (sources, target, label) in LEG_MOVES.items():
        lines.append(f"| `{action}` | {label} | {' '.join(sorted(s.value for s in sources))} | {target.value} |")
    return lines


def _who(parties: frozenset[str]) -> str:
    return ", ".join(sorted(str(party) for party in parties))


if __name__ == "__main__":
    use_language("ja")
    PAGE.write_text(drawn(), encoding="utf-8")
