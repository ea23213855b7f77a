"""The words themselves: no doubles, no orphans, no spelling that means two things, files a person can read."""

from collections import defaultdict
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import pytest

from matching.vocabulary.certifications import certifications
from matching.vocabulary.files import load, load_all
from matching.vocabulary.lexicon import keys
from matching.vocabulary.materials import materials
from matching.vocabulary.processes import processes

PROCESS_KEYS = {
    "id",
    "ja",
    "en",
    "parent",
    "words",
    "cues",
    "machines",
    "din8580",
    "stage",
    "needs",
    "can_do",
    "heading",
}
MATERIAL_KEYS = {"id", "ja", "en", "family", "words", "names", "traits", "heading"}


def ambiguous(rows: Iterable[tuple[str, Iterable[Any]]]) -> dict[tuple[str, ...], set[str]]:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for owner, words in rows:
        for word in words:
            for key in keys(str(word)):
                owners[key].add(owner)
    return {key: ids for key, ids in owners.items() if len(ids) > 1}


def test_the_vocabulary_is_broad() -> None:
    assert len(processes()) >= 380
    assert len(materials()) >= 300
    assert len(certifications()) >= 50


@pytest.mark.parametrize(("prefix", "allowed"), [("processes", PROCESS_KEYS), ("materials", MATERIAL_KEYS)])
def test_entries_have_the_known_fields_and_their_own_id(prefix: str, allowed: set[str]) -> None:
    entries = load_all(prefix)
    ids = [entry["id"] for entry in entries]
    assert len(ids) == len(set(ids))
    assert all(set(entry) <= allowed and entry["ja"] and entry["en"] for entry in entries)


def test_no_parent_family_or_substitute_is_missing() -> None:
    assert all(not p.parent or p.parent in processes() for p in processes().values())
    assert all(not m.family or m.family in materials() for m in materials().values())
    assert all(set(p.can_do) <= set(processes()) for p in processes().values())
    assert all(row["family"] in materials() for row in load("material_symbols"))


def test_substitutes_are_weaker_than_the_process_itself() -> None:
    assert all(0 < weight < 1 for p in processes().values() for weight in p.can_do.values())


def test_no_spelling_means_two_processes() -> None:
    rows = ((p.id, (p.ja, p.en, *p.spellings, *p.cues)) for p in processes().values() if not p.heading)
    assert ambiguous(rows) == {}


def test_no_spelling_means_two_materials() -> None:
    assert ambiguous((m.id, (m.ja, m.en, *m.spellings, *m.names)) for m in materials().values()) == {}


def test_no_spelling_means_two_certificates() -> None:
    assert ambiguous((c.name, (c.name, c.en, *c.spellings)) for c in certifications().values()) == {}


def test_needs_are_traits_some_material_has() -> None:
    known = {trait for m in materials().values() for trait in m.traits}
    assert {need for p in processes().values() for need in p.needs} <= known


def test_files_stay_readable() -> None:
    folder = files("matching.vocabulary") / "data"
    lengths = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in folder.iterdir()}
    assert max(lengths.values()) <= 400
