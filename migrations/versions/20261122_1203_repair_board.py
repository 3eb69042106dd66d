"""The board of repairs counts from indexes alone: what was reported, closed, fell due."""

import sqlalchemy as sa
from alembic import op

revision = "repair_board"
down_revision = "crews_done"
branch_labels = None
depends_on = None

_TAIL = ["category_id", "unit_id", "cell", "is_confidential", "kind", "id"]
_INDEXES = {
    "ix_cases_repair_opened": (
        ["opened_at", "first_response_at", *_TAIL],
        "kind = 'repair'",
    ),
    "ix_cases_repair_closed": (
        ["closed_at", "status", "opened_at", *_TAIL],
        "kind = 'repair' AND closed_at IS NOT NULL",
    ),
    "ix_cases_repair_due": (
        ["due_at", "on_time", "closed_at", "is_paused", "is_provisional", *_TAIL],
        "kind = 'repair' AND due_at IS NOT NULL",
    ),
}


def upgrade() -> None:
    """Add the indexes."""
    for name, (columns, where) in _INDEXES.items():
        clause = sa.text(where)
        op.create_index(name, "cases", columns, sqlite_where=clause, postgresql_where=clause)


def downgrade() -> None:
    """Take them away."""
    for name in reversed(_INDEXES):
        op.drop_index(name, table_name="cases")
