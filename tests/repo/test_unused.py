"""What nobody uses goes: names, macros, and classes of the pages that no style knows."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from tests.repo.source import ROOT, files, name, tree

# What measures the ranking is called by the tests of its quality.
MEASURING = ROOT / "matching/evaluation"
CLASS_NAME = re.compile(r"\.([a-z][\w-]*)", re.IGNORECASE)
CLASSES = re.compile(r'\bclass="([^"]*)"')
PUT_IN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
PLAIN = re.compile(r"[a-z][\w-]*\w", re.IGNORECASE)


def _product(path: Path) -> bool:
    inside = any(path.is_relative_to(ROOT / folder) for folder in ("backend", "matching", "seed"))
    return inside and not path.is_relative_to(ROOT / "backend/core/migrations")


def _defined(module: ast.Module) -> Iterator[str]:
    """Names of the module itself. What a decorator takes (a page, a job, a listener) is used by whoever it tells."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not node.decorator_list or isinstance(node, ast.ClassDef):
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def _read(module: ast.Module) -> Iterator[str]:
    """Every name that is read, taken out of a module, or given as words (a forward reference, an entry point)."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\w+", node.value) if len(node.value) < 100 else ()


@lru_cache
def _words(*suffixes: str) -> frozenset[str]:
    return frozenset(word for path in files(*suffixes) for word in re.findall(r"[\w-]+", path.read_text()))


@lru_cache
def _used() -> frozenset[str]:
    known = [path for path in files(".py") if _product(path) or path.is_relative_to(ROOT / "bench")]
    return frozenset(word for path in known for word in _read(tree(path))) | _words(".html", ".txt", ".toml", ".mako")


def test_every_name_of_a_module_is_used_by_the_program() -> None:
    modules = [path for path in files(".py") if _product(path) and not path.is_relative_to(MEASURING)]
    defined = {(name(path), one) for path in modules for one in _defined(tree(path)) if not one.startswith("__")}
    # The worker names its modules so that their jobs are known.
    assert {(where, one) for where, one in defined if one not in _used() and one != "HANDLERS"} == set()


def test_every_macro_is_called() -> None:
    texts = [path.read_text() for path in files(".html")]
    macros = {found for text in texts for found in re.findall(r"\bmacro (\w+)\(", text)}
    mentioned = {found for text in texts for found in re.findall(r"(?<!macro )\b(\w+)\s*[(),}]", text)}
    assert macros - mentioned == set()


def test_every_class_has_a_style_or_is_looked_for() -> None:
    styled = {found for path in files(".css", ".js") for found in CLASS_NAME.findall(path.read_text())}
    given = {(name(path), word) for path in files(".html") for word in _given(path.read_text())}
    assert {(where, word) for where, word in given if word not in styled} == set()


def _given(text: str) -> Iterator[str]:
    for classes in CLASSES.findall(text):
        yield from (word for word in PUT_IN.sub("\0", classes).split() if PLAIN.fullmatch(word))


@pytest.mark.parametrize("path", files(".css"), ids=name)
def test_every_style_is_given_to_something(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(), flags=re.DOTALL)
    parts = _words(".html", ".js", ".py")
    # A library of the browser makes its own elements; a template may put the end of a class behind a dash.
    unused = {
        found
        for found in CLASS_NAME.findall(text)
        if not found.startswith("leaflet-") and found not in parts and f"{found.rpartition('-')[0]}-" not in parts
    }
    assert unused == set()
