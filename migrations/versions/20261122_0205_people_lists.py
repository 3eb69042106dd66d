"""Lists of people uploaded to be taken over, in sealed pieces."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel.db import BigInt, UtcDateTime

revision = "people_lists"
down_revision = "accesses"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_COUNTS = ("rows", "new", "likely", "updated", "known", "refused")


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "people_lists",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("existing", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("header", _JSON, nullable=False),
        sa.Column("chosen", _JSON, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_lists")),
    )
    op.create_table(
        "people_list_parts",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("list_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=True),
        sa.Column("rejects", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["people_lists.id"], name=op.f("fk_people_list_parts_list_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_list_parts")),
        sa.UniqueConstraint("list_id", "seq", name=op.f("uq_people_list_parts_list_id_seq")),
    )


def downgrade() -> None:
    """Take them away, with what was not taken over yet."""
    op.drop_table("people_list_parts")
    op.drop_table("people_lists")
