"""What nobody uses goes: names, macros, and classes of the pages that no style knows."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from tests.repo.source import ROOT, files, name

# What measures the ranking is called by the tests of its quality.
MEASURING = ROOT / "matching/evaluation"
CLASS_NAME = re.compile(r"\.([a-z][\w-]*)", re.IGNORECASE)
CLASSES = re.compile(r'\bclass="([^"]*)"')
PUT_IN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
PLAIN = re.compile(r"[a-z][\w-]*\w", re.IGNORECASE)


def _product(path: Path) -> bool:
    inside = any(path.is_relative_to(ROOT / folder) for folder in ("backend", "matching", "seed"))
    return inside and not path.is_relative_to(ROOT / "backend/core/migrations")


def _defined(tree: ast.Module) -> Iterator[str]:
    """Names of the module itself. What a decorator takes (a page, a job, a listener) is used by whoever it tells."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not node.decorator_list or isinstance(node, ast.ClassDef):
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def _read(tree: ast.Module) -> Iterator[str]:
    """Every name that is read, taken out of a module, or given as words (a forward reference, an entry point)."""
    for node in ast.walk(tree):
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
    trees = (
        ast.parse(path.read_text()) for path in files(".py") if _product(path) or path.is_relative_to(ROOT / "bench")
    )
    return frozenset(word for tree in trees for word in _read(tree)) | _words(".html", ".txt", ".toml", ".mako")


@pytest.mark.parametrize("path", [path for path in files(".py") if _product(path)], ids=name)
def test_every_name_of_a_module_is_used_by_the_program(path: Path) -> None:
    if path.is_relative_to(MEASURING):
        return
    unused = {one for one in _defined(ast.parse(path.read_text())) if not one.startswith("__")} - _used()
    # The worker names its modules so that their jobs are known.
    assert unused - {"HANDLERS"} == set()


def test_every_macro_is_called() -> None:
    texts = [path.read_text() for path in files(".html")]
    macros = {found for text in texts for found in re.findall(r"\bmacro (\w+)\(", text)}
    mentioned = {found for text in texts for found in re.findall(r"(?<!macro )\b(\w+)\s*[(),}]", text)}
    assert macros - mentioned == set()


@pytest.mark.parametrize("path", files(".html"), ids=name)
def test_every_class_has_a_style_or_is_looked_for(path: Path) -> None:
    given = {
        word
        for classes in CLASSES.findall(path.read_text())
        for word in PUT_IN.sub("\0", classes).split()
        if PLAIN.fullmatch(word)
    }
    assert given - _styled() == set()


@lru_cache
def _styled() -> frozenset[str]:
    return frozenset(found for path in files(".css", ".js") for found in CLASS_NAME.findall(path.read_text()))


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
