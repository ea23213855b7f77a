"""Tokens of organisations, answers kept for repeated writes, whose request it is, answers about hours by programs"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHANNEL = "ck_capacity_answers_channel"


def upgrade() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("organisation_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("prefix", sa.String(12), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("read", "write", name="token_scope", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_by", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_api_tokens_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_api_tokens_created_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
    )
    op.create_index(op.f("ix_api_tokens_organisation_id"), "api_tokens", ["organisation_id"])
    op.create_table(
        "api_answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answers")),
        sa.UniqueConstraint("caller", "key", name=op.f("uq_api_answers_caller_key")),
    )
    op.create_index(op.f("ix_api_answers_created_at"), "api_answers", ["created_at"])
    _whose_request()
    _channels("link", "phone", "fax", "api")


def _whose_request() -> None:
    """A request that was sent so far belongs to the one organisation of the person who sent it."""
    op.add_column("requests", sa.Column("organisation_id", sa.String(32), nullable=True))
    op.create_index(op.f("ix_requests_organisation_id"), "requests", ["organisation_id"])
    op.execute(
        "UPDATE requests SET organisation_id = (SELECT memberships.organisation_id FROM memberships"
        " JOIN organisations ON organisations.id = memberships.organisation_id"
        " WHERE memberships.user_id = requests.owner_id AND organisations.kind <> 'coordinators')"
        " WHERE owner_id IN (SELECT user_id FROM memberships GROUP BY user_id HAVING count(*) = 1)"
    )


def _channels(*words: str) -> None:
    """Which words the column takes. SQLite cannot change a check: the table is written anew, without the old one."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.drop_constraint(op.f(CHANNEL), "capacity_answers", type_="check")
    allowed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table("capacity_answers", recreate="always" if on_sqlite else "never") as table:
        table.create_check_constraint(op.f(CHANNEL), f"channel IN ({allowed})")


def downgrade() -> None:
    op.execute("UPDATE capacity_answers SET channel = 'phone' WHERE channel = 'api'")
    _channels("link", "phone", "fax")
    op.drop_index(op.f("ix_requests_organisation_id"), "requests")
    op.drop_column("requests", "organisation_id")
    op.drop_table("api_answers")
    op.drop_table("api_tokens")
