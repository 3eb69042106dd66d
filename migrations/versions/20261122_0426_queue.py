"""Queues of halls: services, counters, tickets, and events written once."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db
from app.kernel.guards import add_guards, remove_guards

revision = "queue"
down_revision = "staff_entries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and guard what is written once."""
    op.create_table('queue_halls',
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('keeps_hours', sa.Boolean(), nullable=False),
    sa.Column('goal', sa.Integer(), nullable=False),
    sa.Column('yellow', sa.Integer(), nullable=False),
    sa.Column('red', sa.Integer(), nullable=False),
    sa.Column('crowd', sa.Integer(), nullable=False),
    sa.Column('senior_minutes', sa.Integer(), nullable=False),
    sa.Column('disabled_minutes', sa.Integer(), nullable=False),
    sa.Column('most_in_a_row', sa.Integer(), nullable=False),
    sa.Column('places_back', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_queue_halls_hall_id')),
    sa.PrimaryKeyConstraint('hall_id', name=op.f('pk_queue_halls'))
    )
    op.create_table('queue_revisions',
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('revision', app.kernel.db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_queue_revisions_hall_id')),
    sa.PrimaryKeyConstraint('hall_id', name=op.f('pk_queue_revisions'))
    )
    op.create_table('queue_services',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('prefix', sa.String(length=1), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_queue_services_hall_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_services')),
    sa.UniqueConstraint('hall_id', 'prefix', name=op.f('uq_queue_services_hall_id_prefix'))
    )
    op.create_table('queue_counters',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('staff_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('signed_on_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('paused_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('pause_reason', sa.String(length=24), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_queue_counters_hall_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_queue_counters_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_counters')),
    sa.UniqueConstraint('hall_id', 'number', name=op.f('uq_queue_counters_hall_id_number')),
    sa.UniqueConstraint('staff_id', name=op.f('uq_queue_counters_staff_id'))
    )
    op.create_table('queue_counter_services',
    sa.Column('counter_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('service_id', app.kernel.db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['counter_id'], ['queue_counters.id'], name=op.f('fk_queue_counter_services_counter_id')),
    sa.ForeignKeyConstraint(['service_id'], ['queue_services.id'], name=op.f('fk_queue_counter_services_service_id')),
    sa.PrimaryKeyConstraint('counter_id', 'service_id', name=op.f('pk_queue_counter_services'))
    )
    with op.batch_alter_table('queue_counter_services', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_queue_counter_services_service_id'), ['service_id'], unique=False)

    op.create_table('queue_tickets',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('prefix', sa.String(length=1), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('service_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('need', sa.String(length=24), nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('token_digest', sa.LargeBinary(length=16), nullable=True),
    sa.Column('taken_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('rank_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('rank_seq', app.kernel.db.BigInt, nullable=False),
    sa.Column('back_seq', app.kernel.db.BigInt, nullable=False),
    sa.Column('only_counter_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('counter_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('staff_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('called_seq', app.kernel.db.BigInt, nullable=False),
    sa.Column('called_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('serving_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('talk_ref', sa.String(length=26), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_queue_tickets_citizen_id')),
    sa.ForeignKeyConstraint(['counter_id'], ['queue_counters.id'], name=op.f('fk_queue_tickets_counter_id')),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_queue_tickets_hall_id')),
    sa.ForeignKeyConstraint(['only_counter_id'], ['queue_counters.id'], name=op.f('fk_queue_tickets_only_counter_id')),
    sa.ForeignKeyConstraint(['service_id'], ['queue_services.id'], name=op.f('fk_queue_tickets_service_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_queue_tickets_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_tickets')),
    sa.UniqueConstraint('hall_id', 'day', 'prefix', 'number', name=op.f('uq_queue_tickets_hall_id_day_prefix_number')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_queue_tickets_token_digest'))
    )
    with op.batch_alter_table('queue_tickets', schema=None) as batch_op:
        batch_op.create_index('ix_queue_tickets_at_counter', ['counter_id', 'day'], unique=True, postgresql_where=sa.text("state IN ('called', 'serving')"), sqlite_where=sa.text("state IN ('called', 'serving')"))
        batch_op.create_index('ix_queue_tickets_called', ['hall_id', 'day', 'called_seq'], unique=False)
        batch_op.create_index('ix_queue_tickets_citizen', ['citizen_id', 'day'], unique=False, postgresql_where=sa.text('citizen_id IS NOT NULL'), sqlite_where=sa.text('citizen_id IS NOT NULL'))
        batch_op.create_index('ix_queue_tickets_waiting', ['hall_id', 'day', 'service_id'], unique=False, postgresql_where=sa.text("state IN ('taken', 'transferred')"), sqlite_where=sa.text("state IN ('taken', 'transferred')"))

    op.create_table('queue_events',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('seq', app.kernel.db.BigInt, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('deed', sa.String(length=24), nullable=False),
    sa.Column('ticket_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('service_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('counter_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('staff_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('detail', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['counter_id'], ['queue_counters.id'], name=op.f('fk_queue_events_counter_id')),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_queue_events_hall_id')),
    sa.ForeignKeyConstraint(['service_id'], ['queue_services.id'], name=op.f('fk_queue_events_service_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_queue_events_staff_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['queue_tickets.id'], name=op.f('fk_queue_events_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_events')),
    sa.UniqueConstraint('hall_id', 'seq', name=op.f('uq_queue_events_hall_id_seq'))
    )
    with op.batch_alter_table('queue_events', schema=None) as batch_op:
        batch_op.create_index('ix_queue_events_day', ['hall_id', 'day', 'seq'], unique=False)
        batch_op.create_index(batch_op.f('ix_queue_events_ticket_id'), ['ticket_id'], unique=False)
    add_guards(op.get_bind(), ["queue_events"])


def downgrade() -> None:
    """Take them away again."""
    remove_guards(op.get_bind(), ["queue_events"])
    for name in (
        "queue_events",
        "queue_tickets",
        "queue_counter_services",
        "queue_counters",
        "queue_services",
        "queue_revisions",
        "queue_halls",
    ):
        op.drop_table(name)
