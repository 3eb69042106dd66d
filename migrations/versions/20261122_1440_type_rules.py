"""Types of facilities say themselves whether they stand at a home, and which are filed by rule.

What held until now from a shipped list and from codes in the programme is written to the rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "type_rules"
down_revision = "repair_board"
branch_labels = None
depends_on = None

_TYPES = sa.table("facility_types", sa.column("code", sa.String), sa.column("is_home", sa.Boolean),
                  sa.column("is_filed_by_rule", sa.Boolean))  # fmt: skip
_FLAGS = {
    "is_home": ("0130", "0501", "E0102"),
    "is_filed_by_rule": ("0120", "0125", "0201", "0203", "0211", "0215", "0303", "0402"),
}


def upgrade() -> None:
    """Add both flags, set as they held until now."""
    with op.batch_alter_table("facility_types") as batch:
        for name in _FLAGS:
            flag = sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            batch.add_column(flag)
    for name, codes in _FLAGS.items():
        op.execute(sa.update(_TYPES).where(_TYPES.c.code.in_(codes)).values({name: True}))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("facility_types") as batch:
        for name in reversed(_FLAGS):
            batch.drop_column(name)
