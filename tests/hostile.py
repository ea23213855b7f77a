"""Markup that somebody might store in a text: ways out of a place on a page × what to do there × how to write it.

Every payload says `xss`, so that it can be found again; where one runs, it calls a function of that name.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Column, Enum, String, Table, select, update
from sqlmodel import AutoString

from backend.core.db import Database
from backend.core.migrations.tables import all_tables
from tests.integration import markup

# What ends the place in which the text stands: an element, an attribute in either quotes, a comment, a script.
WAYS_OUT = ("", '">', "'>", "</textarea>", "</title>", "</script>", "</option></select>", "-->", "]]>", '" ', "' ", "`")
VECTORS = (
    "<script>xss()</script>",
    "<img src=x onerror=xss()>",
    "<svg/onload=xss()>",
    "<svg><script>xss()</script></svg>",
    "<iframe srcdoc='<script>parent.xss()</script>'>",
    "<a href=javascript:xss()>xss</a>",
    "<form action=javascript:xss()><button>xss",
    "<details open ontoggle=xss()>",
    "<input autofocus onfocus=xss()>",
    "<base href=//xss.example/>",
    "<object data=javascript:xss()>",
    "<meta http-equiv=refresh content='0;javascript:xss()'>",
    "autofocus onfocus=xss() x=xss ",
    "{{ 7*7 }}{% raw %}<xss>",
    "<div hx-on:load=xss() hx-get=/xss hx-trigger=load>",
)
Writing = Callable[[str], str]
WRITINGS: tuple[Writing, ...] = (
    lambda text: text,
    lambda text: text.replace("script", "ScRiPt").replace("onerror", "OnErRoR"),
    lambda text: text.replace("javascript:", "java\tscript:").replace("<script", "<script/x"),
    lambda text: text.replace("<", "&lt;").replace("(", "&#40;"),
)


def payloads() -> tuple[str, ...]:
    """More than five hundred, each once."""
    made = [writing(f"{out}{vector}") for writing, out, vector in product(WRITINGS, WAYS_OUT, VECTORS)]
    return tuple(dict.fromkeys([*made, "javascript:xss()", "JaVaScRiPt:xss()", " vbscript:xss()"]))


def quoted(name: str, texts: tuple[str, ...], longest: int) -> str:
    """A part of an address that holds as many of them as have room."""
    return urlencode({name: "".join(texts)[:longest]})


# Words that the program itself writes and reads; a person cannot put a text there.
MACHINE = frozenset(
    {"code", "code_digest", "digest", "event", "key", "kind", "lang", "password_hash", "state", "token", "token_digest"}
)


# The words of a request are read at each visit, so they hold a part of the payloads, in each request another.
READ = {"requests.text": 1500, "request_drafts.text": 1500}
# Words that people typed and that are kept as JSON: whatever is text in them.
JSON_WORDS = frozenset(
    {
        "offers.summary",
        "offers.conditions",
        "offers.shown_before",
        "requests.corrections",
        "request_drafts.corrections",
        "case_changes.lines",
        "case_legs.order_items",
        "techniques.materials",
        "capacity_contacts.groups",
    }
)
# Of those that are read at each visit, so much.
SHORT = 300


def poison(database: Database, texts: tuple[str, ...]) -> set[str]:
    """Put all of them into every text of every row, past every check; gives the columns as `table.column`.

    Each row begins with another of them, because some pages show the beginning only.
    """
    done = set()
    for table in all_tables().tables.values():
        columns = [column for column in table.columns if _is_text(column) or str(column) in JSON_WORDS]
        if columns and table.name != "audit_events":
            done |= {f"{table.name}.{column.name}" for column in columns}
            _poison(database, table, columns, texts)
    return done


def _is_text(column: Column[object]) -> bool:
    words = isinstance(column.type, String | AutoString) and not isinstance(column.type, Enum)
    named = column.name in MACHINE or column.name == "id" or column.name.endswith("_id")
    return words and not column.primary_key and not column.foreign_keys and not named


def _poison(database: Database, table: Table, columns: list[Column[object]], texts: tuple[str, ...]) -> None:
    with database.writing() as session:
        connection = session.connection()
        for number, row in enumerate(connection.execute(select(table)).mappings().all()):
            start = number * 7 % len(texts)
            text = f"{''.join(texts[start:] + texts[:start])}{number}"
            here = [column == row[column.name] for column in table.primary_key.columns]
            values = {column.name: _words(row[column.name], column, text) for column in columns}
            connection.execute(update(table).where(*here).values(values))


def _words(kept: object, column: Column[object], text: str) -> object:
    if str(column) in JSON_WORDS:
        return in_json(kept, text[:SHORT])
    return text[: READ.get(str(column))]


def in_json(kept: object, text: str) -> object:
    """The same with every text in it replaced."""
    if isinstance(kept, dict):
        return {name: in_json(value, text) for name, value in kept.items()}
    if isinstance(kept, list):
        return [in_json(value, text) for value in kept]
    return text if isinstance(kept, str) else kept


# What people typed in a plan for many requests, which is kept in a file.
PLANNED = frozenset({"text", "firm", "made_by", "number"})


def poison_plans(folder: Path, text: str) -> int:
    """The same for the plans in the data folder; how many there are."""
    files = list((folder / "joint").glob("*.json"))
    for file in files:
        file.write_text(json.dumps(_planned(json.loads(file.read_text()), text)))
    return len(files)


def _planned(kept: object, text: str) -> object:
    if isinstance(kept, list):
        return [_planned(value, text) for value in kept]
    if isinstance(kept, dict):
        return {n: text if n in PLANNED and isinstance(v, str) else _planned(v, text) for n, v in kept.items()}
    return kept


ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "xlink:href", "poster", "hx-get", "hx-post"})
NEVER = frozenset({"iframe", "object", "embed", "base", "xss", "marquee", "math"})
SAFE = ("/", "?", "#", "https:", "http:", "mailto:", "tel:", "data:image/")


REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#34|#39);")


def strange(page: str) -> list[object]:
    """What stands on a page that none of our templates wrote."""
    # What is written as a reference is text; without it the page is read many times as fast.
    tags, scripts = markup.seen(REFERENCE.sub("", page))
    found: list[object] = [*scripts]
    for tag, attributes in tags:
        found += [tag] if tag in NEVER or "xss" in tag else []
        found += [(tag, attributes) for name in attributes if name.startswith("on") or name == "srcdoc"]
        found += [(tag, link) for link in _addresses(attributes) if not link.lower().startswith(SAFE)]
    return found


def _addresses(attributes: Mapping[str, str]) -> Iterable[str]:
    """Addresses as a browser reads them: without the control characters in front and the line ends within."""
    for name in ADDRESSES & attributes.keys():
        value = "".join(c for c in attributes[name] if c not in "\t\r\n").lstrip("".join(map(chr, range(33))))
        if value and (":" in value.partition("/")[0] or not value.isascii()):
            yield value
