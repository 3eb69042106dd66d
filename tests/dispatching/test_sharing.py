"""A unit head shares out the work of the unit; a unit may also have it shared by itself."""

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.complaint_models import CaseRecusal
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.dispatching import queries
from app.dispatching.models import UnitWork
from app.dispatching.service import sharing
from app.dispatching.service.sharing import Giving, WorkDraft
from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.notifications.models import StaffEntry
from tests.cases.walking import take
from tests.dispatching.town import a_colleague, dispatched
from tests.support.city import CENTRE, WORKS, City
from tests.support.clock import MONDAY_9AM


def test_the_plan_is_given_out_as_it_was_shown(city: City) -> None:
    with city.db.begin() as session:
        second = a_colleague(session, "second")
        cases = [dispatched(session, city) for _ in range(3)]
        head = city[Role.UNIT_HEAD]
        plan = sharing.plan(session, head, WORKS, now=MONDAY_9AM)
        many = [
            Giving(case.id, case.version, share.staff_id or 0)
            for case, share in zip(cases, plan, strict=True)
        ]

        done = sharing.distribute(session, head, WORKS, many, now=MONDAY_9AM)

    first = city[Role.HANDLER].id
    assert [one.trouble for one in done] == ["", "", ""]
    with city.db() as session:
        found = session.scalars(select(Case).order_by(Case.id)).all()
        assert {case.status for case in found} == {Status.HANDLING}
        assert [case.handler_id for case in found] == [first, second, first]
        entries = select(StaffEntry.staff_id).where(StaffEntry.msgid == sharing.GIVEN_TO_YOU)
        told = session.scalars(entries).all()
        assert sorted(told) == sorted([first, second, first])
        assert queries.list_to_share(session, head, WORKS) == []


def test_one_matter_that_moved_on_stops_no_other(city: City) -> None:
    with city.db.begin() as session:
        stale, fine = dispatched(session, city), dispatched(session, city)
        old = stale.version
        take(session, stale, Action.SIGN, city[Role.HANDLER])
        handler = city[Role.HANDLER].id
        many = [Giving(stale.id, old, handler), Giving(fine.id, fine.version, handler)]

        done = sharing.distribute(session, city[Role.UNIT_HEAD], WORKS, many, now=MONDAY_9AM)

    assert [bool(one.trouble) for one in done] == [True, False]
    with city.db() as session:
        assert session.get_one(Case, fine.id).handler_id == handler


def test_whoever_is_away_gets_nothing_until_they_are_back(city: City) -> None:
    with city.db.begin() as session:
        second = a_colleague(session, "second")
        dispatched(session, city)
        head, first = city[Role.UNIT_HEAD], city[Role.HANDLER].id
        until = date(2026, 3, 6)
        sharing.set_away(session, head, first, until, unit_id=WORKS, now=MONDAY_9AM)

        away = sharing.plan(session, head, WORKS, now=MONDAY_9AM)
        sharing.set_away(session, head, first, None, unit_id=WORKS, now=MONDAY_9AM)
        back = sharing.plan(session, head, WORKS, now=MONDAY_9AM)

    assert [share.staff_id for share in (*away, *back)] == [second, first]


def test_work_is_shared_by_itself_where_the_unit_wants_it(city: City) -> None:
    with city.db.begin() as session:
        second = a_colleague(session, "second")
        draft = WorkDraft(cap=5, is_automatic=True)
        sharing.change_work(session, WORKS, draft, version=0, by=MACHINE, now=MONDAY_9AM)
        session.get_one(UnitWork, WORKS).last_staff_id = city[Role.HANDLER].id
        case = dispatched(session, city)

        take(session, case, Action.SIGN, city[Role.HANDLER])

    with city.db() as session:
        assert session.get_one(Case, case.id).handler_id == second
        assert session.get_one(UnitWork, WORKS).last_staff_id == second


def test_only_who_heads_the_unit_shares_out_its_work(city: City) -> None:
    with city.db.begin() as session:
        with pytest.raises(ForbiddenError):
            sharing.plan(session, city[Role.HANDLER], WORKS, now=MONDAY_9AM)
        with pytest.raises(ForbiddenError):
            sharing.plan(session, city[Role.UNIT_HEAD], CENTRE, now=MONDAY_9AM)


def test_an_old_setting_is_a_conflict_and_a_stranger_is_refused(city: City) -> None:
    draft = WorkDraft(cap=5, is_automatic=False)
    with city.db.begin() as session:
        sharing.change_work(session, WORKS, draft, version=0, by=MACHINE, now=MONDAY_9AM)

        with pytest.raises(ConflictError):
            sharing.change_work(session, WORKS, draft, version=0, by=MACHINE, now=MONDAY_9AM)
        head, clerk = city[Role.UNIT_HEAD], city[Role.CLERK].id
        with pytest.raises(InvalidError):
            sharing.set_away(session, head, clerk, None, unit_id=WORKS, now=MONDAY_9AM)
        past = date(2026, 3, 1)
        with pytest.raises(InvalidError):
            sharing.set_away(
                session, head, city[Role.HANDLER].id, past, unit_id=WORKS, now=MONDAY_9AM
            )


def test_a_matter_about_somebody_of_the_unit_goes_past_them_to_the_next(city: City) -> None:
    first = city[Role.HANDLER]
    with city.db.begin() as session:
        second = a_colleague(session, "second")
        draft = WorkDraft(cap=5, is_automatic=True)
        sharing.change_work(session, WORKS, draft, version=0, by=MACHINE, now=MONDAY_9AM)
        session.get_one(UnitWork, WORKS).last_staff_id = first.id
        case = dispatched(session, city)
        session.add(
            CaseRecusal(case_id=case.id, staff_id=second, reason="是亲属", declared_at=MONDAY_9AM)
        )
        session.flush()
        plan = sharing.plan(session, city[Role.UNIT_HEAD], WORKS, now=MONDAY_9AM)

        take(session, case, Action.SIGN, first)

    assert [share.staff_id for share in plan] == [first.id]
    with city.db() as session:
        assert session.get_one(Case, case.id).handler_id == first.id
