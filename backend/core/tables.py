"""Tables that go out to a spreadsheet: nothing that somebody typed becomes a formula there."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE = 64 * 1024
# A spreadsheet takes a cell that begins with one of these for a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would take it for a formula; full-width signs count."""
    folded = unicodedata.normalize("NFKC", text).lstrip()
    return f"'{text}" if folded.startswith(_DANGEROUS) or text.startswith(_DANGEROUS) else text


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV that opens rightly in a Japanese spreadsheet."""
    return b"".join(csv_pieces(rows))


def csv_pieces(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The same piece by piece, for a table that may be as long as it likes."""
    yield codecs.BOM_UTF8
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        if out.tell() > PIECE:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode(errors="replace")
