"""The how-tos name buttons and headings as they stand on the screen: a label that is renamed breaks its how-to."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOW_TOS = sorted((ROOT / "docs" / "how-to").glob("*.md"))
WORDS = "\n".join(path.read_text() for path in (ROOT / "backend" / "core" / "locale" / "en").glob("*.po"))
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def _labels(text: str) -> set[str]:
    """What is set bold or in 「」 and Japanese, one label at a time; figures that the page fills in stand as …."""
    found = re.findall(r"\*\*([^*]+)\*\*", text) + re.findall(r"「([^」]+)」", text)
    parts = (part for label in found for part in label.split("→"))
    return {part.strip() for part in parts if JAPANESE.search(part)}


def _on_screen(label: str) -> bool:
    parts = (re.escape(part) for part in label.split("…"))
    return re.search(r'msgid "[^"\n]*' + r"[^\"\n]*".join(parts), WORDS) is not None


@pytest.mark.parametrize("path", HOW_TOS, ids=lambda path: path.stem)
def test_every_label_of_a_how_to_stands_on_a_screen(path: Path) -> None:
    assert sorted(label for label in _labels(path.read_text()) if not _on_screen(label)) == []
