"""QR codes as the path of an SVG: sharp on paper, legible after FAX, no picture file."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4


@dataclass(frozen=True)
class QrCode:
    """A square of `size` modules, with the quiet zone around it; `path` draws the dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """The code for this text. Error level M still reads with a coffee stain on it."""
    rows = segno.make_qr(text, error="m").matrix
    runs = [
        f"M{start + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs(row)
    ]
    return QrCode(len(rows) + 2 * QUIET_ZONE, "".join(runs))


def _runs(row: bytearray | tuple[int, ...]) -> list[tuple[int, int]]:
    """Where the dark stretches of a row begin and how long they are."""
    found, start = [], None
    for x, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            found.append((start, x - start))
            start = None
    return found
