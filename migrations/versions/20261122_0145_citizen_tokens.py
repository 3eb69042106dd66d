"""What citizens are found by: keyed digests of the forms of their names."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt

revision = "tokens"
down_revision = "interactions"
branch_labels = None
depends_on = None

_WHERE = sa.text("tokens IS NULL")


def upgrade() -> None:
    """Make the table; who was registered before is made findable by a job."""
    op.create_table(
        "citizen_tokens",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("citizen_id", BigInt, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("token", "citizen_id", name=op.f("pk_citizen_tokens")),
        sqlite_with_rowid=False,
    )
    op.add_column("citizens", sa.Column("tokens", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_citizens_unfindable",
        "citizens",
        ["id"],
        postgresql_where=_WHERE,
        sqlite_where=_WHERE,
    )


def downgrade() -> None:
    """Take it away; nothing is lost that could not be made again."""
    op.drop_index("ix_citizens_unfindable", "citizens", postgresql_where=_WHERE, sqlite_where=_WHERE)
    with op.batch_alter_table("citizens") as batch:
        batch.drop_column("tokens")
    op.drop_table("citizen_tokens")
