"""Makes tables that are written once refuse to be changed, in the database itself.

Triggers on both databases; a programming mistake or a hand in the database is
stopped where it happens. Only a migration may take the guard away.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

# What is written once: history, audit, ratings (rulebook §1: nobody edits a score).
FIRST: Final = ("audit_entries", "audit_seals", "case_events", "ratings")
# A later table of the kind is named here too, and guarded by the migration that makes it.
WRITTEN_ONCE: Final = (
    *FIRST,
    "consents",
    "privacy_notices",
    "tombstones",
    "segment_versions",
    "segment_uses",
    "citizen_accesses",
    "case_recusals",
    "queue_events",
    "queue_ratings",
    "first_question_moves",
    "notice_templates",
    "supervision_acts",
    "callback_tries",
    "sample_draws",
    "article_versions",
    "document_templates",
    "stock_changes",
)

_PG_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this table is written once'; END $$
"""


def add_guards(connection: Connection, names: Sequence[str]) -> None:
    """Let nobody update or delete a row of these tables, which are written once."""
    if connection.dialect.name == "sqlite":
        for name in names:
            for deed in ("UPDATE", "DELETE"):
                connection.exec_driver_sql(
                    f"CREATE TRIGGER {name}_no_{deed.lower()} BEFORE {deed} ON {name} "
                    "BEGIN SELECT RAISE(ABORT, 'this table is written once'); END"
                )
        return
    connection.exec_driver_sql(_PG_FUNCTION)
    for name in names:
        connection.exec_driver_sql(
            f"CREATE TRIGGER {name}_written_once BEFORE UPDATE OR DELETE ON {name} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def remove_guards(connection: Connection, names: Sequence[str] = WRITTEN_ONCE) -> None:
    """Take the guards of these tables away; for a migration that goes back."""
    if connection.dialect.name == "sqlite":
        for name in names:
            for deed in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_no_{deed}")
        return
    for name in names:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_written_once ON {name}")


def forget(connection: Connection) -> None:
    """Take away what all guards share, once the last of them is gone."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_change()")
