"""The interaction log: conversations, calls, promises; matters of one citizen found newest first."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = 'interactions'
down_revision = 'privacy'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('interactions',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('ref', sa.String(length=26), nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('medium', sa.String(length=24), nullable=False),
    sa.Column('direction', sa.String(length=24), nullable=False),
    sa.Column('staff_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('began_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('taken_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('held_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('summary', sa.LargeBinary(), nullable=True),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_interactions_citizen_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_interactions_staff_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_interactions_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interactions')),
    sa.UniqueConstraint('ref', name=op.f('uq_interactions_ref'))
    )
    with op.batch_alter_table('interactions', schema=None) as batch_op:
        batch_op.create_index('ix_interactions_citizen', ['citizen_id', 'id'], unique=False)
        batch_op.create_index('ix_interactions_ringing', ['began_at'], unique=False, postgresql_where=sa.text("state = 'ringing'"), sqlite_where=sa.text("state = 'ringing'"))
        batch_op.create_index('ix_interactions_staff', ['staff_id', 'id'], unique=False)
        batch_op.create_index('ix_interactions_under_way', ['staff_id', 'id'], unique=False, postgresql_where=sa.text("state != 'ended'"), sqlite_where=sa.text("state != 'ended'"))

    op.create_table('incoming_calls',
    sa.Column('interaction_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('number', sa.LargeBinary(), nullable=True),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('call_digest', sa.LargeBinary(length=16), nullable=False),
    sa.ForeignKeyConstraint(['interaction_id'], ['interactions.id'], name=op.f('fk_incoming_calls_interaction_id')),
    sa.PrimaryKeyConstraint('interaction_id', name=op.f('pk_incoming_calls')),
    sa.UniqueConstraint('call_digest', name=op.f('uq_incoming_calls_call_digest'))
    )
    op.create_table('interaction_cases',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('interaction_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_interaction_cases_case_id')),
    sa.ForeignKeyConstraint(['interaction_id'], ['interactions.id'], name=op.f('fk_interaction_cases_interaction_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interaction_cases')),
    sa.UniqueConstraint('interaction_id', 'case_id', name=op.f('uq_interaction_cases_interaction_id_case_id'))
    )
    with op.batch_alter_table('interaction_cases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interaction_cases_case_id'), ['case_id'], unique=False)

    op.create_table('promises',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('interaction_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('staff_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('made_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('due_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('kept_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('broken_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_promises_case_id')),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_promises_citizen_id')),
    sa.ForeignKeyConstraint(['interaction_id'], ['interactions.id'], name=op.f('fk_promises_interaction_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_promises_staff_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_promises_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promises'))
    )
    with op.batch_alter_table('promises', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promises_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_promises_citizen', ['citizen_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promises_interaction_id'), ['interaction_id'], unique=False)
        batch_op.create_index('ix_promises_to_mark', ['due_at'], unique=False, postgresql_where=sa.text('kept_at IS NULL AND broken_at IS NULL'), sqlite_where=sa.text('kept_at IS NULL AND broken_at IS NULL'))
        batch_op.create_index('ix_promises_waiting', ['staff_id', 'due_at'], unique=False, postgresql_where=sa.text('kept_at IS NULL'), sqlite_where=sa.text('kept_at IS NULL'))

    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_citizen_id')
        batch_op.create_index('ix_cases_citizen_opened', ['citizen_id', 'opened_at', 'id'], unique=False)
        batch_op.create_index('ix_cases_open_citizen', ['citizen_id', 'sort_at', 'id'], unique=False, postgresql_where=sa.text('closed_at IS NULL'), sqlite_where=sa.text('closed_at IS NULL'))


def downgrade() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index('ix_cases_open_citizen', postgresql_where=sa.text('closed_at IS NULL'), sqlite_where=sa.text('closed_at IS NULL'))
        batch_op.drop_index('ix_cases_citizen_opened')
        batch_op.create_index('ix_cases_citizen_id', ['citizen_id'], unique=False)

    with op.batch_alter_table('promises', schema=None) as batch_op:
        batch_op.drop_index('ix_promises_waiting', postgresql_where=sa.text('kept_at IS NULL'), sqlite_where=sa.text('kept_at IS NULL'))
        batch_op.drop_index('ix_promises_to_mark', postgresql_where=sa.text('kept_at IS NULL AND broken_at IS NULL'), sqlite_where=sa.text('kept_at IS NULL AND broken_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_promises_interaction_id'))
        batch_op.drop_index('ix_promises_citizen')
        batch_op.drop_index(batch_op.f('ix_promises_case_id'))

    op.drop_table('promises')
    with op.batch_alter_table('interaction_cases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interaction_cases_case_id'))

    op.drop_table('interaction_cases')
    op.drop_table('incoming_calls')
    with op.batch_alter_table('interactions', schema=None) as batch_op:
        batch_op.drop_index('ix_interactions_under_way', postgresql_where=sa.text("state != 'ended'"), sqlite_where=sa.text("state != 'ended'"))
        batch_op.drop_index('ix_interactions_staff')
        batch_op.drop_index('ix_interactions_ringing', postgresql_where=sa.text("state = 'ringing'"), sqlite_where=sa.text("state = 'ringing'"))
        batch_op.drop_index('ix_interactions_citizen')

    op.drop_table('interactions')
