"""Pictures are known by their content, not by their name."""

import struct
from collections.abc import Callable

import pytest

from backend.firms.pictures import Seen, look_at


def png(width: int, height: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\0" * 9 + b"\0\0\0\0IEND\xaeB`\x82"
    )


def jpeg(width: int, height: int) -> bytes:
    frame = struct.pack(">BBHBHHB", 0xFF, 0xC0, 11, 8, height, width, 1)
    return b"\xff\xd8\xff\xe0\x00\x04ab" + frame + b"\0" * 12


def webp(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4 + size


@pytest.mark.parametrize(("make", "media_type"), [(png, "image/png"), (jpeg, "image/jpeg"), (webp, "image/webp")])
def test_reads_type_and_size(make: Callable[[int, int], bytes], media_type: str) -> None:
    assert look_at(make(640, 480)) == Seen(media_type, 640, 480)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg onload='x'>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"RIFF\0\0\0\0WEBP",
        png(0, 5),
        png(1, 99_999),
    ],
)
def test_refuses_everything_else(data: bytes) -> None:
    assert look_at(data) is None
