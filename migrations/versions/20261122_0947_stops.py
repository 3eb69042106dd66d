"""Stops of limits are found by the day they began."""

from alembic import op

revision = "stops"
down_revision = "application_board"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_clock_pauses_from", "clock_pauses", ["from_at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_clock_pauses_from", table_name="clock_pauses")
