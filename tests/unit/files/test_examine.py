"""Good files of every kind are taken; what is not what it says, not whole, or not alone is refused."""

import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.files.examine import examine
from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import Kind
from tests.unit.files import samples
from tests.unit.files.samples import GOOD, chunk, pdf, pdf_with, picture, raw_pdf, stream, workbook

ACTION = b"<< /Type /Action /S /%s /F (x) /URI (x) >>"
BOMB = zlib.compress(bytes(50_000_000), 9)
LZW_BOMB = samples.lzw_bomb(11)
ROOT = b"<< /Type /Catalog /Pages 2 0 R %s >>"
SCRIPT = b"<script>alert(1)</script>"


def look(folder: Path, name: str, data: bytes) -> FaultCode | Kind:
    """What comes of a file: its kind, or the reason against it."""
    path = folder / "waiting"
    path.write_bytes(data)
    try:
        return examine(path, name).kind
    except Unfit as unfit:
        return unfit.code


@pytest.mark.parametrize("name", GOOD)
def test_is_taken(tmp_path: Path, name: str) -> None:
    path = tmp_path / "waiting"
    path.write_bytes(GOOD[name])
    assert examine(path, name).size == len(GOOD[name])


def test_every_kind_is_among_the_good_ones(tmp_path: Path) -> None:
    assert {look(tmp_path, name, data) for name, data in GOOD.items()} == set(Kind)


@pytest.mark.parametrize(
    "name", [name for name in GOOD if Path(name).suffix.lower() not in {"", ".txt", ".csv", ".tsv"}]
)
def test_is_refused_under_every_other_ending(tmp_path: Path, name: str) -> None:
    for other in ("pdf", "png", "jpg", "step", "dwg", "dxf", "stl", "xlsx", "csv", "exe", "html", "pdf.exe", "docx"):
        found = look(tmp_path, f"x.{other}", GOOD[name])
        assert isinstance(found, Kind) == (found == look(tmp_path, name, GOOD[name]) and other != "pdf.exe")


@pytest.mark.parametrize(
    "name",
    [
        "図面.pdf",
        "photo.jpg",
        "photo.png",
        "photo.webp",
        "part.step",
        "part.igs",
        "part.dxf",
        "part.stl",
        "part2.stl",
        "list.xlsx",
    ],
)
@pytest.mark.parametrize("share", [0.5, 0.9, "one byte"])
def test_is_refused_without_its_end(tmp_path: Path, name: str, share: float | str) -> None:
    data = GOOD[name].rstrip()
    cut = data[:-1] if isinstance(share, str) else data[: int(len(data) * share)]
    assert isinstance(look(tmp_path, name, cut), FaultCode), name


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED: dict[str, tuple[str, bytes, FaultCode]] = {
    "nothing": ("a.pdf", b"", FaultCode.EMPTY),
    "SVG": ("a.svg", SVG, FaultCode.SVG),
    "SVG under another name": ("a.png", SVG, FaultCode.SVG),
    "SVG as text in UTF-16": ("a.txt", SVG.decode().encode("utf-16"), FaultCode.SVG),
    "packed SVG": ("a.svgz", b"\x1f\x8b\x08" + bytes(30), FaultCode.ARCHIVE),
    "page": ("a.csv", b"<!DOCTYPE html><title>x</title>", FaultCode.MARKUP),
    "page in a table": ("a.csv", b"a,b\n<script>alert(1)</script>,2\n", FaultCode.MARKUP),
    "page in a drawing": ("a.dxf", samples.DXF.replace(b"made by hand", SCRIPT), FaultCode.MARKUP),
    "page in a model": ("a.stl", SCRIPT.ljust(80) + samples.STL_BINARY[80:], FaultCode.MARKUP),
    "page in a PNG": (
        "a.png",
        picture("PNG")[:33] + chunk(b"tEXt", b"c\0" + SCRIPT) + picture("PNG")[33:],
        FaultCode.MARKUP,
    ),
    "program": ("a.pdf", b"MZ\x90\0" + bytes(100), FaultCode.PROGRAM),
    "script": ("a.txt", b"#!/bin/sh\nrm -rf x\n", FaultCode.PROGRAM),
    "ZIP": ("a.zip", samples.archive(a=b"x"), FaultCode.ARCHIVE),
    "ZIP as drawing": ("a.pdf", samples.archive(a=b"x"), FaultCode.ARCHIVE),
    "Word": ("a.docx", samples.archive(a=b"x"), FaultCode.OTHER_OFFICE),
    "ZIP as workbook": ("a.xlsx", samples.archive(a=b"x"), FaultCode.ARCHIVE),
    "HEIC": ("a.heic", b"\0\0\0\x18ftypheic" + bytes(30), FaultCode.PHONE_PICTURE),
    "TIFF": ("a.tif", b"II*\0" + bytes(30), FaultCode.TIFF),
    "old Excel": ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), FaultCode.OLD_OFFICE),
    "locked workbook": (
        "a.xlsx",
        b"\xd0\xcf\x11\xe0" + bytes(9000) + "EncryptedPackage".encode("utf-16-le"),
        FaultCode.WORKBOOK_LOCKED,
    ),
    "no text": ("a.txt", b"abc\0def", FaultCode.UNKNOWN),
    "noise": ("a.bin", os.urandom(64).replace(b"<", b"."), FaultCode.UNKNOWN),
    "table that starts a program": ("a.csv", b"a,b\n1,=cmd|'/c calc'!A0\n", FaultCode.TABLE_ACTIVE),
    "PDF behind something": ("a.pdf", b"GIF89a" + pdf(), FaultCode.TWO_IN_ONE),
    "PDF behind a line": ("a.pdf", b"\n" + pdf(), FaultCode.TWO_IN_ONE),
    "ZIP behind a PDF": ("a.pdf", pdf() + samples.archive(a=b"x"), FaultCode.TWO_IN_ONE),
    "ZIP inside a PDF": ("a.pdf", raw_pdf(stream(samples.archive(a=b"x"), b"[]")), FaultCode.TWO_IN_ONE),
    "page behind a PDF": ("a.pdf", pdf(pages=20) + SCRIPT, FaultCode.TWO_IN_ONE),
    "ZIP behind a PNG": ("a.png", picture("PNG") + samples.archive(a=b"x"), FaultCode.TWO_IN_ONE),
    "words behind a PNG": ("a.png", picture("PNG") + b"hello", FaultCode.TWO_IN_ONE),
    "ZIP behind a JPEG": ("a.jpg", picture("JPEG") + samples.archive(a=b"x"), FaultCode.TWO_IN_ONE),
    "script behind a JPEG": ("a.jpg", picture("JPEG", (900, 600)) + SCRIPT, FaultCode.TWO_IN_ONE),
    "PDF behind a WebP": ("a.webp", picture("WEBP") + pdf(), FaultCode.TWO_IN_ONE),
    "workbook behind something": ("a.xlsx", b"PK\x03\x04junk" + workbook(), FaultCode.TWO_IN_ONE),
    "something behind a workbook": ("a.xlsx", workbook() + b"x", FaultCode.TWO_IN_ONE),
    "picture of a billion dots": ("a.png", samples.png_claiming(40_000, 30_000), FaultCode.TOO_HEAVY),
    "picture without end": ("a.png", samples.png_claiming(100_000, 1), FaultCode.TOO_HEAVY),
    "picture with too few dots": ("a.png", samples.png_claiming(900, 900), FaultCode.DAMAGED),
    "PNG with a wrong sum": ("a.png", picture("PNG").replace(b"IHDR\0\0\0", b"IHDR\0\0\1"), FaultCode.DAMAGED),
    "JPEG that goes nowhere": ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(20), FaultCode.DAMAGED),
    "PDF that is none": ("a.pdf", b"%PDF-1.7\nhello\n%%EOF\n", FaultCode.DAMAGED),
    "PDF without pages": ("a.pdf", raw_pdf(root=b"<< /Type /Catalog >>"), FaultCode.DAMAGED),
    "PDF of too many pages": ("a.pdf", pdf(pages=501), FaultCode.TOO_HEAVY),
    "PDF page of no size": ("a.pdf", raw_pdf().replace(b"[0 0 300 300]", b"[0 0 300   0]"), FaultCode.DAMAGED),
    "WebP that says more": ("a.webp", b"RIFF\xff\xff\0\0WEBPVP8 " + bytes(40), FaultCode.TRUNCATED),
    "JPEG with a lost mark": ("a.jpg", b"\xff\xd8\xff\xe0\0\x04ab" + b"no mark" * 9, FaultCode.DAMAGED),
    "PDF with script": (
        "a.pdf",
        raw_pdf(root=ROOT % b"/OpenAction << /S /JavaScript /JS (x) >>"),
        FaultCode.PDF_ACTIVE,
    ),
    "PDF with named scripts": ("a.pdf", raw_pdf(root=ROOT % b"/Names << /JavaScript 1 0 R >>"), FaultCode.PDF_ACTIVE),
    "PDF with attachment": ("a.pdf", pdf_with("attachment"), FaultCode.PDF_ACTIVE),
    "PDF with password": ("a.pdf", pdf_with("password"), FaultCode.PDF_LOCKED),
    "PDF with limits": ("a.pdf", pdf_with("limits"), FaultCode.PDF_LOCKED),
    "PDF with a script of another spelling": ("a.pdf", raw_pdf(b"<< /#4a#53 (x) >>"), FaultCode.PDF_ACTIVE),
    "PDF form with scripts": ("a.pdf", raw_pdf(b"<< /AcroForm << /XFA [] >> >>"), FaultCode.PDF_ACTIVE),
    "PDF with content elsewhere": ("a.pdf", raw_pdf(stream(b"", more=b"/F (x)")), FaultCode.PDF_ACTIVE),
    "PDF with a note that holds a file": ("a.pdf", raw_pdf(b"<< /Subtype /FileAttachment >>"), FaultCode.PDF_ACTIVE),
    "PDF nested without end": ("a.pdf", raw_pdf(b"[" * 90 + b"]" * 90), FaultCode.TOO_HEAVY),
    "PDF packed twice": (
        "a.pdf",
        raw_pdf(stream(zlib.compress(BOMB), b"[/FlateDecode /FlateDecode]")),
        FaultCode.TOO_HEAVY,
    ),
    "PDF with a picture of a billion dots": (
        "a.pdf",
        raw_pdf(stream(zlib.compress(b""), more=b"/Subtype /Image /Width 40000 /Height 40000")),
        FaultCode.TOO_HEAVY,
    ),
    "PDF of half a gigabyte": ("a.pdf", raw_pdf(*[stream(BOMB)] * 11), FaultCode.TOO_HEAVY),
    "PDF of half a gigabyte in letters": (
        "a.pdf",
        raw_pdf(*[stream(BOMB.hex().encode() + b">", b"[/ASCIIHexDecode /FlateDecode]")] * 11),
        FaultCode.TOO_HEAVY,
    ),
    "PDF of half a gigabyte, packed as another object says": (
        "a.pdf",
        raw_pdf(b"[5 0 R]", b"/FlateDecode", *[stream(BOMB, b"4 0 R")] * 11),
        FaultCode.TOO_HEAVY,
    ),
    "PDF of much, packed by LZW": ("a.pdf", raw_pdf(stream(LZW_BOMB, b"/LZWDecode")), FaultCode.TOO_HEAVY),
    "PDF of much, packed by LZW in letters": (
        "a.pdf",
        raw_pdf(stream(LZW_BOMB.hex().encode(), b"[/AHx /LZW]")),
        FaultCode.TOO_HEAVY,
    ),
    "PDF packed in runs": ("a.pdf", raw_pdf(stream(b"\x81\0" * 600_000, b"/RunLengthDecode")), FaultCode.TOO_HEAVY),
    "PDF that unpacks a picture": (
        "a.pdf",
        raw_pdf(stream(BOMB, b"[/DCTDecode /FlateDecode]")),
        FaultCode.TOO_HEAVY,
    ),
    "PDF picture of a billion dots, its sides elsewhere": (
        "a.pdf",
        raw_pdf(b"40000", stream(zlib.compress(b""), more=b"/Subtype /Image /Width 4 0 R /Height 4 0 R")),
        FaultCode.TOO_HEAVY,
    ),
    "PDF note whose kind stands elsewhere": (
        "a.pdf",
        raw_pdf(b"<< /Subtype 5 0 R >>", b"/FileAttachment"),
        FaultCode.PDF_ACTIVE,
    ),
    "workbook with macros": ("a.xlsx", workbook(xl__vbaProject=b"x"), FaultCode.WORKBOOK_ACTIVE),
    "workbook with files": ("a.xlsx", workbook(xl__embeddings__oleObject1=b"x"), FaultCode.WORKBOOK_ACTIVE),
    "workbook that asks programs": (
        "a.xlsx",
        workbook(xl__externalLinks__externalLink1=b'<externalLink><ddeLink ddeService="cmd"/></externalLink>'),
        FaultCode.WORKBOOK_ACTIVE,
    ),
    "workbook with entities": ("a.xlsx", workbook(xl__x=b'<!DOCTYPE x [<!ENTITY a "b">]>'), FaultCode.TOO_HEAVY),
    "workbook that leaves its folder": ("a.xlsx", workbook(**{"..__..__etc__x": b"x"}), FaultCode.DAMAGED),
}


@pytest.mark.parametrize("attack", REFUSED)
def test_is_refused(tmp_path: Path, attack: str) -> None:
    name, data, code = REFUSED[attack]
    assert look(tmp_path, name, data) is code


def test_a_workbook_that_would_fill_the_memory(tmp_path: Path) -> None:
    parts = {f"xl__{number}": bytes(41_000_000) for number in range(5)}
    assert look(tmp_path, "a.xlsx", workbook(**parts)) is FaultCode.TOO_HEAVY


@pytest.mark.parametrize(
    "action", [b"JavaScript", b"Launch", b"ImportData", b"SubmitForm", b"GoToE", b"GoToR", b"Rendition"]
)
def test_a_pdf_that_acts_is_refused(tmp_path: Path, action: bytes) -> None:
    assert look(tmp_path, "a.pdf", raw_pdf(ACTION % action)) is FaultCode.PDF_ACTIVE


@pytest.mark.parametrize("action", [b"Launch", b"SubmitForm", b"GoToR", b"JavaScript"])
def test_a_pdf_whose_action_is_named_elsewhere_is_refused(tmp_path: Path, action: bytes) -> None:
    data = raw_pdf(b"<< /Type /Action /S 5 0 R /F (x) >>", b"/" + action)
    assert look(tmp_path, "a.pdf", data) is FaultCode.PDF_ACTIVE


def test_a_picture_under_the_name_of_an_action_is_taken(tmp_path: Path) -> None:
    """What a page calls its fonts and pictures is free."""
    assert look(tmp_path, "a.pdf", raw_pdf(b"<< /S 5 0 R /Subtype [] >>", b"<< /Type /Font >>")) is Kind.PDF


def test_a_pdf_with_a_web_address_is_taken(tmp_path: Path) -> None:
    assert look(tmp_path, "a.pdf", raw_pdf(ACTION % b"URI")) is Kind.PDF


def test_a_pdf_with_a_broken_stream_is_taken(tmp_path: Path) -> None:
    """Viewers show what can be unpacked of it."""
    assert look(tmp_path, "a.pdf", raw_pdf(stream(b"no zlib"))) is Kind.PDF


def test_what_a_telephone_writes_behind_a_photo_is_left_out(tmp_path: Path) -> None:
    photo = picture("JPEG")
    path = tmp_path / "waiting"
    path.write_bytes(photo + picture("JPEG", (20, 20)) + b"SEFH" + os.urandom(50))
    assert examine(path, "a.jpg").size == len(photo)


@given(data=st.binary(max_size=300), start=st.sampled_from([b"", *(data[:40] for data in GOOD.values())]))
def test_noise_never_does_anything_but_be_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for name in ("a.pdf", "a.png", "a.jpg", "a.webp", "a.xlsx", "a"):
        assert isinstance(look(folder, name, start + data), FaultCode | Kind)
