"""The board of applications finds decisions, acceptances and notices by their date."""

import sqlalchemy as sa
from alembic import op

revision = "application_board"
down_revision = "item_samples"
branch_labels = None
depends_on = None

_INDEXES = (
    (
        "ix_case_applications_decided",
        "case_applications",
        ["decided_at", "case_id"],
        "decided_at IS NOT NULL",
    ),
    (
        "ix_cases_application_accepted",
        "cases",
        ["accepted_at", "id"],
        "kind = 'service_request' AND accepted_at IS NOT NULL",
    ),
    ("ix_clocks_notice_due", "clocks", ["due_at", "id", "subject_id"], "kind = 'one_time_notice'"),
)


def upgrade() -> None:
    """Add the indexes."""
    for name, table, columns, where in _INDEXES:
        held = sa.text(where)
        op.create_index(name, table, columns, postgresql_where=held, sqlite_where=held)


def downgrade() -> None:
    """Take them away."""
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
