"""Decided teams, the hours they book, past handovers"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "team_plans",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.JSON(), nullable=False),
        sa.Column("lead_firm_id", sa.String(32), nullable=False),
        sa.Column("finish", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(32), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_team_plans_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_plans")),
    )
    op.create_index(op.f("ix_team_plans_request_id"), "team_plans", ["request_id"], unique=False)
    op.create_table(
        "plan_hours",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("firm_id", sa.String(32), nullable=False),
        sa.Column("step_id", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["team_plans.id"], name=op.f("fk_plan_hours_plan_id_team_plans"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_plan_hours_firm_id_firms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_hours")),
    )
    op.create_index(op.f("ix_plan_hours_plan_id"), "plan_hours", ["plan_id"], unique=False)
    op.create_index(op.f("ix_plan_hours_firm_id"), "plan_hours", ["firm_id"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("firm_a", sa.String(32), nullable=False),
        sa.Column("firm_b", sa.String(32), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("recorded_by", sa.String(32), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["firm_a"], ["firms.id"], name=op.f("fk_handovers_firm_a_firms"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["firm_b"], ["firms.id"], name=op.f("fk_handovers_firm_b_firms"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_firm_a"), "handovers", ["firm_a"], unique=False)
    op.create_index(op.f("ix_handovers_firm_b"), "handovers", ["firm_b"], unique=False)


def downgrade() -> None:
    op.drop_table("handovers")
    op.drop_table("plan_hours")
    op.drop_table("team_plans")
