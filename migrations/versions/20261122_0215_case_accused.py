"""Whom a complaint or tip is about, so that they never see it (rulebook §2.3.6)."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = "accused"
down_revision = "people_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_accused",
        sa.Column("case_id", app.kernel.db.BigInt, nullable=False),
        sa.Column("unit_id", app.kernel.db.BigInt, nullable=False),
        sa.Column("staff_id", app.kernel.db.BigInt, nullable=True),
        sa.Column("named_at", app.kernel.db.UtcDateTime(), nullable=False),
        sa.Column("named_by", app.kernel.db.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_accused_case_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_case_accused_unit_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_accused_staff_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_accused"),
    )
    op.create_index("ix_case_accused_unit_id", "case_accused", ["unit_id"])
    op.create_index("ix_case_accused_staff_id", "case_accused", ["staff_id"])


def downgrade() -> None:
    op.drop_table("case_accused")
