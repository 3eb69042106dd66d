"""What a crew has repaired today is found by an index."""

import sqlalchemy as sa
from alembic import op

revision = "crews_done"
down_revision = "inspections"
branch_labels = None
depends_on = None

_REPAIRED = sa.text("repaired_at IS NOT NULL")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_repairs_crew_done",
        "repairs",
        ["crew_id", "repaired_at"],
        sqlite_where=_REPAIRED,
        postgresql_where=_REPAIRED,
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_repairs_crew_done", table_name="repairs")
