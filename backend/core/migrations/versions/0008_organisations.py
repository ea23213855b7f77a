"""Organisations, memberships, invitations, sign-in links; wards of requests and with whom they are shared"""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from backend.core import clock

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DESK = "コーディネート窓口"


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column(
            "kind", _words("organisation_kind", "workshop", "startup", "coordinators", "facility"), nullable=False
        ),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("firm_id", sa.String(64), nullable=True),
        sa.Column("all_wards", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_organisations_firm_id")),
    )
    op.create_index(op.f("ix_organisations_kind"), "organisations", ["kind"])
    op.create_table(
        "organisation_wards",
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("ward", sa.String(20), nullable=False),
        _to("organisation_wards", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("organisation_id", "ward", name=op.f("pk_organisation_wards")),
    )
    _memberships()
    _invitations()
    _sign_in_links()
    _requests()
    _move_people()


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("standing", _words("standing", "member", "coordinator", "supervisor", "admin"), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _to("memberships", "user_id", "users"),
        _to("memberships", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("user_id", "organisation_id", name="uq_memberships_user_id_organisation_id"),
    )
    op.create_index(op.f("ix_memberships_organisation_id"), "memberships", ["organisation_id"])


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("standing", _words("standing", "member", "coordinator", "supervisor", "admin"), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("batch", sa.String(32), nullable=True),
        sa.Column("invited_by", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("accepted_by", sa.String(32), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        _to("invitations", "organisation_id", "organisations"),
        _to("invitations", "invited_by", "users"),
        _to("invitations", "accepted_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_invitations_code_digest")),
    )
    for column in ("organisation_id", "batch", "created_at"):
        op.create_index(op.f(f"ix_invitations_{column}"), "invitations", [column])


def _sign_in_links() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _to("sign_in_links", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_links_token_digest")),
    )
    for column in ("user_id", "expires_at"):
        op.create_index(op.f(f"ix_sign_in_links_{column}"), "sign_in_links", [column])


def _requests() -> None:
    op.add_column("requests", sa.Column("ward", sa.String(20), nullable=True))
    op.create_index(op.f("ix_requests_ward"), "requests", ["ward"])
    op.create_table(
        "request_shares",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        _to("request_shares", "request_id", "requests"),
        _to("request_shares", "organisation_id", "organisations"),
        sa.PrimaryKeyConstraint("request_id", "organisation_id", name=op.f("pk_request_shares")),
    )


def _move_people() -> None:
    """Everybody gets the organisation that they acted for so far; the coordinators one desk for all wards."""
    connection = op.get_bind()
    people = connection.execute(sa.text("SELECT id, name, role, firm_id FROM users ORDER BY created_at, id")).all()
    firms = {row.id: row.name for row in connection.execute(sa.text("SELECT id, name FROM firms"))} if people else {}
    places: dict[str, str] = {}
    for person in people:
        place, kind, name = _place_of(person, firms)
        if place not in places:
            places[place] = _add_organisation(connection, kind, name, person.firm_id if kind == "workshop" else None)
        standing = "coordinator" if person.role == "coordinator" else "admin"
        connection.execute(
            sa.text(
                "INSERT INTO memberships (id, user_id, organisation_id, standing, created_at)"
                " VALUES (:id, :user, :organisation, :standing, :at)"
            ).bindparams(sa.bindparam("at", type_=MOMENT)),
            {
                "id": uuid4().hex,
                "user": person.id,
                "organisation": places[place],
                "standing": standing,
                "at": clock.now(),
            },
        )


def _place_of(person: sa.Row[Any], firms: dict[str, str]) -> tuple[str, str, str]:
    if person.role in ("coordinator", "admin"):
        return "desk", "coordinators", DESK
    if person.role == "workshop" and person.firm_id:
        return f"firm:{person.firm_id}", "workshop", firms.get(person.firm_id, person.name)
    return f"person:{person.id}", "workshop" if person.role == "workshop" else "startup", person.name


def _add_organisation(connection: sa.Connection, kind: str, name: str, firm_id: str | None) -> str:
    key = uuid4().hex
    connection.execute(
        sa.text(
            "INSERT INTO organisations (id, kind, name, firm_id, all_wards, created_at)"
            " VALUES (:id, :kind, :name, :firm, :all_wards, :at)"
        ).bindparams(sa.bindparam("at", type_=MOMENT), sa.bindparam("all_wards", type_=sa.Boolean)),
        {
            "id": key,
            "kind": kind,
            "name": name[:120],
            "firm": firm_id,
            "all_wards": kind == "coordinators",
            "at": clock.now(),
        },
    )
    return key


def downgrade() -> None:
    op.drop_table("request_shares")
    op.drop_index(op.f("ix_requests_ward"), "requests")
    op.drop_column("requests", "ward")
    for table in ("sign_in_links", "invitations", "memberships", "organisation_wards", "organisations"):
        op.drop_table(table)
