"""Returns have a window, a count and evidence (rulebook §2.4)."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = "returns"
down_revision = "segments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("return_count", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("returns_until", app.kernel.db.UtcDateTime(), nullable=True))
    with op.batch_alter_table("case_approvals") as batch:
        batch.add_column(sa.Column("evidence", sa.String(length=300), nullable=True))
    op.execute(
        "UPDATE cases SET return_count ="
        " (SELECT count(*) FROM case_approvals WHERE case_id = cases.id AND kind = 'return')"
    )
    op.execute("UPDATE case_approvals SET evidence = ''")
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("return_count", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("case_approvals") as batch:
        batch.alter_column("evidence", existing_type=sa.String(length=300), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("case_approvals") as batch:
        batch.drop_column("evidence")
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("returns_until")
        batch.drop_column("return_count")
