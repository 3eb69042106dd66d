"""Keys taken ahead of the rows they belong to, so that rows of several tables go in at once.

For imports, and for rows that hold something made of their own key; everything else lets
the database number its rows.
"""

from functools import cache

from sqlalchemy import Executable, Select, func, select, text
from sqlalchemy.orm import Session

from app.kernel.db import Model


def reserve_keys(session: Session, table: type[Model], count: int) -> list[int]:
    """So many keys of the table's column `id`, rising, that nobody else will be given.

    SQLite has one writer at a time, so what follows the highest key is ours until the
    transaction ends; it must have begun as a writing one. PostgreSQL's sequence may
    leave gaps.
    """
    if session.get_bind().dialect.name == "sqlite":
        key = table.__table__.c.id
        highest = session.scalar(select(func.coalesce(func.max(key), 0))) or 0
        return list(range(highest + 1, highest + count + 1))
    taken = session.scalars(
        text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"),
        {"name": table.__tablename__, "count": count},
    )
    return sorted(taken)


def next_key(session: Session, table: type[Model]) -> int:
    """As `reserve_keys`, for one row."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    key: int = session.connection().execute(_next(table, is_sqlite=is_sqlite)).scalar_one()
    return key


@cache
def _next(table: type[Model], *, is_sqlite: bool) -> Executable:
    if is_sqlite:
        return after_highest(table)
    name = table.__tablename__
    return text(f"SELECT nextval(pg_get_serial_sequence('{name}', 'id'))")  # our own name


def after_highest(table: type[Model]) -> Select[int]:
    """The key after the highest one: the next on SQLite, for who writes."""
    return select(func.coalesce(func.max(table.__table__.c.id), 0) + 1)


def one_at_a_time(session: Session, name: str) -> None:
    """Wait until no other transaction holds this name; it is ours until this one ends.

    On SQLite a writing transaction holds everything already.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name}
        )
