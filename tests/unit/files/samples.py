"""One small good file of each kind, made by the usual libraries, and parts that attacks are made of."""

import io
import struct
import zipfile
import zlib

import xlsxwriter
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

STEP = b"ISO-10303-21;\nHEADER;\nFILE_NAME('a.stp','','','','','','');\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n"
_IGES_LINES = [("Bracket", "S", 1), ("1H,,1H;,", "G", 1), ("     116       1", "D", 1), ("116,1.,2.,3.;", "P", 1)]
IGES = b"".join(f"{text:<72}{part}{number:>7}\n".encode() for text, part, number in [*_IGES_LINES, ("S1", "T", 1)])
DXF = b"999\r\nmade by hand\r\n  0\r\nSECTION\r\n  2\r\nENTITIES\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"
DXF_BINARY = b"AutoCAD Binary DXF\r\n\x1a\0" + b"\0SECTION\0" + bytes(64)
DWG = b"AC1032\0\0\0\0\0" + bytes(200)
STL = b"solid bracket\n facet normal 0 0 1\n  outer loop\n  endloop\n endfacet\nendsolid\n"
STL_BINARY = b"made by hand".ljust(80, b" ") + struct.pack("<I", 2) + bytes(100)
CSV = "部品,数\nブラケット,10\n".encode("cp932")
TEXT = "寸法は図面のとおり。\r\n".encode()


def pdf(words: str = "PART A-100", *, pages: int = 1, turned: int = 0) -> bytes:
    memory = io.BytesIO()
    canvas = Canvas(memory, pagesize=(595, 842), invariant=1)
    for _page in range(pages):
        canvas.drawString(100, 700, words)
        canvas.setPageRotation(turned)
        canvas.showPage()
    canvas.save()
    return memory.getvalue()


def pdf_with(change: str) -> bytes:
    """A PDF that does something by itself, or carries something."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    if change == "attachment":
        writer.add_attachment("evil.exe", b"MZ\x90")
    elif change == "password":
        writer.encrypt("secret", algorithm="RC4-128")
    elif change == "limits":
        writer.encrypt("", owner_password="secret", algorithm="RC4-128")
    memory = io.BytesIO()
    writer.write(memory)
    return memory.getvalue()


def raw_pdf(*objects: bytes, root: bytes = b"<< /Type /Catalog /Pages 2 0 R >>") -> bytes:
    """A PDF written by hand: catalogue, one page, and the objects from number 4 on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> >>"
    body, places = b"%PDF-1.7\n", []
    for number, thing in enumerate([root, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, *objects], start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)


def stream(data: bytes, filters: bytes = b"/FlateDecode", more: bytes = b"") -> bytes:
    return b"<< /Length %d /Filter %s %s >>\nstream\n%s\nendstream" % (len(data), filters, more, data)


def lzw_bomb(rounds: int) -> bytes:
    """Zeros, packed by LZW: each code stands for one more than the code before; 7.3 MB a round of 4000 codes."""
    a_round = [256, 0, *range(258, 4090)]
    bits = "".join(f"{code:0{_bits_of(code)}b}" for code in a_round)
    # A round is ended by the code that empties the table, in the width of its last codes.
    coded = bits + (f"{256:012b}" + bits[9:]) * (rounds - 1) + f"{257:012b}"
    coded += "0" * (-len(coded) % 8)
    return int(coded, 2).to_bytes(len(coded) // 8, "big")


def _bits_of(code: int) -> int:
    return 9 if code < 511 else 10 if code < 1023 else 11 if code < 2047 else 12


def picture(kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    memory = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(memory, kind)
    return memory.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A picture of a few bytes that says it has this many dots."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in parts)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def workbook(**more: bytes) -> bytes:
    """A workbook of one cell; `more` adds parts by name, "/" written as "__"."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        book.add_worksheet().write(0, 0, "部品")
    with zipfile.ZipFile(memory, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in more.items():
            archive.writestr(name.replace("__", "/") + ".bin", data)
    return memory.getvalue()


def archive(**parts: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return memory.getvalue()


GOOD: dict[str, bytes] = {
    "図面.pdf": pdf(),
    "図面.PDF": pdf(pages=3, turned=90),
    "photo.jpg": picture("JPEG"),
    "photo.jpeg": picture("JPEG"),
    "photo.png": picture("PNG"),
    "photo.webp": picture("WEBP"),
    "part.step": STEP,
    "part.STP": b"\xef\xbb\xbf" + STEP,
    "part.igs": IGES,
    "part.dxf": DXF,
    "part2.dxf": DXF_BINARY,
    "part.dwg": DWG,
    "part.stl": STL,
    "part2.stl": STL_BINARY,
    "list.xlsx": workbook(),
    "list.csv": CSV,
    "list.tsv": "部品\t数\n".encode("utf-16"),
    "note.txt": TEXT,
    "no ending": pdf(),
}
