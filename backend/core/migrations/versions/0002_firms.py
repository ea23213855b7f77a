"""The register of workshops and its imports"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table('firm_changes',
        sa.Column('seq', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('seq', name=op.f('pk_firm_changes'))
    )
    op.create_index(op.f('ix_firm_changes_firm_id'), 'firm_changes', ['firm_id'], unique=False)
    op.create_table('firm_imports',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('file_name', sa.String(200), nullable=False),
        sa.Column('kind', sa.String(10), nullable=False),
        sa.Column('state', sa.String(20), nullable=False),
        sa.Column('uploaded_by', sa.String(32), nullable=True),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('created', sa.Integer(), nullable=False),
        sa.Column('updated', sa.Integer(), nullable=False),
        sa.Column('unchanged', sa.Integer(), nullable=False),
        sa.Column('fault_count', sa.Integer(), nullable=False),
        sa.Column('warning_count', sa.Integer(), nullable=False),
        sa.Column('faults', sa.JSON(), nullable=False),
        sa.Column('left_out', sa.JSON(), nullable=False),
        sa.Column('message', sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_firm_imports'))
    )
    op.create_table('firms',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('code', sa.String(64), nullable=True),
        sa.Column('name', sa.String(200), nullable=False),
        sa.Column('kana', sa.String(200), nullable=False),
        sa.Column('corporate_number', sa.String(13), nullable=True),
        sa.Column('address', sa.String(300), nullable=False),
        sa.Column('ward', sa.String(40), nullable=False),
        sa.Column('lat', sa.Float(), nullable=True),
        sa.Column('lng', sa.Float(), nullable=True),
        sa.Column('employees', sa.Integer(), nullable=True),
        sa.Column('capital_yen', sa.BigInteger(), nullable=True),
        sa.Column('representative_age_band', sa.Enum('under_40', '40s', '50s', '60s', '70s', 'over_80', name='age_band', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('succession_state', sa.Enum('decided', 'looking', 'not_needed', 'closing', name='succession_state', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('phone', sa.String(40), nullable=False),
        sa.Column('website', sa.String(300), nullable=False),
        sa.Column('own_words', sa.Text(), nullable=False),
        sa.Column('lot_min', sa.Integer(), nullable=True),
        sa.Column('lot_max', sa.Integer(), nullable=True),
        sa.Column('tolerance_mm', sa.Float(), nullable=True),
        sa.Column('can_lead', sa.Enum('yes', 'no', 'unknown', name='can_lead', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('public_facility', sa.Enum('yes', 'no', 'unknown', name='public_facility', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('listed', sa.Boolean(), nullable=False),
        sa.Column('audiences', sa.JSON(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('name_key', sa.String(200), nullable=False),
        sa.Column('address_key', sa.String(300), nullable=False),
        sa.Column('search_text', sa.Text(), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.Column('updated_at', MOMENT, nullable=False),
        sa.Column('deleted_at', MOMENT, nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_firms')),
        sa.UniqueConstraint('code', name=op.f('uq_firms_code')),
        sa.UniqueConstraint('corporate_number', name=op.f('uq_firms_corporate_number'))
    )
    op.create_index(op.f('ix_firms_name_key'), 'firms', ['name_key'], unique=False)
    op.create_index('ix_firms_deleted_at_ward', 'firms', ['deleted_at', 'ward'], unique=False)
    op.create_index(op.f('ix_firms_ward'), 'firms', ['ward'], unique=False)
    op.create_table('capacity_weeks',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('week_start', sa.Date(), nullable=False),
        sa.Column('hours_free', sa.Float(), nullable=False),
        sa.Column('declared_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['firm_id'], ['firms.id'], name=op.f('fk_capacity_weeks_firm_id_firms'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_capacity_weeks'))
    )
    op.create_index(op.f('ix_capacity_weeks_firm_id'), 'capacity_weeks', ['firm_id'], unique=False)
    op.create_index('ix_capacity_weeks_week_start_declared_at', 'capacity_weeks', ['week_start', 'declared_at', 'firm_id'], unique=False)
    op.create_table('certificates',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(100), nullable=False),
        sa.Column('expires_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['firm_id'], ['firms.id'], name=op.f('fk_certificates_firm_id_firms'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates'))
    )
    op.create_index(op.f('ix_certificates_firm_id'), 'certificates', ['firm_id'], unique=False)
    op.create_table('equipment',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(100), nullable=False),
        sa.Column('maker', sa.String(100), nullable=False),
        sa.Column('model', sa.String(100), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('envelope_x_mm', sa.Float(), nullable=True),
        sa.Column('envelope_y_mm', sa.Float(), nullable=True),
        sa.Column('envelope_z_mm', sa.Float(), nullable=True),
        sa.Column('year', sa.Integer(), nullable=True),
        sa.Column('remarks', sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(['firm_id'], ['firms.id'], name=op.f('fk_equipment_firm_id_firms'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_equipment'))
    )
    op.create_index(op.f('ix_equipment_firm_id'), 'equipment', ['firm_id'], unique=False)
    op.create_table('firm_materials',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(['firm_id'], ['firms.id'], name=op.f('fk_firm_materials_firm_id_firms'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_firm_materials'))
    )
    op.create_index(op.f('ix_firm_materials_firm_id'), 'firm_materials', ['firm_id'], unique=False)
    op.create_table('firm_tags',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('kind', sa.String(20), nullable=False),
        sa.Column('word', sa.String(100), nullable=False),
        sa.Column('label', sa.String(100), nullable=False),
        sa.Column('public', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['firm_id'], ['firms.id'], name=op.f('fk_firm_tags_firm_id_firms'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_firm_tags'))
    )
    op.create_index(op.f('ix_firm_tags_firm_id'), 'firm_tags', ['firm_id'], unique=False)
    op.create_index(op.f('ix_firm_tags_kind'), 'firm_tags', ['kind'], unique=False)
    op.create_index(op.f('ix_firm_tags_word'), 'firm_tags', ['word'], unique=False)
    op.create_table('firm_versions',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('action', sa.String(40), nullable=False),
        sa.Column('actor_id', sa.String(32), nullable=True),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('body', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['firm_id'], ['firms.id'], name=op.f('fk_firm_versions_firm_id_firms'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_firm_versions'))
    )
    op.create_index(op.f('ix_firm_versions_firm_id'), 'firm_versions', ['firm_id'], unique=False)
    op.create_table('pictures',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('media_type', sa.String(20), nullable=False),
        sa.Column('digest', sa.String(64), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('caption', sa.String(200), nullable=False),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['firm_id'], ['firms.id'], name=op.f('fk_pictures_firm_id_firms'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pictures'))
    )
    op.create_index(op.f('ix_pictures_firm_id'), 'pictures', ['firm_id'], unique=False)
    op.create_table('techniques',
        sa.Column('id', sa.String(32), nullable=False),
        sa.Column('firm_id', sa.String(32), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('process', sa.String(100), nullable=False),
        sa.Column('materials', sa.JSON(), nullable=False),
        sa.Column('thickness_min_mm', sa.Float(), nullable=True),
        sa.Column('thickness_max_mm', sa.Float(), nullable=True),
        sa.Column('size_max_x_mm', sa.Float(), nullable=True),
        sa.Column('size_max_y_mm', sa.Float(), nullable=True),
        sa.Column('size_max_z_mm', sa.Float(), nullable=True),
        sa.Column('tolerance_mm', sa.Float(), nullable=True),
        sa.Column('roughness_ra_um', sa.Float(), nullable=True),
        sa.Column('experience', sa.Text(), nullable=False),
        sa.Column('pictures', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['firm_id'], ['firms.id'], name=op.f('fk_techniques_firm_id_firms'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_techniques'))
    )
    op.create_index(op.f('ix_techniques_firm_id'), 'techniques', ['firm_id'], unique=False)


def downgrade() -> None:
    for table in (
        "techniques",
        "pictures",
        "firm_versions",
        "firm_tags",
        "firm_materials",
        "equipment",
        "certificates",
        "capacity_weeks",
        "firms",
        "firm_imports",
        "firm_changes",
    ):
        op.drop_table(table)
