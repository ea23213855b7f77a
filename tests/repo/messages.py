"""Every sentence that is translated, gathered from the sources, and what the catalogues say to it.

Run `python -m tests.repo.messages` for a list of what is missing or left over.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from jinja2.ext import babel_extract

from backend.core.i18n import LOCALES, read_catalogue
from tests.repo.source import ROOT, files, name

KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}


def used() -> dict[str, list[str]]:
    """The sentences in the sources, each with the places where it stands. A counted one is known by its first form."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in files(".py"):
        if path.is_relative_to(ROOT / "backend"):
            _gather(path, "python", found)
    for path in files(".html", ".txt"):
        if path.is_relative_to(ROOT / "templates"):
            _gather(path, babel_extract, found)
    return found


def _gather(path: Path, method: Any, found: dict[str, list[str]]) -> None:  # noqa: ANN401 - babel's own type is wider
    with path.open("rb") as stream:
        for line, message, _comments, _context in extract(method, stream, KEYWORDS):
            key = message[0] if isinstance(message, tuple) else message
            found[key].append(f"{name(path)}:{line}")


def translated(lang: str = "en") -> dict[str, list[str]]:
    """The sentences of the catalogues with every form of their translation."""
    forms: dict[str, list[str]] = {}
    for file in sorted((LOCALES / lang).glob("*.po")):
        for message in read_catalogue(file):
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                forms[key] = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return forms


def missing() -> dict[str, list[str]]:
    """Sentences without a complete translation."""
    known = translated()
    return {key: places for key, places in used().items() if not all(known.get(key, [""]))}


def left_over() -> list[str]:
    """Translations of sentences that stand nowhere any more."""
    return sorted(translated().keys() - used().keys())


if __name__ == "__main__":
    for sentence, places in missing().items():
        print(f"missing: {sentence}  ({places[0]})")  # noqa: T201
    for sentence in left_over():
        print(f"left over: {sentence}")  # noqa: T201
