"""Pictures of techniques: written anew without what a camera adds, kept outside the web root by their content."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import clock
from backend.core.errors import Invalid, NotFound
from backend.core.i18n import gettext as _
from backend.files import room, wording
from backend.files.faults import FaultCode, Unfit
from backend.files.kinds import FORMS
from backend.firms import queries, records, service
from backend.firms.models import Picture

LARGEST = 8 * 1024 * 1024


@dataclass(frozen=True)
class Shown:
    """A picture as everybody may see it."""

    media_type: str
    width: int
    height: int
    data: bytes


def redrawn(data: bytes) -> Shown:
    """The picture without place, day and owner; refused when it is none. Call it before a transaction begins."""
    if len(data) > LARGEST:
        raise Invalid(_("写真は8MBまでです。"), {"picture": _("小さくして、もう一度選んでください。")})
    with tempfile.TemporaryDirectory() as folder:
        sent, made = Path(folder) / "sent", Path(folder) / "made"
        sent.write_bytes(data)
        try:
            seen = room.redrawn(sent, made)
        except Unfit as unfit:
            raise _refused(unfit) from unfit
        return Shown(FORMS[seen.kind].media_type, seen.width, seen.height, made.read_bytes())


def _refused(unfit: Unfit) -> Invalid:
    if unfit.code is FaultCode.UNKNOWN:
        sentence = _("PNG・JPEG・WebPの写真を選んでください。")
        return Invalid(sentence, {"picture": sentence})
    return Invalid(wording.what(unfit), {"picture": wording.remedy(unfit)})


def keep(
    session: Session, folder: Path, actor: User, firm_id: str, process: str, shown: Shown, caption: str
) -> Picture:
    """Keep a picture and show it with the technique of that process."""
    service.editable_firm_for(session, actor, firm_id)
    # Two pictures at once: the second is added to the firm as the first left it.
    firm = service.held(session, firm_id)
    if process not in {row.process for row in firm.techniques}:
        raise Invalid(_("どの加工の写真かを選んでください。"), {"picture": _("加工を選んでください。")})
    picture = Picture(
        firm_id=firm_id,
        media_type=shown.media_type,
        digest=hashlib.sha256(shown.data).hexdigest(),
        width=shown.width,
        height=shown.height,
        size=len(shown.data),
        caption=caption[:200],
        created_at=clock.now(),
    )
    _write(folder, picture.digest, shown.data)
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


def _write(folder: Path, digest: str, data: bytes) -> None:
    target = folder / "pictures" / digest
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_suffix(".part")
    waiting.write_bytes(data)
    waiting.replace(target)
