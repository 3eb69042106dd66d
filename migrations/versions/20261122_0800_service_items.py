"""Service items: the item, its versions, their materials and questions."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, StringList, UtcDateTime

revision = "service_items"
down_revision = "documents"
branch_labels = None
depends_on = None


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _word(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(24), nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _flag(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _key() -> sa.Column:
    return sa.Column("id", BigInt, autoincrement=True, nullable=False)


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "service_items",
        _key(),
        _text("code", 48),
        _text("basic_code", 48),
        _flag("is_sample"),
        _flag("is_active"),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_items")),
        sa.UniqueConstraint("code", name=op.f("uq_service_items_code")),
    )
    op.create_index(op.f("ix_service_items_basic_code"), "service_items", ["basic_code"])
    op.create_table(
        "service_item_versions",
        _key(),
        sa.Column("item_id", BigInt, nullable=False),
        _number("number"),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_by", BigInt, nullable=True),
        _text("name", 120),
        _text("name_en", 240),
        _text("initials", 120),
        _text("pinyin", 800),
        _word("kind"),
        sa.Column("unit_id", BigInt, nullable=True),
        _text("authority", 120),
        _text("authority_en", 240),
        _text("summary"),
        _text("summary_en"),
        _text("result", 120),
        _text("result_en", 240),
        _text("legal_basis"),
        _text("accepting_conditions"),
        _word("handling"),
        _word("legal_unit", nullable=True),
        _number("legal_value", nullable=True),
        _word("promised_unit"),
        _number("promised_value"),
        sa.Column("procedures", StringList, nullable=False),
        _text("fee"),
        sa.Column("deliveries", StringList, nullable=False),
        _number("visits"),
        _flag("may_defer"),
        _flag("may_promise"),
        _flag("is_joint"),
        _text("place", 200),
        _text("phone", 40),
        _number("version"),
        _fk("service_item_versions", "item_id", "service_items"),
        _fk("service_item_versions", "unit_id", "units"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item_versions")),
        sa.UniqueConstraint(
            "item_id", "number", name=op.f("uq_service_item_versions_item_id_number")
        ),
    )
    op.create_index(
        op.f("ix_service_item_versions_unit_id"), "service_item_versions", ["unit_id"]
    )
    op.create_table(
        "service_materials",
        _key(),
        sa.Column("version_id", BigInt, nullable=False),
        _number("position"),
        _text("key", 32),
        _text("name", 200),
        _text("name_en", 200),
        _word("source"),
        _word("form"),
        _number("copies"),
        _flag("may_defer"),
        _flag("is_shared"),
        _text("note"),
        _text("note_en"),
        _text("sample"),
        sa.Column("condition", StringList, nullable=True),
        _fk("service_materials", "version_id", "service_item_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_materials")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_service_materials_version_id_key")),
    )
    op.create_table(
        "service_questions",
        _key(),
        sa.Column("version_id", BigInt, nullable=False),
        _number("position"),
        _text("key", 32),
        _word("type"),
        _text("label", 200),
        _text("label_en", 200),
        _text("hint"),
        _text("hint_en"),
        _flag("is_required"),
        _flag("in_guide"),
        sa.Column("options", StringList, nullable=False),
        sa.Column("condition", StringList, nullable=True),
        _text("least", 20),
        _text("most", 20),
        _fk("service_questions", "version_id", "service_item_versions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_questions")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_service_questions_version_id_key")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("service_questions")
    op.drop_table("service_materials")
    op.drop_table("service_item_versions")
    op.drop_table("service_items")
