"""Repairs beside their matters: photos, materials from a stock, lent links, actions sent once.

What was taken in as a repair before gets its row with its next step.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.kernel import guards

revision = "repairs"
down_revision = "open311"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "stock_items",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("unit_id", _BIG, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("price", _BIG, nullable=True),
        sa.Column("on_hand", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("low_at", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_stock_items_not_below_zero")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_stock_items_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_items")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_stock_items_unit_id_name")),
    )
    op.create_table(
        "client_actions",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("answer", _JSON, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_client_actions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_actions")),
        sa.UniqueConstraint("client_id", name=op.f("uq_client_actions_client_id")),
    )
    op.create_index("ix_client_actions_at", "client_actions", ["at"], unique=False)
    op.create_index(op.f("ix_client_actions_case_id"), "client_actions", ["case_id"], unique=False)
    op.create_table(
        "contractor_links",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("salt", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("has_code", sa.Boolean(), nullable=False),
        sa.Column("bound", sa.LargeBinary(length=16), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lent_at", _TIME, nullable=False),
        sa.Column("lent_by", _BIG, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("accepted_at", _TIME, nullable=True),
        sa.Column("revoked_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_contractor_links_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["lent_by"], ["staff.id"], name=op.f("fk_contractor_links_lent_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contractor_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_contractor_links_digest")),
    )
    op.create_index("ix_contractor_links_case", "contractor_links", ["case_id", "id"], unique=False)
    op.create_index(
        "uq_contractor_links_case",
        "contractor_links",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
        sqlite_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "material_uses",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("item_id", _BIG, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("cost", _BIG, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_material_uses_case_id")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["stock_items.id"], name=op.f("fk_material_uses_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_uses")),
    )
    op.create_index("ix_material_uses_case", "material_uses", ["case_id", "id"], unique=False)
    op.create_index(op.f("ix_material_uses_item_id"), "material_uses", ["item_id"], unique=False)
    op.create_table(
        "repairs",
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("type_id", _BIG, nullable=True),
        sa.Column("asset_id", _BIG, nullable=True),
        sa.Column("is_danger", sa.Boolean(), nullable=False),
        sa.Column("dangers", _JSON, nullable=False),
        sa.Column("needs_before", sa.Boolean(), nullable=False),
        sa.Column("needs_after", sa.Boolean(), nullable=False),
        sa.Column("safety_due_at", _TIME, nullable=True),
        sa.Column("safety_done_at", _TIME, nullable=True),
        sa.Column("crew_id", _BIG, nullable=True),
        sa.Column("contractor", sa.String(length=80), nullable=False),
        sa.Column("is_by_rule", sa.Boolean(), nullable=False),
        sa.Column("is_territorial", sa.Boolean(), nullable=False),
        sa.Column("not_filed", sa.String(length=24), nullable=True),
        sa.Column("filed_at", _TIME, nullable=True),
        sa.Column("dispatched_at", _TIME, nullable=True),
        sa.Column("signed_at", _TIME, nullable=True),
        sa.Column("on_way_at", _TIME, nullable=True),
        sa.Column("on_site_at", _TIME, nullable=True),
        sa.Column("repaired_at", _TIME, nullable=True),
        sa.Column("checked_at", _TIME, nullable=True),
        sa.Column("rework_count", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("cost", _BIG, nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("place_key", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_repairs_asset_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_repairs_case_id")),
        sa.ForeignKeyConstraint(["crew_id"], ["units.id"], name=op.f("fk_repairs_crew_id")),
        sa.ForeignKeyConstraint(
            ["type_id"], ["facility_types.id"], name=op.f("fk_repairs_type_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_repairs")),
    )
    op.create_index(
        "ix_repairs_asset",
        "repairs",
        ["asset_id", "case_id"],
        unique=False,
        postgresql_where=sa.text("asset_id IS NOT NULL"),
        sqlite_where=sa.text("asset_id IS NOT NULL"),
    )
    op.create_index(
        "ix_repairs_crew",
        "repairs",
        ["crew_id", "case_id"],
        unique=False,
        postgresql_where=sa.text("crew_id IS NOT NULL"),
        sqlite_where=sa.text("crew_id IS NOT NULL"),
    )
    op.create_index("ix_repairs_type", "repairs", ["type_id", "case_id"], unique=False)
    op.create_table(
        "stock_changes",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("item_id", _BIG, nullable=False),
        sa.Column("change", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("on_hand", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("case_id", _BIG, nullable=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by_id", _BIG, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stock_changes_case_id")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["stock_items.id"], name=op.f("fk_stock_changes_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_changes")),
    )
    op.create_index("ix_stock_changes_item", "stock_changes", ["item_id", "id"], unique=False)
    op.create_table(
        "repair_photos",
        sa.Column("id", _BIG, autoincrement=True, nullable=False),
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("attachment_id", _BIG, nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("taken_at", _TIME, nullable=True),
        sa.Column("lon", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("lat", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachments.id"], name=op.f("fk_repair_photos_attachment_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_repair_photos_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_photos")),
        sa.UniqueConstraint("attachment_id", name=op.f("uq_repair_photos_attachment_id")),
    )
    op.create_index("ix_repair_photos_case", "repair_photos", ["case_id", "id"], unique=False)
    guards.add_guards(op.get_bind(), ["stock_changes"])


def downgrade() -> None:
    """Take them away."""
    guards.remove_guards(op.get_bind(), ["stock_changes"])
    op.drop_table("repair_photos")
    op.drop_table("stock_changes")
    op.drop_table("repairs")
    op.drop_table("material_uses")
    op.drop_table("contractor_links")
    op.drop_table("client_actions")
    op.drop_table("stock_items")
