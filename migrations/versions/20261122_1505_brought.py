"""Contractors say what materials they used: their own, or of the stock where they may."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt

revision = "brought"
down_revision = "asset_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A material may come from no stock; a link says whether it reaches the stock."""
    with op.batch_alter_table("material_uses") as batch:
        batch.alter_column("item_id", existing_type=BigInt, nullable=True)
    with op.batch_alter_table("contractor_links") as batch:
        batch.add_column(
            sa.Column("has_stock", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    """What came from no stock cannot be kept in the older form."""
    op.execute(sa.text("DELETE FROM material_uses WHERE item_id IS NULL"))
    with op.batch_alter_table("contractor_links") as batch:
        batch.drop_column("has_stock")
    with op.batch_alter_table("material_uses") as batch:
        batch.alter_column("item_id", existing_type=BigInt, nullable=False)
