"""Segments with their versions and uses, exports, and a citizen's own page: codes, sessions, links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import app.kernel.db
from app.kernel import guards

revision = 'segments'
down_revision = 'tokens'
branch_labels = None
depends_on = None

JSON_DICT = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    op.create_table('citizen_sessions',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('token_digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('last_seen_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('expires_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citizen_sessions')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_citizen_sessions_token_digest'))
    )
    with op.batch_alter_table('citizen_sessions', schema=None) as batch_op:
        batch_op.create_index('ix_citizen_sessions_expires_at', ['expires_at'], unique=False)

    op.create_table('citizen_session_people',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('session_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_citizen_session_people_citizen_id')),
    sa.ForeignKeyConstraint(['session_id'], ['citizen_sessions.id'], name=op.f('fk_citizen_session_people_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citizen_session_people')),
    sa.UniqueConstraint('session_id', 'citizen_id', name=op.f('uq_citizen_session_people_session_id_citizen_id'))
    )
    with op.batch_alter_table('citizen_session_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_citizen_session_people_citizen_id'), ['citizen_id'], unique=False)

    op.create_table('contact_codes',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('ref_digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('goal', sa.String(length=24), nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('code_digest', sa.LargeBinary(length=16), nullable=False),
    sa.Column('is_known', sa.Boolean(), nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('expires_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('name_tries', sa.Integer(), nullable=False),
    sa.Column('checked_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('used_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_contact_codes_citizen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_codes')),
    sa.UniqueConstraint('ref_digest', name=op.f('uq_contact_codes_ref_digest'))
    )
    with op.batch_alter_table('contact_codes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_codes_citizen_id'), ['citizen_id'], unique=False)
        batch_op.create_index('ix_contact_codes_expires_at', ['expires_at'], unique=False)

    op.create_table('exports',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('ref', sa.String(length=43), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('params', JSON_DICT, nullable=False),
    sa.Column('format', sa.String(length=24), nullable=False),
    sa.Column('is_clear', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('staff_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('rows_done', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('trouble', sa.String(length=200), nullable=False),
    sa.Column('file_key', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('made_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('expires_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('downloads', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_exports_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exports')),
    sa.UniqueConstraint('ref', name=op.f('uq_exports_ref'))
    )
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.create_index('ix_exports_expires_at', ['expires_at'], unique=False)
        batch_op.create_index('ix_exports_staff', ['staff_id', 'id'], unique=False)

    op.create_table('segments',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('created_by_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('retired_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['created_by_id'], ['staff.id'], name=op.f('fk_segments_created_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_segments')),
    sa.UniqueConstraint('name', name=op.f('uq_segments_name'))
    )
    op.create_table('linked_cases',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('linked_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_linked_cases_case_id')),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_linked_cases_citizen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_linked_cases')),
    sa.UniqueConstraint('citizen_id', 'case_id', name=op.f('uq_linked_cases_citizen_id_case_id'))
    )
    with op.batch_alter_table('linked_cases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_linked_cases_case_id'), ['case_id'], unique=False)

    op.create_table('segment_versions',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('segment_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('rule', JSON_DICT, nullable=False),
    sa.Column('made_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('made_by_id', app.kernel.db.BigInt, nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['staff.id'], name=op.f('fk_segment_versions_made_by_id')),
    sa.ForeignKeyConstraint(['segment_id'], ['segments.id'], name=op.f('fk_segment_versions_segment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_segment_versions')),
    sa.UniqueConstraint('segment_id', 'number', name=op.f('uq_segment_versions_segment_id_number'))
    )
    op.create_table('segment_uses',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('version_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('staff_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('purpose', sa.String(length=200), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('is_capped', sa.Boolean(), nullable=False),
    sa.Column('export_id', app.kernel.db.BigInt, nullable=True),
    sa.ForeignKeyConstraint(['export_id'], ['exports.id'], name=op.f('fk_segment_uses_export_id')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_segment_uses_staff_id')),
    sa.ForeignKeyConstraint(['version_id'], ['segment_versions.id'], name=op.f('fk_segment_uses_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_segment_uses'))
    )
    with op.batch_alter_table('segment_uses', schema=None) as batch_op:
        batch_op.create_index('ix_segment_uses_version', ['version_id', 'id'], unique=False)

    # What segments look for, so that their lists need not read every citizen.
    op.create_index('ix_citizens_birth_year', 'citizens', ['birth_year'])
    op.create_index('ix_citizen_marks_kind', 'citizen_marks', ['kind', 'citizen_id'])
    is_somewhere = sa.text("region_code != ''")
    op.create_index(
        'ix_contacts_region',
        'contacts',
        ['region_code', 'citizen_id'],
        postgresql_where=is_somewhere,
        sqlite_where=is_somewhere,
    )
    guards.add_guards(op.get_bind(), ('segment_versions', 'segment_uses'))


def downgrade() -> None:
    guards.remove_guards(op.get_bind(), ('segment_versions', 'segment_uses'))
    op.drop_index('ix_contacts_region', 'contacts')
    op.drop_index('ix_citizen_marks_kind', 'citizen_marks')
    op.drop_index('ix_citizens_birth_year', 'citizens')
    with op.batch_alter_table('segment_uses', schema=None) as batch_op:
        batch_op.drop_index('ix_segment_uses_version')

    op.drop_table('segment_uses')
    op.drop_table('segment_versions')
    with op.batch_alter_table('linked_cases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_linked_cases_case_id'))

    op.drop_table('linked_cases')
    op.drop_table('segments')
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.drop_index('ix_exports_staff')
        batch_op.drop_index('ix_exports_expires_at')

    op.drop_table('exports')
    with op.batch_alter_table('contact_codes', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_codes_expires_at')
        batch_op.drop_index(batch_op.f('ix_contact_codes_citizen_id'))

    op.drop_table('contact_codes')
    with op.batch_alter_table('citizen_session_people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_citizen_session_people_citizen_id'))

    op.drop_table('citizen_session_people')
    with op.batch_alter_table('citizen_sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_citizen_sessions_expires_at')

    op.drop_table('citizen_sessions')
