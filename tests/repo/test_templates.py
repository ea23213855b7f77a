"""Templates compile, pages have titles, and every block can be rendered alone."""

from collections.abc import Iterator

import pytest
from jinja2 import nodes

from backend.core.resend import PASSWORDS
from backend.core.templating import TEMPLATES, environment

NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
templates = pytest.mark.parametrize("name", NAMES)


def _parse(name: str) -> nodes.Template:
    return environment().parse((TEMPLATES / name).read_text(), name)


@templates
def test_compiles(name: str) -> None:
    assert environment().get_template(name).name == name


@templates
def test_a_page_has_a_title(name: str) -> None:
    tree = _parse(name)
    if not list(tree.find_all(nodes.Extends)):
        return
    titles = [block for block in tree.find_all(nodes.Block) if block.name == "title"]
    assert titles, "a page that extends another needs its own title block"
    assert any(part.strip() for part in _texts(titles[0])) or list(titles[0].find_all(nodes.Output))


def _texts(block: nodes.Node) -> Iterator[str]:
    for data in block.find_all(nodes.TemplateData):
        yield data.data


@templates
def test_blocks_do_not_lean_on_what_stands_outside_them(name: str) -> None:
    """A block rendered alone sees neither imports, macros nor variables of the rest of its file."""
    tree = _parse(name)
    outside = set(_defined_outside_blocks(tree))
    for block in tree.find_all(nodes.Block):
        inside = {target.name for target in block.find_all(nodes.Name) if target.ctx in {"store", "param"}}
        inside |= {macro.name for macro in block.find_all(nodes.Macro)}
        read = {used.name for used in block.find_all(nodes.Name) if used.ctx == "load"}
        assert not (read - inside) & outside, f"block {block.name}"


def _defined_outside_blocks(tree: nodes.Node) -> Iterator[str]:
    for child in tree.iter_child_nodes():
        if isinstance(child, nodes.Block):
            continue
        if isinstance(child, nodes.Macro):
            yield child.name
        elif isinstance(child, nodes.Assign):
            yield from (target.name for target in child.find_all(nodes.Name) if target.ctx == "store")
        elif isinstance(child, nodes.FromImport):
            yield from (entry if isinstance(entry, str) else entry[1] for entry in child.names)
        elif isinstance(child, nodes.Import):
            yield child.target


@templates
def test_keeps_the_content_policy(name: str) -> None:
    """No inline style, script or event handler: the browser would refuse them."""
    text = (TEMPLATES / name).read_text()
    for forbidden in (' style="', "<style", "<script>", " onclick=", " onchange=", " onsubmit=", "hx-on"):
        assert forbidden not in text


def test_no_password_is_written_into_the_page_of_a_refusal() -> None:
    """What was typed is kept there; every field for a password is known as one."""
    fields = [call for name in NAMES for call in _parse(name).find_all(nodes.Call) if _is_password(call)]
    named = {field.args[0].value for field in fields if isinstance(field.args[0], nodes.Const)}
    assert named == set(PASSWORDS)
    written = [name for name in NAMES for data in _texts(_parse(name)) if 'type="password"' in data]
    assert written == [], "use ui.field"


def _is_password(call: nodes.Call) -> bool:
    told = {keyword.key: keyword.value for keyword in call.kwargs}
    kind = told.get("type")
    return isinstance(kind, nodes.Const) and kind.value == "password"
