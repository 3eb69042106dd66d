"""How people learn of an answer; rules for conversations of nobody; grounds in English."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = "told"
down_revision = "complaints"
branch_labels = None
depends_on = None

_SAMPLE = "系统示例值，未引用任何规定，请按本市规定修改"
_SAMPLE_EN = "Sample value of the system, no rule is quoted; set your city's own"


def upgrade() -> None:
    """Add the columns; take the restricted out of the index of names."""
    op.add_column(
        "retention_rules",
        sa.Column("subject", sa.String(24), nullable=False, server_default="case"),
    )
    for table in ("retention_rules", "rights_limits"):
        op.add_column(
            table, sa.Column("basis_text_en", sa.String(400), nullable=False, server_default="")
        )
    rules = sa.table("retention_rules", sa.column("basis_text"), sa.column("basis_text_en"))
    sample = rules.c.basis_text == _SAMPLE
    op.execute(rules.update().where(sample).values(basis_text_en=_SAMPLE_EN))
    with op.batch_alter_table("retention_items") as items:
        items.add_column(sa.Column("talk_id", app.kernel.db.BigInt, nullable=True))
        items.create_foreign_key("fk_retention_items_talk_id", "interactions", ["talk_id"], ["id"])
        items.create_index("ix_retention_items_talk_id", ["talk_id"])
    # Nobody finds the restricted by name any more (ADR 0013); b"\x01" is an empty list.
    op.execute(
        "DELETE FROM citizen_tokens WHERE citizen_id IN "
        "(SELECT id FROM citizens WHERE state = 'restricted')"
    )
    citizens = sa.table("citizens", sa.column("state"), sa.column("tokens", sa.LargeBinary))
    restricted = citizens.update().where(citizens.c.state == "restricted")
    op.execute(restricted.values(tokens=b"\x01"))
    # Not rebuilt: the table is written once, and its guards hang on it.
    op.add_column("tombstones", sa.Column("talk_id", app.kernel.db.BigInt, nullable=True))
    op.create_index("uq_tombstones_talk", "tombstones", ["talk_id"], unique=True)
    op.add_column("data_requests", sa.Column("told_how", sa.String(24), nullable=True))
    op.add_column("data_requests", sa.Column("told_on", sa.Date(), nullable=True))
    op.add_column("data_requests", sa.Column("told_by_id", app.kernel.db.BigInt, nullable=True))


def downgrade() -> None:
    """Take the columns away again, and what only they could say."""
    for column in ("told_by_id", "told_on", "told_how"):
        op.drop_column("data_requests", column)
    op.drop_index("uq_tombstones_talk", table_name="tombstones")
    op.drop_column("tombstones", "talk_id")
    op.execute("DELETE FROM retention_items WHERE talk_id IS NOT NULL")
    with op.batch_alter_table("retention_items") as items:
        items.drop_index("ix_retention_items_talk_id")
        items.drop_constraint("fk_retention_items_talk_id", type_="foreignkey")
        items.drop_column("talk_id")
    op.execute("DELETE FROM retention_rules WHERE subject != 'case'")
    for table in ("rights_limits", "retention_rules"):
        op.drop_column(table, "basis_text_en")
    op.drop_column("retention_rules", "subject")
