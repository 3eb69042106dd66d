"""Facilities are found by the words of their names, places and plates through an index."""

import sqlalchemy as sa
from alembic import op

from app.facilities.rules.wording import words_of

revision = "asset_words"
down_revision = "type_rules"
branch_labels = None
depends_on = None

_SOME = 500


def upgrade() -> None:
    """Make the table and write the words of what is registered already."""
    word = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
    words = op.create_table(
        "asset_words",
        sa.Column("word", word, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("word", "code", name=op.f("pk_asset_words")),
        sqlite_with_rowid=False,
    )
    connection, last = op.get_bind(), ""
    assets = sa.table("assets", *(sa.column(name) for name in ("code", "name", "place", "plate")))
    ordered = sa.select(assets).order_by(assets.c.code).limit(_SOME)
    while found := connection.execute(ordered.where(assets.c.code > last)).all():
        rows = [
            {"word": word, "code": row.code}
            for row in found
            for word in sorted(words_of(row.name, row.place, row.plate or ""))
        ]
        if rows:
            connection.execute(words.insert(), rows)
        last = found[-1].code


def downgrade() -> None:
    """Take it away; nothing is lost that could not be made again."""
    op.drop_table("asset_words")
