"""Materials of service items may have a file with a filled-in example."""

import sqlalchemy as sa
from alembic import op

revision = "item_samples"
down_revision = "shift_sheets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns."""
    op.add_column(
        "service_materials", sa.Column("file", sa.String(64), server_default="", nullable=False)
    )
    op.add_column(
        "service_materials",
        sa.Column("file_type", sa.String(40), server_default="", nullable=False),
    )


def downgrade() -> None:
    """Take them away; the files are swept later."""
    op.drop_column("service_materials", "file_type")
    op.drop_column("service_materials", "file")
