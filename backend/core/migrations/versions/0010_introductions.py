"""Cases, their legs, offers, history and messages, what came of them, notices and kept searches"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "cases",
    "case_legs",
    "offers",
    "case_events",
    "case_changes",
    "case_messages",
    "case_reads",
    "notifications",
    "saved_filters",
    "outcomes",
    "ratings",
)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


FRESH = "ix_capacity_weeks_declared_at_firm_id"


def upgrade() -> None:
    # The reports ask how many firms answered lately.
    op.create_index(FRESH, "capacity_weeks", ["declared_at", "firm_id"])
    _cases()
    _case_legs()
    _offers()
    _case_events()
    _case_changes()
    _case_messages()
    _case_reads()
    _notifications()
    _saved_filters()
    _outcomes()
    _ratings()
    _open_cases()


def downgrade() -> None:
    op.drop_index(FRESH, "capacity_weeks")
    for table in reversed(TABLES):
        op.drop_table(table)


def _open_cases() -> None:
    """What was asked before there were cases is a case from now on."""
    op.execute(
        sa.text(
            """
            INSERT INTO cases (request_id, title, state, channel, client_kind, client_place, entered_at, reason, words,
                               version, created_at, updated_at)
            SELECT id, substr(text, 1, 40), 'received', 'web', 'unknown', 'unknown', created_at, '', '',
                   0, created_at, created_at
            FROM requests
            """
        )
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column(
            "state",
            _words(
                "case_state",
                "received",
                "clarifying",
                "shortlisting",
                "asking",
                "answered",
                "agreed",
                "introduced",
                "negotiating",
                "ordered",
                "making",
                "delivered",
                "closed",
                "lost",
                "withdrawn",
                "expired",
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.String(32), nullable=True),
        sa.Column("channel", _words("case_channel", "web", "link", "phone", "fax", "visit", "mail"), nullable=False),
        sa.Column(
            "client_kind",
            _words("client_kind", "unknown", "startup", "company", "workshop", "school", "person"),
            nullable=False,
        ),
        sa.Column(
            "client_place", _words("client_place", "unknown", "ward", "tokyo", "elsewhere", "abroad"), nullable=False
        ),
        sa.Column("plan_id", sa.String(32), nullable=True),
        sa.Column("lead_firm_id", sa.String(32), nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("escalated_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["lead_firm_id"], ["firms.id"], name=op.f("fk_cases_lead_firm_id_firms")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_cases_owner_id_users")),
        sa.ForeignKeyConstraint(["plan_id"], ["team_plans.id"], name=op.f("fk_cases_plan_id_team_plans")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_cases_request_id_requests")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("request_id", name=op.f("uq_cases_request_id")),
    )
    op.create_index(op.f("ix_cases_closed_at"), "cases", ["closed_at"])
    op.create_index(op.f("ix_cases_created_at"), "cases", ["created_at"])
    op.create_index(op.f("ix_cases_owner_id"), "cases", ["owner_id"])
    op.create_index("ix_cases_state_due_at", "cases", ["state", "due_at"])


def _case_legs() -> None:
    op.create_table(
        "case_legs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step_key", sa.String(8), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("process_id", sa.String(60), nullable=False),
        sa.Column(
            "state",
            _words("leg_state", "open", "filled", "ordered", "making", "handed_over", "accepted"),
            nullable=False,
        ),
        sa.Column("firm_id", sa.String(32), nullable=True),
        sa.Column("orderer_firm_id", sa.String(32), nullable=True),
        sa.Column("nda", _words("nda_state", "not_needed", "needed", "sent", "signed"), nullable=False),
        sa.Column("nda_at", MOMENT, nullable=True),
        sa.Column("hours", sa.Float(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("finish", sa.Date(), nullable=True),
        sa.Column("order_items", sa.JSON(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("handed_over_on", sa.Date(), nullable=True),
        sa.Column("inspection", _words("inspection", "none", "passed", "failed"), nullable=False),
        sa.Column("inspection_words", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_legs_case_id_cases"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_case_legs_firm_id_firms")),
        sa.ForeignKeyConstraint(["orderer_firm_id"], ["firms.id"], name=op.f("fk_case_legs_orderer_firm_id_firms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_legs")),
    )
    op.create_index(op.f("ix_case_legs_case_id"), "case_legs", ["case_id"])
    op.create_index(op.f("ix_case_legs_firm_id"), "case_legs", ["firm_id"])


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.String(32), nullable=False),
        sa.Column("firm_id", sa.String(32), nullable=False),
        sa.Column(
            "state",
            _words(
                "offer_state",
                "asked",
                "willing",
                "conditional",
                "declined",
                "silent",
                "cancelled",
                "agreed",
                "introduced",
                "quoted",
                "won",
                "not_chosen",
                "dropped_out",
            ),
            nullable=False,
        ),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("shown_at", MOMENT, nullable=False),
        sa.Column("shown_before", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("reply_by", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("link_number", sa.Integer(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.String(32), nullable=True),
        sa.Column("channel", _words("offer_channel", "web", "link", "phone", "fax", "visit", "mail"), nullable=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("proposed_date", sa.Date(), nullable=True),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("agreed_by", sa.String(32), nullable=True),
        sa.Column("introduced_at", MOMENT, nullable=True),
        sa.Column("nda_at", MOMENT, nullable=True),
        sa.Column("feedback", sa.String(32), nullable=False),
        sa.Column("feedback_words", sa.String(1000), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agreed_by"], ["users.id"], name=op.f("fk_offers_agreed_by_users")),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_offers_answered_by_users")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_offers_asked_by_users")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_offers_case_id_cases"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_offers_firm_id_firms"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["leg_id"], ["case_legs.id"], name=op.f("fk_offers_leg_id_case_legs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("leg_id", "firm_id", name="uq_offers_leg_id_firm_id"),
    )
    op.create_index(op.f("ix_offers_asked_at"), "offers", ["asked_at"])
    op.create_index(op.f("ix_offers_case_id"), "offers", ["case_id"])
    op.create_index("ix_offers_firm_id_introduced_at", "offers", ["firm_id", "introduced_at"])
    op.create_index("ix_offers_state_reply_by", "offers", ["state", "reply_by"])


def _case_events() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("leg_id", sa.String(32), nullable=True),
        sa.Column("firm_id", sa.String(32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("party", _words("event_party", "client", "firm", "coordinator", "system"), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=True),
        sa.Column("channel", _words("event_channel", "web", "link", "phone", "fax", "visit", "mail"), nullable=False),
        sa.Column("before", sa.String(32), nullable=False),
        sa.Column("after", sa.String(32), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_case_events_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_case_events_firm_id_firms"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["leg_id"], ["case_legs.id"], name=op.f("fk_case_events_leg_id_case_legs"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    op.create_index("ix_case_events_case_id_at", "case_events", ["case_id", "at"])
    op.create_index("ix_case_events_at_action", "case_events", ["at", "action", "case_id"])


def _case_changes() -> None:
    op.create_table(
        "case_changes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("party", _words("change_party", "client", "firm", "coordinator", "system"), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_case_changes_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_changes_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["users.id"], name=op.f("fk_case_changes_settled_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_changes")),
    )
    op.create_index(op.f("ix_case_changes_case_id"), "case_changes", ["case_id"])
    op.create_index(op.f("ix_case_changes_settled_at"), "case_changes", ["settled_at"])


def _case_messages() -> None:
    op.create_table(
        "case_messages",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.String(32), nullable=True),
        sa.Column("audience", _words("audience", "client", "firm", "both", "coordinators"), nullable=False),
        sa.Column("party", _words("message_party", "client", "firm", "coordinator", "system"), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("channel", _words("message_channel", "web", "link", "phone", "fax", "visit", "mail"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("form_id", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_case_messages_author_id_users")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_messages_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_case_messages_firm_id_firms"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_messages")),
        sa.UniqueConstraint("form_id", name=op.f("uq_case_messages_form_id")),
    )
    op.create_index("ix_case_messages_case_id_at", "case_messages", ["case_id", "at"])
    op.create_index(op.f("ix_case_messages_firm_id"), "case_messages", ["firm_id"])


def _case_reads() -> None:
    op.create_table(
        "case_reads",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_reads_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_case_reads_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", "user_id", name=op.f("pk_case_reads")),
    )
    op.create_index(op.f("ix_case_reads_user_id"), "case_reads", ["user_id"])


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=True),
        sa.Column("message_id", sa.String(32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_notifications_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["case_messages.id"],
            name=op.f("fk_notifications_message_id_case_messages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_notifications_offer_id_offers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notifications_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(op.f("ix_notifications_case_id"), "notifications", ["case_id"])
    op.create_index(op.f("ix_notifications_message_id"), "notifications", ["message_id"])
    op.create_index(op.f("ix_notifications_offer_id"), "notifications", ["offer_id"])
    op.create_index("ix_notifications_user_id_at", "notifications", ["user_id", "at"])


def _saved_filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("page", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("query", sa.String(500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_filters_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("user_id", "page", "name", name="uq_saved_filters_user_id_page_name"),
    )


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("party", _words("outcome_party", "client", "firm", "coordinator", "system"), nullable=False),
        sa.Column("quoted", _words("quoted", "yes", "no", "unknown"), nullable=False),
        sa.Column("ordered", _words("ordered", "yes", "no", "unknown"), nullable=False),
        sa.Column("delivered", _words("delivered", "yes", "no", "unknown"), nullable=False),
        sa.Column("amount_yen", sa.BigInteger(), nullable=True),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("channel", _words("outcome_channel", "web", "link", "phone", "fax", "visit", "mail"), nullable=False),
        sa.Column("reported_by", sa.String(32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_outcomes_offer_id_offers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["reported_by"], ["users.id"], name=op.f("fk_outcomes_reported_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("offer_id", "party", name="uq_outcomes_offer_id_party"),
    )
    op.create_index(op.f("ix_outcomes_at"), "outcomes", ["at"])


def _ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("offer_id", sa.String(32), nullable=False),
        sa.Column("party", _words("rating_party", "client", "firm", "coordinator", "system"), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.Column("comment", sa.String(1000), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("channel", _words("rating_channel", "web", "link", "phone", "fax", "visit", "mail"), nullable=False),
        sa.Column("rated_by", sa.String(32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "quality BETWEEN 1 AND 5 AND delivery BETWEEN 1 AND 5 AND cost BETWEEN 1 AND 5",
            name=op.f("ck_ratings_range"),
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offers.id"], name=op.f("fk_ratings_offer_id_offers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["rated_by"], ["users.id"], name=op.f("fk_ratings_rated_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("offer_id", "party", name="uq_ratings_offer_id_party"),
    )
    op.create_index(op.f("ix_ratings_at"), "ratings", ["at"])
