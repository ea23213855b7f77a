"""What a file is, told by its first bytes and its length; never by its name."""

import re
import struct

from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import Kind

HEAD = 4096
# Browsers look for a page in the first kilobyte and a half of what they do not know.
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed|meta|img|style|\?php|a\s+href)\b", re.IGNORECASE
)
_DXF = re.compile(rb"\s*(?:999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\r?\n")
_IGES = re.compile(rb"[^\r\n]{72}S[ 0]{6}1\s")
_DWG = re.compile(rb"AC10[0-9]{2}\0")
_STEP = re.compile(rb"\s*(?:/\*.*?\*/\s*)*ISO-10303-21\s*;", re.DOTALL)
_SOLID = re.compile(rb"\s*solid\b[^\n]*\n\s*(?:facet\s+normal|endsolid)", re.IGNORECASE)
_UTF8_MARK = b"\xef\xbb\xbf"

_BY_SIGNATURE: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"PK\x03\x04", Kind.XLSX),
    (b"AutoCAD Binary DXF\r\n\x1a\0", Kind.DXF),
)
_BY_PATTERN = ((_DWG, Kind.DWG), (_STEP, Kind.STEP), (_IGES, Kind.IGES), (_DXF, Kind.DXF), (_SOLID, Kind.STL))
_UNTAKEN: tuple[tuple[bytes, FaultCode], ...] = (
    (b"MZ", FaultCode.PROGRAM),
    (b"\x7fELF", FaultCode.PROGRAM),
    (b"#!", FaultCode.PROGRAM),
    (b"\xca\xfe\xba\xbe", FaultCode.PROGRAM),
    (b"\xd0\xcf\x11\xe0", FaultCode.OLD_OFFICE),
    (b"Rar!", FaultCode.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FaultCode.ARCHIVE),
    (b"\x1f\x8b", FaultCode.ARCHIVE),
    (b"BZh", FaultCode.ARCHIVE),
    (b"\xfd7zXZ", FaultCode.ARCHIVE),
    (b"PK\x05\x06", FaultCode.ARCHIVE),
    (b"II*\0", FaultCode.TIFF),
    (b"MM\0*", FaultCode.TIFF),
)
_PHONE = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"})


def recognise(head: bytes, size: int) -> Kind | None:
    """The kind of a file with this beginning and length; None for what may be plain text. Raises Unfit."""
    _refuse_markup(head)
    kind = _by_signature(head)
    if kind is None and b"%PDF-" in head[:1024]:
        # Readers look for the mark of a PDF in the first kilobyte: what stands before it is another file.
        raise Unfit(FaultCode.TWO_IN_ONE)
    if kind is None:
        _refuse_untaken(head)
    return kind or (Kind.STL if _is_binary_stl(head, size) else None)


def _refuse_markup(head: bytes) -> None:
    """Without the zeros of UTF-16, so that a page is found in any encoding."""
    plain = head.replace(b"\0", b"")
    if b"<svg" in plain.lower() or b"<!doctype svg" in plain.lower():
        raise Unfit(FaultCode.SVG)
    if _MARKUP.search(plain):
        raise Unfit(FaultCode.MARKUP)


def _by_signature(head: bytes) -> Kind | None:
    for mark, kind in _BY_SIGNATURE:
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    text = head.removeprefix(_UTF8_MARK)
    return next((kind for pattern, kind in _BY_PATTERN if pattern.match(text)), None)


def _refuse_untaken(head: bytes) -> None:
    for mark, code in _UNTAKEN:
        if head.startswith(mark):
            raise Unfit(code)
    if head[4:8] == b"ftyp" and head[8:12] in _PHONE:
        raise Unfit(FaultCode.PHONE_PICTURE)


def _is_binary_stl(head: bytes, size: int) -> bool:
    """80 bytes of anything, the number of triangles, fifty bytes for each, and nothing more."""
    if len(head) < 84:
        return False
    (triangles,) = struct.unpack("<I", head[80:84])
    return bool(triangles) and size == 84 + 50 * triangles
