"""What can be done with firms: add, change, delete, undo. Every change leaves the version before it, a line in the
list of changes for the search index, and an event in the audit trail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from backend.accounts.models import User
from backend.core import audit, clock
from backend.core.audit import Action
from backend.core.errors import Invalid, NotFound, Refused
from backend.core.i18n import gettext as _
from backend.core.i18n import mark
from backend.core.model import Model, new_id
from backend.firms import faults, queries, records, rules
from backend.firms.checks import check_draft
from backend.firms.drafts import FirmDraft, from_json, to_json
from backend.firms.faults import FaultCode, Problem
from backend.firms.models import Firm, FirmTag, FirmVersion

ADDED = audit.action("firm added", mark("工場を台帳に加えた"))
CHANGED = audit.action("firm changed", mark("工場の内容を変えた"))
DELETED = audit.action("firm deleted", mark("工場を台帳からはずした"))
UNDONE = audit.action("firm change undone", mark("工場の変更を元に戻した"))


def firm_for(session: Session, actor: User | None, firm_id: str) -> Firm:
    """The whole firm, or "not found" for those who may not know of it."""
    firm = queries.firm_by_id(session, actor, firm_id)
    if firm is None:
        raise NotFound
    return firm


def editable_firm_for(session: Session, actor: User, firm_id: str) -> Firm:
    """The whole firm, for those who keep its record: staff and its own people. "Not found" for everybody else."""
    firm = queries.editable_firm(session, actor, firm_id)
    if firm is None:
        raise NotFound
    return firm


def create_firm(session: Session, actor: User | None, draft: FirmDraft, *, form_id: str | None = None) -> Firm:
    """Add a firm. Raises Invalid with a sentence for each field that cannot be right.

    A form that was sent twice adds one firm: `form_id` becomes its id.
    """
    there = queries.stored_firm(session, form_id) if form_id else None
    if there is not None:
        return there
    settled = records.settle(draft)
    refuse_faults(check_draft(settled) + _taken(session, settled, None))
    [firm_id] = add_all(session, [settled], clock.now(), [form_id or new_id()])
    firm = stored(session, firm_id)
    _note(session, actor, ADDED, firm, name=firm.name)
    return firm


def update_firm(
    session: Session, actor: User | None, firm_id: str, draft: FirmDraft, *, seen_revision: int | None = None
) -> Firm:
    """Change a firm. `seen_revision` is the one the person saw: somebody else's change is not overwritten."""
    firm = held(session, firm_id)
    if firm.deleted_at is not None:
        raise NotFound
    _check_seen(firm, seen_revision)
    old = records.draft_of(firm)
    settled = records.settle(draft, old)
    refuse_faults(check_draft(settled) + _taken(session, settled, firm.id))
    if settled == old:
        return firm
    change(session, actor, firm, old, settled, "changed")
    _note(session, actor, CHANGED, firm, **_difference(old, settled))
    return firm


def delete_firm(session: Session, actor: User | None, firm_id: str) -> Firm:
    """Take a firm out of the register. Its rows stay, so that `undo` brings it back; twice is the same as once."""
    firm = held(session, firm_id)
    if firm.deleted_at is not None:
        return firm
    _keep_version(session, actor, firm, records.draft_of(firm), "deleted", clock.now())
    firm.deleted_at = clock.now()
    _touch(session, firm, clock.now())
    _note(session, actor, DELETED, firm, name=firm.name)
    return firm


def undo(session: Session, actor: User | None, firm_id: str) -> Firm:
    """Put back what the firm was before its last change; undoing twice gives the change again."""
    firm = held(session, firm_id)
    if firm.deleted_at is not None:
        firm.deleted_at = None
        _touch(session, firm, clock.now())
        _note(session, actor, UNDONE, firm, name=firm.name)
        return firm
    now, before = _put_back(session, actor, firm)
    _note(session, actor, UNDONE, firm, **_difference(now, before))
    return firm


def _put_back(session: Session, actor: User | None, firm: Firm) -> tuple[FirmDraft, FirmDraft]:
    """What the firm was until now, and what it is again."""
    changes = [version for version in queries.versions(session, firm.id) if version.action != "deleted"]
    if not changes:
        raise Refused(_("元に戻せる変更がありません。"))
    before = from_json(changes[0].body)
    now = records.draft_of(firm)
    if any(row.declared_at > changes[0].at for row in firm.capacity):
        # The firm has told its free hours since; they are not part of what was changed.
        before = replace(before, capacity=now.capacity)
    refuse_faults(_taken(session, before, firm.id))
    change(session, actor, firm, now, before, "undone")
    return now, before


def add_all(
    session: Session, settled: Sequence[FirmDraft], now: datetime, ids: Sequence[str] | None = None
) -> list[str]:
    """Write new firms that were checked before, with their derived words and their lines in the list of changes."""
    ids = list(ids or (new_id() for _draft in settled))
    rows: dict[type[Model], list[dict[str, Any]]] = {}
    for firm_id, draft in zip(ids, settled, strict=True):
        values = {"id": firm_id, "created_at": now, "revision": 1, **records.firm_values(draft, now)}
        rows.setdefault(Firm, []).append(values)
        rows.setdefault(FirmTag, []).extend(
            {"id": new_id(), "firm_id": firm_id, **part} for part in records.tag_values(draft)
        )
        for row_type, parts in records.list_values(draft, now).values():
            rows.setdefault(row_type, []).extend({"id": new_id(), "firm_id": firm_id, **part} for part in parts)
    for row_type, parts in rows.items():
        if parts:
            session.execute(insert(row_type), parts)
    queries.note_changes(session, ids, now)
    return ids


def change(session: Session, actor: User | None, firm: Firm, old: FirmDraft, settled: FirmDraft, action: str) -> None:
    """Write a checked change of a firm, keeping the version before it. The firm is held by the caller."""
    now = clock.now()
    _keep_version(session, actor, firm, old, action, now)
    records.write(firm, settled, now, old)
    firm.deleted_at = None
    queries.drop_tags(session, [firm.id])
    session.add_all(FirmTag(firm_id=firm.id, **values) for values in records.tag_values(records.left_of(firm)))
    _touch(session, firm, now)


def field_errors(problems: list[Problem]) -> dict[str, str]:
    """For each field the first thing that is wrong with it and what to do, in the present language."""
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(problem.field, f"{faults.what(problem)} {faults.remedy(problem)}".strip())
    return errors


def refuse_faults(problems: list[Problem]) -> None:
    """Raise Invalid with a sentence for each field, if anything is wrong."""
    if problems:
        raise Invalid(_("直していただきたいところがあります。"), field_errors(problems))


def _taken(session: Session, draft: FirmDraft, own_id: str | None) -> list[Problem]:
    """Whether code or corporate number belong to another firm."""
    problems = []
    if draft.code:
        other = queries.firm_with_code(session, draft.code)
        if other is not None and other.id != own_id:
            problems.append(Problem("code", FaultCode.CODE_CONFLICT, draft.code, other.name))
    if draft.corporate_number:
        other = queries.firm_with_number(session, draft.corporate_number)
        if other is not None and other.id != own_id:
            problems.append(Problem("corporate_number", FaultCode.NUMBER_TAKEN, draft.corporate_number, other.name))
    return problems


def stored(session: Session, firm_id: str) -> Firm:
    """The firm, deleted or not; for staff, after their right was checked."""
    firm = queries.stored_firm(session, firm_id)
    if firm is None:
        raise NotFound
    return firm


def held(session: Session, firm_id: str) -> Firm:
    """The firm as it is now, deleted or not, held until this transaction ends: what changes a firm begins with this."""
    queries.hold_whole(session, firm_id)
    return stored(session, firm_id)


def _check_seen(firm: Firm, seen_revision: int | None) -> None:
    if seen_revision is not None and seen_revision != firm.revision:
        raise Refused(_("この工場は、開いているあいだに別の人が変えました。内容を見比べて、もう一度保存してください。"))


def _keep_version(
    session: Session, actor: User | None, firm: Firm, draft: FirmDraft, action: str, now: datetime
) -> None:
    session.add(
        FirmVersion(
            firm_id=firm.id,
            revision=firm.revision,
            action=action,
            actor_id=actor.id if actor else None,
            at=now,
            body=to_json(replace(draft, audiences=dict(draft.audiences))),
        )
    )


def _touch(session: Session, firm: Firm, now: datetime) -> None:
    firm.revision += 1
    firm.updated_at = now
    session.add(firm)
    session.flush()
    queries.note_changes(session, [firm.id], now)


def _note(session: Session, actor: User | None, action: Action, firm: Firm, **detail: str) -> None:
    actor_id = actor.id if actor else None
    audit.record(session, action, f"firm:{firm.id}", actor_id=actor_id, revision=firm.revision, **detail)


def _difference(old: FirmDraft, new: FirmDraft) -> dict[str, str]:
    return audit.difference(to_json(old), to_json(new))


def may_see(firm: Firm, actor: User | None, field: str) -> bool:
    """Whether this person may read this field of this firm."""
    return rules.may_see(firm.audiences, field, queries.viewer_of(actor, firm.id))


def faults_of(draft: FirmDraft) -> list[Problem]:
    """What cannot be right in a draft by itself, before it is held against the register."""
    return check_draft(draft)
