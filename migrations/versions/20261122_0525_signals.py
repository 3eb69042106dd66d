"""Signals that many people have the same trouble; an index by which like matters are found."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, UtcDateTime

revision = "signals"
down_revision = "passing"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_UNSEEN = sa.text("checked_at IS NULL")


def upgrade() -> None:
    """Make the tables and the index."""
    op.create_index(
        "ix_cases_open_alike",
        "cases",
        ["category_id", "region_code", "id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    op.create_table(
        "signal_marks",
        sa.Column("case_id", BigInt, nullable=False),
        sa.Column("person", sa.String(length=24), nullable=False),
        sa.Column("category_id", BigInt, nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("lon", sa.Numeric(9, 6), nullable=True),
        sa.Column("lat", sa.Numeric(9, 6), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signal_marks_case_id")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_signal_marks_category_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_signal_marks")),
    )
    op.create_index(
        "ix_signal_marks_unseen",
        "signal_marks",
        ["at"],
        postgresql_where=_UNSEEN,
        sqlite_where=_UNSEEN,
    )
    op.create_index("ix_signal_marks_category", "signal_marks", ["category_id", "at"])
    op.create_index("ix_signal_marks_at", "signal_marks", ["at"])
    op.create_table(
        "signals",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("category_id", BigInt, nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("lon", sa.Numeric(9, 6), nullable=True),
        sa.Column("lat", sa.Numeric(9, 6), nullable=True),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("seen_by", BigInt, nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", BigInt, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_signals_category_id")
        ),
        sa.ForeignKeyConstraint(["seen_by"], ["staff.id"], name=op.f("fk_signals_seen_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_signals_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
    )
    op.create_index(
        "ix_signals_open",
        "signals",
        ["category_id", "id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    op.create_index(op.f("ix_signals_region_code"), "signals", ["region_code"])
    op.create_table(
        "signal_cases",
        sa.Column("signal_id", BigInt, nullable=False),
        sa.Column("case_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signals.id"], name=op.f("fk_signal_cases_signal_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signal_cases_case_id")),
        sa.PrimaryKeyConstraint("signal_id", "case_id", name=op.f("pk_signal_cases")),
    )
    op.create_index("ix_signal_cases_case", "signal_cases", ["case_id"])
    op.create_table(
        "signal_thresholds",
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("level", name=op.f("pk_signal_thresholds")),
    )
    op.create_table(
        "signal_words",
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_signal_words")),
    )
    op.create_table(
        "signal_duties",
        sa.Column("staff_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_signal_duties_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_signal_duties")),
    )


def downgrade() -> None:
    """Take them away."""
    for table in (
        "signal_duties",
        "signal_words",
        "signal_thresholds",
        "signal_cases",
        "signals",
        "signal_marks",
    ):
        op.drop_table(table)
    op.drop_index("ix_cases_open_alike", "cases")
