"""Documents: series of numbers, templates written once, documents and their prints."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db
from app.kernel.guards import add_guards, remove_guards

revision = "documents"
down_revision = "callers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and guard what is written once."""
    op.create_table('document_templates',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('shipped', sa.String(length=64), nullable=False),
    sa.Column('made_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('made_by', app.kernel.db.BigInt, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_templates')),
    sa.UniqueConstraint('kind', 'version', name=op.f('uq_document_templates_kind_version'))
    )
    op.create_table('document_series',
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_document_series_unit_id')),
    sa.PrimaryKeyConstraint('unit_id', 'kind', 'year', name=op.f('pk_document_series'))
    )
    op.create_table('documents',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('case_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('template_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('paper', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('place', sa.String(length=26), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('seal_code', sa.String(length=16), nullable=False),
    sa.Column('token_digest', sa.LargeBinary(length=16), nullable=True),
    sa.Column('issued_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('issued_by', app.kernel.db.BigInt, nullable=True),
    sa.Column('replaced_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('ended_by', app.kernel.db.BigInt, nullable=True),
    sa.Column('end_reason', sa.String(length=300), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_documents_case_id')),
    sa.ForeignKeyConstraint(['ended_by'], ['staff.id'], name=op.f('fk_documents_ended_by')),
    sa.ForeignKeyConstraint(['issued_by'], ['staff.id'], name=op.f('fk_documents_issued_by')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['documents.id'], name=op.f('fk_documents_replaced_by_id')),
    sa.ForeignKeyConstraint(['template_id'], ['document_templates.id'], name=op.f('fk_documents_template_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_documents_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('number', name=op.f('uq_documents_number')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_documents_token_digest')),
    sa.UniqueConstraint('unit_id', 'kind', 'year', 'seq', name=op.f('uq_documents_unit_id_kind_year_seq'))
    )
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_documents_case_id'), ['case_id'], unique=False)
    op.create_table('document_copies',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('document_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('copy', sa.Integer(), nullable=False),
    sa.Column('paper', sa.String(length=24), nullable=False),
    sa.Column('made_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('made_by', app.kernel.db.BigInt, nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('printed_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('lacks_letters', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_document_copies_document_id')),
    sa.ForeignKeyConstraint(['made_by'], ['staff.id'], name=op.f('fk_document_copies_made_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_copies')),
    sa.UniqueConstraint('document_id', 'copy', name=op.f('uq_document_copies_document_id_copy'))
    )
    with op.batch_alter_table('document_copies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_copies_sha256'), ['sha256'], unique=False)
        batch_op.create_index('ix_document_copies_waiting', ['id'], unique=False, postgresql_where=sa.text('printed_at IS NULL'), sqlite_where=sa.text('printed_at IS NULL'))
    add_guards(op.get_bind(), ("document_templates",))


def downgrade() -> None:
    """Take the tables away."""
    remove_guards(op.get_bind(), ("document_templates",))
    with op.batch_alter_table('document_copies', schema=None) as batch_op:
        batch_op.drop_index('ix_document_copies_waiting', postgresql_where=sa.text('printed_at IS NULL'), sqlite_where=sa.text('printed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_document_copies_sha256'))
    op.drop_table('document_copies')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_documents_case_id'))
    op.drop_table('documents')
    op.drop_table('document_series')
    op.drop_table('document_templates')
