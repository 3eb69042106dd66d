"""Rights of the person: notices, consents, requests, retention, holds, tombstones; words of ratings apart.

Words beside a rating leave the guarded table, so that retention can erase them and the score stays.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import app.kernel.db
from app.kernel import guards

revision = 'privacy'
down_revision = 'quality'
branch_labels = None
depends_on = None

_GUARDED = ('consents', 'privacy_notices', 'tombstones')


def upgrade() -> None:
    op.create_table('consent_kinds',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('purpose', sa.String(length=300), nullable=False),
    sa.Column('purpose_en', sa.String(length=400), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_consent_kinds'))
    )
    op.create_table('privacy_notices',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('valid_from', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('parts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('published_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('published_by_id', app.kernel.db.BigInt, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_notices')),
    sa.UniqueConstraint('version', name=op.f('uq_privacy_notices_version'))
    )
    op.create_table('retention_batches',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('as_of', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('proposed_by_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('decided_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('decided_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('done_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_batches'))
    )
    op.create_table('rights_limits',
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('work_days', sa.Integer(), nullable=False),
    sa.Column('more_days', sa.Integer(), nullable=False),
    sa.Column('basis_text', sa.String(length=300), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_rights_limits'))
    )
    op.create_table('tombstones',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('case_kind', sa.String(length=24), nullable=True),
    sa.Column('category_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('opened_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('closed_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('ground', sa.String(length=24), nullable=False),
    sa.Column('rule_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('batch_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('request_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('by_id', app.kernel.db.BigInt, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tombstones')),
    sa.UniqueConstraint('case_id', name=op.f('uq_tombstones_case_id')),
    sa.UniqueConstraint('citizen_id', name=op.f('uq_tombstones_citizen_id'))
    )
    with op.batch_alter_table('tombstones', schema=None) as batch_op:
        batch_op.create_index('ix_tombstones_at', ['at', 'id'], unique=False)

    op.create_table('consents',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('kind_code', sa.String(length=32), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('guardian_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_consents_citizen_id')),
    sa.ForeignKeyConstraint(['kind_code'], ['consent_kinds.code'], name=op.f('fk_consents_kind_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index('ix_consents_citizen', ['citizen_id', 'kind_code', 'id'], unique=False)

    op.create_table('data_requests',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=True),
    sa.Column('extension', sa.LargeBinary(), nullable=True),
    sa.Column('opened_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('opened_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('identified_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('identified_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('identified_how', sa.String(length=24), nullable=True),
    sa.Column('proposed_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('proposed_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('refusal_ground', sa.String(length=24), nullable=True),
    sa.Column('closed_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('closed_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('package_name', sa.String(length=64), nullable=True),
    sa.Column('package_key', sa.LargeBinary(), nullable=True),
    sa.Column('package_until', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('handed_over_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('handed_over_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_data_requests_citizen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_requests'))
    )
    with op.batch_alter_table('data_requests', schema=None) as batch_op:
        batch_op.create_index('ix_data_requests_citizen', ['citizen_id', 'id'], unique=False)
        batch_op.create_index('ix_data_requests_status', ['status', 'id'], unique=False)

    op.create_table('retention_rules',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('category_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('case_kind', sa.String(length=24), nullable=True),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('basis_text', sa.String(length=300), nullable=False),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_retention_rules_category_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_rules')),
    sa.UniqueConstraint('category_id', 'case_kind', name=op.f('uq_retention_rules_category_id_case_kind'))
    )
    op.create_table('legal_holds',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('placed_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('placed_by_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('lifted_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('lifted_by_id', app.kernel.db.BigInt, nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_legal_holds_case_id')),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_legal_holds_citizen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_holds'))
    )
    with op.batch_alter_table('legal_holds', schema=None) as batch_op:
        batch_op.create_index('ix_legal_holds_case', ['case_id'], unique=False, postgresql_where=sa.text('lifted_at IS NULL'), sqlite_where=sa.text('lifted_at IS NULL'))
        batch_op.create_index('ix_legal_holds_citizen', ['citizen_id'], unique=False, postgresql_where=sa.text('lifted_at IS NULL'), sqlite_where=sa.text('lifted_at IS NULL'))

    op.create_table('privacy_notices_seen',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('notice_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_privacy_notices_seen_case_id')),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_privacy_notices_seen_citizen_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['privacy_notices.id'], name=op.f('fk_privacy_notices_seen_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_notices_seen'))
    )
    with op.batch_alter_table('privacy_notices_seen', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_privacy_notices_seen_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_privacy_notices_seen_citizen_id'), ['citizen_id'], unique=False)

    op.create_table('retention_items',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('batch_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('rule_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['retention_batches.id'], name=op.f('fk_retention_items_batch_id')),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_retention_items_case_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['retention_rules.id'], name=op.f('fk_retention_items_rule_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retention_items')),
    sa.UniqueConstraint('batch_id', 'case_id', name=op.f('uq_retention_items_batch_id_case_id'))
    )
    with op.batch_alter_table('retention_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_retention_items_case_id'), ['case_id'], unique=False)
        batch_op.create_index('ix_retention_items_state', ['batch_id', 'state', 'id'], unique=False)

    op.create_table('rating_words',
    sa.Column('rating_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['rating_id'], ['ratings.id'], name=op.f('fk_rating_words_rating_id')),
    sa.PrimaryKeyConstraint('rating_id', name=op.f('pk_rating_words'))
    )

    bind = op.get_bind()
    guards.add_guards(bind, _GUARDED)
    op.execute("INSERT INTO rating_words (rating_id, words) SELECT id, words FROM ratings WHERE words <> ''")
    guards.remove_guards(bind, ('ratings',))
    op.execute("ALTER TABLE ratings DROP COLUMN words")
    guards.add_guards(bind, ('ratings',))


def downgrade() -> None:
    bind = op.get_bind()
    guards.remove_guards(bind, ('ratings', *_GUARDED))
    op.execute("ALTER TABLE ratings ADD COLUMN words TEXT NOT NULL DEFAULT ''")
    op.execute(
        "UPDATE ratings SET words = (SELECT words FROM rating_words WHERE rating_id = ratings.id)"
        " WHERE id IN (SELECT rating_id FROM rating_words)"
    )
    guards.add_guards(bind, ('ratings',))
    op.drop_table('rating_words')
    op.drop_table('retention_items')
    op.drop_table('privacy_notices_seen')
    op.drop_table('legal_holds')
    op.drop_table('retention_rules')
    op.drop_table('data_requests')
    op.drop_table('consents')
    op.drop_table('tombstones')
    op.drop_table('rights_limits')
    op.drop_table('retention_batches')
    op.drop_table('privacy_notices')
    op.drop_table('consent_kinds')
