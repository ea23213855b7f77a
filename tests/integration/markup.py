"""What a browser would see on a page: its tags with their attributes, and its forms with their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import takewhile

Attributes = dict[str, str]


@dataclass
class Form:
    """A form of a page: where it is sent to, and its fields as they stand in it."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    # Those of them that a person writes into.
    free: frozenset[str] = frozenset()


WRITTEN = frozenset({"", "text", "email", "search", "tel", "url", "date", "number", "password"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.scripts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A browser takes the first of two attributes with the same name.
        self.tags.append((tag, {name: value or "" for name, value in reversed(attrs)}))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", {}))
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script" and data.strip():
            self.scripts.append(data)


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def tags(page: str) -> list[tuple[str, Attributes]]:
    """Every opening tag with its attributes."""
    return [(tag, attributes) for tag, attributes in _read(page).tags if not tag.startswith("/")]


def seen(page: str) -> tuple[list[tuple[str, Attributes]], list[str]]:
    """Every opening tag with its attributes, and what stands between script tags, read once."""
    reader = _read(page)
    return [(tag, attributes) for tag, attributes in reader.tags if not tag.startswith("/")], reader.scripts


def inline_scripts(page: str) -> list[str]:
    """What stands between script tags."""
    return _read(page).scripts


def _is_free(tag: str, attributes: Attributes) -> bool:
    return tag == "textarea" or (tag == "input" and attributes.get("type", "").lower() in WRITTEN)


def forms(page: str, here: str) -> list[Form]:
    """The forms that are sent with POST; one without an action is sent to where it stands, `here`."""
    seen, found = _read(page).tags, []
    for at, (tag, attributes) in enumerate(seen):
        if tag == "form" and attributes.get("method", "").lower() == "post":
            inside = takewhile(lambda one: one[0] != "/form", seen[at + 1 :])
            named = [(tag, a) for tag, a in inside if a.get("name")]
            free = frozenset(a["name"] for tag, a in named if _is_free(tag, a))
            fields = [(a["name"], a.get("value", "")) for _tag, a in named]
            found.append(Form(attributes.get("action") or here, fields, free))
    return found
