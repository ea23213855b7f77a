"""The dots of a picture and nothing else: what a camera wrote about place, day and owner stays behind."""

from pathlib import Path

from PIL import Image, ImageOps

from backend.files.kinds import Kind

# More dots than any screen shows.
LONGEST_SHOWN = 3000
QUALITY = 90


def upright(opened: Image.Image) -> Image.Image:
    """As it was meant to be seen: upright, opaque, grey or in colour."""
    turned = ImageOps.exif_transpose(opened)
    if turned.has_transparency_data:
        clear = turned.convert("RGBA")
        turned = Image.new("RGBA", clear.size, "white")
        turned.alpha_composite(clear)
    if turned.mode in {"L", "RGB"}:
        return turned
    return turned.convert("L" if turned.mode == "1" else "RGB")


def redraw(source: Path, kind: Kind, target: Path) -> tuple[int, int]:
    """Write the picture anew, for everybody to see; its width and height."""
    with Image.open(source) as opened:
        dots = upright(opened)
    dots.thumbnail((LONGEST_SHOWN, LONGEST_SHOWN))
    # What the reader found beside the dots travels with them, and some writers put it back.
    dots.info = {}
    dots.save(target, kind.value.upper(), quality=QUALITY)
    return dots.size
