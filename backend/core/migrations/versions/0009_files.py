"""Documents with versions, to whom they are shown, who has seen them"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STANDS = sa.text("withdrawn_at IS NULL")
KINDS = ("pdf", "png", "jpeg", "webp", "step", "iges", "dxf", "dwg", "stl", "xlsx", "text", "csv")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("audience", _words("audience", "coordinators", "client", "consented"), nullable=False),
        sa.Column("owner_key", sa.String(64), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=True),
        sa.Column("created_by_name", sa.String(160), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_by_name", sa.String(160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_subject"), "documents", ["subject"])
    _versions()
    _disclosures()
    _views()


def _versions() -> None:
    op.create_table(
        "document_versions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(120), nullable=False),
        sa.Column("kind", _words("kind", *KINDS), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("note", sa.String(400), nullable=False),
        sa.Column("uploaded_by", sa.String(32), nullable=True),
        sa.Column("uploaded_by_name", sa.String(160), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        _to("document_versions", "document_id", "documents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_versions")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_document_versions_document_id_number")),
    )
    op.create_index(op.f("ix_document_versions_sha256"), "document_versions", ["sha256"])


def _disclosures() -> None:
    op.create_table(
        "document_disclosures",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("audience_key", sa.String(64), nullable=False),
        sa.Column("by_name", sa.String(160), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by_name", sa.String(160), nullable=False),
        _to("document_disclosures", "document_id", "documents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_disclosures")),
    )
    op.create_index(op.f("ix_document_disclosures_document_id"), "document_disclosures", ["document_id"])
    op.create_index(
        "ix_document_disclosures_standing",
        "document_disclosures",
        ["document_id", "audience_key"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def _views() -> None:
    op.create_table(
        "document_views",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("version_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=True),
        sa.Column("link_id", sa.String(64), nullable=True),
        sa.Column("who", sa.String(160), nullable=False),
        sa.Column("how", _words("how", "page", "download"), nullable=False),
        sa.Column("stamped", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _to("document_views", "version_id", "document_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_views")),
    )
    op.create_index(op.f("ix_document_views_version_id"), "document_views", ["version_id"])


def downgrade() -> None:
    for table in ("document_views", "document_disclosures", "document_versions", "documents"):
        op.drop_table(table)
