"""Runs migrations on the connection it is given, or on the database of the settings.

Works on SQLite (tables are rebuilt in batches) and on PostgreSQL; all or nothing on both.
"""

import os
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, BigInteger, Connection, Enum, text
from sqlalchemy.sql.schema import SchemaItem

from app.kernel.db import UtcDateTime, make_engine
from app.tables import metadata

# Any fixed number: processes that start together take turns at it.
_LOCK = 0x43_57_4D_47


def _is_ours(_: SchemaItem, name: str | None, kind: str, *_more: object) -> bool:
    # The search index is written in each database's own language (kernel/search.py).
    return not (kind == "table" and str(name).startswith("case_search"))


def _render(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """The short and portable spelling of our own column types."""
    if kind != "type":
        return False
    if isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"
    if isinstance(item, UtcDateTime):
        return "app.kernel.db.UtcDateTime()"
    if isinstance(item, BigInteger):
        return "app.kernel.db.BigInt"
    if isinstance(item, JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _run(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A batch rebuild drops the old table, which must not cascade; the pragma
        # is deaf inside a transaction, so it goes below SQLAlchemy's BEGIN.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=True,
        include_object=_is_ours,
        render_item=_render,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


def _from_settings() -> None:
    url = os.environ.get("CIVICWINDOW_DATABASE_URL", "sqlite:///./var/civicwindow.db")
    engine = make_engine(url)
    with engine.execution_options(writing=True).connect() as connection:
        _run(connection)
    engine.dispose()


_given = context.config.attributes.get("connection")
if _given is None:
    _from_settings()
else:
    _run(_given)
