"""What assisting units are asked for (协办)."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, UtcDateTime

revision = "tasks"
down_revision = "supervising"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the table and its indexes."""
    op.create_table(
        "tasks",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("case_id", BigInt, nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", BigInt, nullable=True),
        sa.Column("asked_event_id", BigInt, nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("signed_by", BigInt, nullable=True),
        sa.Column("replied_at", UtcDateTime(), nullable=True),
        sa.Column("reply_event_id", BigInt, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_tasks_case_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_tasks_unit_id"),
        sa.ForeignKeyConstraint(
            ["asked_event_id"], ["case_events.id"], name="fk_tasks_asked_event_id"
        ),
        sa.ForeignKeyConstraint(
            ["reply_event_id"], ["case_events.id"], name="fk_tasks_reply_event_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    op.create_index("ix_tasks_case", "tasks", ["case_id"])
    for name, columns, unique in (
        ("uq_tasks_open", ["case_id", "unit_id"], True),
        ("ix_tasks_open_due", ["due_at", "id"], False),
        ("ix_tasks_open_unit", ["unit_id", "due_at", "id"], False),
    ):
        op.create_index(
            name, "tasks", columns, unique=unique, postgresql_where=_OPEN, sqlite_where=_OPEN
        )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("tasks")
