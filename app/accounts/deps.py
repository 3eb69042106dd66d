"""Who is asking: a request by somebody signed in, and its one transaction.

Holds no connection between calls; the actor is looked up inside the handler's own work.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, PasswordNeededError, SessionLimits, SignInNeededError
from app.accounts.service import sessions
from app.kernel.authors import Author
from app.kernel.errors import UnavailableError
from app.settings import Settings
from app.web.deps import Edge, EdgeDep
from app.web.security import SESSION_COOKIE
from app.web.ui import zone_of

DEVICE_COOKIE: Final = "cw_device"
# Where somebody who must still choose a password may go.
_BEFORE_FIRST_PASSWORD: Final = frozenset({"/account/password", "/sign-out"})


def limits_from(settings: Settings) -> SessionLimits:
    """The limits of staff sessions as configured."""
    return SessionLimits(
        zone=zone_of(settings.zone),
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
    def reading(self, *, may_lag: bool = False) -> Iterator[Work]:
        """Look at things as the person signed in; with `may_lag` a standby may answer.

        Raises:
            SignInNeededError: nobody is signed in, or the session has ended.
            PasswordNeededError: the first password has not been changed yet.
        """
        lags = may_lag and self.edge.replica is not self.edge.engine
        with self.edge.reading() as session:
            found, work = self._begin(session)
            if not lags:
                yield work
        if lags:  # a session just opened may not have reached the standby yet
            with self.edge.reading(may_lag=True) as session:
                yield replace(work, session=session)
        if self._counts_as_being_here(found, work.now):
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
            if self._counts_as_being_here(found, work.now):
                sessions.touch(session, found, now=work.now)
            yield work

    def _counts_as_being_here(self, found: sessions.Found, now: datetime) -> bool:
        # A page that asks for news by itself does not mean that somebody sits before it.
        is_background = self.request.method == "GET" and "x-background" in self.request.headers
        return not is_background and sessions.is_due_for_touch(found, now=now)

    def _begin(self, session: Session) -> tuple[sessions.Found, Work]:
        now = self.edge.now()
        token = self.request.cookies.get(SESSION_COOKIE, "")
        found = sessions.find(session, token, now=now, limits=limits_from(self.edge.settings))
        if found is None:
            raise SignInNeededError
        self.request.state.actor = found.actor
        self.request.state.session_ends = found.ends_at
        if found.must_change_password and self.request.scope["path"] not in _BEFORE_FIRST_PASSWORD:
            raise PasswordNeededError
        return found, Work(session, found.actor, now, address_of(self.request))


async def signed_in_visit(request: Request, edge: EdgeDep) -> Visit:
    """The visit of this request; opening its work checks who it is."""
    return Visit(edge, request)


VisitDep = Annotated[Visit, Depends(signed_in_visit)]
