"""A list left to the next shift names the document it was printed as."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt

revision = "shift_sheets"
down_revision = "first_asked"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("shift_handovers") as batch:
        batch.add_column(sa.Column("document_id", BigInt, nullable=True))
        batch.create_foreign_key(
            op.f("fk_shift_handovers_document_id"), "documents", ["document_id"], ["id"]
        )


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("shift_handovers") as batch:
        batch.drop_constraint(op.f("fk_shift_handovers_document_id"), type_="foreignkey")
        batch.drop_column("document_id")
