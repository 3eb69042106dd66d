"""Supervision orders, reminders and their ladder; urges answered; bulk runs, macros, shared lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel.db import BigInt, UtcDateTime
from app.kernel.guards import add_guards, remove_guards

revision = "supervising"
down_revision = "told"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TABLES = (
    "macros",
    "bulk_rows",
    "bulk_runs",
    "supervision_acts",
    "supervision_orders",
    "reminders_seen",
    "reminders",
    "supervision_levels",
)
_INCIDENTS = sa.text(
    "action IN ('request_return', 'rule', 'rework', 'breach', 'urge', 'supervise')"
)
_URGED = sa.text("urge_open_at IS NOT NULL")


def upgrade() -> None:
    op.create_table('supervision_levels',
        sa.Column('id', BigInt, autoincrement=True, nullable=False),
        sa.Column('code', sa.String(length=24), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('name_en', sa.String(length=60), nullable=False),
        sa.Column('after_workdays', sa.Integer(), nullable=True),
        sa.Column('tells_handler', sa.Boolean(), nullable=False),
        sa.Column('tells_head', sa.Boolean(), nullable=False),
        sa.Column('tells_supervisor', sa.Boolean(), nullable=False),
        sa.Column('order_workdays', sa.Integer(), nullable=True),
        sa.Column('is_sample', sa.Boolean(), nullable=False),
        sa.Column('is_active', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_levels')),
        sa.UniqueConstraint('code', name=op.f('uq_supervision_levels_code'))
    )
    op.create_table('reminders',
        sa.Column('id', BigInt, autoincrement=True, nullable=False),
        sa.Column('ref', sa.String(length=60), nullable=False),
        sa.Column('case_id', BigInt, nullable=False),
        sa.Column('why', sa.String(length=24), nullable=False),
        sa.Column('level_id', BigInt, nullable=True),
        sa.Column('clock_id', BigInt, nullable=True),
        sa.Column('clock_kind', sa.String(length=24), nullable=False),
        sa.Column('due_at', UtcDateTime(), nullable=True),
        sa.Column('tells_handler', sa.Boolean(), nullable=False),
        sa.Column('tells_head', sa.Boolean(), nullable=False),
        sa.Column('tells_supervisor', sa.Boolean(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('told_at', UtcDateTime(), nullable=True),
        sa.Column('ended_at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_reminders_case_id')),
        sa.ForeignKeyConstraint(['clock_id'], ['clocks.id'], name=op.f('fk_reminders_clock_id')),
        sa.ForeignKeyConstraint(['level_id'], ['supervision_levels.id'], name=op.f('fk_reminders_level_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reminders')),
        sa.UniqueConstraint('ref', name=op.f('uq_reminders_ref'))
    )
    op.create_table('reminders_seen',
        sa.Column('staff_id', BigInt, nullable=False),
        sa.Column('last_id', BigInt, nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_reminders_seen_staff_id')),
        sa.PrimaryKeyConstraint('staff_id', name=op.f('pk_reminders_seen'))
    )
    op.create_table('supervision_orders',
        sa.Column('id', BigInt, autoincrement=True, nullable=False),
        sa.Column('number', sa.String(length=24), nullable=False),
        sa.Column('case_id', BigInt, nullable=False),
        sa.Column('unit_id', BigInt, nullable=False),
        sa.Column('level_id', BigInt, nullable=False),
        sa.Column('state', sa.String(length=24), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('demand', sa.Text(), nullable=False),
        sa.Column('issued_at', UtcDateTime(), nullable=False),
        sa.Column('issued_by', BigInt, nullable=False),
        sa.Column('due_at', UtcDateTime(), nullable=True),
        sa.Column('answered_at', UtcDateTime(), nullable=True),
        sa.Column('proposed_level_id', BigInt, nullable=True),
        sa.Column('on_time', sa.Boolean(), nullable=True),
        sa.Column('closed_at', UtcDateTime(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_supervision_orders_case_id')),
        sa.ForeignKeyConstraint(['issued_by'], ['staff.id'], name=op.f('fk_supervision_orders_issued_by')),
        sa.ForeignKeyConstraint(['level_id'], ['supervision_levels.id'], name=op.f('fk_supervision_orders_level_id')),
        sa.ForeignKeyConstraint(['proposed_level_id'], ['supervision_levels.id'], name=op.f('fk_supervision_orders_proposed_level_id')),
        sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_supervision_orders_unit_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_orders')),
        sa.UniqueConstraint('number', name=op.f('uq_supervision_orders_number'))
    )
    op.create_table('supervision_acts',
        sa.Column('id', BigInt, autoincrement=True, nullable=False),
        sa.Column('order_id', BigInt, nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('staff_id', BigInt, nullable=True),
        sa.Column('act', sa.String(length=24), nullable=False),
        sa.Column('event_id', BigInt, nullable=True),
        sa.ForeignKeyConstraint(['event_id'], ['case_events.id'], name=op.f('fk_supervision_acts_event_id')),
        sa.ForeignKeyConstraint(['order_id'], ['supervision_orders.id'], name=op.f('fk_supervision_acts_order_id')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_supervision_acts_staff_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_acts'))
    )
    op.create_table('bulk_runs',
        sa.Column('id', BigInt, autoincrement=True, nullable=False),
        sa.Column('staff_id', BigInt, nullable=False),
        sa.Column('state', sa.String(length=24), nullable=False),
        sa.Column('deed', sa.String(length=24), nullable=True),
        sa.Column('given', _JSON, nullable=False),
        sa.Column('came_from', sa.String(length=600), nullable=False),
        sa.Column('left_out', sa.Integer(), nullable=False),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.Column('began_at', UtcDateTime(), nullable=True),
        sa.Column('ended_at', UtcDateTime(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_bulk_runs_staff_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_runs'))
    )
    op.create_table('bulk_rows',
        sa.Column('id', BigInt, autoincrement=True, nullable=False),
        sa.Column('run_id', BigInt, nullable=False),
        sa.Column('case_id', BigInt, nullable=False),
        sa.Column('seen', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=24), nullable=False),
        sa.Column('why', sa.String(length=300), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_bulk_rows_case_id')),
        sa.ForeignKeyConstraint(['run_id'], ['bulk_runs.id'], name=op.f('fk_bulk_rows_run_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_rows')),
        sa.UniqueConstraint('run_id', 'case_id', name=op.f('uq_bulk_rows_run_id_case_id'))
    )
    op.create_table('macros',
        sa.Column('id', BigInt, autoincrement=True, nullable=False),
        sa.Column('staff_id', BigInt, nullable=False),
        sa.Column('unit_id', BigInt, nullable=True),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('action', sa.String(length=24), nullable=False),
        sa.Column('facts', _JSON, nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_macros_staff_id')),
        sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_macros_unit_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_macros')),
        sa.UniqueConstraint('staff_id', 'name', name=op.f('uq_macros_staff_id_name'))
    )
    op.create_index('ix_bulk_runs_staff', 'bulk_runs', ['staff_id', 'id'], unique=False)
    op.create_index(op.f('ix_macros_unit_id'), 'macros', ['unit_id'], unique=False)
    op.create_index('ix_bulk_rows_state', 'bulk_rows', ['run_id', 'state', 'id'], unique=False)
    op.create_index('ix_reminders_untold', 'reminders', ['id'], unique=False, postgresql_where=sa.text('told_at IS NULL'), sqlite_where=sa.text('told_at IS NULL'))
    op.create_index('ix_reminders_case', 'reminders', ['case_id'], unique=False)
    op.create_index('ix_reminders_clock', 'reminders', ['clock_id'], unique=False)
    op.create_index('ix_reminders_open', 'reminders', ['id'], unique=False, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))
    op.create_index('ix_supervision_orders_by', 'supervision_orders', ['issued_by', 'id'], unique=False)
    op.create_index('ix_supervision_orders_case', 'supervision_orders', ['case_id'], unique=False)
    op.create_index('ix_supervision_orders_unit', 'supervision_orders', ['unit_id', 'id'], unique=False, postgresql_where=sa.text('closed_at IS NULL'), sqlite_where=sa.text('closed_at IS NULL'))
    op.create_index('uq_supervision_orders_open', 'supervision_orders', ['case_id'], unique=True, postgresql_where=sa.text('closed_at IS NULL'), sqlite_where=sa.text('closed_at IS NULL'))
    op.create_index('ix_supervision_acts_order', 'supervision_acts', ['order_id', 'id'], unique=False)
    op.add_column("cases", sa.Column("urged_at", UtcDateTime(), nullable=True))
    op.add_column("cases", sa.Column("urge_open_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_cases_urged",
        "cases",
        ["urge_open_at", "unit_id"],
        postgresql_where=_URGED,
        sqlite_where=_URGED,
    )
    op.create_index(
        "ix_case_events_incidents",
        "case_events",
        ["action", "at", "case_id"],
        postgresql_where=_INCIDENTS,
        sqlite_where=_INCIDENTS,
    )
    with op.batch_alter_table("saved_filters") as filters:
        filters.add_column(sa.Column("unit_id", BigInt, nullable=True))
        filters.create_foreign_key("fk_saved_filters_unit_id", "units", ["unit_id"], ["id"])
        filters.create_index("ix_saved_filters_unit_id", ["unit_id"])
    add_guards(op.get_bind(), ("supervision_acts",))


def downgrade() -> None:
    remove_guards(op.get_bind(), ("supervision_acts",))
    with op.batch_alter_table("saved_filters") as filters:
        filters.drop_index("ix_saved_filters_unit_id")
        filters.drop_constraint("fk_saved_filters_unit_id", type_="foreignkey")
        filters.drop_column("unit_id")
    op.drop_index("ix_case_events_incidents", "case_events")
    op.drop_index("ix_cases_urged", "cases")
    op.drop_column("cases", "urge_open_at")
    op.drop_column("cases", "urged_at")
    for name in _TABLES:
        op.drop_table(name)
