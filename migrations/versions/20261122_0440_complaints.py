"""Complaints: subject, confidential complainant, investigation file, measures, recusals.

Also the two limits of a check by the unit above, and the longer one for sending complaints back.
"""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, UtcDateTime
from app.kernel.guards import add_guards, remove_guards

revision = "complaints"
down_revision = "queue"
branch_labels = None
depends_on = None

_LAW = "参照《信访工作条例》第三十五条"
_OBJECTION = "参照《信访工作条例》第二十三条：五个工作日内提出异议，经转送方同意退回"
_LIMITS = (
    ("appeal.any", "appeal", None, "day", 30, _LAW),
    ("recheck_request.any", "recheck_request", None, "day", 30, _LAW),
    ("return_request.complaint", "return_request", "complaint", "work_day", 5, _OBJECTION),
)
_UNPROVED = sa.text("proved_at IS NULL")


def _id() -> sa.Column[int]:
    return sa.Column("id", BigInt, autoincrement=True, nullable=False)


def _ref(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, BigInt, nullable=nullable)


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Six tables, two columns, three limits for houses that have their limits already."""
    _tables_of_the_complaint()
    _tables_of_the_investigation()
    for table, column in (("cases", "is_identity_secret"), ("attachments", "is_sealed")):
        op.add_column(
            table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    add_guards(op.get_bind(), ["case_recusals"])
    _add_limits()


def _tables_of_the_complaint() -> None:
    op.create_table(
        "case_complaints",
        _ref("case_id"),
        sa.Column("subject_kind", sa.String(24), nullable=True),
        sa.Column("subject_name", sa.String(200), nullable=False),
        sa.Column("finding", sa.String(24), nullable=True),
        _ref("proposed_by", nullable=True),
        _ref("confirmed_by", nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("recheck_until", UtcDateTime(), nullable=True),
        sa.Column("rechecked_at", UtcDateTime(), nullable=True),
        _fk("case_complaints", "case_id", "cases"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_complaints")),
    )
    op.create_table(
        "case_identities",
        _ref("case_id"),
        _ref("citizen_id"),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        _fk("case_identities", "case_id", "cases"),
        _fk("case_identities", "citizen_id", "citizens"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_identities")),
    )
    op.create_index("ix_case_identities_citizen_id", "case_identities", ["citizen_id"])
    op.create_table(
        "case_confidants",
        _id(),
        _ref("case_id"),
        _ref("staff_id"),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        _ref("named_by", nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        _fk("case_confidants", "case_id", "cases"),
        _fk("case_confidants", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_confidants")),
        sa.UniqueConstraint(
            "case_id", "staff_id", name=op.f("uq_case_confidants_case_id_staff_id")
        ),
    )
    op.create_table(
        "case_recusals",
        _id(),
        _ref("case_id"),
        _ref("staff_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        _ref("ordered_by", nullable=True),
        _fk("case_recusals", "case_id", "cases"),
        _fk("case_recusals", "staff_id", "staff"),
        _fk("case_recusals", "ordered_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_recusals")),
        sa.UniqueConstraint("case_id", "staff_id", name=op.f("uq_case_recusals_case_id_staff_id")),
    )
    op.create_index("ix_case_recusals_staff", "case_recusals", ["staff_id", "case_id"])


def _tables_of_the_investigation() -> None:
    op.create_table(
        "case_inquiries",
        _id(),
        _ref("case_id"),
        _ref("event_id"),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("with_whom", sa.String(200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _ref("written_by", nullable=True),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        _fk("case_inquiries", "case_id", "cases"),
        _fk("case_inquiries", "event_id", "case_events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_inquiries")),
    )
    op.create_index("ix_case_inquiries_case", "case_inquiries", ["case_id", "id"])
    op.create_table(
        "case_measures",
        _id(),
        _ref("case_id"),
        _ref("unit_id"),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("late_from", UtcDateTime(), nullable=False),
        _ref("laid_down_by", nullable=True),
        sa.Column("laid_down_at", UtcDateTime(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        _ref("proved_by", nullable=True),
        sa.Column("proved_at", UtcDateTime(), nullable=True),
        _ref("proof_event_id", nullable=True),
        _fk("case_measures", "case_id", "cases"),
        _fk("case_measures", "unit_id", "units"),
        _fk("case_measures", "proof_event_id", "case_events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_measures")),
    )
    op.create_index("ix_case_measures_case", "case_measures", ["case_id", "id"])
    op.create_index(
        "ix_case_measures_open",
        "case_measures",
        ["late_from", "id"],
        postgresql_where=_UNPROVED,
        sqlite_where=_UNPROVED,
    )


def _add_limits() -> None:
    # A new house gets them with all others when it is founded.
    known = op.get_bind().execute(sa.text("SELECT count(*) FROM time_limits")).scalar()
    if not known:
        return
    limits = sa.table(
        "time_limits",
        *(
            sa.column(name)
            for name in (
                "profile", "code", "clock_kind", "case_kind", "region_code", "unit", "value",
                "minutes", "close_of_business", "basis_text", "basis_level", "is_sample",
                "is_active", "version",
            )
        ),
    )  # fmt: skip
    op.bulk_insert(
        limits,
        [
            {
                "profile": "common",
                "code": code,
                "clock_kind": clock,
                "case_kind": kind,
                "region_code": "",
                "unit": unit,
                "value": value,
                "minutes": 0,
                "close_of_business": False,
                "basis_text": basis,
                "basis_level": "system",
                "is_sample": False,
                "is_active": True,
                "version": 1,
            }
            for code, clock, kind, unit, value, basis in _LIMITS
        ],
    )


def downgrade() -> None:
    """Take all of it away; matters in the states of an investigation go back to their handler."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE cases SET status = 'handling' WHERE status IN "
            "('investigating', 'concluding', 'measures', 'rechecking')"
        )
    )
    connection.execute(
        sa.text(
            "UPDATE cases SET citizen_id = (SELECT citizen_id FROM case_identities "
            "WHERE case_identities.case_id = cases.id) WHERE is_identity_secret"
        )
    )
    connection.execute(
        sa.text("DELETE FROM time_limits WHERE clock_kind IN ('appeal', 'recheck_request')")
    )
    remove_guards(connection, ["case_recusals"])
    op.drop_column("attachments", "is_sealed")
    op.drop_column("cases", "is_identity_secret")
    for table in (
        "case_measures",
        "case_inquiries",
        "case_recusals",
        "case_confidants",
        "case_identities",
        "case_complaints",
    ):
        op.drop_table(table)
