"""A matter knows the grid cell of its position, so that what lies near is found."""

import sqlalchemy as sa
from alembic import op

revision = "cell"
down_revision = "stops"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL AND cell IS NOT NULL")
_PLACED = sa.text("cell IS NOT NULL")
# As `kernel.geo.cell` reckons it, in whole millionths of a degree; what lies beyond the earth
# stays without.
_BACKFILL = """
    UPDATE cases SET cell =
        ((CAST(ROUND(lat * 1000000) AS BIGINT) + 90000000) / 2500) * 262144
        + (CAST(ROUND(lon * 1000000) AS BIGINT) + 180000000) / 2500
    WHERE lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180
"""


def upgrade() -> None:
    """Add the column, fill it, and build the indexes."""
    op.add_column("cases", sa.Column("cell", sa.BigInteger().with_variant(sa.Integer, "sqlite")))
    op.execute(_BACKFILL)
    op.create_index(
        "ix_cases_cell", "cases", ["cell", "id"], postgresql_where=_PLACED, sqlite_where=_PLACED
    )
    op.create_index(
        "ix_cases_open_cell",
        "cases",
        ["cell", "category_id", "id"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_cases_open_cell", table_name="cases")
    op.drop_index("ix_cases_cell", table_name="cases")
    op.drop_column("cases", "cell")
