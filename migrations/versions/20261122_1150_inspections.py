"""The preventive plan: what is inspected how often, its rounds, what was found where."""

import sqlalchemy as sa
from alembic import op


import app.kernel.db

revision = "inspections"
down_revision = "hearings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table('inspection_plans',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('type_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('inspector_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('rhythm', sa.String(length=24), nullable=False),
    sa.Column('every', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['inspector_id'], ['staff.id'], name=op.f('fk_inspection_plans_inspector_id')),
    sa.ForeignKeyConstraint(['type_id'], ['facility_types.id'], name=op.f('fk_inspection_plans_type_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_inspection_plans_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_plans'))
    )
    with op.batch_alter_table('inspection_plans', schema=None) as batch_op:
        batch_op.create_index('ix_inspection_plans_next', ['next_on'], unique=False, postgresql_where=sa.text('is_active'), sqlite_where=sa.text('is_active'))

    op.create_table('inspection_plan_assets',
    sa.Column('plan_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('asset_id', app.kernel.db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['asset_id'], ['assets.id'], name=op.f('fk_inspection_plan_assets_asset_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['inspection_plans.id'], name=op.f('fk_inspection_plan_assets_plan_id')),
    sa.PrimaryKeyConstraint('plan_id', 'asset_id', name=op.f('pk_inspection_plan_assets'))
    )
    with op.batch_alter_table('inspection_plan_assets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inspection_plan_assets_asset_id'), ['asset_id'], unique=False)

    op.create_table('inspection_rounds',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('plan_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('nominal_on', sa.Date(), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('inspector_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('findings', sa.Integer(), nullable=False),
    sa.Column('finished_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['inspector_id'], ['staff.id'], name=op.f('fk_inspection_rounds_inspector_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['inspection_plans.id'], name=op.f('fk_inspection_rounds_plan_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_inspection_rounds_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_rounds')),
    sa.UniqueConstraint('plan_id', 'nominal_on', name=op.f('uq_inspection_rounds_plan_id_nominal_on'))
    )
    with op.batch_alter_table('inspection_rounds', schema=None) as batch_op:
        batch_op.create_index('ix_inspection_rounds_begins', ['begins_on', 'id'], unique=False)
        batch_op.create_index('ix_inspection_rounds_open', ['due_on', 'id'], unique=False, postgresql_where=sa.text('finished_at IS NULL'), sqlite_where=sa.text('finished_at IS NULL'))

    op.create_table('inspection_checks',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('round_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('asset_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('result', sa.String(length=24), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['asset_id'], ['assets.id'], name=op.f('fk_inspection_checks_asset_id')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_inspection_checks_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_inspection_checks_case_id')),
    sa.ForeignKeyConstraint(['round_id'], ['inspection_rounds.id'], name=op.f('fk_inspection_checks_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection_checks')),
    sa.UniqueConstraint('round_id', 'asset_id', name=op.f('uq_inspection_checks_round_id_asset_id'))
    )
    with op.batch_alter_table('inspection_checks', schema=None) as batch_op:
        batch_op.create_index('ix_inspection_checks_asset', ['asset_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_inspection_checks_case_id'), ['case_id'], unique=False)

    with op.batch_alter_table('facility_types', schema=None) as batch_op:
        batch_op.add_column(sa.Column('repeat_in_district', sa.Integer(), server_default='20', nullable=False))



def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table('facility_types', schema=None) as batch_op:
        batch_op.drop_column('repeat_in_district')

    with op.batch_alter_table('inspection_checks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inspection_checks_case_id'))
        batch_op.drop_index('ix_inspection_checks_asset')

    op.drop_table('inspection_checks')
    with op.batch_alter_table('inspection_rounds', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_rounds_open', postgresql_where=sa.text('finished_at IS NULL'), sqlite_where=sa.text('finished_at IS NULL'))
        batch_op.drop_index('ix_inspection_rounds_begins')

    op.drop_table('inspection_rounds')
    with op.batch_alter_table('inspection_plan_assets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inspection_plan_assets_asset_id'))

    op.drop_table('inspection_plan_assets')
    with op.batch_alter_table('inspection_plans', schema=None) as batch_op:
        batch_op.drop_index('ix_inspection_plans_next', postgresql_where=sa.text('is_active'), sqlite_where=sa.text('is_active'))

    op.drop_table('inspection_plans')
