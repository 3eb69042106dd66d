"""Who looked at a citizen in clear text and why; reasons offered; what counts as unusual."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db
from app.kernel.guards import add_guards, remove_guards

revision = "accesses"
down_revision = "lately"
branch_labels = None
depends_on = None

REASONS = (
    ("call_back", "回访或联系本人", "To call or write to the person"),
    ("identify", "核对来访人身份", "To check who is here"),
    ("deliver", "送达文书或证件", "To deliver a document"),
    ("correct", "更正或核实资料", "To correct the data"),
    ("emergency", "紧急救助", "In an emergency"),
    ("other", "其他（请写明）", "Other (say which)"),
)


def upgrade() -> None:
    """Make the tables, guard what is written once, offer the first reasons."""
    op.create_table(
        "citizen_accesses",
        sa.Column("id", app.kernel.db.BigInt, autoincrement=True, nullable=False),
        sa.Column("at", app.kernel.db.UtcDateTime(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("staff_id", app.kernel.db.BigInt, nullable=False),
        sa.Column("citizen_id", app.kernel.db.BigInt, nullable=False),
        sa.Column("case_id", app.kernel.db.BigInt, nullable=True),
        sa.Column("field", sa.String(length=24), nullable=False),
        sa.Column("reason_code", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("is_out_of_hours", sa.Boolean(), nullable=False),
        sa.Column("is_own_surname", sa.Boolean(), nullable=False),
        sa.Column("is_without_case", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_citizen_accesses_citizen_id")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_citizen_accesses_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_accesses")),
    )
    with op.batch_alter_table("citizen_accesses") as batch:
        batch.create_index("ix_citizen_accesses_staff", ["staff_id", "id"])
        batch.create_index("ix_citizen_accesses_citizen", ["citizen_id", "id"])
        batch.create_index("ix_citizen_accesses_at", ["at", "id"])
    reasons = op.create_table(
        "access_reasons",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_access_reasons")),
    )
    op.bulk_insert(
        reasons,
        [
            {"code": code, "name": zh, "name_en": en, "position": at, "is_offered": True}
            for at, (code, zh, en) in enumerate(REASONS)
        ],
    )
    op.create_table(
        "access_limits",
        sa.Column("oddity", sa.String(length=24), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("oddity", name=op.f("pk_access_limits")),
    )
    add_guards(op.get_bind(), ["citizen_accesses"])


def downgrade() -> None:
    """Take them away again."""
    remove_guards(op.get_bind(), ["citizen_accesses"])
    op.drop_table("access_limits")
    op.drop_table("access_reasons")
    op.drop_table("citizen_accesses")
