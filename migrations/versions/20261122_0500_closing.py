"""Evidence for closing, why nothing could be done, the review of replies, call-backs, samples."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, StringList, UtcDateTime
from app.kernel.guards import add_guards, remove_guards

revision = "closing"
down_revision = "notice_ledger"
branch_labels = None
depends_on = None

# Whoever waits to be called back today stands in the list at once.
_WAITING = """
INSERT INTO callbacks (case_id, round, opened_at, attempts, next_at, version)
SELECT id, round, COALESCE(reply_approved_at, opened_at), 0,
       COALESCE(reply_approved_at, opened_at), 1
FROM cases WHERE status = 'calling_back'
"""
_ONCE = ("callback_tries", "sample_draws")


def upgrade() -> None:
    none = sa.text("'[]'")
    op.add_column(
        "categories", sa.Column("proofs", StringList, nullable=False, server_default=none)
    )
    op.add_column("cases", sa.Column("proofs", StringList, nullable=False, server_default=none))
    op.add_column("cases", sa.Column("outcome_reason", sa.String(24), nullable=True))
    op.add_column(
        "cases", sa.Column("outcome_basis", sa.String(300), nullable=False, server_default="")
    )
    op.add_column(
        "cases", sa.Column("is_drawn", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "review_items",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(48), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_items"),
        sa.UniqueConstraint("code", name="uq_review_items_code"),
    )
    _call_backs()
    _samples()
    add_guards(op.get_bind(), _ONCE)


def _call_backs() -> None:
    op.create_table(
        "callbacks",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("case_id", BigInt, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("result", sa.String(24), nullable=True),
        sa.Column("way", sa.String(24), nullable=True),
        sa.Column("by_id", BigInt, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_callbacks_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_callbacks"),
        sa.UniqueConstraint("case_id", "round", name="uq_callbacks_case_id_round"),
    )
    op.create_index("ix_callbacks_ended", "callbacks", ["ended_at", "result", "case_id"])
    waits = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_callbacks_waiting",
        "callbacks",
        ["next_at", "id"],
        postgresql_where=waits,
        sqlite_where=waits,
    )
    op.execute(_WAITING)
    op.create_table(
        "callback_tries",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("callback_id", BigInt, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", BigInt, nullable=True),
        sa.Column("answer", sa.String(24), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["callback_id"], ["callbacks.id"], name="fk_callback_tries_callback_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_callback_tries"),
        sa.UniqueConstraint("callback_id", "number", name="uq_callback_tries_callback_id_number"),
    )


def _samples() -> None:
    op.create_table(
        "sample_draws",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("among", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sample_draws"),
        sa.UniqueConstraint("period", name="uq_sample_draws_period"),
    )
    op.create_table(
        "sample_checks",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("draw_id", BigInt, nullable=False),
        sa.Column("case_id", BigInt, nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("was_right", sa.Boolean(), nullable=True),
        sa.Column("by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["sample_draws.id"], name="fk_sample_checks_draw_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_sample_checks_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sample_checks"),
        sa.UniqueConstraint("draw_id", "case_id", name="uq_sample_checks_draw_id_case_id"),
    )
    op.create_index("ix_sample_checks_case", "sample_checks", ["case_id"])
    op.create_index(
        "ix_sample_checks_checked", "sample_checks", ["checked_at", "was_right", "case_id"]
    )


def downgrade() -> None:
    remove_guards(op.get_bind(), _ONCE)
    for table in ("sample_checks", "sample_draws", "callback_tries", "callbacks", "review_items"):
        op.drop_table(table)
    with op.batch_alter_table("cases") as cases:
        for column in ("is_drawn", "outcome_basis", "outcome_reason", "proofs"):
            cases.drop_column(column)
    with op.batch_alter_table("categories") as categories:
        categories.drop_column("proofs")
