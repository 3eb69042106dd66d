"""Files may say which paper of an application they are a scan of."""

import sqlalchemy as sa
from alembic import op

revision = "scans"
down_revision = "knowledge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, empty for every file there is."""
    with op.batch_alter_table("attachments") as batch_op:
        batch_op.add_column(sa.Column("paper", sa.String(32), nullable=True))


def downgrade() -> None:
    """Files forget which paper they were."""
    with op.batch_alter_table("attachments") as batch_op:
        batch_op.drop_column("paper")
