"""The way from a handler to the database: one transaction, opened in the handler itself.

No FastAPI dependency holds a connection. With sync generator dependencies a
request keeps its connection while it waits for a thread of the pool, and 64
clients on 20 threads stand still for ever.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import structlog
from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.kernel.clock import Clock
from app.kernel.errors import (
    ConflictError,
    DomainError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from app.kernel.messages import mark
from app.kernel.vault import Vault, info_with
from app.settings import Settings

_log = structlog.get_logger("web")
# What SQLite calls an operational error though only a programmer can mend it.
_OUR_MISTAKE = ("no such column", "no such function", "syntax error")
# What drivers say of a value no column can hold. SQLite's says it outside its own errors.
_NO_VALUE = {
    DataError: ("out of range", "NUL (0x00) bytes"),
    OverflowError: ("too large to convert to SQLite INTEGER",),
}


@contextmanager
def _translated() -> Iterator[None]:
    """Say in the language of the window what the database said in its own.

    Raises:
        ConflictError: somebody else changed the same row meanwhile.
        UnavailableError: the database is locked, full or gone.
        NotFoundError: an address held what no database can hold, such as a number without end.
        InvalidError: the same of a form.
    """
    try:
        yield
    except StaleDataError as error:
        raise ConflictError(
            mark("Somebody else changed this while you were working on it.")
        ) from error
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        if any(words in str(error).lower() for words in _OUR_MISTAKE):
            raise
        raise _unavailable(error) from error
    except (DataError, OverflowError) as error:
        if not any(words in str(error) for words in _NO_VALUE[type(error)]):
            raise
        raise _refusal_of(error) from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise _unavailable(error) from error


def _refusal_of(error: Exception) -> DomainError:
    # Forms are checked for numbers without end (`parse`), so what was looked for was an address.
    statement = getattr(error, "statement", None) or "SELECT"
    if statement.lstrip().upper().startswith("SELECT"):
        return NotFoundError(mark("There is nothing at this address."))
    return InvalidError(mark("A number you entered is too large."))


def _unavailable(error: Exception) -> UnavailableError:
    said = str(getattr(error, "orig", error)).lower()
    _log.warning("database unavailable", kind=type(error).__name__, said=said)
    if "disk is full" in said or "no space left" in said:
        return UnavailableError(mark("The disk of the server is full, so nothing can be saved."))
    if "locked" in said or isinstance(error, PoolTimeoutError):
        return UnavailableError(mark("The system is very busy just now."))
    return UnavailableError(mark("The system cannot reach its records just now."))


@dataclass(frozen=True, slots=True)
class Edge:
    """Where transactions begin and end.

    `turn` lets the writers of one process queue for SQLite's single write
    lock instead of colliding at it; on PostgreSQL it admits everybody.
    `replica` is a standby that may lag a little behind, or the same engine.
    Without a `vault` nothing that needs a key can be done.
    """

    engine: Engine
    clock: Clock
    turn: AbstractContextManager[object]
    settings: Settings
    replica: Engine
    vault: Vault | None = None
    _writer: Engine = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Made once: an engine with options of its own costs as much as a small query.
        object.__setattr__(self, "_writer", self.engine.execution_options(writing=True))

    def now(self) -> datetime:
        """This instant, in UTC."""
        return self.clock.now()

    @contextmanager
    def reading(self, *, may_lag: bool = False) -> Iterator[Session]:
        """A session for looking; whatever it changed is forgotten.

        With `may_lag` the standby answers, if there is one: for boards and
        lists of yesterday, never for something the same person just wrote.

        Raises:
            UnavailableError: the database is locked, full or gone.
        """
        engine = self.replica if may_lag else self.engine
        with _translated(), Session(engine, info=self._info()) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that commits when the block ends, before any answer is made.

        Raises:
            ConflictError: somebody else changed the same row meanwhile.
            UnavailableError: the database is locked, full or gone.
        """
        with (
            _translated(),
            self.turn,
            Session(self._writer, info=self._info()) as session,
            session.begin(),
        ):
            yield session
            self._refuse_if_gone()

    def _info(self) -> dict[object, object]:
        return info_with(self.vault) if self.vault else {}

    def _refuse_if_gone(self) -> None:
        # An open connection writes on into a deleted SQLite file without a word;
        # the citizen would hold a receipt for nothing.
        database = self.engine.url.database
        is_file = self.engine.dialect.name == "sqlite" and database not in {None, "", ":memory:"}
        if is_file and not Path(str(database)).exists():
            raise UnavailableError(mark("The system cannot reach its records just now."))


async def _edge(request: Request) -> Edge:  # async: no thread hop for an attribute
    edge: Edge = request.app.state.edge
    return edge


EdgeDep = Annotated[Edge, Depends(_edge)]
