"""Booked times and numbers to write to, ratings of a visit, what a ticket brings along."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db
from app.kernel.guards import add_guards, remove_guards

revision = "visits"
down_revision = "applications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and guard what is written once."""
    op.create_table('queue_contacts',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=True),
    sa.Column('name', sa.LargeBinary(), nullable=True),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('wanted_until', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('told_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_contacts'))
    )
    with op.batch_alter_table('queue_contacts', schema=None) as batch_op:
        batch_op.create_index('ix_queue_contacts_digest', ['digest'], unique=False)
        batch_op.create_index('ix_queue_contacts_wanted_until', ['wanted_until'], unique=False)

    op.create_table('queue_booking_rules',
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('days_ahead', sa.Integer(), nullable=False),
    sa.Column('early', sa.Integer(), nullable=False),
    sa.Column('late', sa.Integer(), nullable=False),
    sa.Column('advance', sa.Integer(), nullable=False),
    sa.Column('most_a_day', sa.Integer(), nullable=False),
    sa.Column('most_open', sa.Integer(), nullable=False),
    sa.Column('no_shows', sa.Integer(), nullable=False),
    sa.Column('no_show_days', sa.Integer(), nullable=False),
    sa.Column('tell_ahead', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_queue_booking_rules_hall_id')),
    sa.PrimaryKeyConstraint('hall_id', name=op.f('pk_queue_booking_rules'))
    )
    op.create_table('queue_booking_plans',
    sa.Column('service_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['queue_services.id'], name=op.f('fk_queue_booking_plans_service_id')),
    sa.PrimaryKeyConstraint('service_id', name=op.f('pk_queue_booking_plans'))
    )
    op.create_table('queue_bookings',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('hall_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('service_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('starts_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('ends_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('contact_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('code_digest', sa.LargeBinary(length=16), nullable=True),
    sa.Column('token_digest', sa.LargeBinary(length=16), nullable=True),
    sa.Column('ticket_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('was_late', sa.Boolean(), nullable=False),
    sa.Column('booked_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('booked_by', app.kernel.db.BigInt, nullable=True),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['booked_by'], ['staff.id'], name=op.f('fk_queue_bookings_booked_by')),
    sa.ForeignKeyConstraint(['contact_id'], ['queue_contacts.id'], name=op.f('fk_queue_bookings_contact_id')),
    sa.ForeignKeyConstraint(['hall_id'], ['units.id'], name=op.f('fk_queue_bookings_hall_id')),
    sa.ForeignKeyConstraint(['service_id'], ['queue_services.id'], name=op.f('fk_queue_bookings_service_id')),
    sa.ForeignKeyConstraint(['ticket_id'], ['queue_tickets.id'], name=op.f('fk_queue_bookings_ticket_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_bookings')),
    sa.UniqueConstraint('ticket_id', name=op.f('uq_queue_bookings_ticket_id')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_queue_bookings_token_digest'))
    )
    with op.batch_alter_table('queue_bookings', schema=None) as batch_op:
        batch_op.create_index('ix_queue_bookings_code', ['code_digest'], unique=False)
        batch_op.create_index('ix_queue_bookings_contact', ['contact_id'], unique=False)
        batch_op.create_index('ix_queue_bookings_day', ['hall_id', 'day', 'starts_at', 'id'], unique=False)
        batch_op.create_index('ix_queue_bookings_slot', ['service_id', 'starts_at'], unique=False, postgresql_where=sa.text("state = 'booked'"), sqlite_where=sa.text("state = 'booked'"))

    op.create_table('queue_ratings',
    sa.Column('ticket_id', app.kernel.db.BigInt, autoincrement=False, nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.CheckConstraint('level BETWEEN 1 AND 5', name=op.f('ck_queue_ratings_level')),
    sa.ForeignKeyConstraint(['ticket_id'], ['queue_tickets.id'], name=op.f('fk_queue_ratings_ticket_id')),
    sa.PrimaryKeyConstraint('ticket_id', name=op.f('pk_queue_ratings'))
    )

    op.add_column('queue_tickets', sa.Column('booked_for', app.kernel.db.UtcDateTime(), nullable=True))
    op.add_column('queue_tickets', sa.Column('contact_id', app.kernel.db.BigInt, nullable=True))
    op.create_index('ix_queue_tickets_contact', 'queue_tickets', ['contact_id'], unique=False, postgresql_where=sa.text('contact_id IS NOT NULL'), sqlite_where=sa.text('contact_id IS NOT NULL'))
    add_guards(op.get_bind(), ["queue_ratings"])


def downgrade() -> None:
    """Take them away again."""
    remove_guards(op.get_bind(), ["queue_ratings"])
    op.drop_index('ix_queue_tickets_contact', 'queue_tickets', postgresql_where=sa.text('contact_id IS NOT NULL'), sqlite_where=sa.text('contact_id IS NOT NULL'))
    op.drop_column('queue_tickets', 'contact_id')
    op.drop_column('queue_tickets', 'booked_for')
    op.drop_table('queue_ratings')
    with op.batch_alter_table('queue_bookings', schema=None) as batch_op:
        batch_op.drop_index('ix_queue_bookings_slot', postgresql_where=sa.text("state = 'booked'"), sqlite_where=sa.text("state = 'booked'"))
        batch_op.drop_index('ix_queue_bookings_day')
        batch_op.drop_index('ix_queue_bookings_contact')
        batch_op.drop_index('ix_queue_bookings_code')

    op.drop_table('queue_bookings')
    op.drop_table('queue_booking_plans')
    op.drop_table('queue_booking_rules')
    with op.batch_alter_table('queue_contacts', schema=None) as batch_op:
        batch_op.drop_index('ix_queue_contacts_wanted_until')
        batch_op.drop_index('ix_queue_contacts_digest')

    op.drop_table('queue_contacts')
