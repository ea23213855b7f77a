"""Is a PDF only a drawing? Every object in it is looked at; what acts by itself or hides another file is refused."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.filters import ASCII85Decode, ASCIIHexDecode, LZWDecode, RunLengthDecode
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NullObject, StreamObject

from backend.files.faults import FaultCode, Unfit

MOST_OBJECTS = 200_000
MOST_PAGES = 500
MOST_UNPACKED = 500_000_000
MOST_PIXELS = 600_000_000
DEEPEST = 60
CHUNK = 1024 * 1024
TAIL = 65_536
# Names under which a PDF keeps scripts, forms with scripts, and files inside the file.
_ACTIVE_KEYS = frozenset(
    {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
)
# What an action may do besides going to a page or to a web address that somebody taps.
_ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/GoTo3DView",
    }
)
_ACTIVE_NOTES = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
# Filters that only spell bytes in letters, and those that make few bytes of many; each with its short name.
_SPELLED: dict[str, Any] = {
    "/ASCIIHexDecode": ASCIIHexDecode,
    "/AHx": ASCIIHexDecode,
    "/ASCII85Decode": ASCII85Decode,
    "/A85": ASCII85Decode,
}
_PACKED: dict[str, Any] = {
    "/LZWDecode": LZWDecode,
    "/LZW": LZWDecode,
    "/RunLengthDecode": RunLengthDecode,
    "/RL": RunLengthDecode,
}
_FLATE = frozenset({"/FlateDecode", "/Fl"})
_BROKEN = (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, zlib.error, OSError)


def check_pdf(path: Path) -> None:
    """Raises Unfit for whatever is no harmless PDF."""
    _check_rest(path)
    try:
        with path.open("rb") as file:
            _check_reader(PdfReader(file, strict=False))
    except (RecursionError, MemoryError) as error:
        raise Unfit(FaultCode.TOO_HEAVY) from error
    except _BROKEN as error:
        # A reader of such a grown format fails in many ways on what somebody broke on purpose.
        raise Unfit(FaultCode.DAMAGED) from error


def _check_rest(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        rest = file.read().rpartition(b"%%EOF")[2]
    if rest.strip(b"\0\r\n\t "):
        raise Unfit(FaultCode.TWO_IN_ONE)


def _check_reader(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise Unfit(FaultCode.PDF_LOCKED)
    unpacked = 0
    for thing in _objects(reader):
        _check_object(thing)
        if isinstance(thing, StreamObject):
            unpacked += _unpacked_size(thing, MOST_UNPACKED - unpacked)
    _check_pages(reader)


def _check_pages(reader: PdfReader) -> None:
    pages = len(reader.pages)
    if not pages:
        raise Unfit(FaultCode.DAMAGED)
    if pages > MOST_PAGES:
        raise Unfit(FaultCode.TOO_HEAVY)
    for page in reader.pages:
        if not (page.mediabox.width > 0 and page.mediabox.height > 0):
            raise Unfit(FaultCode.DAMAGED)


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every object that the lists of the file name, used by a page or not; at last the head of the lists itself."""
    places = {(number, generation) for generation, table in reader.xref.items() for number in table}
    places |= {(number, 0) for number in reader.xref_objStm}
    if len(places) > MOST_OBJECTS:
        raise Unfit(FaultCode.TOO_HEAVY)
    for number, generation in sorted(places):
        if number:
            yield reader.get_object(IndirectObject(number, generation, reader))
    yield reader.trailer


def _check_object(thing: Any) -> None:  # noqa: ANN401 - a PDF object of any kind
    """This object and what is written inside it; what it points to has its own turn."""
    waiting = [(thing, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST:
            raise Unfit(FaultCode.TOO_HEAVY)
        if isinstance(part, DictionaryObject):
            _check_dictionary(part)
            waiting += [(part.raw_get(key), depth + 1) for key in part]
        elif isinstance(part, ArrayObject):
            waiting += [(entry, depth + 1) for entry in list.__iter__(part)]


def _check_dictionary(part: DictionaryObject) -> None:
    if _ACTIVE_KEYS & part.keys():
        raise Unfit(FaultCode.PDF_ACTIVE)
    if _name(part, "/S") in _ACTIVE_ACTIONS or _name(part, "/Subtype") in _ACTIVE_NOTES:
        raise Unfit(FaultCode.PDF_ACTIVE)
    if isinstance(part, StreamObject) and "/F" in part:
        # The content of such a stream would be fetched from another file.
        raise Unfit(FaultCode.PDF_ACTIVE)
    if _number(part, "/Width") * _number(part, "/Height") > MOST_PIXELS:
        raise Unfit(FaultCode.TOO_HEAVY)


def _name(part: DictionaryObject, key: str) -> str:
    """The word under this key, which may stand in an object of its own. Under the same letters a page may keep a font
    or a picture: those are no word."""
    value = part.get(key, NullObject()).get_object()
    return str(value) if isinstance(value, NameObject) else ""


def _number(part: DictionaryObject, key: str) -> int:
    value = part.get(key, NullObject()).get_object()
    return value if isinstance(value, int) else 0


def _unpacked_size(stream: StreamObject, most: int) -> int:
    """How much a stream unpacks into, counted piece by piece and kept nowhere."""
    names = _filters(stream)
    packed = [name for name in names if name in _FLATE or name in _PACKED]
    if len(packed) > 1 or len(names) > 3:
        # Packed twice, a few bytes become a mountain; no program that draws does so.
        raise Unfit(FaultCode.TOO_HEAVY)
    if not packed:
        return 0
    data = stream._data  # noqa: SLF001 - the reader has no other way to the packed bytes
    for name in names[: names.index(packed[0])]:
        if name not in _SPELLED:
            # A picture that is to be unpacked once it is drawn: no program writes that either.
            raise Unfit(FaultCode.TOO_HEAVY)
        data = _unspelled(data, name)
    return _inflated(data, most) if packed[0] in _FLATE else _expanded(data, packed[0], most)


def _filters(stream: StreamObject) -> list[str]:
    """The names of the filters in their order; each of them may stand in an object of its own."""
    filters = stream.get("/Filter", ArrayObject()).get_object()
    entries = list.__iter__(filters) if isinstance(filters, ArrayObject) else [filters]
    return [str(entry.get_object()) for entry in entries]


def _unspelled(data: bytes, name: str) -> bytes:
    try:
        return bytes(_SPELLED[name].decode(data))
    except (PyPdfError, ValueError):
        # As with what cannot be unpacked: viewers leave it out.
        return b""


def _expanded(data: bytes, name: str, most: int) -> int:
    """The reader keeps its own limit for these rare filters, far below ours."""
    try:
        size = len(_PACKED[name].decode(data))
    except LimitReachedError as error:
        raise Unfit(FaultCode.TOO_HEAVY) from error
    except (PyPdfError, ValueError, IndexError):
        return 0
    if size > most:
        raise Unfit(FaultCode.TOO_HEAVY)
    return size


def _inflated(packed: bytes, most: int) -> int:
    unpacker, size = zlib.decompressobj(), 0
    try:
        while packed and not unpacker.eof:
            size += len(unpacker.decompress(packed, CHUNK))
            packed = unpacker.unconsumed_tail
            if size > most:
                raise Unfit(FaultCode.TOO_HEAVY)
    except zlib.error:
        # Viewers show what can be unpacked of a broken stream; so does whoever stamps it.
        return size
    return size
