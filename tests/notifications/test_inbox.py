"""What staff are told lies in their inbox until they have read it, and in nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.models import Staff
from app.accounts.rules import Permission, Role
from app.kernel.messages import mark
from app.notifications import jobs
from app.notifications.models import StaffEntry
from app.notifications.queries import inbox
from app.notifications.service import staff
from tests.notifications.conftest import Enter
from tests.support.city import CENTRE, WATER, WORKS, City, Db, a_city
from tests.support.clock import MONDAY_9AM

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_NEWS = mark("Somebody urged matter %(number)s.")


def told(city: City) -> list[StaffEntry]:
    with city.db() as session:
        return list(session.scalars(select(StaffEntry).order_by(StaffEntry.id)))


def tell(city: City, *roles: Role, number: str = "RX1", link: str = "/cases/RX1") -> int:
    people = [city[role].id for role in roles]
    with city.db.begin() as session:
        return staff.tell(
            session, people, _NEWS, params={"number": number}, link=link, now=MONDAY_9AM
        )


def test_each_of_those_told_has_an_entry_of_their_own(db: Db) -> None:
    city = a_city(db)

    count = tell(city, Role.CLERK, Role.HANDLER)

    assert count == 2
    assert {entry.staff_id for entry in told(city)} == {
        city[Role.CLERK].id,
        city[Role.HANDLER].id,
    }


def test_what_is_said_again_before_it_was_read_stands_there_once(db: Db) -> None:
    city = a_city(db)
    tell(city, Role.CLERK, number="RX1")

    tell(city, Role.CLERK, number="RX1")
    tell(city, Role.CLERK, number="RX2", link="/cases/RX2")

    assert [entry.params["number"] for entry in told(city)] == ["RX1", "RX2"]


def test_what_was_read_is_said_anew(db: Db) -> None:
    city = a_city(db)
    tell(city, Role.CLERK)
    with city.db.begin() as session:
        entry = session.scalars(select(StaffEntry)).one()
        link = staff.read(session, city[Role.CLERK].id, entry.id, now=MONDAY_9AM)

    tell(city, Role.CLERK)

    assert link == "/cases/RX1"
    assert [entry.read_at for entry in told(city)] == [MONDAY_9AM, None]


def test_what_was_read_a_quarter_of_a_year_ago_is_forgotten(db: Db) -> None:
    city = a_city(db)
    tell(city, Role.CLERK, Role.HANDLER)
    with city.db.begin() as session:
        entry = inbox.unread_up_to(session, city[Role.CLERK].id, 10**6)[0]
        staff.read(session, city[Role.CLERK].id, entry.id, now=MONDAY_9AM)

    with city.db.begin() as session:
        jobs.forget_read(session, {}, now=MONDAY_9AM + timedelta(days=91))

    assert [entry.staff_id for entry in told(city)] == [city[Role.HANDLER].id]


def test_who_has_left_is_not_told(db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        gone = update(Staff).where(Staff.id == city[Role.CLERK].id).values(is_active=False)
        session.execute(gone)

    assert tell(city, Role.CLERK) == 0
    assert told(city) == []


@pytest.mark.parametrize(
    ("unit_id", "permission", "roles"),
    [
        (WORKS, Permission.CASE_HANDLE, {Role.HANDLER, Role.UNIT_HEAD, Role.CREW}),
        (CENTRE, Permission.CASE_DISPATCH, {Role.DISPATCHER}),
        # Nobody of the water company has a seat: the unit above hears of it.
        (WATER, Permission.CASE_RULE, {Role.SUPERVISOR}),
        (WATER, Permission.CASE_HANDLE, set()),
        # The centre stands beside the company, yet its dispatcher answers for every unit.
        (WATER, Permission.CASE_DISPATCH, {Role.DISPATCHER}),
        # The hall's manager may read everywhere and leads the hall only.
        (WATER, Permission.UNIT_LEAD, set()),
    ],
)
def test_a_right_at_a_unit_says_who_is_meant(
    db: Db, unit_id: int, permission: Permission, roles: set[Role]
) -> None:
    city = a_city(db)

    with city.db.begin() as session:
        count = staff.tell_unit(session, unit_id, permission, _NEWS, link="/desk", now=MONDAY_9AM)

    assert count == len(roles)
    assert {entry.staff_id for entry in told(city)} == {city[role].id for role in roles}


@ONE_DATABASE
def test_an_entry_leads_to_its_matter_and_is_read_then(town: City, enter: Enter) -> None:
    tell(town, Role.CLERK, link="/desk")
    pages = enter(Role.CLERK)
    page = pages.get("/desk/inbox")

    opened = pages.submit(page.form(action="/open"))

    assert "Somebody urged matter RX1." in page.text
    assert opened.url == "/desk"
    assert told(town)[0].read_at is not None
    assert "未读消息" not in pages.get("/desk/inbox/bar").text


@ONE_DATABASE
def test_the_strip_counts_and_everything_can_be_marked_as_read(town: City, enter: Enter) -> None:
    tell(town, Role.CLERK)
    tell(town, Role.CLERK, link="")
    pages = enter(Role.CLERK)
    strip = pages.get("/desk/inbox/bar").text

    page = pages.submit(pages.get("/desk/inbox").form(action="/read"))

    assert "2 条未读消息" in strip
    assert page.heading == "消息"
    assert "没有消息。" in pages.get("/desk/inbox?view=unread").text


@ONE_DATABASE
def test_nobody_opens_what_another_was_told(town: City, enter: Enter) -> None:
    tell(town, Role.HANDLER)
    entry = told(town)[0]
    pages = enter(Role.CLERK)
    form = pages.get("/desk").form(action="/prefs")
    token = form.values()["csrf"]

    refused = pages.post(f"/desk/inbox/{entry.id}/open", {"csrf": token})

    assert refused.status == 404
    assert "RX1" not in pages.get("/desk/inbox").text
    with town.db() as session:
        assert inbox.count_unread(session, town[Role.HANDLER].id) == 1
