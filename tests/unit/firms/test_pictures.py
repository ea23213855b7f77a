"""What everybody may see of a picture: its dots, upright, and nothing that a camera or a stranger wrote beside them."""

import io
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from backend.core.errors import Invalid
from backend.files.dots import LONGEST_SHOWN
from backend.firms.pictures import LARGEST, redrawn
from tests.unit.files import samples

OWNER, PLACE = "Mame Daizaburo", (35.0, 41.0, 22.0)
GPS, ARTIST, TURNED, LATITUDE = 0x8825, 0x013B, 0x0112, 2
GREEN = (10, 200, 30)


def photo(kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture as a telephone writes it: with place and owner, lying on its side."""
    notes = Image.Exif()
    notes[ARTIST], notes[TURNED] = OWNER, 6
    notes.get_ifd(GPS)[LATITUDE] = PLACE
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", OWNER)
    more: dict[str, dict[str, Any]] = {
        "PNG": {"pnginfo": told},
        "JPEG": {"comment": OWNER},
        "WEBP": {"xmp": OWNER.encode()},
    }
    memory = io.BytesIO()
    Image.new("RGB", size, GREEN).save(memory, kind, exif=notes, icc_profile=OWNER.encode(), **more[kind])
    return memory.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_place_and_owner_stay_behind(kind: str) -> None:
    sent = photo(kind)
    assert OWNER.encode() in sent
    shown = redrawn(sent)
    assert (shown.media_type, shown.width, shown.height) == (f"image/{kind.lower()}", 40, 60)
    assert OWNER.encode() not in shown.data
    with Image.open(io.BytesIO(shown.data)) as seen:
        assert (seen.format, seen.size, dict(seen.getexif())) == (kind, (40, 60), {})
        dot = seen.convert("RGB").getpixel((20, 30))
    assert isinstance(dot, tuple)
    assert all(abs(there - here) < 8 for there, here in zip(GREEN, dot, strict=True))


def test_a_large_one_is_made_smaller() -> None:
    shown = redrawn(photo("JPEG", (2 * LONGEST_SHOWN, 30)))
    assert (shown.width, shown.height) == (15, LONGEST_SHOWN)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "中身がありません"),
        (b"GIF89a", "PNG・JPEG・WebPの写真"),
        (samples.pdf(), "PNG・JPEG・WebPの写真"),
        (b"<svg onload='x'>", "SVG"),
        (b"\x89PNG\r\n\x1a\n", "途中で切れています"),
        (photo("JPEG")[:-9], "途中で切れています"),
        (samples.png_claiming(40_000, 30_000), "大きくなりすぎる"),
        (photo("PNG") + samples.archive(a=b"x"), "別の種類のファイル"),
        (bytes(LARGEST + 1), "8MB"),
    ],
)
def test_refuses_everything_else(data: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        redrawn(data)
    assert said in refusal.value.message
    assert refusal.value.fields["picture"]
