"""The inboxes of staff."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel.db import BigInt, UtcDateTime

revision = "staff_entries"
down_revision = "retention_people"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the table and its two indexes."""
    op.create_table(
        "staff_entries",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("msgid", sa.Text(), nullable=False),
        sa.Column("params", _JSON, nullable=False),
        sa.Column("link", sa.String(length=120), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_entries_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_entries")),
    )
    op.create_index("ix_staff_entries_staff", "staff_entries", ["staff_id", "id"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_staff_entries_unread",
        "staff_entries",
        ["staff_id", "link"],
        postgresql_where=unread,
        sqlite_where=unread,
    )


def downgrade() -> None:
    """Take it away with what staff were told."""
    op.drop_table("staff_entries")
