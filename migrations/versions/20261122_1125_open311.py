"""Keys of partners' programs, and what came in by GeoReport v2."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import app.kernel.db

revision = "open311"
down_revision = "crews"
branch_labels = None
depends_on = None

_LIST = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table('partner_keys',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('tail', sa.String(length=4), nullable=False),
    sa.Column('may_read', sa.Boolean(), nullable=False),
    sa.Column('may_create', sa.Boolean(), nullable=False),
    sa.Column('may_update', sa.Boolean(), nullable=False),
    sa.Column('codes', _LIST, nullable=False),
    sa.Column('hourly', sa.Integer(), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('created_by', app.kernel.db.BigInt, nullable=True),
    sa.Column('revoked_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('last_used_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('uses', app.kernel.db.BigInt, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_partner_keys_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_keys')),
    sa.UniqueConstraint('digest', name=op.f('uq_partner_keys_digest'))
    )
    op.create_table('open311_changeset',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('changed_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open311_changeset'))
    )
    op.create_table('open311_requests',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('request_id', sa.String(length=16), nullable=False),
    sa.Column('key_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('media_urls', _LIST, nullable=False),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_open311_requests_case_id')),
    sa.ForeignKeyConstraint(['key_id'], ['partner_keys.id'], name=op.f('fk_open311_requests_key_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open311_requests')),
    sa.UniqueConstraint('case_id', name=op.f('uq_open311_requests_case_id')),
    sa.UniqueConstraint('request_id', name=op.f('uq_open311_requests_request_id'))
    )
    with op.batch_alter_table('open311_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_open311_requests_key_id'), ['key_id'], unique=False)

    op.create_table('open311_updates',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('key_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('client_id', sa.String(length=100), nullable=False),
    sa.Column('word', sa.String(length=40), nullable=False),
    sa.Column('media_urls', _LIST, nullable=False),
    sa.Column('happened_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_open311_updates_case_id')),
    sa.ForeignKeyConstraint(['key_id'], ['partner_keys.id'], name=op.f('fk_open311_updates_key_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open311_updates')),
    sa.UniqueConstraint('key_id', 'client_id', name=op.f('uq_open311_updates_key_id_client_id'))
    )
    with op.batch_alter_table('open311_updates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_open311_updates_case_id'), ['case_id'], unique=False)


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table('open311_updates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_open311_updates_case_id'))

    op.drop_table('open311_updates')
    with op.batch_alter_table('open311_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_open311_requests_key_id'))

    op.drop_table('open311_requests')
    op.drop_table('open311_changeset')
    op.drop_table('partner_keys')
