"""A token for each thing processes keep in memory; first of all the tree of units."""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "revisions"
down_revision = "party"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and give the tree its first token."""
    made = op.create_table(
        "revisions",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_revisions")),
    )
    op.bulk_insert(made, [{"name": "units", "token": token_hex(16)}])


def downgrade() -> None:
    """Take it away: then nothing is kept."""
    op.drop_table("revisions")
