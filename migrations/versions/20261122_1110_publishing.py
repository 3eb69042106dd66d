"""What of repairs was released to the public: publications, their updates and their photos."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = "publishing"
down_revision = "cell"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table('publications',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('public_no', sa.String(length=16), nullable=False),
    sa.Column('category_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('lon', sa.Numeric(precision=9, scale=6), nullable=True),
    sa.Column('lat', sa.Numeric(precision=9, scale=6), nullable=True),
    sa.Column('is_coarse', sa.Boolean(), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('requested_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('changed_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('expected_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('closed_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('released_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('released_by', app.kernel.db.BigInt, nullable=True),
    sa.Column('revoked_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('revoked_by', app.kernel.db.BigInt, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_publications_case_id')),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_publications_category_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_publications_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publications')),
    sa.UniqueConstraint('case_id', name=op.f('uq_publications_case_id')),
    sa.UniqueConstraint('public_no', name=op.f('uq_publications_public_no'))
    )
    with op.batch_alter_table('publications', schema=None) as batch_op:
        batch_op.create_index('ix_publications_category', ['category_id', 'requested_at', 'id'], unique=False, postgresql_where=sa.text('revoked_at IS NULL'), sqlite_where=sa.text('revoked_at IS NULL'))
        batch_op.create_index('ix_publications_changed', ['changed_at', 'id'], unique=False, postgresql_where=sa.text('revoked_at IS NULL'), sqlite_where=sa.text('revoked_at IS NULL'))
        batch_op.create_index('ix_publications_point', ['lat', 'lon'], unique=False, postgresql_where=sa.text('revoked_at IS NULL'), sqlite_where=sa.text('revoked_at IS NULL'))
        batch_op.create_index('ix_publications_requested', ['requested_at', 'id'], unique=False, postgresql_where=sa.text('revoked_at IS NULL'), sqlite_where=sa.text('revoked_at IS NULL'))

    op.create_table('published_updates',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('publication_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('event_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('happened_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('published_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['case_events.id'], name=op.f('fk_published_updates_event_id')),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.id'], name=op.f('fk_published_updates_publication_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_updates')),
    sa.UniqueConstraint('publication_id', 'event_id', name=op.f('uq_published_updates_publication_id_event_id'))
    )
    with op.batch_alter_table('published_updates', schema=None) as batch_op:
        batch_op.create_index('ix_published_updates_at', ['published_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_published_updates_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_published_updates_publication_id'), ['publication_id'], unique=False)

    op.create_table('published_photos',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('publication_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('attachment_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content_type', sa.String(length=40), nullable=False),
    sa.Column('alt', sa.String(length=200), nullable=False),
    sa.Column('boxes', sa.String(length=400), nullable=False),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachments.id'], name=op.f('fk_published_photos_attachment_id')),
    sa.ForeignKeyConstraint(['publication_id'], ['publications.id'], name=op.f('fk_published_photos_publication_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_photos')),
    sa.UniqueConstraint('publication_id', 'attachment_id', name=op.f('uq_published_photos_publication_id_attachment_id'))
    )
    with op.batch_alter_table('published_photos', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_published_photos_attachment_id'), ['attachment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_published_photos_publication_id'), ['publication_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_published_photos_sha256'), ['sha256'], unique=False)


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table('published_photos', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_published_photos_sha256'))
        batch_op.drop_index(batch_op.f('ix_published_photos_publication_id'))
        batch_op.drop_index(batch_op.f('ix_published_photos_attachment_id'))

    op.drop_table('published_photos')
    with op.batch_alter_table('published_updates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_published_updates_publication_id'))
        batch_op.drop_index(batch_op.f('ix_published_updates_event_id'))
        batch_op.drop_index('ix_published_updates_at')

    op.drop_table('published_updates')
    with op.batch_alter_table('publications', schema=None) as batch_op:
        batch_op.drop_index('ix_publications_requested', postgresql_where=sa.text('revoked_at IS NULL'), sqlite_where=sa.text('revoked_at IS NULL'))
        batch_op.drop_index('ix_publications_point', postgresql_where=sa.text('revoked_at IS NULL'), sqlite_where=sa.text('revoked_at IS NULL'))
        batch_op.drop_index('ix_publications_changed', postgresql_where=sa.text('revoked_at IS NULL'), sqlite_where=sa.text('revoked_at IS NULL'))
        batch_op.drop_index('ix_publications_category', postgresql_where=sa.text('revoked_at IS NULL'), sqlite_where=sa.text('revoked_at IS NULL'))

    op.drop_table('publications')
