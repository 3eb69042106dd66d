"""What a security administrator may do with accounts, and what nobody may."""

from datetime import date, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts import queries
from app.accounts.models import Staff, StaffSession
from app.accounts.rules import Actor, Role, Scope, SessionLimits
from app.accounts.service import appointing, first_start, hashing, own, sessions, staff
from app.accounts.service.appointing import AppointmentDraft
from app.accounts.service.first_start import create_first_administrators
from app.accounts.service.staff import NewPassword, StaffDraft
from app.departments import service as departments
from app.departments.events import UnitClosing
from app.kernel import events
from app.kernel.audit import AuditEntry
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from tests.accounts.builders import a_person, a_unit, an_actor
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD

Db = sessionmaker[Session]
LIMITS = SessionLimits(ZoneInfo("Asia/Shanghai"))
SECURITY = an_actor(Role.SECURITY)
BY = SECURITY.author(ip="192.0.2.1")
TODAY = date(2026, 3, 2)
NEXT_PASSWORD = "Tram-Line-58"  # noqa: S105  # of nobody


@pytest.fixture(scope="module")
def password() -> NewPassword:
    return staff.new_password()


def seat(role: Role, unit_id: int, *, until: date | None = None) -> AppointmentDraft:
    return AppointmentDraft(role, unit_id, Scope.UNIT, TODAY, until)


class At(TypedDict):
    """By whom and when, as every service wants to know."""

    by: Author
    now: datetime


AT: At = {"by": BY, "now": MONDAY_9AM}


def appoint(session: Session, person: Staff, draft: AppointmentDraft) -> None:
    appointing.appoint(session, SECURITY, person.id, draft, by=BY, now=MONDAY_9AM)


def test_an_account_opens_with_a_password_that_must_be_changed(
    db: Db, password: NewPassword
) -> None:
    with db.begin() as session:
        unit = a_unit(session)
        opened = staff.open_account(
            session,
            SECURITY,
            StaffDraft("li.wen", "李文", unit.id),
            password,
            by=BY,
            now=MONDAY_9AM,
        )

    assert opened.must_change_password
    assert hashing.is_right(opened.password_hash, password.password)
    with db() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.action, last.object_id) == ("account:open", str(opened.id))
    assert password.password not in str(last.details)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (StaffDraft("Li", "李", 1), "username"),
        (StaffDraft("9li", "李", 1), "username"),
        (StaffDraft("clerk", "李", 1), "username"),
        (StaffDraft("li.wen", "", 1), "display_name"),
        (StaffDraft("li.wen", "李", 424242), "unit_id"),
    ],
)
def test_what_cannot_be_an_account_is_refused_by_field(
    db: Db, password: NewPassword, draft: StaffDraft, field: str
) -> None:
    with db.begin() as session:
        a_person(session, "clerk")

        with pytest.raises(InvalidError) as refusal:
            staff.open_account(session, SECURITY, draft, password, by=BY, now=MONDAY_9AM)

        assert field in refusal.value.fields


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.SECURITY, Role.SYSTEM}])
def test_only_security_administrators_touch_accounts(
    db: Db, password: NewPassword, role: Role
) -> None:
    other = an_actor(role)
    with db.begin() as session:
        person = a_person(session)
        draft = StaffDraft("li.wen", "李文", person.unit_id)

        for refused in (
            lambda: staff.open_account(session, other, draft, password, **AT),
            lambda: staff.change_account(session, other, person.id, 1, draft, **AT),
            lambda: staff.close_account(session, other, person.id, 1, **AT),
            lambda: staff.reopen_account(session, other, person.id, 1, **AT),
            lambda: staff.reset_password(session, other, person.id, password, **AT),
            lambda: staff.unblock(session, other, person.id, **AT),
            lambda: staff.revoke_sessions(session, other, person.id, **AT),
            lambda: appointing.appoint(
                session, other, person.id, seat(Role.CLERK, person.unit_id), **AT
            ),
            lambda: appointing.end_appointment(session, other, 1, today=TODAY, **AT),
        ):
            with pytest.raises(ForbiddenError):
                refused()


def test_nobody_appoints_closes_or_resets_themself(db: Db, password: NewPassword) -> None:
    with db.begin() as session:
        person = a_person(session, "security", Role.SECURITY)
        me = an_actor(Role.SECURITY, staff_id=person.id)

        with pytest.raises(ForbiddenError):
            appointing.appoint(session, me, me.id, seat(Role.CLERK, person.unit_id), **AT)
        with pytest.raises(ForbiddenError):
            staff.close_account(session, me, me.id, person.version, **AT)
        with pytest.raises(ForbiddenError):
            staff.reset_password(session, me, me.id, password, **AT)


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        (Role.ADMIN, Role.SECURITY),
        (Role.SECURITY, Role.AUDITOR),
        (Role.AUDITOR, Role.ADMIN),
    ],
)
def test_nobody_comes_to_hold_two_of_the_three_administrations(
    db: Db, held: Role, asked: Role
) -> None:
    with db.begin() as session:
        person = a_person(session, "double", held)

        with pytest.raises(InvalidError) as refusal:
            appoint(session, person, seat(asked, person.unit_id))

        assert "role" in refusal.value.fields


def test_an_administration_that_has_ended_does_not_stand_in_the_way(db: Db) -> None:
    with db.begin() as session:
        person = a_person(session, "changing")
        appoint(session, person, seat(Role.ADMIN, person.unit_id, until=TODAY))
        with pytest.raises(InvalidError):
            appoint(session, person, seat(Role.AUDITOR, person.unit_id))

        later = AppointmentDraft(Role.AUDITOR, person.unit_id, Scope.ALL, TODAY + timedelta(days=1))
        appoint(session, person, later)

        assert len(queries.list_appointments(session, person.id)) == 2


def test_an_administration_that_begins_later_stands_in_the_way_of_what_overlaps_it(
    db: Db,
) -> None:
    with db.begin() as session:
        person = a_person(session, "planned")
        later = AppointmentDraft(
            Role.AUDITOR, person.unit_id, Scope.ALL, TODAY + timedelta(days=30)
        )
        appoint(session, person, later)

        with pytest.raises(InvalidError):
            appoint(session, person, seat(Role.ADMIN, person.unit_id))
        appoint(session, person, seat(Role.ADMIN, person.unit_id, until=TODAY))


def test_the_same_seat_is_not_given_twice_nor_with_its_days_reversed(db: Db) -> None:
    with db.begin() as session:
        person = a_person(session)
        appoint(session, person, seat(Role.CLERK, person.unit_id))

        with pytest.raises(InvalidError):
            appoint(session, person, seat(Role.CLERK, person.unit_id))
        with pytest.raises(InvalidError) as refusal:
            appoint(
                session, person, seat(Role.CREW, person.unit_id, until=TODAY - timedelta(days=1))
            )
        assert "valid_to" in refusal.value.fields


def test_ending_an_appointment_takes_the_role_away_at_once(db: Db) -> None:
    with db.begin() as session:
        person = a_person(session, "clerk", Role.CLERK)
        token = sessions.open_session(session, person.id, now=MONDAY_9AM, limits=LIMITS)
        held = queries.list_appointments(session, person.id)[0]

        appointing.end_appointment(session, SECURITY, held.id, today=TODAY, by=BY, now=MONDAY_9AM)

        found = sessions.find(session, token, now=MONDAY_9AM, limits=LIMITS)
        assert found is not None
        assert found.actor.roles == ()


def test_closing_an_account_ends_its_sessions(db: Db) -> None:
    with db.begin() as session:
        person = a_person(session)
        token = sessions.open_session(session, person.id, now=MONDAY_9AM, limits=LIMITS)

        staff.close_account(session, SECURITY, person.id, person.version, by=BY, now=MONDAY_9AM)
        staff.reopen_account(session, SECURITY, person.id, person.version, by=BY, now=MONDAY_9AM)

        assert sessions.find(session, token, now=MONDAY_9AM, limits=LIMITS) is None


def test_a_reset_password_is_for_one_time_and_ends_all_sessions(
    db: Db, password: NewPassword
) -> None:
    with db.begin() as session:
        person = a_person(session)
        token = sessions.open_session(session, person.id, now=MONDAY_9AM, limits=LIMITS)

        staff.reset_password(session, SECURITY, person.id, password, by=BY, now=MONDAY_9AM)

        assert person.must_change_password
        assert not hashing.is_right(person.password_hash, PASSWORD)
        assert sessions.find(session, token, now=MONDAY_9AM, limits=LIMITS) is None


def test_a_stale_form_about_an_account_is_refused(db: Db) -> None:
    with db.begin() as session:
        person = a_person(session)
        seen = person.version
        draft = StaffDraft(person.username, "新名", person.unit_id)
        staff.change_account(session, SECURITY, person.id, seen, draft, by=BY, now=MONDAY_9AM)

        with pytest.raises(ConflictError) as refusal:
            staff.change_account(session, SECURITY, person.id, seen, draft, by=BY, now=MONDAY_9AM)

        assert refusal.value.stored == {"Name": "新名"}


def test_a_unit_where_people_work_is_not_closed(db: Db) -> None:
    events.wire({UnitClosing: (staff.refuse_closing_unit_with_staff,)})
    try:
        with db.begin() as session:
            unit = a_unit(session, "HOME")
            seat_unit = a_unit(session, "SEAT")
            person = a_person(session, unit=unit)
            appoint(session, person, seat(Role.CLERK, seat_unit.id, until=TODAY))

            for needed in (unit, seat_unit):
                with pytest.raises(ConflictError):
                    departments.close_unit(session, needed.id, needed.version, **AT)
            staff.close_account(session, SECURITY, person.id, person.version, **AT)
            for needed in (unit, seat_unit):
                departments.close_unit(session, needed.id, needed.version, **AT)

            assert not unit.is_active
    finally:
        events.wire({})


def test_ones_own_new_password_ends_every_session_but_a_fresh_one(db: Db) -> None:
    with db.begin() as session:
        person = a_person(session, must_change=True)
        old = sessions.open_session(session, person.id, now=MONDAY_9AM, limits=LIMITS)
        me = actor_of(session, old)
        credentials = own.own_credentials(session, me)

        new_hash = own.check_new_password(
            credentials, current=PASSWORD, new=NEXT_PASSWORD, again=NEXT_PASSWORD
        )
        fresh = own.set_password(
            session, me, credentials, new_hash, by=BY, limits=LIMITS, now=MONDAY_9AM
        )

        assert sessions.find(session, old, now=MONDAY_9AM, limits=LIMITS) is None
        assert actor_of(session, fresh).id == person.id
        assert not person.must_change_password
        with pytest.raises(ConflictError):
            own.set_password(
                session, me, credentials, new_hash, by=BY, limits=LIMITS, now=MONDAY_9AM
            )


@pytest.mark.parametrize(
    ("current", "new", "again", "field"),
    [
        ("wrong", NEXT_PASSWORD, NEXT_PASSWORD, "password"),
        (PASSWORD, "short", "short", "new_password"),
        (PASSWORD, NEXT_PASSWORD, NEXT_PASSWORD + "x", "new_password_again"),
        (PASSWORD, PASSWORD, PASSWORD, "new_password"),
    ],
)
def test_a_new_password_is_checked_from_all_sides(
    current: str, new: str, again: str, field: str
) -> None:
    credentials = own.Credentials("clerk", hashing.hash_password(PASSWORD))

    with pytest.raises(InvalidError) as refusal:
        own.check_new_password(credentials, current=current, new=new, again=again)

    assert list(refusal.value.fields) == [field]


def test_an_empty_installation_gets_three_administrators_once(
    db: Db, password: NewPassword
) -> None:
    given = dict.fromkeys(first_start.DEFAULT_NAMES, password)
    with db.begin() as session:
        made = create_first_administrators(
            session, unit_name="市政务服务局", passwords=given, today=TODAY, now=MONDAY_9AM
        )

    assert set(made) == {Role.ADMIN, Role.SECURITY, Role.AUDITOR}
    with db.begin() as session:
        assert session.scalar(select(func.count()).select_from(Staff)) == 3
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0
        with pytest.raises(ConflictError):
            create_first_administrators(
                session, unit_name="再来", passwords=given, today=TODAY, now=MONDAY_9AM
            )


def actor_of(session: Session, token: str) -> Actor:
    found = sessions.find(session, token, now=MONDAY_9AM, limits=LIMITS)
    assert found is not None
    return found.actor


def test_the_author_of_an_entry_is_named_with_roles_and_address() -> None:
    assert Author(900, "security", "192.0.2.1") == BY
