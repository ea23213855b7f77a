"""Weekly answers, links, reminders and booked hours; a firm has each week once"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CHANNELS = ("link", "phone", "fax")


def upgrade() -> None:
    _one_row_a_week()
    with op.batch_alter_table("capacity_weeks") as table:
        table.add_column(sa.Column("hours_booked", sa.Float(), nullable=False, server_default="0"))
        table.create_unique_constraint(op.f("uq_capacity_weeks_firm_id_week_start"), ["firm_id", "week_start"])
    _contacts()
    _answers()
    _bookings()
    _reminders()


def _one_row_a_week() -> None:
    """Of two rows for one week, which nothing should have written, the one with the larger id stays."""
    op.execute(
        "DELETE FROM capacity_weeks WHERE EXISTS (SELECT 1 FROM capacity_weeks AS other"
        " WHERE other.firm_id = capacity_weeks.firm_id AND other.week_start = capacity_weeks.week_start"
        " AND other.id > capacity_weeks.id)"
    )


def _of_firm(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["firm_id"], ["firms.id"], name=op.f(f"fk_{table}_firm_id_firms"), ondelete="CASCADE"
    )


def _contacts() -> None:
    op.create_table(
        "capacity_contacts",
        sa.Column("firm_id", sa.String(32), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("link_number", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("fax", sa.String(40), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("by_hours", sa.Boolean(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        _of_firm("capacity_contacts"),
        sa.PrimaryKeyConstraint("firm_id", name=op.f("pk_capacity_contacts")),
        sa.UniqueConstraint("code", name=op.f("uq_capacity_contacts_code")),
    )
    op.create_index(op.f("ix_capacity_contacts_email"), "capacity_contacts", ["email"], unique=False)


def _answers() -> None:
    op.create_table(
        "capacity_answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("firm_id", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column(
            "channel",
            sa.Enum(*CHANNELS, name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("actor_id", sa.String(32), nullable=True),
        sa.Column("spoke_with", sa.String(80), nullable=False),
        sa.Column("weeks", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("form_id", sa.String(32), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        _of_firm("capacity_answers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_answers")),
        sa.UniqueConstraint("form_id", name=op.f("uq_capacity_answers_form_id")),
    )
    op.create_index(op.f("ix_capacity_answers_at"), "capacity_answers", ["at"], unique=False)
    op.create_index(op.f("ix_capacity_answers_firm_id"), "capacity_answers", ["firm_id"], unique=False)


def _bookings() -> None:
    op.create_table(
        "capacity_bookings",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("firm_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        _of_firm("capacity_bookings"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_capacity_bookings")),
        sa.UniqueConstraint("reference", "firm_id", "day", name=op.f("uq_capacity_bookings_reference_firm_id_day")),
    )
    op.create_index(op.f("ix_capacity_bookings_day"), "capacity_bookings", ["day"], unique=False)
    op.create_index(op.f("ix_capacity_bookings_firm_id"), "capacity_bookings", ["firm_id"], unique=False)


def _reminders() -> None:
    op.create_table(
        "capacity_reminders",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("firm_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("sent_to", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _of_firm("capacity_reminders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_reminders")),
        sa.UniqueConstraint("firm_id", "day", "kind", name=op.f("uq_capacity_reminders_firm_id_day_kind")),
    )
    op.create_index(op.f("ix_capacity_reminders_day"), "capacity_reminders", ["day"], unique=False)
    op.create_index(op.f("ix_capacity_reminders_firm_id"), "capacity_reminders", ["firm_id"], unique=False)


def downgrade() -> None:
    for table in ("capacity_reminders", "capacity_bookings", "capacity_answers", "capacity_contacts"):
        op.drop_table(table)
    with op.batch_alter_table("capacity_weeks") as weeks:
        weeks.drop_constraint(op.f("uq_capacity_weeks_firm_id_week_start"), type_="unique")
        weeks.drop_column("hours_booked")
