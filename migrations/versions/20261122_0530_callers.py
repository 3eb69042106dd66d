"""People who call again and again: warnings, and limits agreed on for a while."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, UtcDateTime

revision = "callers"
down_revision = "signals"
branch_labels = None
depends_on = None


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "caller_warnings",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("citizen_id", BigInt, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("warned_at", UtcDateTime(), nullable=False),
        sa.Column("warned_by", BigInt, nullable=False),
        _fk("caller_warnings", "citizen_id", "citizens"),
        _fk("caller_warnings", "warned_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller_warnings")),
    )
    op.create_index("ix_caller_warnings_citizen", "caller_warnings", ["citizen_id", "id"])
    op.create_table(
        "caller_limits",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("citizen_id", BigInt, nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by", BigInt, nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", BigInt, nullable=True),
        sa.Column("was_granted", sa.Boolean(), nullable=True),
        sa.Column("look_again_on", sa.Date(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", BigInt, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        _fk("caller_limits", "citizen_id", "citizens"),
        _fk("caller_limits", "proposed_by", "staff"),
        _fk("caller_limits", "decided_by", "staff"),
        _fk("caller_limits", "ended_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caller_limits")),
    )
    op.create_index("ix_caller_limits_citizen", "caller_limits", ["citizen_id", "id"])


def downgrade() -> None:
    """Take both away."""
    op.drop_table("caller_limits")
    op.drop_table("caller_warnings")
