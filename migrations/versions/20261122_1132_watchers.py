"""People watch matters that are not theirs."""

import sqlalchemy as sa
from alembic import op

revision = "watchers"
down_revision = "repairs"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_ADDRESSED = sa.text("address IS NOT NULL")
_NAMED = sa.text("citizen_id IS NOT NULL")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "watchers",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("why", sa.String(24), nullable=False),
        sa.Column("citizen_id", _BIG),
        sa.Column("who", sa.LargeBinary(16)),
        sa.Column("kind", sa.String(24)),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("address", sa.LargeBinary()),
        sa.Column("token_digest", sa.LargeBinary(16)),
        sa.Column("locale", sa.String(8), nullable=False),
        sa.Column("watched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("told_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_watchers_case_id"),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_watchers_citizen_id"),
        sa.PrimaryKeyConstraint("id", name="pk_watchers"),
        sa.UniqueConstraint("case_id", "who", name="uq_watchers_case_id_who"),
        sa.UniqueConstraint("token_digest", name="uq_watchers_token_digest"),
    )
    op.create_index("ix_watchers_case", "watchers", ["case_id", "id"])
    op.create_index(
        "ix_watchers_citizen",
        "watchers",
        ["citizen_id", "id"],
        postgresql_where=_NAMED,
        sqlite_where=_NAMED,
    )
    op.create_index(
        "ix_watchers_addressed",
        "watchers",
        ["watched_at"],
        postgresql_where=_ADDRESSED,
        sqlite_where=_ADDRESSED,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("watchers")
