"""Tables that go out to a spreadsheet: nothing that somebody typed becomes a formula there."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

CSV = "text/csv; charset=utf-8"
# A spreadsheet takes a cell that begins with one of these for a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would take it for a formula; full-width signs count."""
    folded = unicodedata.normalize("NFKC", text).lstrip()
    return f"'{text}" if folded.startswith(_DANGEROUS) or text.startswith(_DANGEROUS) else text


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV that opens rightly in a Japanese spreadsheet."""
    out = io.StringIO()
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", errors="replace")
