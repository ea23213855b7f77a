"""All SQL about edited routes. Who may read a request may read its route: the request is found first."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from backend.teams.models import RoutePlan, RouteStepRow, RouteVersion


def plan_of(session: Session, request_id: int) -> RoutePlan | None:
    return session.get(RoutePlan, request_id)


def steps_of(session: Session, request_id: int) -> Sequence[RouteStepRow]:
    wanted = select(RouteStepRow).where(col(RouteStepRow.request_id) == request_id)
    return session.exec(wanted.order_by(col(RouteStepRow.position))).all()


def drop_steps(session: Session, request_id: int) -> None:
    session.execute(delete(RouteStepRow).where(col(RouteStepRow.request_id) == request_id))


def version_at(session: Session, request_id: int, place: int) -> RouteVersion | None:
    wanted = select(RouteVersion).where(col(RouteVersion.request_id) == request_id, col(RouteVersion.place) == place)
    return session.exec(wanted).one_or_none()


def drop_versions_after(session: Session, request_id: int, place: int) -> None:
    session.execute(
        delete(RouteVersion).where(col(RouteVersion.request_id) == request_id, col(RouteVersion.place) > place)
    )
