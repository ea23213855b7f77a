"""Is a picture whole, one picture, and of a size that can be shown? Read along its own structure, then decoded once."""

import struct
import warnings
import zlib
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import Kind

# A sheet of A1 scanned at 300 dots an inch has 70 million, one of A0 140 million.
MOST_PIXELS = 150_000_000
# A strip of any length and one dot of height would make a page nobody can look at.
LONGEST_SIDE = 60_000
_PNG_START = 8
_LONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
_END, _SCAN = 0xD9, 0xDA
# Beginnings of other files. A camera writes further pictures and its own notes behind a photo, but none of these.
# Shorter marks would be found by chance in a megabyte of dots.
_OTHER_FILES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a", b"7z\xbc\xaf\x27", b"\x7fELF", b"\xd0\xcf\x11\xe0")
_OTHER_TEXTS = (b"%pdf-", b"<?php", b"<html", b"<script", b"<svg", b"<!doctype")


def check_picture(path: Path, kind: Kind) -> int:
    """How many bytes of the file are the picture. Raises Unfit."""
    data = path.read_bytes()
    try:
        end = {Kind.PNG: _png_end, Kind.JPEG: _jpeg_end, Kind.WEBP: _webp_end}[kind](data)
    except (struct.error, IndexError) as error:
        raise Unfit(FaultCode.TRUNCATED) from error
    _check_rest(data[end:], kind)
    _decode(path, kind)
    return end


def _check_rest(rest: bytes, kind: Kind) -> None:
    lower = rest.lower()
    foreign = any(mark in rest for mark in _OTHER_FILES) or any(mark in lower for mark in _OTHER_TEXTS)
    if foreign or (rest.strip(b"\0\r\n ") and kind is not Kind.JPEG):
        raise Unfit(FaultCode.TWO_IN_ONE)


def _decode(path: Path, kind: Kind) -> None:
    """The size stands in the head and is looked at before a single dot is unpacked."""
    try:
        with warnings.catch_warnings():
            # What Pillow warns of below is measured here, with a limit of our own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=[kind.value.upper()]) as picture:
                _check_size(*picture.size)
                picture.load()
    except Image.DecompressionBombError as error:
        raise Unfit(FaultCode.TOO_HEAVY) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, zlib.error) as error:
        raise Unfit(FaultCode.DAMAGED) from error


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise Unfit(FaultCode.TOO_HEAVY)


def _png_end(data: bytes) -> int:
    """Where the last chunk ends. Each chunk carries a sum over its content."""
    at, kind = _PNG_START, b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        (told,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if at == _PNG_START and kind == b"IHDR":
            _check_size(*struct.unpack(">II", data[at + 8 : at + 16]))
        if zlib.crc32(data[at + 4 : at + 8 + length]) != told:
            raise Unfit(FaultCode.DAMAGED)
        at += 12 + length
    return at


def _jpeg_end(data: bytes) -> int:
    """Where the mark of the end stands: along the segments, and through the dots up to the next mark."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise Unfit(FaultCode.DAMAGED)
        marker = data[at + 1]
        at += 1 if marker == 0xFF else 2
        if marker == _END:
            return at
        if marker != 0xFF and marker not in _LONE_MARKERS:
            at += struct.unpack(">H", data[at : at + 2])[0]
            if marker == _SCAN:
                at = _after_dots(data, at)


def _after_dots(data: bytes, at: int) -> int:
    """The next mark that is not part of the dots themselves."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise Unfit(FaultCode.TRUNCATED)
        following = data[at + 1]
        if following and following not in _LONE_MARKERS and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _webp_end(data: bytes) -> int:
    (length,) = struct.unpack("<I", data[4:8])
    if length + 8 > len(data):
        raise Unfit(FaultCode.TRUNCATED)
    return int(length) + 8
