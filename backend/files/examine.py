"""Is this file what it says, all of it, and nothing besides? Runs in the closed room, on files of strangers."""

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import PICTURES, Kind, kind_of_ending
from backend.files.names import ending_of
from backend.files.recognise import HEAD, recognise
from backend.files.workbook_check import check_workbook

TAIL = 65_536
CHUNK = 1024 * 1024
# What has to stand near the end of a whole file of this kind.
_ENDS = {
    Kind.STEP: (re.compile(rb"END-ISO-10303-21\s*;"), TAIL),
    Kind.IGES: (re.compile(rb"T[ 0]{6}1\s*$"), 256),
    Kind.PDF: (re.compile(rb"%%EOF"), 2048),
}
_DXF_END = re.compile(rb"0\s+EOF\s*$")
_SOLID_END = re.compile(rb"(?i)endsolid[^\n]*\s*$")
_ZIPPED_OFFICE = frozenset({"docx", "docm", "pptx", "pptm", "xlsm", "xlsb", "xltx", "odt", "ods", "odp", "vsdx"})
_BINARY_DXF = b"AutoCAD Binary"
_ENCODINGS = ("utf-8-sig", "cp932")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# All that is not written: what a text holds below the space besides tabulator, line ends and page break.
_NOT_WRITTEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
# =cmd|'/c calc'!A0 asks another program for the value of a cell.
_DDE = re.compile(r"(?:^|[,;\t\"])\s*[=+\-@][^,;\t\r\n|]{0,100}\|\s*'", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """What a file is, and how many of its bytes are the file: telephones write their own notes behind a photo."""

    kind: Kind
    size: int


def examine(path: Path, given_name: str) -> Found:
    """Look at all of a file. Raises Unfit with the first reason against it."""
    size = path.stat().st_size
    if not size:
        raise Unfit(FaultCode.EMPTY)
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, size - TAIL))
        tail = file.read()
    kind = _agreed(_recognised(path, head, size), given_name)
    _end_is_there(kind, head, tail)
    if kind is not Kind.XLSX and zipfile.is_zipfile(path):
        raise Unfit(FaultCode.TWO_IN_ONE)
    return Found(kind, _look_inside(path, kind, size))


def _recognised(path: Path, head: bytes, size: int) -> Kind | None:
    try:
        return recognise(head, size)
    except Unfit as unfit:
        # Excel wraps a workbook with a password into the container of the old formats.
        if unfit.code is FaultCode.OLD_OFFICE and "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise Unfit(FaultCode.WORKBOOK_LOCKED) from unfit
        raise


def _agreed(kind: Kind | None, given_name: str) -> Kind:
    """The kind in the content, if the name says the same or nothing at all."""
    ending = ending_of(given_name)
    promised = kind_of_ending(ending)
    if ending in {"svg", "svgz"}:
        raise Unfit(FaultCode.SVG)
    if kind is None:
        # Without a signature it may be text; what promised to be more is not what it says.
        if promised in {Kind.TEXT, Kind.CSV}:
            return promised
        raise Unfit(FaultCode.DAMAGED if promised else FaultCode.UNKNOWN)
    if kind is Kind.XLSX and ending and promised is not kind:
        # Documents of many programs are ZIP archives inside.
        raise Unfit(FaultCode.OTHER_OFFICE if ending in _ZIPPED_OFFICE else FaultCode.ARCHIVE)
    if ending and promised is not kind:
        raise Unfit(FaultCode.WRONG_ENDING, kind.value)
    return kind


def _end_is_there(kind: Kind, head: bytes, tail: bytes) -> None:
    pattern, within = _ENDS.get(kind, (None, 0))
    if kind is Kind.DXF and not head.startswith(_BINARY_DXF):
        pattern, within = _DXF_END, 64
    if kind is Kind.STL and _is_ascii_stl(head):
        pattern, within = _SOLID_END, 512
    if pattern is not None and not pattern.search(tail[-within:]):
        raise Unfit(FaultCode.TRUNCATED)


def _is_ascii_stl(head: bytes) -> bool:
    return head.lstrip()[:5].lower() == b"solid" and b"\0" not in head


def _look_inside(path: Path, kind: Kind, size: int) -> int:
    """How many bytes belong to the file. The large libraries are loaded for the files that need them."""
    if kind is Kind.PDF:
        from backend.files.pdf_check import check_pdf  # noqa: PLC0415

        check_pdf(path)
    elif kind in PICTURES:
        from backend.files.picture_check import check_picture  # noqa: PLC0415

        return check_picture(path, kind)
    elif kind is Kind.XLSX:
        check_workbook(path)
    elif kind in {Kind.TEXT, Kind.CSV}:
        _check_text(path)
    return size


def _check_text(path: Path) -> None:
    with path.open("rb") as file:
        wide = file.read(2) in _UTF16_MARKS
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        try:
            return _read_text(path, encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit(FaultCode.UNKNOWN)


def _read_text(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = decoder.decode(chunk)
            if _NOT_WRITTEN.search(text):
                raise Unfit(FaultCode.UNKNOWN)
            if _DDE.search(text):
                raise Unfit(FaultCode.TABLE_ACTIVE)
    decoder.decode(b"", final=True)
