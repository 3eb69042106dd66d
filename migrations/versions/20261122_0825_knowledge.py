"""The knowledge base: articles, what they are linked to, their versions, remarks of readers."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, StringList, UtcDateTime
from app.kernel.guards import add_guards, remove_guards

revision = "knowledge"
down_revision = "visits"
branch_labels = None
depends_on = None

_ONCE = ("article_versions",)
_OPEN = sa.text("closed_at IS NULL")


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}"))


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def upgrade() -> None:
    """Make the tables; versions are written once."""
    op.create_table(
        "articles",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        _text("code", 16),
        _text("title", 120),
        _text("title_en", 200),
        _text("keywords", 200),
        _text("answer"),
        _text("answer_en"),
        _text("notes"),
        _text("basis", 300),
        _text("initials"),
        _text("pinyin"),
        _text("state", 24),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("unit_id", BigInt, nullable=False),
        sa.Column("owner_id", BigInt, nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("useful_count", sa.Integer(), nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _fk("articles", "unit_id", "units.id"),
        _fk("articles", "owner_id", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("code", name=op.f("uq_articles_code")),
    )
    op.create_index(op.f("ix_articles_unit_id"), "articles", ["unit_id"])
    op.create_index(op.f("ix_articles_owner_id"), "articles", ["owner_id"])
    op.create_index("ix_articles_review", "articles", ["state", "review_on"])
    _links()
    _versions()
    _remarks()
    add_guards(op.get_bind(), _ONCE)


def _links() -> None:
    op.create_table(
        "article_categories",
        sa.Column("article_id", BigInt, nullable=False),
        sa.Column("category_id", BigInt, nullable=False),
        _fk("article_categories", "article_id", "articles.id"),
        _fk("article_categories", "category_id", "categories.id"),
        sa.PrimaryKeyConstraint("article_id", "category_id", name=op.f("pk_article_categories")),
    )
    op.create_index(
        op.f("ix_article_categories_category_id"), "article_categories", ["category_id"]
    )
    op.create_table(
        "article_items",
        sa.Column("article_id", BigInt, nullable=False),
        _text("item_code", 48),
        _fk("article_items", "article_id", "articles.id"),
        sa.PrimaryKeyConstraint("article_id", "item_code", name=op.f("pk_article_items")),
    )
    op.create_index(op.f("ix_article_items_item_code"), "article_items", ["item_code"])


def _versions() -> None:
    op.create_table(
        "article_versions",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("article_id", BigInt, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", StringList, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", BigInt, nullable=True),
        _text("by_name", 80),
        _text("note", 300),
        _fk("article_versions", "article_id", "articles.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
        sa.UniqueConstraint(
            "article_id", "number", name=op.f("uq_article_versions_article_id_number")
        ),
    )


def _remarks() -> None:
    op.create_table(
        "article_remarks",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("article_id", BigInt, nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        _text("verdict", 24),
        _text("words", 500),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", BigInt, nullable=True),
        sa.Column("end", sa.String(24), nullable=True),
        _text("end_note", 300),
        sa.Column("version", sa.Integer(), nullable=False),
        _fk("article_remarks", "article_id", "articles.id"),
        _fk("article_remarks", "staff_id", "staff.id"),
        _fk("article_remarks", "closed_by", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_remarks")),
    )
    op.create_index(
        "ix_article_remarks_open",
        "article_remarks",
        ["id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )
    op.create_index("ix_article_remarks_article", "article_remarks", ["article_id", "id"])


def downgrade() -> None:
    """Take the knowledge base away."""
    remove_guards(op.get_bind(), _ONCE)
    for table in (
        "article_remarks",
        "article_versions",
        "article_items",
        "article_categories",
        "articles",
    ):
        op.drop_table(table)
