"""How long a session lives and what ends it."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.jobs import forget_failures
from app.accounts.models import StaffSession
from app.accounts.rules import Role, Scope, SessionLimits
from app.accounts.service import sessions
from app.accounts.service.appointing import AppointmentDraft, add_appointment
from app.kernel.authors import MACHINE
from tests.accounts.builders import a_person
from tests.support.clock import StoppedClock

LIMITS = SessionLimits(ZoneInfo("Asia/Shanghai"))
Db = sessionmaker[Session]


@pytest.fixture
def token(db: Db, clock: StoppedClock) -> str:
    with db.begin() as session:
        person = a_person(session, "clerk", Role.CLERK)
        return sessions.open_session(session, person.id, now=clock.now(), limits=LIMITS)


def is_alive(db: Db, clock: StoppedClock, token: str) -> bool:
    with db() as session:
        return sessions.find(session, token, now=clock.now(), limits=LIMITS) is not None


def test_an_idle_session_ends_after_fifteen_minutes(
    db: Db, clock: StoppedClock, token: str
) -> None:
    clock.advance(timedelta(minutes=14, seconds=59))
    assert is_alive(db, clock, token)

    clock.advance(timedelta(seconds=1))
    assert not is_alive(db, clock, token)


def test_a_session_in_use_ends_at_its_absolute_limit(
    db: Db, clock: StoppedClock, token: str
) -> None:
    for _ in range(71):
        clock.advance(timedelta(minutes=10))
        with db.begin() as session:
            found = sessions.find(session, token, now=clock.now(), limits=LIMITS)
            assert found is not None
            sessions.touch(session, found, now=clock.now())

    clock.advance(timedelta(minutes=10))

    assert not is_alive(db, clock, token)


def test_signing_out_ends_this_session_alone(db: Db, clock: StoppedClock, token: str) -> None:
    with db.begin() as session:
        found = sessions.find(session, token, now=clock.now(), limits=LIMITS)
        assert found is not None
        other = sessions.open_session(session, found.actor.id, now=clock.now(), limits=LIMITS)
        sessions.end(session, token, now=clock.now())

    assert not is_alive(db, clock, token)
    assert is_alive(db, clock, other)


def test_where_one_session_is_allowed_the_next_ends_the_first(
    db: Db, clock: StoppedClock, token: str
) -> None:
    single = SessionLimits(LIMITS.zone, is_single=True)
    with db.begin() as session:
        found = sessions.find(session, token, now=clock.now(), limits=LIMITS)
        assert found is not None
        sessions.open_session(session, found.actor.id, now=clock.now(), limits=single)

    assert not is_alive(db, clock, token)


def test_nobody_can_end_somebody_elses_session(db: Db, clock: StoppedClock, token: str) -> None:
    with db.begin() as session:
        found = sessions.find(session, token, now=clock.now(), limits=LIMITS)
        assert found is not None
        stranger = a_person(session, "stranger")
        sessions.end_one(session, stranger.id, found.session_id, now=clock.now())

    assert is_alive(db, clock, token)


@pytest.mark.parametrize("token", ["", "x", "不存在"])
def test_an_invented_token_finds_nobody(db: Db, clock: StoppedClock, token: str) -> None:
    assert not is_alive(db, clock, token)


def test_an_appointment_counts_from_its_first_to_its_last_day_in_the_hall(
    db: Db, clock: StoppedClock
) -> None:
    with db.begin() as session:
        person = a_person(session, "clerk")
        seat = AppointmentDraft(
            Role.HANDLER, person.unit_id, Scope.SELF, date(2026, 3, 2), date(2026, 3, 2)
        )
        add_appointment(session, person.id, seat, by=MACHINE, now=clock.now())
        forever = SessionLimits(LIMITS.zone, idle=timedelta(days=9), absolute=timedelta(days=9))
        token = sessions.open_session(session, person.id, now=clock.now(), limits=forever)

        def roles_after(wait: timedelta) -> tuple[Role, ...]:
            found = sessions.find(session, token, now=clock.now() + wait, limits=forever)
            return found.actor.roles if found else ()

        # It is 09:00 on 2 March in Shanghai; the day there ends at 16:00 UTC.
        assert roles_after(timedelta(hours=-10)) == ()
        assert roles_after(timedelta()) == (Role.HANDLER,)
        assert roles_after(timedelta(hours=14, minutes=59)) == (Role.HANDLER,)
        assert roles_after(timedelta(hours=15)) == ()


def test_the_actor_is_loaded_by_one_statement_however_many_seats(
    db: Db, clock: StoppedClock, engine: Engine
) -> None:
    with db.begin() as session:
        person = a_person(session, "many", Role.CLERK, Role.HANDLER, Role.REVIEWER)
        token = sessions.open_session(session, person.id, now=clock.now(), limits=LIMITS)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    with db() as session:
        found = sessions.find(session, token, now=clock.now(), limits=LIMITS)

    assert found is not None
    assert len(found.actor.appointments) == 3
    assert len([text for text in statements if text.startswith("SELECT")]) == 1


def test_sessions_that_ended_long_ago_are_swept_and_living_ones_stay(
    db: Db, clock: StoppedClock, token: str
) -> None:
    clock.advance(timedelta(days=29))
    with db.begin() as session:
        fresh = sessions.open_session(session, 1, now=clock.now(), limits=LIMITS)
        assert sessions.sweep(session, now=clock.now()) == 0

    clock.advance(timedelta(days=2))
    with db.begin() as session:
        forget_failures(session, {}, now=clock.now())

        assert session.scalar(select(func.count()).select_from(StaffSession)) == 1
    assert not is_alive(db, clock, token)
    assert not is_alive(db, clock, fresh)
