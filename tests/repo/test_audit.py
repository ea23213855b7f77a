"""Everything that is recorded has a name that people understand, in both languages."""

import ast
import re

import pytest

from backend import app, worker
from backend.core import audit
from backend.core.i18n import speaking
from tests.repo.source import ROOT, files, name, tree

# Naming them here shows that the programs know every action: the page of the trail is served by the application.
PROGRAMS = (app, worker)
SOURCES = [path for path in files(".py") if path.is_relative_to(ROOT / "backend")]
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def _declared() -> set[str]:
    """The keys of every `audit.action("…", …)` in the sources."""
    calls = [node for path in SOURCES for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    named = [call for call in calls if ast.unparse(call.func) in {"audit.action", "action"} and len(call.args) == 2]
    return {call.args[0].value for call in named if isinstance(call.args[0], ast.Constant)}  # type: ignore[misc]


def test_what_is_recorded_was_declared() -> None:
    """mypy lets only an `Action` through; only `audit.action` makes one, and it wants a name."""
    calls = [(path, node) for path in SOURCES for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    recorded = [(name(p), call.args[1]) for p, call in calls if ast.unparse(call.func) == "audit.record"]
    assert [(where, said) for where, said in recorded if isinstance(said, ast.Constant | ast.JoinedStr)] == []
    made = {name(path) for path, call in calls if ast.unparse(call.func).rpartition(".")[2] == "Action"}
    assert made == {"backend/core/audit.py"}, "declare it with audit.action"


def test_the_programs_know_every_name() -> None:
    assert _declared() - {"request given to ward"} <= audit.NAMES.keys()
    assert len(_declared()) > 30


@pytest.mark.parametrize("key", sorted(_declared()))
def test_has_a_name_in_both_languages(key: str) -> None:
    japanese = audit.NAMES[key]
    assert JAPANESE.search(japanese)
    with speaking("en"):
        english = audit.action_name(key)
    assert english != japanese
    assert not JAPANESE.search(english)


@pytest.mark.parametrize("key", sorted(audit.PARTS))
def test_its_parts_have_names_too(key: str) -> None:
    with speaking("en"):
        assert not JAPANESE.search(audit.part_name(key))
