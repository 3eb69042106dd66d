"""Tells a process whether what it keeps in memory still holds: a random token for each thing kept.

All are read by one select in each transaction. Whoever changes such a thing renews its token
in the same transaction, so a change that is rolled back takes its token along and none comes
twice.
"""

from collections.abc import Mapping
from functools import cache
from secrets import token_hex
from typing import Final

from sqlalchemy import Connection, Executable, Select, String, literal, select, union_all
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from app.kernel.db import Model, rows
from app.kernel.upsert import insert_on

_HELD: Final = "revisions.held"


class Revision(Model):
    """The state one kept thing is in."""

    __tablename__ = "revisions"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    token: Mapped[str] = mapped_column(String(32))


# Things that keep their token in a table of their own, by name.
_elsewhere: Final[dict[str, Select[str]]] = {}


def follow(name: str, token: Select[str]) -> None:
    """Have this select of one token read with the others; for a table that holds its own."""
    _elsewhere[name] = token
    _all.cache_clear()


@cache
def _all() -> Executable:
    own = select(Revision.name, Revision.token)
    others = (one.add_columns(literal(name).label("name")) for name, one in _elsewhere.items())
    reads = [select(sub.c.name, sub.c.token) for sub in (one.subquery() for one in others)]
    return union_all(own, *reads)


def token_of(session: Session, name: str) -> str:
    """The token of this thing as the transaction sees it; "" if it has none: then keep nothing."""
    held: tuple[SessionTransaction | None, Mapping[str, str]] | None = session.info.get(_HELD)
    if held is None or held[0] is None or held[0] is not session.get_transaction():
        found = {row.name: row.token for row in rows(session, _all())}
        held = session.info[_HELD] = (session.get_transaction(), found)
    return held[1].get(name, "")


def renew(connection: Connection, name: str) -> None:
    """What anybody keeps of this thing holds no longer, once this transaction commits."""
    connection.execute(_renewed(connection.dialect.name), {"name": name, "token": token_hex(16)})


def forget(session: Session) -> None:
    """Have this transaction look again; for whoever has just renewed a token in it."""
    session.info.pop(_HELD, None)


@cache
def _renewed(dialect: str) -> Executable:
    new = insert_on(dialect, Revision)
    return new.on_conflict_do_update(
        index_elements=[Revision.name], set_={"token": new.excluded.token}
    )
