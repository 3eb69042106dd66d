"""The dispatch desk and the sharing of a unit's work, as the people at them see them."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.models import Case
from app.departments.models import Unit
from app.dispatching.models import Absence, DirectoryAlert, UnitWork
from tests.desk.stepping import Enter
from tests.dispatching.town import a_colleague, accepted, dispatched
from tests.support.city import CENTRE, WATER, WORKS, City

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def matters(city: City, how_many: int) -> list[Case]:
    with city.db.begin() as session:
        return [accepted(session, city) for _ in range(how_many)]


def state(city: City, case: Case) -> tuple[Status, int]:
    with city.db() as session:
        found = session.get_one(Case, case.id)
        return found.status, found.unit_id


def test_one_press_sends_a_matter_to_the_unit_that_stands_in(person: Enter, city: City) -> None:
    (case,) = matters(city, 1)
    pages = person(Role.DISPATCHER)
    page = pages.get("/desk/dispatch")
    assert "派单目录需要修改" in page.text

    done = pages.submit(page.form(action=f"/desk/dispatch/{case.id}"))

    assert (done.status, done.url) == (200, "/desk/dispatch")
    assert case.number not in done.text
    assert state(city, case) == (Status.DISPATCHED, CENTRE)


def test_the_second_dispatcher_is_told_and_may_look_again(person: Enter, city: City) -> None:
    (case,) = matters(city, 1)
    pages = person(Role.DISPATCHER)
    form = pages.get("/desk/dispatch").form(action=f"/desk/dispatch/{case.id}")
    pages.submit(form)

    again = pages.submit(form)

    assert again.status == 409
    assert "您查看期间，有人更新了这件事" in again.text
    assert state(city, case) == (Status.DISPATCHED, CENTRE)


def test_a_selection_is_shown_before_it_is_sent_and_answered_row_by_row(
    person: Enter, city: City
) -> None:
    first, second, third = matters(city, 3)
    pages = person(Role.DISPATCHER)
    chosen = pages.get("/desk/dispatch").form(action="/desk/dispatch/preview")
    picks = [str(case.id) for case in (first, second, third)]
    preview = pages.post(chosen.action, {**chosen.values(), "pick": picks})
    assert state(city, first)[0] is Status.ACCEPTED
    form = preview.form(action="/desk/dispatch/send")
    one = pages.get("/desk/dispatch").form(action=f"/desk/dispatch/{second.id}")
    pages.submit(one)  # a colleague is quicker with this one

    result = pages.submit(form)

    assert "已派出 2 件，未派出 1 件" in result.text
    assert {state(city, case)[0] for case in (first, second, third)} == {Status.DISPATCHED}


def test_nothing_chosen_is_one_sentence(person: Enter, city: City) -> None:
    matters(city, 1)
    pages = person(Role.DISPATCHER)
    form = pages.get("/desk/dispatch").form(action="/desk/dispatch/preview")

    refused = pages.submit(form)

    assert refused.status == 422
    assert "请至少选择一件" in refused.text


def test_a_filter_that_nothing_fits_says_so(person: Enter, city: City) -> None:
    matters(city, 1)

    page = person(Role.DISPATCHER).get("/desk/dispatch?region=990199&category=x&view=nonsense")

    assert page.status == 200
    assert "这里没有待办" in page.text


def test_others_have_no_dispatch_desk(person: Enter, city: City) -> None:  # noqa: ARG001  # the town
    assert person(Role.HANDLER).get("/desk/dispatch").status == 403


def test_an_administrator_announces_a_closing_and_mends_the_directory(
    person: Enter, city: City
) -> None:
    pages = person(Role.ADMIN)
    new = pages.get("/admin/catalogue/directory/new").form(field="unit_id")
    pages.submit(new, unit_id=str(WATER), basis="目录")

    unit = pages.get(f"/admin/units/{WATER}").form(action="/ending")
    announced = pages.submit(unit, press="end")

    assert "已宣布撤并该单位" in announced.text
    directory = pages.get("/admin/catalogue/directory")
    assert "派单目录需要修改" in directory.text
    line = pages.get(directory.links["去修改"]).form(field="unit_id")
    pages.submit(line, press="save", unit_id=str(WORKS))
    assert "派单目录需要修改" not in pages.get("/admin/catalogue/directory").text
    with city.db() as session:
        assert session.get_one(Unit, WATER).ending_since is not None
        assert session.scalars(select(DirectoryAlert.cleared_at)).one() is not None


def test_the_head_gives_out_what_the_plan_shows(person: Enter, city: City) -> None:
    with city.db.begin() as session:
        second = a_colleague(session, "second")
        cases = [dispatched(session, city) for _ in range(2)]
    pages = person(Role.UNIT_HEAD)
    plan = pages.get("/desk/share")
    assert "轮到此人；在办 0 件，上限 20 件" in plan.text

    done = pages.submit(plan.form(action="/give"))

    assert "已分配 2 件，未分配 0 件" in done.text
    with city.db() as session:
        got = [session.get_one(Case, case.id).handler_id for case in cases]
        assert set(got) == {city[Role.HANDLER].id, second}


def test_the_head_sets_the_cap_and_who_is_away(person: Enter, city: City) -> None:
    pages = person(Role.UNIT_HEAD)
    work = pages.get("/desk/share").form(action="/work")
    refused = pages.submit(work, cap="0")
    assert refused.status == 422
    assert "请填 1 到 500 之间的数" in refused.text

    pages.submit(refused.form(action="/work"), cap="3", is_automatic="on")
    away = pages.get("/desk/share").form(action="/away")
    page = pages.submit(away, until="2026-03-06")

    assert "不在岗至 2026-03-06" in page.text
    with city.db() as session:
        kept = session.get_one(UnitWork, WORKS)
        assert (kept.cap, kept.is_automatic) == (3, True)
        assert session.scalars(select(Absence.staff_id)).all() == [city[Role.HANDLER].id]


def test_who_decides_is_changed_and_a_wrong_number_is_said(person: Enter, city: City) -> None:  # noqa: ARG001  # the town
    pages = person(Role.ADMIN)
    form = pages.get("/admin/catalogue/deciders").form(action="extension_first")
    refused = pages.submit(form, most_days="99")
    assert refused.status == 422
    assert "请填 1 到 60，或留空" in refused.text

    pages.submit(refused.form(action="extension_first"), most_days="7")

    kept = pages.get("/admin/catalogue/deciders").form(action="extension_first")
    assert kept.values()["most_days"] == ["7"]
