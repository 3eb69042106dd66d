"""The party model: kinds of party, documents, who acts for whom, marks, tags, notes.

Going back loses the places values are sealed with: what was registered since opens only
from a backup.
"""

import sqlalchemy as sa
from alembic import op


import app.kernel.db

revision = 'party'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('citizen_marks',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('basis', sa.String(length=120), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('created_by_id', app.kernel.db.BigInt, nullable=True),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_citizen_marks_citizen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citizen_marks'))
    )
    with op.batch_alter_table('citizen_marks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_citizen_marks_citizen_id'), ['citizen_id'], unique=False)

    op.create_table('citizen_notes',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('text', sa.LargeBinary(), nullable=False),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('visibility', sa.String(length=24), nullable=False),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('created_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_citizen_notes_citizen_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_citizen_notes_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citizen_notes'))
    )
    with op.batch_alter_table('citizen_notes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_citizen_notes_citizen_id'), ['citizen_id'], unique=False)

    op.create_table('citizen_tags',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('word', sa.String(length=30), nullable=False),
    sa.Column('visibility', sa.String(length=24), nullable=False),
    sa.Column('unit_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('created_by_id', app.kernel.db.BigInt, nullable=True),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_citizen_tags_citizen_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_citizen_tags_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_citizen_tags'))
    )
    with op.batch_alter_table('citizen_tags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_citizen_tags_citizen_id'), ['citizen_id'], unique=False)
        batch_op.create_index('ix_citizen_tags_word', ['word', 'citizen_id'], unique=False)

    op.create_table('identifiers',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('citizen_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('value', sa.LargeBinary(), nullable=False),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('exact_index', sa.LargeBinary(length=16), nullable=False),
    sa.Column('issued_by', sa.String(length=60), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('verified_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['citizen_id'], ['citizens.id'], name=op.f('fk_identifiers_citizen_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identifiers'))
    )
    with op.batch_alter_table('identifiers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identifiers_citizen_id'), ['citizen_id'], unique=False)
        batch_op.create_index('uq_identifiers_exact', ['kind', 'exact_index'], unique=True)

    op.create_table('representations',
    sa.Column('id', app.kernel.db.BigInt, autoincrement=True, nullable=False),
    sa.Column('principal_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('agent_id', app.kernel.db.BigInt, nullable=False),
    sa.Column('ground', sa.String(length=24), nullable=False),
    sa.Column('document', sa.String(length=120), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True),
    sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=False),
    sa.Column('created_by_id', app.kernel.db.BigInt, nullable=True),
    sa.ForeignKeyConstraint(['agent_id'], ['citizens.id'], name=op.f('fk_representations_agent_id')),
    sa.ForeignKeyConstraint(['principal_id'], ['citizens.id'], name=op.f('fk_representations_principal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_representations'))
    )
    with op.batch_alter_table('representations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_representations_agent_id'), ['agent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_representations_principal_id'), ['principal_id'], unique=False)

    with op.batch_alter_table('citizens', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('reading', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('place', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('birth_year', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('preferred_channel', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('preferred_times', sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column('language', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('do_not_contact', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('state', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', app.kernel.db.BigInt, nullable=True))
        batch_op.add_column(sa.Column('updated_at', app.kernel.db.UtcDateTime(), nullable=True))
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('place', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('parts', sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column('region_code', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('is_preferred', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('created_at', app.kernel.db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_at', app.kernel.db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('failed_at', app.kernel.db.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('ended_at', app.kernel.db.UtcDateTime(), nullable=True))

    # What was sealed before was bound to the ids of its row: the same words become its place.
    op.execute(
        "UPDATE citizens SET kind='person', state='active', preferred_times='', language='zh-CN',"
        " do_not_contact=false, updated_at=created_at, place=CAST(id AS VARCHAR(40))"
    )
    op.execute(
        "UPDATE contacts SET region_code='', is_preferred=false,"
        " place=CAST(citizen_id AS VARCHAR(20)) || '|' || kind,"
        " created_at=(SELECT created_at FROM citizens WHERE citizens.id=contacts.citizen_id)"
    )
    with op.batch_alter_table('citizens', schema=None) as batch_op:
        for name, kind in (
            ('kind', sa.String(24)),
            ('place', sa.String(40)),
            ('preferred_times', sa.String(60)),
            ('language', sa.String(12)),
            ('do_not_contact', sa.Boolean()),
            ('state', sa.String(24)),
            ('updated_at', app.kernel.db.UtcDateTime()),
        ):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_index(batch_op.f('ix_citizens_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_citizens_merged_into_id'), 'citizens', ['merged_into_id'], ['id'])
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        for name, kind in (
            ('place', sa.String(40)),
            ('region_code', sa.String(12)),
            ('is_preferred', sa.Boolean()),
            ('created_at', app.kernel.db.UtcDateTime()),
        ):
            batch_op.alter_column(name, existing_type=kind, nullable=False)



def downgrade() -> None:
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_column('ended_at')
        batch_op.drop_column('failed_at')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('created_at')
        batch_op.drop_column('is_preferred')
        batch_op.drop_column('region_code')
        batch_op.drop_column('parts')
        batch_op.drop_column('place')

    with op.batch_alter_table('citizens', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_citizens_merged_into_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_citizens_merged_into_id'))
        batch_op.drop_column('updated_at')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('state')
        batch_op.drop_column('do_not_contact')
        batch_op.drop_column('language')
        batch_op.drop_column('preferred_times')
        batch_op.drop_column('preferred_channel')
        batch_op.drop_column('birth_year')
        batch_op.drop_column('place')
        batch_op.drop_column('reading')
        batch_op.drop_column('kind')

    with op.batch_alter_table('representations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_representations_principal_id'))
        batch_op.drop_index(batch_op.f('ix_representations_agent_id'))

    op.drop_table('representations')
    with op.batch_alter_table('identifiers', schema=None) as batch_op:
        batch_op.drop_index('uq_identifiers_exact')
        batch_op.drop_index(batch_op.f('ix_identifiers_citizen_id'))

    op.drop_table('identifiers')
    with op.batch_alter_table('citizen_tags', schema=None) as batch_op:
        batch_op.drop_index('ix_citizen_tags_word')
        batch_op.drop_index(batch_op.f('ix_citizen_tags_citizen_id'))

    op.drop_table('citizen_tags')
    with op.batch_alter_table('citizen_notes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_citizen_notes_citizen_id'))

    op.drop_table('citizen_notes')
    with op.batch_alter_table('citizen_marks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_citizen_marks_citizen_id'))

    op.drop_table('citizen_marks')
