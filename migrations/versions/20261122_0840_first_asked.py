"""Questions handed on with acceptance, and what is left to the next shift."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db
from app.kernel.guards import add_guards, remove_guards

revision = "first_asked"
down_revision = "scans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and guard what is written once."""
    op.create_table('first_questions',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('ref', sa.String(length=43), nullable=False),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('first_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('owner_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=True),
    sa.Column('reach', sa.LargeBinary(), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('asked_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('offered_unit_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('offered_staff_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('offered_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('reminded_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('hands', sa.Integer(), nullable=False),
    sa.Column('answered_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['first_id'], ['staff.id'], name=op.f('fk_first_questions_first_id')),
    sa.ForeignKeyConstraint(['offered_staff_id'], ['staff.id'], name=op.f('fk_first_questions_offered_staff_id')),
    sa.ForeignKeyConstraint(['offered_unit_id'], ['units.id'], name=op.f('fk_first_questions_offered_unit_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_first_questions_owner_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_first_questions_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_first_questions')),
    sa.UniqueConstraint('ref', name=op.f('uq_first_questions_ref'))
    )
    with op.batch_alter_table('first_questions', schema=None) as batch_op:
        batch_op.create_index('ix_first_questions_asked', ['asked_at'], unique=False)
        batch_op.create_index('ix_first_questions_offered', ['offered_at', 'id'], unique=False, postgresql_where=sa.text("state = 'offered'"), sqlite_where=sa.text("state = 'offered'"))
        batch_op.create_index('ix_first_questions_owner', ['owner_id', 'id'], unique=False, postgresql_where=sa.text('answered_at IS NULL'), sqlite_where=sa.text('answered_at IS NULL'))

    op.create_table('shift_handovers',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('counter', sa.Integer(), nullable=True),
    sa.Column('from_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('to_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('note', sa.LargeBinary(), nullable=True),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('made_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('accepted_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('accepted_by', app.kernel.db.BigInt, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['accepted_by'], ['staff.id'], name=op.f('fk_shift_handovers_accepted_by')),
    sa.ForeignKeyConstraint(['from_id'], ['staff.id'], name=op.f('fk_shift_handovers_from_id')),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_shift_handovers_hall_id')),
    sa.ForeignKeyConstraint(['to_id'], ['staff.id'], name=op.f('fk_shift_handovers_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift_handovers'))
    )
    with op.batch_alter_table('shift_handovers', schema=None) as batch_op:
        batch_op.create_index('ix_shift_handovers_from', ['from_id', 'id'], unique=False)
        batch_op.create_index('ix_shift_handovers_open', ['hall_id', 'id'], unique=False, postgresql_where=sa.text('accepted_at IS NULL'), sqlite_where=sa.text('accepted_at IS NULL'))

    op.create_table('first_question_moves',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('question_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('deed', sa.String(length=24), nullable=False),
    sa.Column('at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('to_unit_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('to_staff_id', app.kernel.db.BigInt, nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_first_question_moves_by_id')),
    sa.ForeignKeyConstraint(['question_id'], ['first_questions.id'], name=op.f('fk_first_question_moves_question_id')),
    sa.ForeignKeyConstraint(['to_staff_id'], ['staff.id'], name=op.f('fk_first_question_moves_to_staff_id')),
    sa.ForeignKeyConstraint(['to_unit_id'], ['units.id'], name=op.f('fk_first_question_moves_to_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_first_question_moves'))
    )
    with op.batch_alter_table('first_question_moves', schema=None) as batch_op:
        batch_op.create_index('ix_first_question_moves_question', ['question_id', 'id'], unique=False)

    op.create_table('shift_items',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('handover_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('ref', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['handover_id'], ['shift_handovers.id'], name=op.f('fk_shift_items_handover_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift_items'))
    )
    with op.batch_alter_table('shift_items', schema=None) as batch_op:
        batch_op.create_index('ix_shift_items_handover', ['handover_id', 'id'], unique=False)

    add_guards(op.get_bind(), ["first_question_moves"])


def downgrade() -> None:
    """Take them away again."""
    remove_guards(op.get_bind(), ["first_question_moves"])
    with op.batch_alter_table('shift_items', schema=None) as batch_op:
        batch_op.drop_index('ix_shift_items_handover')

    op.drop_table('shift_items')
    with op.batch_alter_table('first_question_moves', schema=None) as batch_op:
        batch_op.drop_index('ix_first_question_moves_question')

    op.drop_table('first_question_moves')
    with op.batch_alter_table('shift_handovers', schema=None) as batch_op:
        batch_op.drop_index('ix_shift_handovers_open', postgresql_where=sa.text('accepted_at IS NULL'), sqlite_where=sa.text('accepted_at IS NULL'))
        batch_op.drop_index('ix_shift_handovers_from')

    op.drop_table('shift_handovers')
    with op.batch_alter_table('first_questions', schema=None) as batch_op:
        batch_op.drop_index('ix_first_questions_owner', postgresql_where=sa.text('answered_at IS NULL'), sqlite_where=sa.text('answered_at IS NULL'))
        batch_op.drop_index('ix_first_questions_offered', postgresql_where=sa.text("state = 'offered'"), sqlite_where=sa.text("state = 'offered'"))
        batch_op.drop_index('ix_first_questions_asked')

    op.drop_table('first_questions')
