"""Writes on every page who received it. The original is never touched; what is handed out is made anew each time.

The letters are those that every reader of PDF brings for Japanese (Heisei Kaku Gothic), so no font is carried along.
A picture is handed out as a PDF page for the same reason: to draw the name of a firm into its dots needs a font.
"""

import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from backend.files.dots import upright
from backend.files.kinds import PICTURES, Kind

FONT = "HeiseiKakuGo-W5"
# Seen on white paper and after a copier, and yet every line of the drawing under it can be read.
DARKNESS, GREY = 0.22, 0.35
SLANT = 30
LONG_SIDE = 842.0
STRIP = 22.0
NAME = "/ReceivedBy"


@dataclass(frozen=True)
class _Sheet:
    """The place and size of a page, and by how much viewers turn it."""

    left: float
    bottom: float
    width: float
    height: float
    turned: int


def stamp(source: Path, kind: Kind, words: str, target: Path) -> None:
    """Write the PDF or picture with these words on every page to `target`, as a PDF."""
    if kind in PICTURES:
        _picture_page(source, words, target)
    else:
        _pdf_pages(source, words, target)


def _pdf_pages(source: Path, words: str, target: Path) -> None:
    with source.open("rb") as file:
        writer = PdfWriter(clone_from=PdfReader(file, strict=False))
    stamps: dict[_Sheet, Any] = {}
    for page in writer.pages:
        box = page.mediabox
        sheet = _Sheet(float(box.left), float(box.bottom), float(box.width), float(box.height), page.rotation % 360)
        if sheet not in stamps:
            stamps[sheet] = _form(writer, sheet, words)
        _put_on(writer, page, stamps[sheet])
    writer.write(target)


def _put_on(writer: PdfWriter, page: Any, form: Any) -> None:  # noqa: ANN401 - PDF objects
    """Behind what the page draws already, in a state of its own, whatever the page left behind."""
    resources = DictionaryObject(page.get("/Resources", DictionaryObject()).get_object())
    drawn = DictionaryObject(resources.get("/XObject", DictionaryObject()).get_object())
    drawn[NameObject(NAME)] = form
    resources[NameObject("/XObject")] = drawn
    page[NameObject("/Resources")] = resources
    before, after = _commands(writer, b"q\n"), _commands(writer, b"\nQ\nq " + NAME.encode() + b" Do Q\n")
    page[NameObject("/Contents")] = ArrayObject([before, *_contents(page), after])


def _contents(page: Any) -> list[Any]:  # noqa: ANN401
    """The streams of a page as they are, unread."""
    if "/Contents" not in page:
        return []
    there = page.raw_get("/Contents")
    resolved = there.get_object()
    return list(list.__iter__(resolved)) if isinstance(resolved, ArrayObject) else [there]


def _commands(writer: PdfWriter, data: bytes) -> Any:  # noqa: ANN401
    stream = DecodedStreamObject()
    stream.set_data(data)
    return _added(writer, stream)


def _form(writer: PdfWriter, sheet: _Sheet, words: str) -> Any:  # noqa: ANN401
    """The words all over a sheet, as one drawing that every page of this size shows."""
    page = PdfReader(io.BytesIO(_repeated(sheet, words))).pages[0]
    contents = page.get_contents()
    form = DecodedStreamObject()
    form.set_data(contents.get_data() if contents is not None else b"")
    matrix = ArrayObject(FloatObject(number) for number in (1, 0, 0, 1, sheet.left, sheet.bottom))
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(FloatObject(number) for number in (0, 0, sheet.width, sheet.height))
    form[NameObject("/Matrix")] = matrix
    form[NameObject("/Resources")] = page["/Resources"].clone(writer)
    return _added(writer, form.flate_encode())


def _added(writer: PdfWriter, thing: Any) -> Any:  # noqa: ANN401
    return writer._add_object(thing)  # noqa: SLF001 - the writer has no other way to add an object


def _repeated(sheet: _Sheet, words: str) -> bytes:
    """A page of nothing but the words, again and again, slanted as the reader sees the page."""
    memory = io.BytesIO()
    canvas = _canvas(memory, sheet.width, sheet.height)
    _draw_repeated(canvas, sheet, words)
    canvas.save()
    return memory.getvalue()


def _canvas(target: io.BytesIO | str, width: float, height: float) -> Canvas:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    # Otherwise each byte of a photo would be turned into letters, a minute of work for a large one.
    rl_config.useA85 = 0
    return Canvas(target, pagesize=(width, height), pageCompression=1)


def _draw_repeated(canvas: Canvas, sheet: _Sheet, words: str) -> None:
    text, across = _writable(words), math.hypot(sheet.width, sheet.height)
    size = max(7.0, min(min(sheet.width, sheet.height) / 42, 36.0), across / 120)
    along = pdfmetrics.stringWidth(text, FONT, size) + 6 * size
    canvas.saveState()
    canvas.setFillGray(GREY, alpha=DARKNESS)
    canvas.setFont(FONT, size)
    canvas.translate(sheet.width / 2, sheet.height / 2)
    canvas.rotate(SLANT + sheet.turned)
    for line in range(-int(across / 18 / size) - 1, int(across / 18 / size) + 2):
        for place in range(-int(across / 2 / along) - 1, int(across / 2 / along) + 2):
            # Every other line stands half a step aside, so that no strip between the words stays empty.
            canvas.drawString((place + line % 2 / 2) * along - along / 2, line * 9 * size, text)
    canvas.restoreState()


def _writable(words: str) -> str:
    """The font knows the characters of the first plane only; a geta mark stands for the others, as in print."""
    return "".join(char if ord(char) < 0x10000 else "〓" for char in words)


def _picture_page(source: Path, words: str, target: Path) -> None:
    """Only the dots: what a camera wrote about place and owner stays behind. A strip below says for whom it is."""
    # As a file, because given a picture the library would unpack all of it to give it a name.
    packed = target.with_suffix(".jpg")
    try:
        with Image.open(source) as opened:
            dots = upright(opened)
        dots.save(packed, "JPEG", quality=92, subsampling=0)
        _draw_picture(packed, dots.size, words, target)
    finally:
        packed.unlink(missing_ok=True)


def _draw_picture(packed: Path, size: tuple[int, int], words: str, target: Path) -> None:
    scale = LONG_SIDE / max(size)
    width, height = size[0] * scale, size[1] * scale
    canvas = _canvas(str(target), width, height + STRIP)
    canvas.drawImage(str(packed), 0, STRIP, width, height)
    canvas.saveState()
    canvas.translate(0, STRIP)
    picture = canvas.beginPath()
    picture.rect(0, 0, width, height)
    canvas.clipPath(picture, stroke=0)
    _draw_repeated(canvas, _Sheet(0, 0, width, height, 0), words)
    canvas.restoreState()
    text = _writable(words)
    canvas.setFillGray(0)
    canvas.setFont(FONT, min(10.0, 10.0 * width / (pdfmetrics.stringWidth(text, FONT, 10.0) + 12)))
    canvas.drawString(6, 7, text)
    canvas.save()
