"""Pictures of techniques: checked by their content, kept outside the web root under the name of their content."""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.firms import queries, records, service
from backend.firms.models import Picture

LARGEST = 8 * 1024 * 1024
LARGEST_SIDE = 12_000
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Seen:
    """What the content of a picture file says about it."""

    media_type: str
    width: int
    height: int


def look_at(data: bytes) -> Seen | None:
    """Type and size of a PNG, JPEG or WebP, read from its own header; None for anything else."""
    for media_type, read in (("image/png", _png), ("image/jpeg", _jpeg), ("image/webp", _webp)):
        try:
            size = read(data)
        except (struct.error, IndexError):
            size = None
        if size is not None and 0 < size[0] <= LARGEST_SIDE and 0 < size[1] <= LARGEST_SIDE:
            return Seen(media_type, *size)
    return None


def keep(session: Session, folder: Path, actor: User, firm_id: str, process: str, data: bytes, caption: str) -> Picture:
    """Keep a picture and show it with the technique of that process."""
    seen = _checked(data)
    service.firm_for(session, actor, firm_id)
    # Two pictures at once: the second is added to the firm as the first left it.
    firm = service.held(session, firm_id)
    if process not in {row.process for row in firm.techniques}:
        raise Invalid(_("どの加工の写真かを選んでください。"), {"picture": _("加工を選んでください。")})
    picture = Picture(
        firm_id=firm_id,
        media_type=seen.media_type,
        digest=hashlib.sha256(data).hexdigest(),
        width=seen.width,
        height=seen.height,
        size=len(data),
        caption=caption[:200],
        created_at=clock.now(),
    )
    _write(folder, picture.digest, data)
    session.add(picture)
    session.flush()
    draft = records.draft_of(firm)
    service.update_firm(session, actor, firm_id, records.with_picture(draft, process, picture.id))
    return picture


def path_of(session: Session, folder: Path, actor: User | None, firm_id: str, picture_id: str) -> tuple[Picture, Path]:
    """The file of a picture, for those who may see the firm's techniques."""
    firm = service.firm_for(session, actor, firm_id)
    picture = queries.picture(session, picture_id)
    shown = {name for row in firm.techniques for name in row.pictures}
    hidden = not service.may_see(firm, actor, "techniques")
    if picture is None or picture.firm_id != firm_id or picture_id not in shown or hidden:
        raise NotFound
    path = folder / "pictures" / picture.digest
    if not path.is_file():
        raise NotFound
    return picture, path


def _checked(data: bytes) -> Seen:
    if len(data) > LARGEST:
        raise Invalid(_("写真は8MBまでです。"), {"picture": _("小さくして、もう一度選んでください。")})
    seen = look_at(data)
    if seen is None:
        sentence = _("PNG・JPEG・WebPの写真を選んでください。")
        raise Invalid(sentence, {"picture": sentence})
    return seen


def _write(folder: Path, digest: str, data: bytes) -> None:
    target = folder / "pictures" / digest
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_suffix(".part")
    waiting.write_bytes(data)
    waiting.replace(target)


def _png(data: bytes) -> tuple[int, int] | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    if data[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while at < len(data) - 9:
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
