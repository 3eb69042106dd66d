"""Data quality: duplicate candidates, merges with every cell they changed, issues, sources."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel.db import BigInt, UtcDateTime

revision = "quality"
down_revision = "revisions"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables, and the index that finds who was changed last."""
    op.create_index("ix_citizens_changed", "citizens", ["updated_at", "id"])
    op.create_table(
        "duplicate_candidates",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("a_id", BigInt, nullable=False),
        sa.Column("b_id", BigInt, nullable=False),
        sa.Column("reasons", sa.String(length=160), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", BigInt, nullable=True),
        sa.CheckConstraint("a_id <= b_id", name=op.f("ck_duplicate_candidates_in_order")),
        sa.ForeignKeyConstraint(
            ["a_id"], ["citizens.id"], name=op.f("fk_duplicate_candidates_a_id")
        ),
        sa.ForeignKeyConstraint(
            ["b_id"], ["citizens.id"], name=op.f("fk_duplicate_candidates_b_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_candidates")),
        sa.UniqueConstraint("a_id", "b_id", name=op.f("uq_duplicate_candidates_a_id_b_id")),
    )
    op.create_index("ix_duplicate_candidates_b_id", "duplicate_candidates", ["b_id"])
    op.create_index(
        "ix_duplicate_candidates_list", "duplicate_candidates", ["state", "score", "id"]
    )
    op.create_table(
        "citizen_merges",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("survivor_id", BigInt, nullable=False),
        sa.Column("merged_id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", BigInt, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("reading", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by_id", BigInt, nullable=True),
        sa.Column("undo_reason", sa.String(length=300), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["citizens.id"], name=op.f("fk_citizen_merges_survivor_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["citizens.id"], name=op.f("fk_citizen_merges_merged_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_merges")),
    )
    op.create_index("ix_citizen_merges_survivor_id", "citizen_merges", ["survivor_id"])
    op.create_index("ix_citizen_merges_merged_id", "citizen_merges", ["merged_id"])
    op.create_table(
        "citizen_merge_moves",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("merge_id", BigInt, nullable=False),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("column_name", sa.String(length=63), nullable=False),
        sa.Column("row_key", _JSON, nullable=False),
        sa.Column("before", sa.String(length=200), nullable=False),
        sa.Column("after", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["citizen_merges.id"], name=op.f("fk_citizen_merge_moves_merge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_merge_moves")),
    )
    op.create_index("ix_citizen_merge_moves_merge_id", "citizen_merge_moves", ["merge_id"])
    op.create_table(
        "quality_issues",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("citizen_id", BigInt, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_quality_issues_citizen_id")
        ),
        sa.PrimaryKeyConstraint("kind", "citizen_id", name=op.f("pk_quality_issues")),
    )
    op.create_index("ix_quality_issues_citizen_id", "quality_issues", ["citizen_id"])
    op.create_table(
        "quality_progress",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("figure", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_quality_progress")),
    )
    op.create_table(
        "citizen_sources",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("citizen_id", BigInt, nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_citizen_sources_citizen_id")
        ),
        sa.PrimaryKeyConstraint("source", "source_id", name=op.f("pk_citizen_sources")),
    )
    op.create_index("ix_citizen_sources_citizen_id", "citizen_sources", ["citizen_id"])


def downgrade() -> None:
    """Take them away; what is merged stays merged."""
    for table in (
        "citizen_sources",
        "quality_progress",
        "quality_issues",
        "citizen_merge_moves",
        "citizen_merges",
        "duplicate_candidates",
    ):
        op.drop_table(table)
    op.drop_index("ix_citizens_changed", "citizens")
