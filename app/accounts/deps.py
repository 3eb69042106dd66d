"""Who is asking: a request by somebody signed in, and its one transaction.

Holds no connection between calls; the actor is looked up inside the handler's own work.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, PasswordNeededError, SessionLimits, SignInNeededError
from app.accounts.service import sessions
from app.kernel.authors import Author
from app.kernel.errors import UnavailableError
from app.settings import Settings
from app.web.deps import Edge, EdgeDep

COOKIE: Final = "cw_session"
# Where somebody who must still choose a password may go.
_BEFORE_FIRST_PASSWORD: Final = frozenset({"/account/password", "/sign-out"})


def limits_from(settings: Settings) -> SessionLimits:
    """The limits of staff sessions as configured."""
    return SessionLimits(
        zone=ZoneInfo(settings.zone),
        idle=timedelta(minutes=settings.staff_idle_minutes),
        absolute=timedelta(hours=settings.staff_session_hours),
        is_single=settings.staff_single_session,
    )


def address_of(request: Request) -> str:
    """The address the request came from, as the server or its trusted proxy reports it."""
    return request.client.host if request.client else ""


@dataclass(frozen=True, slots=True)
class Work:
    """What a service needs: the transaction, the person, the time, and from where."""

    session: Session
    actor: Actor
    now: datetime
    ip: str = ""

    @property
    def author(self) -> Author:
        """The person as the audit log names them."""
        return self.actor.author(ip=self.ip)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request by somebody signed in.

    The actor is looked up inside the same transaction as the work, so one
    request borrows one connection once, for as long as its handler runs.
    """

    edge: Edge
    request: Request

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """Look at things as the person signed in.

        Raises:
            SignInNeededError: nobody is signed in, or the session has ended.
            PasswordNeededError: the first password has not been changed yet.
        """
        with self.edge.reading() as session:
            found, work = self._begin(session)
            yield work
        if sessions.is_due_for_touch(found, now=work.now):
            # A page that was read must not fail because a heartbeat could not be written.
            with suppress(UnavailableError), self.edge.writing() as session:
                sessions.touch(session, found, now=work.now)

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """Change things as the person signed in; commits when the block ends.

        Raises:
            SignInNeededError: nobody is signed in, or the session has ended.
            PasswordNeededError: the first password has not been changed yet.
            ConflictError: somebody else changed the same row meanwhile.
        """
        with self.edge.writing() as session:
            found, work = self._begin(session)
            if sessions.is_due_for_touch(found, now=work.now):
                sessions.touch(session, found, now=work.now)
            yield work

    def _begin(self, session: Session) -> tuple[sessions.Found, Work]:
        now = self.edge.now()
        token = self.request.cookies.get(COOKIE, "")
        found = sessions.find(session, token, now=now, limits=limits_from(self.edge.settings))
        if found is None:
            raise SignInNeededError
        self.request.state.actor = found.actor
        self.request.state.prefs = found.prefs
        if found.must_change_password and self.request.url.path not in _BEFORE_FIRST_PASSWORD:
            raise PasswordNeededError
        return found, Work(session, found.actor, now, address_of(self.request))


async def signed_in_visit(request: Request, edge: EdgeDep) -> Visit:
    """The visit of this request; opening its work checks who it is."""
    return Visit(edge, request)


VisitDep = Annotated[Visit, Depends(signed_in_visit)]
