"""The calendar's pages, walked as an administrator with a browser and no script."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.calendars import queries, service
from app.calendars.models import CalendarYear
from app.calendars.rules import LimitUnit
from app.catalogue.rules import BasisLevel, ChosenLimit
from app.kernel.jobs import Job
from app.sla import jobs
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject
from tests.accounts.builders import a_person, a_unit
from tests.calendars.samples import DAY, MORNING, at
from tests.calendars.test_service import NOTICE_2027
from tests.support.clock import StoppedClock
from tests.support.pages import PageClient

Db = sessionmaker[Session]
WEEK: dict[str, Any] = {f"day{n}": "9:00-12:00, 13:00-17:00" for n in range(5)}


@pytest.fixture
def admin(db: Db, pages: PageClient, clock: StoppedClock) -> PageClient:
    """An administrator, signed in, with the shipped calendar; Chinese spoken."""
    clock.at = at("2026-11-16 09:00")
    with db.begin() as session:
        service.seed(session, now=clock.now())
        a_person(session, "admin", Role.ADMIN)
    pages.sign_in("admin")
    return pages


def english(pages: PageClient) -> PageClient:
    pages.http.cookies.set("lang", "en")
    return pages


def a_provisional_clock(db: Db) -> None:
    limit = ChosenLimit("r", LimitUnit.WORK_DAY, 60, False, "样例", BasisLevel.CITY, True, "")
    with db.begin() as session:
        sla.start(
            session, Subject("sample", 1), ClockKind.RESOLVE, limit, now=at("2026-11-16 09:00")
        )


def test_the_year_shows_its_holidays_and_that_the_next_notice_is_missing(
    admin: PageClient, db: Db
) -> None:
    a_provisional_clock(db)

    page = english(admin).get("/admin/calendar")

    assert page.heading == "Calendar 2026"
    assert "国办发明电〔2025〕7号" in page.text
    assert "The notice for 2027 has not been imported." in page.text
    assert "2026-02-15 – 2026-02-23" in page.text
    assert "2026-02-14, 2026-02-28" in page.text
    facts = {
        dt.text: dd.text for dt, dd in zip(page.tree.all("dt"), page.tree.all("dd"), strict=True)
    }
    assert facts["Working days in the year"] == "248"
    assert facts["Open deadlines that are provisional"] == "1"
    months = page.tree.all("table", **{"class": "month"})
    assert len(months) == 12


def test_the_page_is_whole_in_chinese(admin: PageClient) -> None:
    page = admin.get("/admin/calendar")

    assert page.heading == "2026 年日历"
    assert {"休", "班"} <= {small.text for small in page.tree.all("small")}


def test_a_year_without_a_notice_is_said_to_be_provisional(admin: PageClient) -> None:
    page = english(admin).get("/admin/calendar?year=2027")

    assert "Provisional: weekends only" in page.text
    assert "No notice, so no holidays are known." in page.text
    assert admin.get("/admin/calendar?year=1800").status == 404


def test_a_notice_is_shown_before_it_is_put_in_force(admin: PageClient, db: Db) -> None:
    a_provisional_clock(db)
    form = english(admin).get("/admin/calendar/import?year=2027").form(field="text")
    assert form.values()["year"] == ["2027"]

    shown = admin.submit(form, number="样〔2026〕1号", text=NOTICE_2027)

    assert shown.status == 200
    assert "This is how 2027 would be" in shown.text
    with db() as session:
        assert 2027 not in queries.load(session).statutory.official_years

    done = admin.submit(shown.form(button="Put the notice in force"))

    assert done.url == "/admin/calendar"
    assert done.heading == "Calendar 2027"
    assert "样〔2026〕1号" in done.text
    with db.begin() as session:
        year = session.scalars(select(CalendarYear).where(CalendarYear.year == 2027)).one()
        assert year.imported_at == at("2026-11-16 09:00")
        waiting = session.scalars(select(Job).where(Job.name == jobs.RECOMPUTE)).one()
        jobs.recompute(session, waiting.payload, now=at("2026-11-16 09:01"))
    facts = admin.get("/admin/calendar")
    assert (
        dict(
            zip(
                [dt.text for dt in facts.tree.all("dt")],
                [dd.text for dd in facts.tree.all("dd")],
                strict=True,
            )
        )["Open deadlines that are provisional"]
        == "0"
    )


def test_a_mistake_in_the_text_is_named_with_its_line(admin: PageClient) -> None:
    form = english(admin).get("/admin/calendar/import").form(field="text")
    wrong = NOTICE_2027.replace("1月1日（周五）", "1月1日（周四）")

    page = admin.submit(form, year="２０２７", number="样", text=wrong)

    assert page.status == 422
    assert "Line 1: 2027-01-01 is not the weekday the text gives." in page.text
    assert "周四" in page.html  # what was typed is still there


def test_a_notice_without_year_or_number_comes_back_with_its_text(admin: PageClient) -> None:
    form = english(admin).get("/admin/calendar/import").form(field="text")

    page = admin.submit(form, text=NOTICE_2027)

    assert page.status == 422
    assert page.form(field="text").values()["text"][0].strip() == NOTICE_2027.strip()


def test_putting_a_spoilt_notice_in_force_is_refused(admin: PageClient, db: Db) -> None:
    form = english(admin).get("/admin/calendar/import").form(field="text")
    good = admin.submit(form, year="2027", number="样", text=NOTICE_2027)
    confirm = good.form(button="Put the notice in force")

    spoilt = admin.submit(confirm, text="2027-01-01,休")
    nothing = admin.submit(confirm, year="")

    assert (spoilt.status, nothing.status) == (422, 422)
    with db() as session:
        assert 2027 not in queries.load(session).statutory.official_years


def test_a_notice_checked_against_an_older_calendar_is_not_applied(
    admin: PageClient, db: Db
) -> None:
    form = english(admin).get("/admin/calendar/import").form(field="text")
    seen = admin.submit(form, year="2027", number="样", text=NOTICE_2027)
    hours = admin.get("/admin/calendar/hours").form(field="day0")
    admin.submit(hours, **WEEK | {"day5": "9:00-12:00"})

    page = admin.submit(seen.form(button="Put the notice in force"))

    assert page.status == 409
    with db() as session:
        assert 2027 not in queries.load(session).statutory.official_years


def test_a_hall_gets_hours_of_its_own_and_loses_them_again(admin: PageClient, db: Db) -> None:
    with db.begin() as session:
        hall = a_unit(session, "HALL2")
    english(admin)
    form = admin.get(f"/admin/calendar/hours?unit={hall.id}").form(field="day0")
    assert form.values()["day0"] == [""]

    page = admin.submit(form, **WEEK | {"day5": "９:00－12:00"})

    assert page.status == 200
    assert page.form(field="day0").values()["day5"] == ["09:00-12:00"]
    with db() as session:
        assert queries.load(session, hall.id).hours.spans_on(date(2026, 3, 7)) == MORNING
        assert queries.load(session).hours.spans_on(date(2026, 3, 7)) == ()

    empty: dict[str, Any] = {f"day{n}": "" for n in range(7)}
    admin.submit(page.form(field="day0"), **empty)

    with db() as session:
        assert queries.load(session, hall.id).hours.spans_on(date(2026, 3, 7)) == ()


def test_hours_that_cannot_be_read_come_back_beside_their_day(admin: PageClient) -> None:
    form = english(admin).get("/admin/calendar/hours").form(field="day0")

    page = admin.submit(form, day0="nine to five", day2="12:00-9:00")

    assert page.status == 422
    assert "Opening must come before closing." in page.text
    assert page.form(field="day0").values()["day0"] == ["nine to five"]
    assert admin.get("/admin/calendar/hours?unit=99999").status == 404


def test_one_day_with_other_hours_is_added_and_removed(admin: PageClient, db: Db) -> None:
    with db.begin() as session:
        hall = a_unit(session, "HALL2")
    english(admin)
    for unit, hours in (("", ""), (str(hall.id), "9:00-10:00, 11:00-12:00")):
        form = admin.get("/admin/calendar/days").form(field="hours")
        admin.submit(form, day="2026-11-20", unit=unit, hours=hours, reason="停电")
    page = admin.get("/admin/calendar/days")
    assert "09:00-10:00, 11:00-12:00" in page.text
    with db() as session:
        assert queries.load(session).hours.spans_on(date(2026, 11, 20)) == ()

    for _ in range(2):
        admin.submit(admin.get("/admin/calendar/days").form(action="/remove"))

    with db() as session:
        assert queries.load(session).hours.spans_on(date(2026, 11, 20)) == DAY


def test_a_region_gets_a_holiday_and_gives_it_back(admin: PageClient, db: Db) -> None:
    form = english(admin).get("/admin/calendar/days").form(field="region_code")
    day: dict[str, Any] = {"region_code": "990101", "region_day": "2026-11-20", "name": "节"}

    page = admin.submit(form, kind="rest", **day)

    assert "2026-11-20 · 990101 · Day off · 节" in page.text
    assert "2026-11-20 · 990101" in admin.get("/admin/calendar").text
    with db() as session:
        statutory = queries.load(session, region_code="990101").statutory
        assert not statutory.is_workday(date(2026, 11, 20))

    page = admin.submit(page.form(field="region_code"), kind="", **day)

    assert "990101 ·" not in page.text


def test_single_days_that_make_no_sense_come_back_with_a_sentence(admin: PageClient) -> None:
    page = english(admin).get("/admin/calendar/days")

    hours = admin.submit(page.form(field="hours"), day="2026-11-20", hours="all day")
    region = admin.submit(
        page.form(field="region_code"), region_code="99A", region_day="2026-11-20", kind="rest"
    )
    undated = admin.submit(page.form(field="hours"), day="soon")

    assert (hours.status, region.status, undated.status) == (422, 422, 422)
    assert hours.form(field="hours").values()["hours"] == ["all day"]
    assert "2, 4, 6, 9 or 12 digits" in region.text


@pytest.mark.parametrize("part", ["", "/import", "/hours", "/days"])
def test_who_does_not_manage_calendars_sees_none_of_it(
    part: str, db: Db, pages: PageClient
) -> None:
    with db.begin() as session:
        a_person(session, "clerk", Role.CLERK)
        a_person(session, "security", Role.SECURITY)
    for somebody in ("clerk", "security"):
        pages.sign_in(somebody)

        assert pages.get(f"/admin/calendar{part}").status == 403
