"""Applications: how far they have come, their own limits, their papers; four limits of the law."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import BigInt, StringList, UtcDateTime

revision = "applications"
down_revision = "service_items"
branch_labels = None
depends_on = None

_SAMPLE = "系统示例值，未引用任何规定，请按本市规定修改"
_LIMITS = (
    ("one_time_notice.any", "one_time_notice", "work_day", 5, 0, "《行政许可法》第三十二条", False),
    ("while_waiting.any", "while_waiting", "hour", 0, 30, _SAMPLE, True),
    ("deliver.any", "deliver", "work_day", 10, 0, "《行政许可法》第四十四条", False),
    ("verify.any", "verify", "work_day", 20, 0, _SAMPLE, True),
)
_OWN = "('received', 'correcting', 'admitted', 'reviewing', 'special_procedure', 'decided', "
_STATES = _OWN + "'issuing', 'delivered', 'not_admitted')"


def _id() -> sa.Column[int]:
    return sa.Column("id", BigInt, autoincrement=True, nullable=False)


def _ref(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, BigInt, nullable=nullable)


def _word(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(24), nullable=nullable)


def _line(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _at(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Three tables, a column, four limits for houses that have their limits already."""
    table = "case_applications"
    op.create_table(
        table,
        _ref("case_id"),
        _ref("item_version_id"),
        _line("item_name", 120),
        _ref("deciding_unit_id", nullable=True),
        _ref("agent_id", nullable=True),
        _line("place", 16),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        _flag("is_instant"),
        _flag("is_on_promise"),
        _flag("is_joint"),
        _flag("makes_certificate"),
        sa.Column("procedures", StringList, nullable=False),
        _at("received_at", nullable=False),
        _at("notified_at"),
        _count("papers_open"),
        _count("papers_promised"),
        _word("admission"),
        _word("not_admitted"),
        _line("refer_to", 120),
        _count("extended_by"),
        _word("decision"),
        _at("decided_at"),
        _ref("decided_by", nullable=True),
        sa.Column("remedies", sa.Text(), nullable=False),
        _word("wanted_delivery", nullable=False),
        _word("delivery"),
        _line("tracking_no", 60),
        _at("delivered_at"),
        _at("verified_at"),
        sa.Column("was_true", sa.Boolean(), nullable=True),
        _fk(table, "case_id", "cases"),
        _fk(table, "item_version_id", "service_item_versions"),
        _fk(table, "deciding_unit_id", "units"),
        _fk(table, "agent_id", "citizens"),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_applications")),
    )
    op.create_index("ix_case_applications_item_version_id", table, ["item_version_id"])
    op.create_index("ix_case_applications_agent_id", table, ["agent_id"])
    table = "case_limits"
    op.create_table(
        table,
        _id(),
        _ref("case_id"),
        _line("clock_kind", 24),
        _line("code", 48),
        _word("unit", nullable=False),
        _count("value"),
        _count("minutes"),
        _line("basis_text", 300),
        _word("basis_level", nullable=False),
        _flag("is_sample"),
        _fk(table, "case_id", "cases"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_limits")),
        sa.UniqueConstraint(
            "case_id", "clock_kind", name=op.f("uq_case_limits_case_id_clock_kind")
        ),
    )
    table = "application_papers"
    op.create_table(
        table,
        _id(),
        _ref("case_id"),
        _count("position"),
        _line("key", 32),
        _line("name", 200),
        _line("name_en", 200),
        _word("form", nullable=False),
        _count("copies"),
        _flag("may_defer"),
        _word("verdict", nullable=False),
        _count("copies_in"),
        _line("reason", 500),
        sa.Column("promised_until", sa.Date(), nullable=True),
        _at("judged_at"),
        _ref("judged_by", nullable=True),
        _fk(table, "case_id", "cases"),
        _fk(table, "judged_by", "staff"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_papers")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_application_papers_case_id_key")),
    )
    op.add_column("case_approvals", _word("procedure"))
    _add_limits()


def _add_limits() -> None:
    # A new house gets them with all others when it is founded.
    if not op.get_bind().execute(sa.text("SELECT count(*) FROM time_limits")).scalar():
        return
    limits = sa.table(
        "time_limits",
        *(
            sa.column(name)
            for name in (
                "profile", "code", "clock_kind", "region_code", "unit", "value", "minutes",
                "close_of_business", "basis_text", "basis_level", "is_sample", "is_active",
                "version",
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
                "region_code": "",
                "unit": unit,
                "value": value,
                "minutes": minutes,
                "close_of_business": False,
                "basis_text": basis,
                "basis_level": "system" if is_sample else "law",
                "is_sample": is_sample,
                "is_active": True,
                "version": 1,
            }
            for code, clock, unit, value, minutes, basis, is_sample in _LIMITS
        ],
    )


def downgrade() -> None:
    """Take all of it away; applications under way go on as orders that were accepted."""
    connection = op.get_bind()
    connection.execute(
        sa.text(f"UPDATE cases SET status = 'accepted' WHERE status IN {_STATES}")  # noqa: S608  # our own words
    )
    clocks = "('one_time_notice', 'while_waiting', 'deliver', 'verify')"
    connection.execute(sa.text(f"DELETE FROM time_limits WHERE clock_kind IN {clocks}"))  # noqa: S608  # as above
    op.drop_column("case_approvals", "procedure")
    for table in ("application_papers", "case_limits", "case_applications"):
        op.drop_table(table)
