"""Signing in: who gets in, who must wait, and that waiting hits nobody else."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import SignInFailure, StaffSession
from app.accounts.passwords import DEMO_PASSWORD
from app.accounts.rules import Role, SessionLimits
from app.accounts.service import hashing, sessions, signing_in
from app.accounts.service.signing_in import SignInPolicy, Source, Welcome
from app.kernel.audit import AuditEntry
from tests.accounts.builders import a_person
from tests.support.clock import StoppedClock
from tests.support.pages import PASSWORD

LIMITS = SessionLimits(ZoneInfo("Asia/Shanghai"))
HALL = "192.0.2.10"
Db = sessionmaker[Session]


def attempt(
    db: Db,
    clock: StoppedClock,
    username: str = "clerk",
    typed: str = PASSWORD,
    *,
    ip: str = HALL,
    device: str = "",
    policy: SignInPolicy | None = None,
    is_demo: bool = False,
) -> Welcome | str:
    """The welcome, or why not."""
    source = Source(ip, device, "Test")
    with db.begin() as session:
        begun = signing_in.begin(session, username, source, now=clock.now())
    if begun.blocked_until:
        return "blocked"
    right = signing_in.is_right(begun, typed, is_demo=is_demo)
    with db.begin() as session:
        welcome = signing_in.finish(
            session, begun, is_right=right, policy=policy or SignInPolicy(LIMITS), now=clock.now()
        )
    return welcome or "wrong"


@pytest.fixture
def clerk(db: Db) -> int:
    with db.begin() as session:
        return a_person(session, "clerk", Role.CLERK).id


@pytest.mark.usefixtures("clerk")
def test_the_right_password_opens_a_session_of_which_only_a_digest_is_kept(
    db: Db, clock: StoppedClock
) -> None:
    welcome = attempt(db, clock)

    assert isinstance(welcome, Welcome)
    with db() as session:
        stored = session.scalars(select(StaffSession)).one()
        found = sessions.find(session, welcome.token, now=clock.now(), limits=LIMITS)
    assert welcome.token.encode() not in stored.token_digest
    assert found is not None
    assert found.actor.username == "clerk"
    assert found.actor.roles == (Role.CLERK,)


@pytest.mark.usefixtures("clerk")
def test_the_account_name_may_be_typed_in_capitals(db: Db, clock: StoppedClock) -> None:
    assert isinstance(attempt(db, clock, " CLERK "), Welcome)


@pytest.mark.usefixtures("clerk")
def test_a_wrong_password_and_an_unknown_name_look_and_count_alike(
    db: Db, clock: StoppedClock
) -> None:
    for name in ("clerk", "nobody"):
        answers = [attempt(db, clock, name, "wrong") for _ in range(6)]

        assert answers == ["wrong"] * 5 + ["blocked"]
    with db() as session:
        counted = session.scalars(select(SignInFailure.failures)).all()
    assert list(counted) == [5, 5, 5, 5]


def test_an_unknown_name_costs_a_hash_too(db: Db, clock: StoppedClock) -> None:
    with db.begin() as session:
        begun = signing_in.begin(session, "nobody", Source(HALL), now=clock.now())

    assert begun.password_hash == hashing.NOBODY


@pytest.mark.usefixtures("clerk")
def test_the_wait_grows_and_the_right_password_ends_it(db: Db, clock: StoppedClock) -> None:
    for _ in range(5):
        attempt(db, clock, typed="wrong")
    assert attempt(db, clock) == "blocked"

    clock.advance(timedelta(seconds=31))
    assert attempt(db, clock, typed="wrong") == "wrong"
    clock.advance(timedelta(seconds=31))
    assert attempt(db, clock) == "blocked"
    clock.advance(timedelta(seconds=30))
    assert isinstance(attempt(db, clock), Welcome)

    assert attempt(db, clock, typed="wrong") == "wrong"


@pytest.mark.usefixtures("clerk")
def test_guessing_at_one_name_does_not_shut_the_hall_out(db: Db, clock: StoppedClock) -> None:
    with db.begin() as session:
        a_person(session, "colleague", Role.CLERK)
    for _ in range(6):
        attempt(db, clock, typed="wrong")

    assert attempt(db, clock) == "blocked"
    assert isinstance(attempt(db, clock, "colleague"), Welcome)


@pytest.mark.usefixtures("clerk")
def test_guessing_elsewhere_does_not_shut_the_owner_out(db: Db, clock: StoppedClock) -> None:
    for _ in range(6):
        attempt(db, clock, typed="wrong", ip="198.51.100.9")

    assert isinstance(attempt(db, clock), Welcome)


@pytest.mark.usefixtures("clerk")
def test_guessing_from_everywhere_spares_the_browser_its_owner_has_used(
    db: Db, clock: StoppedClock
) -> None:
    first = attempt(db, clock)
    assert isinstance(first, Welcome)
    for n in range(21):
        attempt(db, clock, typed="wrong", ip=f"198.51.100.{n}")

    assert attempt(db, clock, ip="198.51.100.200") == "blocked"
    assert attempt(db, clock, ip=HALL) == "blocked"
    assert isinstance(attempt(db, clock, ip=HALL, device=first.device_token), Welcome)


@pytest.mark.usefixtures("clerk")
def test_a_known_browser_too_must_wait_after_its_own_mistakes(db: Db, clock: StoppedClock) -> None:
    first = attempt(db, clock)
    assert isinstance(first, Welcome)

    answers = [attempt(db, clock, typed="wrong", device=first.device_token) for _ in range(6)]

    assert answers[-1] == "blocked"


@pytest.mark.usefixtures("clerk")
def test_a_browser_is_known_only_for_those_who_used_it(db: Db, clock: StoppedClock) -> None:
    with db.begin() as session:
        a_person(session, "stranger", Role.CLERK)
    theirs = attempt(db, clock, "stranger")
    assert isinstance(theirs, Welcome)
    for n in range(21):
        attempt(db, clock, typed="wrong", ip=f"198.51.100.{n}")

    assert attempt(db, clock, device=theirs.device_token) == "blocked"


@pytest.mark.usefixtures("clerk")
def test_old_failures_are_forgotten_and_swept(db: Db, clock: StoppedClock) -> None:
    for _ in range(4):
        attempt(db, clock, typed="wrong")
    clock.advance(timedelta(hours=25))

    assert attempt(db, clock, typed="wrong") == "wrong"
    with db.begin() as session:
        assert set(session.scalars(select(SignInFailure.failures))) == {1}
    clock.advance(timedelta(hours=25))
    with db.begin() as session:
        assert signing_in.sweep(session, now=clock.now()) == 2
        assert session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_a_closed_account_stays_outside(db: Db, clock: StoppedClock) -> None:
    with db.begin() as session:
        a_person(session).is_active = False

    assert attempt(db, clock) == "wrong"


def test_a_password_replaced_while_it_is_checked_opens_nothing(db: Db, clock: StoppedClock) -> None:
    with db.begin() as session:
        person = a_person(session)
        begun = signing_in.begin(session, "clerk", Source(HALL), now=clock.now())
        person.password_hash = hashing.hash_password("Another-2026-x")

    with db.begin() as session:
        welcome = signing_in.finish(
            session, begun, is_right=True, policy=SignInPolicy(LIMITS), now=clock.now()
        )

    assert welcome is None


def test_the_password_of_the_demonstration_opens_nothing_outside_it(
    db: Db, clock: StoppedClock
) -> None:
    with db.begin() as session:
        a_person(session, password=DEMO_PASSWORD)

    assert attempt(db, clock, typed=DEMO_PASSWORD) == "wrong"
    assert isinstance(attempt(db, clock, typed=DEMO_PASSWORD, is_demo=True), Welcome)


@pytest.mark.usefixtures("clerk")
def test_a_password_older_than_allowed_must_be_changed(db: Db, clock: StoppedClock) -> None:
    clock.advance(timedelta(days=91))
    policy = SignInPolicy(LIMITS, max_password_age=timedelta(days=90))

    welcome = attempt(db, clock, policy=policy)

    assert isinstance(welcome, Welcome)
    assert welcome.must_change_password


@pytest.mark.usefixtures("clerk")
def test_sign_ins_and_failures_are_in_the_audit_log_without_the_typed_name(
    db: Db, clock: StoppedClock
) -> None:
    attempt(db, clock, "my-password-by-mistake", "x")
    attempt(db, clock)

    with db() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-2:]
    assert [entry.action for entry in entries] == ["sign-in:failed", "sign-in:done"]
    assert entries[0].object_id == ""
    assert all(entry.ip == HALL for entry in entries)
