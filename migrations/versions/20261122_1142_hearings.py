"""Applications know of hearings, revocation, the look into credit and why they are late."""

import sqlalchemy as sa
from alembic import op

revision = "hearings"
down_revision = "watchers"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_NEW = (
    ("has_clean_credit", sa.Boolean()),
    ("revoked_at", _AT),
    ("late_told_at", _AT),
    ("hearing_until", sa.Date()),
    ("hearing_asked_at", _AT),
    ("hearing_at", _AT),
    ("hearing_held_at", _AT),
)


def upgrade() -> None:
    """Add the columns."""
    for name, kind in _NEW:
        op.add_column("case_applications", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Take them away."""
    for name, _kind in reversed(_NEW):
        op.drop_column("case_applications", name)
