"""Is a workbook one workbook, of a size that can be opened, without macros and without other files put into it?"""

import re
import zipfile
import zlib
from pathlib import Path

from backend.files.faults import FaultCode, Unfit

MOST_PARTS = 3000
MOST_UNPACKED = 200_000_000
CHUNK = 1024 * 1024
_NEEDED = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
# Macros of two generations, controls, and files of any kind inside the file.
_ACTIVE = re.compile(r"(?i)(^|/)(vbaproject|macrosheets|dialogsheets|activex|embeddings|ctrlprops|customui)")
_ASKS_PROGRAMS = re.compile(rb"<(?:\w+:)?(?:ddeLink|oleLink)\b")
_FORMULA_STARTS = re.compile(rb"<(?:\w+:)?f[ >][^<]{0,200}\|\s*(?:'|&apos;)")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, RuntimeError, ValueError)


def check_workbook(path: Path) -> None:
    """Raises Unfit for whatever is no harmless workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(path, archive)
            _unpack(archive)
    except _BROKEN as error:
        raise Unfit(FaultCode.DAMAGED) from error


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if not names >= _NEEDED:
        raise Unfit(FaultCode.ARCHIVE)
    if len(parts) > MOST_PARTS or len(names) != len(parts):
        raise Unfit(FaultCode.TOO_HEAVY)
    if any(_ACTIVE.search(name) for name in names):
        raise Unfit(FaultCode.WORKBOOK_ACTIVE)
    if any(name.startswith(("/", "\\")) or ".." in name for name in names):
        raise Unfit(FaultCode.DAMAGED)
    _nothing_besides(path, archive)


def _nothing_besides(path: Path, archive: zipfile.ZipFile) -> None:
    """The first part begins the file and the list of parts ends it."""
    first = min(part.header_offset for part in archive.infolist())
    with path.open("rb") as file:
        file.seek(-22, 2)
        last = file.read(4)
    if first or archive.comment or last != b"PK\x05\x06":
        raise Unfit(FaultCode.TWO_IN_ONE)


def _unpack(archive: zipfile.ZipFile) -> None:
    """What is in each part is counted while it is unpacked: the sizes in the list are only what the file says."""
    total = 0
    for part in archive.infolist():
        before = b""
        with archive.open(part) as content:
            while chunk := content.read(CHUNK):
                total += len(chunk)
                if total > MOST_UNPACKED:
                    raise Unfit(FaultCode.TOO_HEAVY)
                _check_content(before + chunk)
                before = chunk[-256:]


def _check_content(content: bytes) -> None:
    if _ENTITIES.search(content):
        raise Unfit(FaultCode.TOO_HEAVY)
    if _ASKS_PROGRAMS.search(content) or _FORMULA_STARTS.search(content):
        raise Unfit(FaultCode.WORKBOOK_ACTIVE)
