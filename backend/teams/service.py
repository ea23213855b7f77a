"""What can be done with the route of a request: look at it, change it, undo and do again, go back to the plan."""

from dataclasses import dataclass, replace

from sqlmodel import Session

from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.errors import Refused
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.matches import service as matches
from backend.requests import service as requests
from backend.requests.forms import Wording
from backend.requests.models import PartRequest
from backend.teams import queries
from backend.teams.models import RoutePlan, RouteVersion
from backend.teams.route_rows import draft_of_rows, rows_of, step_of, values_of
from matching.routing.draft import Draft, draft_of, realised
from matching.routing.plan import plan
from matching.routing.route import Route
from matching.types import Need

# What is done to a route: the verbs of the editor, and what programs and the demo data do.
ACTIONS = {
    "add": audit.action("route add", mark("道順に工程を加えた")),
    "remove": audit.action("route remove", mark("道順から工程をはずした")),
    "earlier": audit.action("route earlier", mark("道順の工程を前に動かした")),
    "later": audit.action("route later", mark("道順の工程を後に動かした")),
    "split": audit.action("route split", mark("道順の工程を分けた")),
    "together": audit.action("route together", mark("道順の工程をまとめた")),
    "otherwise": audit.action("route otherwise", mark("道順の工程を別のやり方にした")),
    "save": audit.action("route save", mark("道順の工程の内容を変えた")),
    "reset": audit.action("route reset", mark("道順を読み取りどおりに戻した")),
    "sent": audit.action("route sent", mark("道順がAPIで送られた")),
    "loaded": audit.action("route loaded", mark("道順が見本から作られた")),
    "undone": audit.action("route undone", mark("道順の変更を元に戻した")),
    "done again": audit.action("route done again", mark("道順の変更をやり直した")),
}


@dataclass(frozen=True)
class Worked:
    """The route of a request as it stands, with what the editor needs to know about it."""

    kept: PartRequest
    need: Need
    draft: Draft
    # The same as whatever composes teams knows it.
    route: Route
    version: int = 0
    edited: bool = False
    may_undo: bool = False
    may_redo: bool = False


def work_on(session: Session, actor: User | None, request_id: str) -> Worked:
    """Everything about the route of a request. Whoever may open the request may see its route."""
    kept = requests.open_by(session, actor, request_id)
    need, _wrong = matches.understand(Wording(kept.text, kept.corrections))
    held = queries.plan_of(session, _id(kept))
    draft = draft_of_rows(queries.steps_of(session, _id(kept))) if held else ()
    route = realised(draft, need) if draft else plan(need)
    worked = Worked(kept, need, draft or draft_of(route), route)
    if held is None:
        return worked
    return replace(
        worked,
        version=held.version,
        edited=bool(draft),
        may_undo=held.place > 0,
        may_redo=queries.version_at(session, _id(kept), held.place + 1) is not None,
    )


def check_seen(worked: Worked, version: str) -> None:
    """Refuse an edit of a route that changed since the person saw it. A blank version says nothing about it."""
    if version and version != str(worked.version):
        raise _changed_meanwhile()


def _changed_meanwhile() -> Refused:
    return Refused(_("この道順は、開いているあいだに別の人が変えました。いまの道順を見て、もう一度直してください。"))


def keep(session: Session, actor: User | None, worked: Worked, draft: Draft, action: str) -> None:
    """Make `draft` the route, as a new version. What had been undone cannot be done again after that.

    An empty draft goes back to the planned route.
    """
    held = _held(session, worked)
    queries.drop_versions_after(session, held.request_id, held.place)
    held.place += 1
    version = RouteVersion(request_id=held.request_id, place=held.place, action=action, body=_body(draft))
    version.actor_id = actor.id if actor else None
    session.add(version)
    _write(session, actor, held, draft, action)


def undo(session: Session, actor: User | None, worked: Worked) -> None:
    """Put back what the route was before its last change."""
    held = _held(session, worked)
    if held.place == 0:
        raise Refused(_("元に戻せる変更がありません。"))
    _go_to(session, actor, held, held.place - 1, "undone")


def redo(session: Session, actor: User | None, worked: Worked) -> None:
    """Do again what was undone last."""
    held = _held(session, worked)
    if queries.version_at(session, held.request_id, held.place + 1) is None:
        raise Refused(_("やり直せる変更がありません。"))
    _go_to(session, actor, held, held.place + 1, "done again")


def _go_to(session: Session, actor: User | None, held: RoutePlan, place: int, action: str) -> None:
    version = queries.version_at(session, held.request_id, place)
    held.place = place
    _write(session, actor, held, tuple(map(step_of, version.body)) if version else (), action)


def _held(session: Session, worked: Worked) -> RoutePlan:
    """The row of this route, unless somebody else changed it meanwhile."""
    held = queries.plan_of(session, _id(worked.kept)) or RoutePlan(request_id=_id(worked.kept))
    if held.version != worked.version:
        raise _changed_meanwhile()
    session.add(held)
    session.flush()
    return held


def _write(session: Session, actor: User | None, held: RoutePlan, draft: Draft, action: str) -> None:
    held.version += 1
    held.updated_by = actor.id if actor else None
    held.updated_at = clock.now()
    session.add(held)
    before = draft_of_rows(queries.steps_of(session, held.request_id))
    queries.drop_steps(session, held.request_id)
    session.add_all(rows_of(held.request_id, draft))
    session.flush()
    audit.record(
        session,
        ACTIONS[action],
        f"request:{held.request_id}",
        actor_id=held.updated_by,
        version=held.version,
        before=_said(before),
        after=_said(draft),
    )


def _said(draft: Draft | None) -> str:
    """The steps in a line; nothing for the route that was worked out from the text."""
    return audit.shortened(" → ".join(f"{step.process_id} {step.hours.likely:g}h" for step in draft or ()))


def _body(draft: Draft) -> list[dict[str, object]]:
    return [values_of(step) for step in draft]


def _id(kept: PartRequest) -> int:
    if kept.id is None:
        raise ValueError("a request that is not stored has no route")
    return kept.id
