"""What became of messages to citizens, in which words; edited texts; quiet hours."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, UtcDateTime
from app.kernel.guards import add_guards, remove_guards

revision = "notice_ledger"
down_revision = "case_merges"
branch_labels = None
depends_on = None

_INSTANTS = ("send_after", "delivered_at", "left_at")
# A message of yesterday has no entry; it gets one, so that it may still go out and be shown.
_ENTRIES = """
INSERT INTO notice_ledger (message_id, citizen_id, purpose, place)
SELECT messages.id, contacts.citizen_id, 'notice', ''
FROM messages JOIN contacts ON contacts.id = messages.contact_id
WHERE messages.subject_type IN ('case', 'citizen')
"""


def upgrade() -> None:
    """Add the columns, make the tables, and give each message to a citizen its entry."""
    for name in _INSTANTS:
        op.add_column("messages", sa.Column(name, UtcDateTime(), nullable=True))
    op.create_table(
        "notice_ledger",
        sa.Column("message_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("citizen_id", BigInt, nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("template_id", BigInt, nullable=True),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_notice_ledger_message_id")
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizens.id"], name=op.f("fk_notice_ledger_citizen_id")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_notice_ledger")),
    )
    op.create_index("ix_notice_ledger_citizen", "notice_ledger", ["citizen_id", "message_id"])
    op.execute(_ENTRIES)
    op.create_table(
        "notice_templates",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by_id", BigInt, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_templates")),
    )
    op.create_index("ix_notice_templates_code", "notice_templates", ["code", "locale", "id"])
    add_guards(op.get_bind(), ["notice_templates"])
    op.create_table(
        "notice_policy",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("most_a_day", sa.Integer(), nullable=False),
        sa.Column("only_verified", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.String(length=40), nullable=False),
        sa.Column("signature_en", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_policy")),
    )


def downgrade() -> None:
    """Take them away; a message that was held back or delivered counts as settled before."""
    op.drop_table("notice_policy")
    remove_guards(op.get_bind(), ["notice_templates"])
    op.drop_table("notice_templates")
    op.drop_table("notice_ledger")
    op.execute("UPDATE messages SET status = 'sent' WHERE status = 'delivered'")
    op.execute("UPDATE messages SET status = 'off' WHERE status = 'suppressed'")
    for name in _INSTANTS:
        op.drop_column("messages", name)
