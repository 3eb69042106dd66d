"""How matters pass from hand to hand: hand-over, who decides requests, sharing, alerts, closing."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, UtcDateTime

revision = "passing"
down_revision = "closing"
branch_labels = None
depends_on = None

_HANDED = sa.text("handing_to_id IS NOT NULL")


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("cases", sa.Column("handing_to_id", BigInt, nullable=True))
    op.create_index(
        "ix_cases_handing_to",
        "cases",
        ["handing_to_id", "sort_at", "id"],
        postgresql_where=_HANDED,
        sqlite_where=_HANDED,
    )
    op.add_column(
        "case_approvals",
        sa.Column("level", sa.String(24), nullable=False, server_default=sa.text("'unit'")),
    )
    op.add_column(
        "case_approvals",
        sa.Column("level_basis", sa.String(300), nullable=False, server_default=""),
    )
    op.add_column("units", sa.Column("ending_since", UtcDateTime(), nullable=True))
    _make_approval_rules()
    _make_sharing()
    _make_alerts()


def _make_approval_rules() -> None:
    op.create_table(
        "approval_rules",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("most_nth", sa.Integer(), nullable=True),
        sa.Column("most_days", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(24), nullable=False),
        sa.Column("basis_text", sa.String(300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approval_rules"),
        sa.UniqueConstraint("code", name="uq_approval_rules_code"),
    )


def _make_sharing() -> None:
    op.create_table(
        "unit_work",
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("last_staff_id", BigInt, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_unit_work_unit_id"),
        sa.ForeignKeyConstraint(["last_staff_id"], ["staff.id"], name="fk_unit_work_last_staff_id"),
        sa.PrimaryKeyConstraint("unit_id", name="pk_unit_work"),
    )
    op.create_table(
        "absences",
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("set_by", BigInt, nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_absences_staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name="pk_absences"),
    )


def _make_alerts() -> None:
    op.create_table(
        "directory_alerts",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("fault", sa.String(24), nullable=False),
        sa.Column("rule_id", BigInt, nullable=True),
        sa.Column("unit_id", BigInt, nullable=True),
        sa.Column("category_id", BigInt, nullable=True),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["dispatch_rules.id"], name="fk_directory_alerts_rule_id"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_directory_alerts_unit_id"),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name="fk_directory_alerts_category_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_directory_alerts"),
        sa.UniqueConstraint("subject", name="uq_directory_alerts_subject"),
    )
    op.create_index("ix_directory_alerts_cleared_at", "directory_alerts", ["cleared_at"])


def downgrade() -> None:
    """Take it all away again."""
    op.drop_table("directory_alerts")
    op.drop_table("absences")
    op.drop_table("unit_work")
    op.drop_table("approval_rules")
    op.drop_column("units", "ending_since")
    op.drop_column("case_approvals", "level_basis")
    op.drop_column("case_approvals", "level")
    op.drop_index("ix_cases_handing_to", table_name="cases")
    op.drop_column("cases", "handing_to_id")
