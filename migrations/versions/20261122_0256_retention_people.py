"""People without matters stand in retention batches too; titles once erased are empty."""

import sqlalchemy as sa
from alembic import op

import app.kernel.db

revision = "retention_people"
down_revision = "accused"
branch_labels = None
depends_on = None

_FORMER_TITLE = "内容已按规定清除"


def upgrade() -> None:
    with op.batch_alter_table("retention_items") as items:
        items.alter_column("case_id", existing_type=app.kernel.db.BigInt, nullable=True)
        items.add_column(sa.Column("citizen_id", app.kernel.db.BigInt, nullable=True))
        items.create_foreign_key(
            "fk_retention_items_citizen_id", "citizens", ["citizen_id"], ["id"]
        )
        items.create_index("ix_retention_items_citizen_id", ["citizen_id"])
    cases = sa.table("cases", sa.column("title", sa.String))
    op.execute(cases.update().where(cases.c.title == _FORMER_TITLE).values(title=""))


def downgrade() -> None:
    op.execute("DELETE FROM retention_items WHERE case_id IS NULL")
    with op.batch_alter_table("retention_items") as items:
        items.drop_index("ix_retention_items_citizen_id")
        items.drop_constraint("fk_retention_items_citizen_id", type_="foreignkey")
        items.drop_column("citizen_id")
        items.alter_column("case_id", existing_type=app.kernel.db.BigInt, nullable=False)
