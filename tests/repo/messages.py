"""Every sentence that is translated, gathered from the sources, and what the catalogues say to it.

Run `python -m tests.repo.messages` for a list of what is missing or left over.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.extract import extract
from jinja2.ext import babel_extract

from backend.core.i18n import LOCALES, read_catalogue
from tests.repo.source import ROOT, files, name

KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}


def used() -> dict[str, list[str]]:
    """The sentences in the sources, each with the places where it stands. A counted one is known by its first form."""
    found: dict[str, list[str]] = defaultdict(list)
    for message, place in _sentences():
        found[message[0] if isinstance(message, tuple) else message].append(place)
    return found


def counted() -> dict[str, str]:
    """The counted sentences without a form of their own for one, each with a place where it stands."""
    forms = {
        message.id[0] for file in (LOCALES / "en").glob("*.po") for message in read_catalogue(file) if _plural(message)
    }
    return {m[0]: place for m, place in _sentences() if isinstance(m, tuple) and m[0] not in forms}


def plain() -> dict[str, str]:
    """The sentences that are not counted but have only forms of counting, each with a place where it stands."""
    known = {
        message.id for file in (LOCALES / "en").glob("*.po") for message in read_catalogue(file) if not _plural(message)
    }
    return {m: place for m, place in _sentences() if isinstance(m, str) and m not in known}


def _plural(message: Message) -> bool:
    return isinstance(message.id, (tuple, list))


def _sentences() -> Iterator[tuple[str | tuple[str, ...], str]]:
    for path in files(".py"):
        if path.is_relative_to(ROOT / "backend"):
            yield from _in_file(path, "python")
    for path in files(".html", ".txt"):
        if path.is_relative_to(ROOT / "templates"):
            yield from _in_file(path, babel_extract)


def _in_file(path: Path, method: Any) -> Iterator[tuple[str | tuple[str, ...], str]]:  # noqa: ANN401 - as babel takes it
    with path.open("rb") as stream:
        for line, message, _comments, _context in extract(method, stream, KEYWORDS):
            yield message, f"{name(path)}:{line}"


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
