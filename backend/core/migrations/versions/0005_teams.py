"""Routes of requests as people edited them"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ORIGINS = ("told", "inferred", "added")


def upgrade() -> None:
    op.create_table(
        "route_plans",
        sa.Column("request_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("updated_by", sa.String(32), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_route_plans_request_id_requests")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_route_plans")),
    )
    _steps()
    _versions()


def _steps() -> None:
    op.create_table(
        "route_steps",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(8), nullable=False),
        sa.Column("process_id", sa.String(60), nullable=False),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("hours_likely", sa.Float(), nullable=False),
        sa.Column("hours_low", sa.Float(), nullable=False),
        sa.Column("hours_high", sa.Float(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("material", sa.String(80), nullable=True),
        sa.Column("size_mm", sa.JSON(), nullable=True),
        sa.Column("tolerance_mm", sa.Float(), nullable=True),
        sa.Column("certifications", sa.JSON(), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(*ORIGINS, name="step_origin", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason_ja", sa.String(300), nullable=False),
        sa.Column("reason_en", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["route_plans.request_id"], name=op.f("fk_route_steps_request_id_route_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_steps")),
    )
    op.create_index(op.f("ix_route_steps_request_id"), "route_steps", ["request_id"], unique=False)


def _versions() -> None:
    op.create_table(
        "route_versions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["route_plans.request_id"], name=op.f("fk_route_versions_request_id_route_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_versions")),
    )
    op.create_index(op.f("ix_route_versions_request_id"), "route_versions", ["request_id"], unique=False)


def downgrade() -> None:
    op.drop_table("route_versions")
    op.drop_table("route_steps")
    op.drop_table("route_plans")
