"""Requests and their drafts"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "request_drafts",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("token", sa.String(43), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_request_drafts")),
    )
    op.create_index(op.f("ix_request_drafts_updated_at"), "request_drafts", ["updated_at"], unique=False)
    op.create_table(
        "requests",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(43), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("contact_name", sa.String(80), nullable=False),
        sa.Column("contact_organisation", sa.String(120), nullable=False),
        sa.Column("contact_email", sa.String(254), nullable=False),
        sa.Column("contact_phone", sa.String(40), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_requests_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("token", name=op.f("uq_requests_token")),
    )
    op.create_index(op.f("ix_requests_created_at"), "requests", ["created_at"], unique=False)
    op.create_index(op.f("ix_requests_owner_id"), "requests", ["owner_id"], unique=False)


def downgrade() -> None:
    op.drop_table("requests")
    op.drop_table("request_drafts")
