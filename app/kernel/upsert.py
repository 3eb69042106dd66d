"""`INSERT … ON CONFLICT`, spelled for the database at hand.

SQLite and PostgreSQL agree on the clause; SQLAlchemy keeps one construct for each.
"""

from typing import cast

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.db import Model


def insert(session: Session, table: type[Model]) -> sqlite.Insert:
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_on(session.get_bind().dialect.name, table)


def insert_on(dialect: str, table: type[Model]) -> sqlite.Insert:
    """As `insert`, for a statement that is built once and kept."""
    if dialect == "postgresql":
        return cast("sqlite.Insert", postgresql.insert(table))
    return sqlite.insert(table)
