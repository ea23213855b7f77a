"""SQL of what clients changed after their case was opened."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from backend.introductions.changes.models import CaseChange


def newest(session: Session, case_id: int) -> CaseChange | None:
    statement = select(CaseChange).where(CaseChange.case_id == case_id)
    return session.exec(statement.order_by(col(CaseChange.at).desc(), col(CaseChange.id))).first()


def open_changes(session: Session, case_id: int) -> Sequence[CaseChange]:
    """Those about which nothing has been decided, the oldest first."""
    statement = select(CaseChange).where(CaseChange.case_id == case_id, col(CaseChange.settled_at).is_(None))
    return session.exec(statement.order_by(col(CaseChange.at), col(CaseChange.id))).all()


def since(session: Session, case_id: int, moment: datetime) -> Sequence[CaseChange]:
    """Everything that changed after a moment, the newest first."""
    statement = select(CaseChange).where(CaseChange.case_id == case_id, col(CaseChange.at) > moment)
    return session.exec(statement.order_by(col(CaseChange.at).desc(), col(CaseChange.id))).all()
