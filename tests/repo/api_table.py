"""The tables of docs/reference/api.md, made from the OpenAPI document.

Run `python -m tests.repo.api_table` to write them anew.
"""

from typing import Any

from backend.app import create_app
from backend.core.api_docs import REFUSALS, TAGS
from backend.core.settings import Settings
from tests.repo.source import ROOT

PAGE = ROOT / "docs/reference/api.md"
BEGIN, END = "<!-- made from the OpenAPI document: begin -->", "<!-- made from the OpenAPI document: end -->"


def tables() -> str:
    """Every operation by its part of the interface, and every refusal."""
    document = create_app(Settings()).openapi()
    parts = [_part(document, name, about) for name, about in TAGS.items()]
    refusals = "\n".join(f"| {status} | {meaning} |" for status, (meaning, _sentence) in REFUSALS.items())
    return "\n".join([*parts, "## Refusals", "", "| status | meaning |", "|---|---|", refusals, ""])


def _part(document: dict[str, Any], name: str, about: str) -> str:
    rows = [
        _row(f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if name in operation["tags"]
    ]
    head = ["| operation | what it does | who | answers |", "|---|---|---|---|"]
    return "\n".join([f"## {name.capitalize()}", "", about, "", *head, *rows, ""])


def _row(called: str, operation: dict[str, Any]) -> str:
    who = "anybody" if {} in operation["security"] else "a token"
    key = "; takes a key" if "Idempotency-Key" in {each["name"] for each in operation.get("parameters", ())} else ""
    answers = ", ".join(sorted(operation["responses"]))
    return f"| `{called}` | {operation['summary']} | {who}{key} | {answers} |"


def written() -> str:
    """What stands between the two lines of the page."""
    return PAGE.read_text().partition(BEGIN)[2].partition(END)[0].strip("\n")


if __name__ == "__main__":
    before, _begin, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{tables()}\n{END}{rest.partition(END)[2]}")
