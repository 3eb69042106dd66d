"""Who a unit spoke with lately, from an index: the find box shows them first."""

from alembic import op

revision = "lately"
down_revision = "returns"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_interactions_unit", "interactions", ["unit_id", "id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_interactions_unit", "interactions")
