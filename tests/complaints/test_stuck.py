"""“It could not be done”: its own limit, kept from whom it is about, its list and figures."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.calendars import queries as calendars
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseAccused
from app.cases.queries import get_case, visible_to
from app.cases.rules import Facts, StepInput, staff
from app.cases.service import take_step
from app.catalogue import queries as catalogue
from app.complaints.queries import stuck
from app.complaints.queries.stuck import Which
from app.complaints.service.stuck import terms
from app.kernel.errors import InvalidError, NotFoundError
from tests.complaints.stuck import a_stuck_matter
from tests.queueing.conftest import served
from tests.queueing.halls import HALL, Hall, a_hall
from tests.support.city import Db
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = MONDAY_9AM + timedelta(days=30)
__all__ = ["served"]


def test_it_has_its_own_limit_and_whom_it_is_about_neither_gets_nor_sees_it(db: Db) -> None:
    hall = a_hall(db)
    dispatcher, manager = hall.city[Role.DISPATCHER], hall.clerks[0]
    with hall.db.begin() as session:
        made = a_stuck_matter(session, 1, unit_id=HALL, staff="window1")
        limit = calendars.load(session).statutory

        assert limit.local_date(made.due_at or MONDAY_9AM).day == 5  # Thursday: three working days
        assert session.get_one(CaseAccused, made.id).unit_id == HALL
        case_id = made.id

    with hall.db.begin() as session:
        with pytest.raises(NotFoundError):
            get_case(session, case_id, manager)
        case = get_case(session, case_id, hall.city[Role.CLERK])
        given = StepInput(Action.ACCEPT, case.version, facts=Facts(category_id=case.category_id))
        take_step(session, case, given, doer=staff(hall.city[Role.CLERK]), now=MONDAY_9AM)
        wrong = StepInput(Action.DISPATCH, case.version, facts=Facts(unit_id=HALL))
        with pytest.raises(InvalidError):
            take_step(session, case, wrong, doer=staff(dispatcher), now=MONDAY_9AM)
        assert case.status is Status.ACCEPTED


def test_figures_agree_with_their_lists_and_leave_out_what_is_about_oneself(db: Db) -> None:
    hall = a_hall(db)
    clerk = hall.city[Role.CLERK]
    with hall.db.begin() as session:
        cases = [a_stuck_matter(session, n) for n in range(3)]
        a_stuck_matter(session, 3, unit_id=HALL)
        given = StepInput(Action.ANSWER_ON_SPOT, cases[0].version, text="当场协调，已经办成。")
        take_step(session, cases[0], given, doer=staff(clerk), now=MONDAY_9AM + timedelta(days=1))
    category = catalogue_id(hall)

    with hall.db() as session:
        window = {"since": MONDAY_9AM, "now": LATER}
        seen = stuck.figures_of(session, clerk, category, **window)
        spared = stuck.figures_of(session, hall.clerks[0], category, **window)
        lists = [
            len(stuck.list_of(session, clerk, category, which, cursor=None, **window).items)
            for which in Which
        ]

    assert (seen.open, seen.late, seen.ended, seen.in_time, seen.days) == (3, 3, 1, 1, 1.0)
    assert lists == [seen.open, seen.late, seen.ended]
    assert spared.open == 0


def catalogue_id(hall: Hall) -> int:
    with hall.db() as session:
        return catalogue.get_category_by_code(session, terms().category).id


@ONE_DATABASE
def test_it_is_opened_on_the_portal_at_the_kiosk_and_at_the_counter(
    pages: PageClient, served: Hall
) -> None:
    with served.db.begin() as session:
        served.sits(session, 0, 1, now=MONDAY_9AM)
    counter = f"counter:{served.counters[1]}"
    form = pages.get("/stuck").form(action="/stuck")
    empty = pages.submit(form, words="")
    slip = pages.submit(form, words="第三次来了，还是没办成。", where=counter, phone="17900000051")
    kiosk = pages.get("/kiosk/HALL/stuck").form(action="/stuck")
    forged = pages.post(
        kiosk.action, kiosk.values() | {"where": ["counter:9x"], "words": ["没办成"]}
    )
    given = pages.submit(kiosk, words="材料交了，没有人接。")
    pages.sign_in(Role.CLERK.value)
    desk = pages.get("/desk/stuck").form(action="/desk/stuck")
    taken = pages.submit(desk, words="来人说社保没有办成。", where=f"unit:{HALL}", name="测试丙")
    listed = pages.get("/desk/stuck")
    pages.sign_in("window1")
    own = pages.get("/desk/stuck")

    assert (empty.status, forged.status) == (422, 422)
    assert slip.url.startswith("/c/")
    assert given.url.startswith("/kiosk/HALL/stuck/")
    assert "RX" in given.text
    assert taken.url.startswith("/c/")
    assert listed.text.count("RX") == 3
    assert "17900000051" not in listed.html
    assert own.text.count("RX") == 0
    with served.db() as session:
        about = session.scalars(select(CaseAccused).order_by(CaseAccused.case_id)).all()
        assert [(one.unit_id, one.staff_id) for one in about] == [
            (HALL, served.clerks[0].id),
            (HALL, None),
        ]
        assert session.scalars(visible_to(served.clerks[0])).all() == []
        assert len(session.scalars(select(Case)).all()) == 3
