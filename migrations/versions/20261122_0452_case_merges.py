"""Matters that follow another stay open until that one ends; what undoing a merge needs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel.db import BigInt, UtcDateTime

revision = "case_merges"
down_revision = "tasks"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
# Until now a merged matter was an end: its history still says where it was merged from.
_FOUND = sa.text(
    "SELECT c.id, c.master_id, c.unit_id, c.handler_id, e.from_status, e.at, e.actor_id"
    " FROM cases c JOIN case_events e ON e.case_id = c.id AND e.action = 'merge'"
    " WHERE c.status = 'merged' AND c.master_id IS NOT NULL AND e.from_status IS NOT NULL"
    " ORDER BY e.id"
)
_RESTED = sa.text(
    "SELECT id FROM clocks WHERE subject_type = 'case' AND subject_id = :case_id"
    " AND met_at IS NULL AND cancelled_at = :at ORDER BY id"
)
_SHOWN = ("due_at", "warn_at", "is_paused", "is_provisional", "on_time")


def upgrade() -> None:
    """Make the table, fill it from history, and open the merged matters again."""
    table = op.create_table(
        "case_merges",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("follower_id", BigInt, nullable=False),
        sa.Column("master_id", BigInt, nullable=False),
        sa.Column("moved_with_id", BigInt, nullable=True),
        sa.Column("from_status", sa.String(length=24), nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("handler_id", BigInt, nullable=True),
        sa.Column("rested", _JSON, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", BigInt, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_how", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["cases.id"], name=op.f("fk_case_merges_follower_id")
        ),
        sa.ForeignKeyConstraint(["master_id"], ["cases.id"], name=op.f("fk_case_merges_master_id")),
        sa.ForeignKeyConstraint(
            ["moved_with_id"], ["case_merges.id"], name=op.f("fk_case_merges_moved_with_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_case_merges_unit_id")),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["staff.id"], name=op.f("fk_case_merges_handler_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_merges")),
    )
    in_force = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_case_merges_in_force",
        "case_merges",
        ["follower_id"],
        unique=True,
        postgresql_where=in_force,
        sqlite_where=in_force,
    )
    op.create_index("ix_case_merges_follower", "case_merges", ["follower_id"])
    op.create_index("ix_case_merges_master", "case_merges", ["master_id", "id"])
    op.create_index("ix_case_merges_moved_with", "case_merges", ["moved_with_id"])
    _take_over(op.get_bind(), table)


def _take_over(bind: sa.Connection, table: sa.Table) -> None:
    found = {row.id: row for row in bind.execute(_FOUND.columns(at=UtcDateTime()))}
    rested = _RESTED.bindparams(sa.bindparam("at", type_=UtcDateTime()))
    rows = [
        {
            "follower_id": row.id,
            "master_id": row.master_id,
            "from_status": row.from_status,
            "unit_id": row.unit_id,
            "handler_id": row.handler_id,
            "rested": [one.id for one in bind.execute(rested, {"case_id": row.id, "at": row.at})],
            "at": row.at,
            "by_id": row.actor_id,
            "ended_how": "",
        }
        for row in found.values()
    ]
    if not rows:
        return
    bind.execute(table.insert(), rows)
    shown = ", ".join(
        f"{name} = (SELECT m.{name} FROM cases m WHERE m.id = cases.master_id)"  # noqa: S608  # constants
        for name in _SHOWN
    )
    merged = "status = 'merged' AND master_id IS NOT NULL"
    bind.execute(sa.text(f"UPDATE cases SET closed_at = NULL, {shown} WHERE {merged}"))  # noqa: S608  # constants


def downgrade() -> None:
    """Merged is an end again; take the table away."""
    op.execute(
        "UPDATE cases SET closed_at = (SELECT max(m.at) FROM case_merges m"
        " WHERE m.follower_id = cases.id AND m.ended_at IS NULL) WHERE status = 'merged'"
    )
    op.drop_table("case_merges")
