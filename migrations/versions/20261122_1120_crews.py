"""Crews: what they can do and when, where they are, whose turn it is, their way for the day."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db
from app.kernel.db import BigInt, StringList

revision = "crews"
down_revision = "facilities"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "crew_profiles",
        sa.Column("unit_id", BigInt, sa.ForeignKey("units.id", name="fk_crew_profiles_unit_id_units"), nullable=False),
        sa.Column("skills", StringList, nullable=False),
        sa.Column("areas", StringList, nullable=False),
        sa.Column("week", StringList, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("changed_at", app.kernel.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name="pk_crew_profiles"),
    )
    op.create_table(
        "crew_days",
        sa.Column("unit_id", BigInt, sa.ForeignKey("units.id", name="fk_crew_days_unit_id_units"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.String(120), nullable=False),
        sa.Column("note", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "day", name="pk_crew_days"),
    )
    op.create_table(
        "crew_presence",
        sa.Column("unit_id", BigInt, sa.ForeignKey("units.id", name="fk_crew_presence_unit_id_units"), nullable=False),
        sa.Column("online_until", app.kernel.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("seen_at", app.kernel.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("placed_at", app.kernel.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", name="pk_crew_presence"),
    )
    op.create_index("ix_crew_presence_placed_at", "crew_presence", ["placed_at"])
    op.create_table(
        "crew_pools",
        sa.Column("unit_id", BigInt, sa.ForeignKey("units.id", name="fk_crew_pools_unit_id_units"), nullable=False),
        sa.Column("may_grab", sa.Boolean(), nullable=False),
        sa.Column("last_crew_id", BigInt, sa.ForeignKey("units.id", name="fk_crew_pools_last_crew_id_units"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name="pk_crew_pools"),
    )
    op.create_table(
        "crew_routes",
        sa.Column("unit_id", BigInt, sa.ForeignKey("units.id", name="fk_crew_routes_unit_id_units"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stops", StringList, nullable=False),
        sa.Column("method", sa.Enum("optimised", "simple", "by_hand", name="method", native_enum=False, length=24), nullable=False),
        sa.Column("planned_at", app.kernel.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("planned_by", BigInt, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "day", name="pk_crew_routes"),
    )
    op.create_index("ix_crew_routes_day", "crew_routes", ["day"])


def downgrade() -> None:
    """Take them away."""
    for table in ("crew_routes", "crew_pools", "crew_presence", "crew_days", "crew_profiles"):
        op.drop_table(table)
