"""Facilities: their types, the register of assets, photos of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import app.kernel.db

revision = "facilities"
down_revision = "publishing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "facility_types",
        sa.Column("id", app.kernel.db.BigInt, autoincrement=True, nullable=False),
        sa.Column("category_id", app.kernel.db.BigInt, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("family", sa.String(length=24), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("owner_en", sa.String(length=200), nullable=False),
        sa.Column("filing", sa.String(length=300), nullable=False),
        sa.Column("filing_en", sa.String(length=400), nullable=False),
        sa.Column(
            "forms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "dangers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "questions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("near_radius_m", sa.Integer(), nullable=False),
        sa.Column("needs_before", sa.Boolean(), nullable=False),
        sa.Column("needs_after", sa.Boolean(), nullable=False),
        sa.Column("safety_minutes", sa.Integer(), nullable=True),
        sa.Column("repeat_count", sa.Integer(), nullable=False),
        sa.Column("repeat_days", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_facility_types_category_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_types")),
        sa.UniqueConstraint("category_id", name=op.f("uq_facility_types_category_id")),
        sa.UniqueConstraint("code", name=op.f("uq_facility_types_code")),
    )
    op.create_table(
        "assets",
        sa.Column("id", app.kernel.db.BigInt, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("plate", sa.String(length=40), nullable=True),
        sa.Column("type_id", app.kernel.db.BigInt, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("region_code", sa.String(length=12), nullable=False),
        sa.Column("lon", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("lat", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("cell", app.kernel.db.BigInt, nullable=True),
        sa.Column("owner_unit_id", app.kernel.db.BigInt, nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("built_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("changed_at", app.kernel.db.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_unit_id"], ["units.id"], name=op.f("fk_assets_owner_unit_id")
        ),
        sa.ForeignKeyConstraint(["type_id"], ["facility_types.id"], name=op.f("fk_assets_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("code", name=op.f("uq_assets_code")),
        sa.UniqueConstraint("plate", name=op.f("uq_assets_plate")),
    )
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assets_cell",
            ["cell", "id"],
            unique=False,
            postgresql_where=sa.text("cell IS NOT NULL"),
            sqlite_where=sa.text("cell IS NOT NULL"),
        )
        batch_op.create_index("ix_assets_owner", ["owner_unit_id", "code"], unique=False)
        batch_op.create_index("ix_assets_region", ["region_code", "code"], unique=False)
        batch_op.create_index("ix_assets_type", ["type_id", "code"], unique=False)

    op.create_table(
        "asset_photos",
        sa.Column("id", app.kernel.db.BigInt, autoincrement=True, nullable=False),
        sa.Column("asset_id", app.kernel.db.BigInt, nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("file_type", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("at", app.kernel.db.UtcDateTime(), nullable=False),
        sa.Column("by_id", app.kernel.db.BigInt, nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_asset_photos_asset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_photos")),
    )
    with op.batch_alter_table("asset_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_photos_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_asset_photos_file"), ["file"], unique=False)


def downgrade() -> None:
    """Take them away again."""
    with op.batch_alter_table("asset_photos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_photos_file"))
        batch_op.drop_index(batch_op.f("ix_asset_photos_asset_id"))

    op.drop_table("asset_photos")
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.drop_index("ix_assets_type")
        batch_op.drop_index("ix_assets_region")
        batch_op.drop_index("ix_assets_owner")
        batch_op.drop_index(
            "ix_assets_cell",
            postgresql_where=sa.text("cell IS NOT NULL"),
            sqlite_where=sa.text("cell IS NOT NULL"),
        )

    op.drop_table("assets")
    op.drop_table("facility_types")
