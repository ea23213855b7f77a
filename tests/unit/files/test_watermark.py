"""The receiver's name stands on every page, reads back, and lies over the drawing without changing it."""

import io
import itertools
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from backend.files import room
from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import Kind
from backend.files.watermark import stamp
from tests.unit.files import samples
from tests.unit.files.samples import pdf, picture, raw_pdf, stream

WORDS = "株式会社髙橋精工  2026-11-22  相談 12"


def stamped(folder: Path, data: bytes, kind: Kind = Kind.PDF, words: str = WORDS) -> PdfReader:
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    stamp(source, kind, words, target)
    assert source.read_bytes() == data
    return PdfReader(io.BytesIO(target.read_bytes()))


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_every_page_of_a_pdf(tmp_path: Path, turned: int) -> None:
    reader = stamped(tmp_path, pdf("PART A-100", pages=3, turned=turned))
    assert len(reader.pages) == 3
    for page in reader.pages:
        text = page.extract_text()
        assert text.count(WORDS) >= 8
        assert "PART A-100" in text
        assert page.rotation == turned


def test_pages_of_one_size_share_one_stamp(tmp_path: Path) -> None:
    reader = stamped(tmp_path, pdf(pages=20))
    places = {page["/Resources"]["/XObject"].raw_get("/ReceivedBy").idnum for page in reader.pages}  # type: ignore[index]
    assert len(places) == 1


def test_a_page_that_does_not_begin_at_nought(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.pages[0].mediabox = RectangleObject((-200, 1000, 395, 1842))
    memory = io.BytesIO()
    writer.write(memory)
    form = stamped(tmp_path, memory.getvalue()).pages[0]["/Resources"]["/XObject"]["/ReceivedBy"]  # type: ignore[index]
    assert [float(number) for number in form["/Matrix"]] == [1, 0, 0, 1, -200, 1000]


def test_what_a_page_inherits_and_leaves_open(tmp_path: Path) -> None:
    """Resources of the parent, content in two streams, a state that is never given back."""
    page = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 300] /Resources << /Font << /F 4 0 R >> >> >>"
    own = b"<< /Type /Page /Parent 2 0 R /Contents [5 0 R 6 0 R] >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    texts = (b"q q BT /F 20 Tf 10 100 Td (LEFT) Tj ET", b"BT /F 20 Tf 10 200 Td (OPEN) Tj ET")
    data = raw_pdf(font, *(stream(text, b"[]") for text in texts))
    data = data.replace(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page)
    data = data.replace(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> >>", own)
    text = stamped(tmp_path, data).pages[0].extract_text()
    assert WORDS in text
    assert "LEFT" in text
    assert "OPEN" in text


def test_a_page_without_anything_on_it(tmp_path: Path) -> None:
    assert WORDS in stamped(tmp_path, raw_pdf()).pages[0].extract_text()


@pytest.mark.parametrize("size", [(10, 10), (14_400, 200), (3370, 2384)])
def test_pages_of_any_size(tmp_path: Path, size: tuple[int, int]) -> None:
    data = raw_pdf().replace(b"[0 0 300 300]", b"[0 0 %d %d]" % size)
    target = tmp_path / "target"
    assert stamped(tmp_path, data).pages[0].extract_text().count(WORDS) <= 1000
    assert target.stat().st_size < 100_000


@pytest.mark.parametrize("words", ["", "𠮷野家", "(x) \\ <b>", "🏭" * 50, "a" * 300])
def test_any_name(tmp_path: Path, words: str) -> None:
    assert len(stamped(tmp_path, pdf(), words=words).pages) == 1


@pytest.mark.parametrize("kind", [Kind.PNG, Kind.JPEG, Kind.WEBP])
def test_a_picture_becomes_a_page(tmp_path: Path, kind: Kind) -> None:
    page = stamped(tmp_path, picture(kind.value.upper(), (600, 300)), kind).pages[0]
    assert page.extract_text().count(WORDS) >= 4
    assert len(page.images) == 1
    assert page.images[0].image is not None
    assert page.images[0].image.size == (600, 300)


def test_what_a_camera_wrote_stays_behind(tmp_path: Path) -> None:
    notes = Image.Exif()
    notes[0x9286] = "taken at the secret shop"
    notes[0x0112] = 6  # lies on its side
    memory = io.BytesIO()
    Image.new("RGB", (80, 40), "red").save(memory, "JPEG", exif=notes)
    reader = stamped(tmp_path, memory.getvalue(), Kind.JPEG)
    assert b"secret" not in (tmp_path / "target").read_bytes()
    shown = reader.pages[0].images[0].image
    assert shown is not None
    assert shown.size == (40, 80)
    assert not shown.getexif()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_make(tmp_path: Path, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    memory = io.BytesIO()
    Image.new(mode, (30, 20)).save(memory, kind)
    assert WORDS in stamped(tmp_path, memory.getvalue(), Kind(kind.lower())).pages[0].extract_text()


def test_in_the_closed_room(tmp_path: Path) -> None:
    """The same through the door, with names no shell and no encoding would like."""
    source, target = tmp_path / "source", tmp_path / "target"
    drawing = pdf()
    source.write_bytes(drawing)
    found = room.examined(source, "図面\ud800'\"; rm -rf *.pdf")
    assert (found.kind, found.size) == (Kind.PDF, len(drawing))
    room.stamped(source, Kind.PDF, WORDS, target)
    assert WORDS in PdfReader(io.BytesIO(target.read_bytes())).pages[0].extract_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


def test_what_ends_in_the_closed_room(tmp_path: Path) -> None:
    """A fault, a pdf that only a stamp shows to be broken, and trouble of the disk come out as what they are."""
    source = tmp_path / "source"
    source.write_bytes(samples.STEP)
    with pytest.raises(Unfit) as refused:
        room.examined(source, "a.pdf")
    assert (refused.value.code, refused.value.detail) == (FaultCode.WRONG_ENDING, "step")
    with pytest.raises(Unfit):
        room.stamped(source, Kind.PDF, WORDS, tmp_path / "target")
    source.write_bytes(pdf())
    with pytest.raises(FileNotFoundError):
        room.stamped(source, Kind.PDF, WORDS, tmp_path / "nowhere" / "target")
    assert list(itertools.chain(tmp_path.glob("target*"), tmp_path.glob("*.tried"))) == []
