"""A difference as people read it: 数量: 12個 → 20個."""

from collections.abc import Iterable, Sequence

from backend.core.i18n import gettext as _
from backend.introductions.changes.differences import PARTS, Line
from backend.matches.words import in_language


def named(lines: Iterable[Sequence[str]]) -> list[Line]:
    """The parts, days and known terms in the language of the reader; other words as they were written."""
    return [(_(PARTS.get(part, part)), in_language(before), in_language(after)) for part, before, after in lines]


def arrows(lines: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """[name, before → after], for mails and the history."""
    return [(name, f"{before or _('なし')} → {after or _('なし')}") for name, before, after in named(lines)]


def told(lines: Iterable[Sequence[str]]) -> str:
    """All of it in one line."""
    return " / ".join(f"{name}: {words}" for name, words in arrows(lines))


def merged(changes: Iterable[Sequence[Sequence[str]]]) -> list[Line]:
    """Several changes, the oldest first, as one: what stood there first, and what stands there now."""
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for lines in changes:
        for part, before, after in lines:
            first.setdefault(part, before)
            last[part] = after
    return [(part, first[part], last[part]) for part in first if first[part] != last[part]]
