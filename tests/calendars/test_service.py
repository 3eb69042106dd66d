"""The calendar in the database: what ships, what an administrator changes, who learns of it."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Actor, Grant, Role, Scope
from app.calendars import queries, service
from app.calendars.events import CalendarChanged
from app.calendars.models import CalendarDay, CalendarYear
from app.calendars.rules import LimitUnit, Week, read_notice
from app.calendars.service import By
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel import events
from app.kernel.audit import AuditEntry
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.calendars import oracle
from tests.calendars.samples import DAY, MORNING, at

NOW = at("2026-11-16 09:00")


def somebody(staff_id: int, role: Role) -> Actor:
    grant = Grant(role, 1, "/1/", "", Scope.ALL)
    return Actor(staff_id, role, role, 1, "/1/", "", (grant,))


ADMIN = somebody(71, Role.ADMIN)
CLERK = somebody(72, Role.CLERK)
# Written for these tests: the notice of 2027 was not published when they were.
NOTICE_2027 = """
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）上班。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
"""
Db = sessionmaker[Session]


@pytest.fixture
def heard() -> Iterator[list[CalendarChanged]]:
    """What the calendar published."""
    said: list[CalendarChanged] = []
    events.wire({CalendarChanged: [lambda _, what: said.append(what)]})
    yield said
    events.wire({})


@pytest.fixture
def seeded(db: Db) -> Db:
    with db.begin() as session:
        service.seed(session, now=NOW)
    return db


def by(session: Session, actor: Actor = ADMIN) -> By:
    return By(actor, NOW, queries.book(session).revision)


def a_unit(session: Session, code: str, parent: Unit | None = None, region: str = "") -> Unit:
    unit = Unit(
        code=code,
        name=code,
        kind=UnitKind.HALL,
        parent_id=parent and parent.id,
        region_code=region,
    )
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def spans(session: Session, day: str, unit_id: int | None = None) -> object:
    return queries.load(session, unit_id).hours.spans_on(date.fromisoformat(day))


def test_the_shipped_years_are_those_of_the_notices(seeded: Db) -> None:
    with seeded() as session:
        statutory = queries.load(session).statutory

        days = oracle.days_between(date(2025, 1, 1), date(2026, 12, 31))
        assert {day for day in days if statutory.is_workday(day)} == {
            day for day in days if oracle.works(day)
        }
        assert {2025, 2026} <= statutory.official_years
        years = {year.year: year.notice_no for year in queries.list_years(session)}
        assert years[2026] == "国办发明电〔2025〕7号"
        assert spans(session, "2026-03-09") == DAY
        assert spans(session, "2026-03-07") == ()


def test_shipped_years_follow_each_other_without_a_gap(seeded: Db) -> None:
    with seeded() as session:
        years = sorted(year.year for year in queries.list_years(session))

    assert all(after == before + 1 for before, after in pairwise(years))
    assert (years[0], years[-1]) == (2004, 2026)


def test_seeding_again_changes_nothing(seeded: Db) -> None:
    with seeded() as session:
        before = queries.book(session).revision

    with seeded.begin() as session:
        service.seed(session, now=NOW)

    with seeded() as session:
        assert queries.book(session).revision == before


def test_seeding_with_another_zone_moves_the_end_of_the_day(seeded: Db) -> None:
    with seeded.begin() as session:
        service.seed(session, now=NOW, zone="Asia/Urumqi")

    with seeded() as session:
        due = queries.load(session).add(LimitUnit.WORK_DAY, at("2026-03-05 10:00"), 1)
        assert due.at == at("2026-03-07 01:59:59")


def test_without_any_rows_only_weekends_are_known(db: Db) -> None:
    with db() as session:
        found = queries.load(session).add(LimitUnit.WORK_DAY, at("2026-09-30 10:00"), 1)

    assert found.at == at("2026-10-01 23:59:59")
    assert found.provisional


def test_an_applied_notice_makes_the_year_official(
    seeded: Db, heard: list[CalendarChanged]
) -> None:
    with seeded.begin() as session:
        before = queries.load(session).add(LimitUnit.WORK_DAY, at("2026-12-30 10:00"), 3)

        service.apply_notice(
            session, NOTICE_2027, year=2027, number=" 样〔2026〕1号 ", by=by(session)
        )

        after = queries.load(session).add(LimitUnit.WORK_DAY, at("2026-12-30 10:00"), 3)

    assert (before.at, before.provisional) == (at("2027-01-04 23:59:59"), True)
    assert (after.at, after.provisional) == (at("2027-01-05 23:59:59"), False)
    assert [said.what for said in heard] == ["notice"]
    with seeded() as session:
        year = session.scalars(select(CalendarYear).where(CalendarYear.year == 2027)).one()
        assert (year.notice_no, year.imported_by) == ("样〔2026〕1号", ADMIN.id)
        named = queries.list_days(session, date(2027, 1, 1), date(2027, 1, 1))
        assert [(row.name, row.name_en) for row in named] == [("元旦", "New Year's Day")]
        written = session.scalars(select(AuditEntry.action)).all()
        assert written == ["calendar:import"]


def test_a_corrected_notice_replaces_the_first_one_whole(seeded: Db) -> None:
    shorter = NOTICE_2027.replace("2月11日", "2月10日").replace("至11日（周四）", "至10日（周三）")
    shorter = shorter.replace(
        "共7天。1月31日（周日）、2月14日（周日）上班", "共6天。2月14日（周日）上班"
    )
    for text in (NOTICE_2027, shorter):
        with seeded.begin() as session:
            service.apply_notice(session, text, year=2027, number="样", by=by(session))

    with seeded() as session:
        statutory = queries.load(session).statutory
        assert statutory.is_workday(date(2027, 2, 11))
        assert not statutory.is_workday(date(2027, 1, 31))
        count = len(queries.list_days(session, date(2027, 1, 1), date(2027, 12, 31)))
    assert count == len(read_notice(shorter, year=2027, number="样").days)


def test_a_notice_with_a_mistake_or_without_number_is_refused(seeded: Db) -> None:
    with seeded.begin() as session:
        wrong = NOTICE_2027.replace("1月1日（周五）", "1月1日（周四）")
        with pytest.raises(InvalidError) as text:
            service.apply_notice(session, wrong, year=2027, number="样", by=by(session))
        with pytest.raises(InvalidError) as number:
            service.apply_notice(session, NOTICE_2027, year=2027, number=" ", by=by(session))

    assert (set(text.value.fields), set(number.value.fields)) == ({"text"}, {"number"})
    with seeded() as session:
        assert 2027 not in queries.load(session).statutory.official_years


def test_two_administrators_do_not_overwrite_each_other(seeded: Db) -> None:
    with seeded.begin() as session:
        stale = by(session)
        service.set_hours(session, None, (MORNING,) * 5 + ((), ()), by=stale)

    with seeded() as session, pytest.raises(ConflictError):
        service.apply_notice(session, NOTICE_2027, year=2027, number="样", by=stale)


def test_only_who_manages_calendars_may_change_them(seeded: Db) -> None:
    with seeded.begin() as session:
        clerk = by(session, CLERK)
        week: Week = (DAY,) * 7
        for forbidden in (
            lambda: service.apply_notice(session, NOTICE_2027, year=2027, number="样", by=clerk),
            lambda: service.set_hours(session, None, week, by=clerk),
            lambda: service.set_exception(session, None, date(2026, 3, 9), (), reason="", by=clerk),
            lambda: service.remove_exception(session, None, date(2026, 3, 9), by=clerk),
            lambda: service.set_regional_day(
                session, "99", date(2026, 3, 9), is_workday=False, name="", by=clerk
            ),
        ):
            with pytest.raises(ForbiddenError):
                forbidden()


def test_a_hall_open_on_saturday_counts_hours_but_no_working_day(
    seeded: Db, heard: list[CalendarChanged]
) -> None:
    with seeded.begin() as session:
        hall = a_unit(session, "HALL")
        window = a_unit(session, "WINDOW", hall)
        office = a_unit(session, "OFFICE")
        service.set_hours(session, hall.id, (DAY,) * 5 + (MORNING, ()), by=by(session))
        ids = hall.id, window.id, office.id

    with seeded() as session:
        friday = at("2026-03-06 16:00")
        hours = [
            queries.load(session, unit_id).add(LimitUnit.WORK_HOUR, friday, 7200).at
            for unit_id in ids
        ]
        days = queries.load(session, ids[0]).add(LimitUnit.WORK_DAY, friday, 1).at
    assert hours == [at("2026-03-07 10:00"), at("2026-03-07 10:00"), at("2026-03-09 10:00")]
    assert days == at("2026-03-09 23:59:59")
    assert [said.what for said in heard] == ["hours"]


def test_a_hall_given_no_hours_keeps_the_usual_ones_again(seeded: Db) -> None:
    with seeded.begin() as session:
        hall = a_unit(session, "HALL")
        service.set_hours(session, hall.id, (MORNING,) * 7, by=by(session))
        service.set_hours(session, hall.id, ((),) * 7, by=by(session))

        assert spans(session, "2026-03-09", hall.id) == DAY


def test_the_usual_hours_cannot_all_be_empty(seeded: Db) -> None:
    with seeded() as session, pytest.raises(InvalidError):
        service.set_hours(session, None, ((),) * 7, by=by(session))


def test_hours_for_a_unit_that_does_not_exist_are_refused(seeded: Db) -> None:
    with seeded() as session, pytest.raises(NotFoundError):
        service.set_hours(session, 999, (DAY,) * 7, by=by(session))


def test_one_day_may_differ_and_be_put_back(seeded: Db, heard: list[CalendarChanged]) -> None:
    day = date(2026, 3, 9)
    with seeded.begin() as session:
        service.set_exception(session, None, day, MORNING, reason="停电", by=by(session))
        assert spans(session, "2026-03-09") == MORNING
        service.set_exception(session, None, day, (), reason="停电", by=by(session))
        assert spans(session, "2026-03-09") == ()
        assert [row.reason for row in queries.list_exceptions(session, day, day)] == ["停电"]
        service.remove_exception(session, None, day, by=by(session))
        assert spans(session, "2026-03-09") == DAY

    assert [said.what for said in heard] == ["exception"] * 3


def test_a_region_may_have_a_holiday_of_its_own(seeded: Db) -> None:
    day = date(2026, 3, 9)
    with seeded.begin() as session:
        unit = a_unit(session, "HALL", region="990100")
        service.set_regional_day(session, "9901", day, is_workday=False, name="节", by=by(session))
        unit_id = unit.id

    with seeded.begin() as session:
        assert not queries.load(session, unit_id).statutory.is_workday(day)
        assert not queries.load(session, region_code="990100").statutory.is_workday(day)
        assert queries.load(session, region_code="990200").statutory.is_workday(day)
        assert queries.load(session, 12345).statutory.is_workday(day)
        service.set_regional_day(session, "9901", day, is_workday=None, name="", by=by(session))
        assert session.scalars(select(CalendarDay).where(CalendarDay.region_code != "")).all() == []
        with pytest.raises(InvalidError):
            service.set_regional_day(session, "", day, is_workday=False, name="", by=by(session))


def test_one_transaction_asks_for_the_calendar_once(seeded: Db) -> None:
    asked: list[str] = []
    with seeded() as earlier:
        queries.load(earlier)
    with seeded() as session:
        connection = session.connection()
        event.listen(
            connection, "before_cursor_execute", lambda *call: asked.append(call[2].split()[0])
        )

        for _ in range(50):
            queries.load(session, 1)

    assert len(asked) == 1


def test_another_session_sees_the_change_after_the_commit(seeded: Db) -> None:
    with seeded.begin() as session:
        service.set_exception(session, None, date(2026, 3, 9), (), reason="", by=by(session))

    with seeded() as session:
        assert spans(session, "2026-03-09") == ()


def test_the_next_transaction_of_a_session_looks_again(seeded: Db) -> None:
    reader = seeded()
    assert spans(reader, "2026-03-09") == DAY
    reader.rollback()
    with seeded.begin() as session:
        service.set_exception(session, None, date(2026, 3, 9), (), reason="", by=by(session))

    assert spans(reader, "2026-03-09") == ()
    reader.close()


def test_a_limit_that_ends_in_the_imported_year_is_what_the_oracle_says(seeded: Db) -> None:
    start = datetime(2026, 9, 29, 4, tzinfo=NOW.tzinfo)
    with seeded() as session:
        calendars = queries.load(session)

    for days in range(1, 40):
        due = calendars.add(LimitUnit.WORK_DAY, start, days).at
        assert due == oracle.end_of_day(oracle.work_days_due(date(2026, 9, 29), days))
