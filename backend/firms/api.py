"""The register for programs: the same rules of access as the pages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from backend.accounts.api_access import OPEN, Asker, Once, Writer
from backend.core import clock
from backend.core.api_models import ApiOut, like
from backend.core.api_pages import CURSOR, Pages
from backend.core.db import ReadSession, WriteSession
from backend.core.errors import Invalid
from backend.core.i18n import gettext as _
from backend.firms import queries, records, service
from backend.firms.api_forms import FirmPatch
from backend.firms.drafts import FirmDraft
from backend.firms.forms import Words
from backend.firms.models import Firm
from backend.firms.rules import DEFAULT_AUDIENCES, DESK_FIELDS
from backend.firms.views import EXAMPLE, FirmOut, firm_out, view_of

router = APIRouter(prefix="/api/v1", tags=["firms"])
FirmId = Annotated[str, Path(max_length=64, examples=["5f0c8a529d534a3b9a580d3a6c1a7f10"])]


def _search(
    q: Annotated[str, Query(max_length=200, description="Words that all stand in the firm.")] = "",
    process: Words = [],  # noqa: B006 - FastAPI copies it
    material: Words = [],  # noqa: B006
    ward: Words = [],  # noqa: B006
    certificate: Words = [],  # noqa: B006
    free: Words = [],  # noqa: B006
) -> queries.Search:
    return queries.Search(q.strip(), tuple(process), tuple(material), tuple(ward), tuple(certificate), tuple(free))


Wanted = Annotated[queries.Search, Depends(_search)]


class FirmsOut(ApiOut):
    """Some firms of the directory, in an order that does not change."""

    model_config = like({"items": [EXAMPLE], "next": CURSOR, "total": 21})

    items: list[FirmOut]
    next: str | None
    total: int


@router.get("/firms", summary="List firms", openapi_extra=OPEN)
def list_firms(session: ReadSession, actor: Asker, search: Wanted, pages: Pages) -> FirmsOut:
    """Firms of the directory, narrowed by words, process, material, ward, certificate and free weeks.

    Words of one kind are alternatives; kinds narrow each other. Strangers read what is public, a workshop also all of
    its own firm, coordinators everything.
    """
    found = queries.found_firms(actor.user, search)
    piece = pages.piece(session, found.options(*queries.WHOLE), Firm.id)
    items = [firm_out(view_of(firm, actor.user), clock.today()) for firm in piece.items]
    return FirmsOut(items=items, next=piece.next, total=queries.count_found(session, found))


@router.get("/firms/{firm_id}", summary="Read a firm", openapi_extra=OPEN)
def get_firm(session: ReadSession, actor: Asker, firm_id: FirmId) -> FirmOut:
    """One firm, with the fields that the asker may read; the others are null."""
    return firm_out(view_of(service.firm_for(session, actor.user, firm_id), actor.user), clock.today())


def _own(session: ReadSession, actor: Writer, firm_id: FirmId) -> str:
    """A firm that the writer keeps: its own, or any for coordinators. To all others there is nothing to change."""
    return service.editable_firm_for(session, actor.user, firm_id).id


@router.patch("/firms/{firm_id}", summary="Change your firm", response_model=FirmOut)
def change_firm(
    session: WriteSession, actor: Writer, once: Once, firm_id: Annotated[str, Depends(_own)], sent: FirmPatch
) -> Response:
    """Change what is named, under the rules of the form; the firm as it is now comes back.

    A workshop changes its own firm, coordinators any. With `revision`, a firm that somebody else changed meanwhile
    is refused with 409. `fields` of a refusal names each field to mend, such as `equipment.0.count`.
    """
    _check_audiences(sent)

    def work() -> FirmOut:
        queries.hold(session, [firm_id])
        old = records.draft_of(service.firm_for(session, actor.user, firm_id))
        wanted = sent.applied_to(old)
        if not actor.is_staff:
            _check_desk_fields(wanted, old)
        firm = service.update_firm(session, actor.user, firm_id, wanted, seen_revision=sent.revision)
        return firm_out(view_of(firm, actor.user), clock.today())

    return once.answer(session, work)


def _check_desk_fields(wanted: FirmDraft, old: FirmDraft) -> None:
    changed = [name for name in DESK_FIELDS if getattr(wanted, name) != getattr(old, name)]
    if changed:
        message = _("この項目は、コーディネーターが直します。")
        raise Invalid(message, dict.fromkeys(changed, message))


def _check_audiences(sent: FirmPatch) -> None:
    unknown = [name for name in sent.audiences if name not in DEFAULT_AUDIENCES]
    if unknown:
        message = _("見せる相手を選べない項目です。")
        raise Invalid(message, {f"audiences.{name}": message for name in unknown})
