"""Supervision orders: issued with a clock of their own, signed, answered, judged, raised."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action
from app.cases.models import Case, CaseAccused, CaseEvent
from app.cases.queries.history import public_timeline
from app.cases.rules import CITIZEN, Facts, OwnWorkError, StepInput, StepNotAllowedError
from app.cases.service import take_step
from app.departments.models import Unit
from app.departments.service import announce_closing
from app.kernel import events
from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.notifications.models import StaffEntry
from app.sla import service as sla
from app.sla.models import Clock
from app.sla.rules import ClockKind
from app.supervision.models import SupervisionAct, SupervisionOrder
from app.supervision.queries import orders as asked
from app.supervision.queries.orders import Show
from app.supervision.rules.orders import Act, OrderState
from app.supervision.service import levels, orders
from app.supervision.service.orders import Wish
from app.wiring import SUBSCRIBERS
from tests.cases.walking import take
from tests.service_requests.applying import an_item, applied
from tests.supervision.supervising import DAY, act, in_hand, issued, level
from tests.support.city import WATER, WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    city = a_city(db)
    events.wire(SUBSCRIBERS)
    yield city
    events.wire({})


def clock_of(session: Session, order: SupervisionOrder) -> Clock:
    wanted = select(Clock).filter_by(kind=ClockKind.SUPERVISION, subject_id=order.id)
    return session.scalars(wanted.order_by(Clock.round.desc())).first() or Clock()


def told(session: Session, actor: Actor) -> list[str]:
    wanted = select(StaffEntry.msgid).filter_by(staff_id=actor.id).order_by(StaffEntry.id)
    return list(session.scalars(wanted.where(StaffEntry.link.startswith("/supervision"))))


def test_an_order_goes_to_the_unit_in_charge_with_the_time_its_level_gives(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)

        order = issued(session, city, case)

        # Monday + 3 working days: the end of Thursday on the hall's clock.
        thursday = MONDAY_9AM.replace(hour=15, minute=59, second=59) + timedelta(days=3)
        assert (order.unit_id, order.state) == (case.unit_id, OrderState.ISSUED)
        assert order.due_at == clock_of(session, order).due_at == thursday
        assert told(session, city[Role.HANDLER]) == told(session, city[Role.UNIT_HEAD]) != []


def test_it_is_a_line_of_the_matters_history_that_no_citizen_reads(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        public, seen = len(public_timeline(session, case)), case.version

        order = issued(session, city, case)

        line = session.scalars(select(CaseEvent).filter_by(action=Action.SUPERVISE)).one()
        assert line.payload == {"order": order.number, "level": "daily"}
        assert len(public_timeline(session, case)) == public
        assert case.version == seen  # who writes a reply meanwhile need not write it twice


def test_an_order_says_its_level_why_and_what_is_demanded(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)

        with pytest.raises(InvalidError) as bare:
            orders.issue(
                session, case.id, Wish(None, " ", ""), actor=city[Role.SUPERVISOR], now=MONDAY_9AM
            )
        with pytest.raises(InvalidError) as no_level:
            issued(session, city, case, code="remind")

        assert set(bare.value.fields) == {"level_id", "reason", "demand"}
        assert set(no_level.value.fields) == {"level_id"}


def test_the_unit_signs_and_answers_and_the_supervisor_accepts_in_time(city: City) -> None:
    with city.db.begin() as session:
        order = issued(session, city, in_hand(session, city))
        handler, supervisor = city[Role.HANDLER], city[Role.SUPERVISOR]

        act(session, order, Act.SIGN, handler, words="")
        act(session, order, Act.ANSWER, handler, words="已到场", days=2)
        act(session, order, Act.ACCEPT, supervisor, words="", days=9)

        course = [row.act for row in asked.course_of(session, order.id)]
        assert course == [Act.ISSUE, Act.SIGN, Act.ANSWER, Act.ACCEPT]
        assert (order.state, order.on_time) == (OrderState.ACCEPTED, True)
        assert clock_of(session, order).met_at == MONDAY_9AM + 2 * DAY
        assert len(told(session, supervisor)) == 1


def test_an_answer_sent_back_leaves_the_clock_running_and_needs_a_reason(city: City) -> None:
    with city.db.begin() as session:
        order = issued(session, city, in_hand(session, city))
        handler, supervisor = city[Role.HANDLER], city[Role.SUPERVISOR]
        due = order.due_at
        act(session, order, Act.SIGN, handler)
        act(session, order, Act.ANSWER, handler, days=1)
        with pytest.raises(InvalidError):
            act(session, order, Act.SEND_BACK, supervisor, words=" ", days=1)

        act(session, order, Act.SEND_BACK, supervisor, words="未说明原因", days=1)

        assert (order.state, order.due_at, order.answered_at) == (OrderState.SIGNED, due, None)


def test_an_overdue_order_is_proposed_the_next_level_once_and_a_person_decides(city: City) -> None:
    late = MONDAY_9AM + 4 * DAY
    with city.db.begin() as session:
        order = issued(session, city, in_hand(session, city))
        supervisor = city[Role.SUPERVISOR]
        with pytest.raises(ConflictError):
            act(session, order, Act.RAISE, supervisor)
        sla.sweep_breaches(session, now=late)
        sla.sweep_breaches(session, now=late)

        proposals = session.scalars(select(SupervisionAct).filter_by(act=Act.PROPOSE)).all()
        assert (len(proposals), order.level_id) == (1, level(session).id)
        assert order.proposed_level_id == level(session, "listed").id

        act(session, order, Act.RAISE, supervisor, words="仍未反馈", days=4)

        assert order.level_id == level(session, "listed").id
        assert not order.proposed_level_id
        assert (clock_of(session, order).round, order.on_time) == (2, False)
        assert order.due_at is not None
        assert order.due_at > late


def test_a_proposal_may_be_left_and_the_top_level_proposes_nothing(city: City) -> None:
    with city.db.begin() as session:
        order = issued(session, city, in_hand(session, city))
        sla.sweep_breaches(session, now=MONDAY_9AM + 4 * DAY)
        act(session, order, Act.LEAVE, city[Role.SUPERVISOR], words="本周内办", days=4)
        left = bool(order.proposed_level_id), order.state
        act(session, order, Act.WITHDRAW, city[Role.SUPERVISOR], words="另发", days=4)
        top = issued(session, city, session.get_one(Case, order.case_id), code="summoned")
        sla.sweep_breaches(session, now=MONDAY_9AM + 9 * DAY)

        assert left == (False, OrderState.ISSUED)
        assert order.state is OrderState.WITHDRAWN
        assert top.proposed_level_id is None


def test_an_answer_that_waits_to_be_judged_is_not_late_but_sent_back_it_is(city: City) -> None:
    with city.db.begin() as session:
        order = issued(session, city, in_hand(session, city))
        handler, supervisor = city[Role.HANDLER], city[Role.SUPERVISOR]
        act(session, order, Act.SIGN, handler)
        act(session, order, Act.ANSWER, handler, days=2)
        sla.sweep_breaches(session, now=MONDAY_9AM + 5 * DAY)
        waiting = order.proposed_level_id

        act(session, order, Act.SEND_BACK, supervisor, words="不完整", days=5)

        assert waiting is None
        assert order.proposed_level_id == level(session, "listed").id


def test_nobody_supervises_what_they_handle_or_handled(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        both = Actor(
            city[Role.HANDLER].id,
            "both",
            "兼任",
            1,
            "/1/",
            "990100",
            (*city[Role.HANDLER].appointments, *city[Role.SUPERVISOR].appointments),
        )
        with pytest.raises(OwnWorkError):
            issued(session, city, case, by=both)
        case.handler_id = None
        with pytest.raises(OwnWorkError):  # the history says that they signed for it
            issued(session, city, case, by=both)
        order = issued(session, city, case)
        act(session, order, Act.SIGN, both)
        act(session, order, Act.ANSWER, both)

        with pytest.raises(OwnWorkError):
            act(session, order, Act.ACCEPT, both)


def test_each_side_keeps_to_its_own(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        handler, supervisor = city[Role.HANDLER], city[Role.SUPERVISOR]
        with pytest.raises(ForbiddenError):
            issued(session, city, case, by=handler)
        order = issued(session, city, case)

        with pytest.raises(ForbiddenError):
            act(session, order, Act.SIGN, supervisor)
        with pytest.raises(ForbiddenError):
            act(session, order, Act.WITHDRAW, handler)


def test_one_order_at_a_time_and_none_on_what_has_ended(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        issued(session, city, case)
        with pytest.raises(ConflictError):
            issued(session, city, case)
        ended = a_case(session)
        given = StepInput(Action.WITHDRAW, ended.version)
        take_step(session, ended, given, doer=CITIZEN, now=MONDAY_9AM)

        with pytest.raises(StepNotAllowedError):
            issued(session, city, ended)


def test_a_stale_screen_is_refused(city: City) -> None:
    with city.db.begin() as session:
        order = issued(session, city, in_hand(session, city))
        seen = order.version
        act(session, order, Act.SIGN, city[Role.HANDLER])

        with pytest.raises(ConflictError):
            orders.act(
                session,
                order.id,
                Act.ANSWER,
                "x",
                seen=seen,
                actor=city[Role.HANDLER],
                now=MONDAY_9AM,
            )


def test_the_order_goes_with_the_matter_to_the_next_unit_which_signs_anew(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        order = issued(session, city, case)
        act(session, order, Act.SIGN, city[Role.HANDLER])
        facts = Facts(suggested_unit_id=WATER, evidence="三定方案")
        take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=facts)
        take(session, case, Action.ACCEPT_RETURN, city[Role.DISPATCHER])
        take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WATER))

        assert (order.unit_id, order.state) == (WATER, OrderState.ISSUED)


def test_the_order_goes_with_an_application_to_the_unit_that_decides(city: City) -> None:
    with city.db.begin() as session:
        levels.seed(session)
        case = applied(session, city, an_item(session, city))
        order = issued(session, city, case)
        at_first = order.unit_id
        take(session, case, Action.ADMIT, city[Role.CLERK])

    assert at_first != WORKS
    assert (case.unit_id, order.unit_id, order.state) == (WORKS, WORKS, OrderState.ISSUED)


def test_the_order_outlives_the_unit_it_was_addressed_to(city: City) -> None:
    with city.db.begin() as session:
        order = issued(session, city, case := in_hand(session, city))
        act(session, order, Act.SIGN, city[Role.HANDLER])
        version = session.get_one(Unit, WORKS).version
        announce_closing(session, WORKS, version, by=MACHINE, now=MONDAY_9AM)

        facts = Facts(unit_id=WATER)
        take(session, case, Action.REDISTRIBUTE, city[Role.DISPATCHER], note="撤并", facts=facts)

        assert (order.unit_id, order.state) == (WATER, OrderState.ISSUED)


def test_an_order_nobody_answered_ends_with_its_matter_and_whoever_issued_it_is_told(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        order = issued(session, city, case)
        withdrawn = StepInput(Action.WITHDRAW, case.version, note="不用了")

        take_step(session, case, withdrawn, doer=CITIZEN, now=MONDAY_9AM + DAY)

        assert (order.state, order.closed_at) == (OrderState.WITHDRAWN, MONDAY_9AM + DAY)
        assert not clock_of(session, order).is_open
        assert [row.act for row in asked.course_of(session, order.id)][-1] is Act.ENDED
        assert len(told(session, city[Role.SUPERVISOR])) == 1


def test_an_answer_that_was_given_is_judged_though_the_matter_has_ended(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        order = issued(session, city, case)
        act(session, order, Act.SIGN, city[Role.HANDLER], words="")
        act(session, order, Act.ANSWER, city[Role.HANDLER], words="已到场")
        withdrawn = StepInput(Action.WITHDRAW, case.version, note="不用了")

        take_step(session, case, withdrawn, doer=CITIZEN, now=MONDAY_9AM + DAY)
        act(session, order, Act.ACCEPT, city[Role.SUPERVISOR], words="", days=2)

        assert order.state is OrderState.ACCEPTED


def test_an_order_on_a_matter_about_oneself_is_never_seen(city: City) -> None:
    with city.db.begin() as session:
        case = in_hand(session, city)
        order = issued(session, city, case)
        session.add(CaseAccused(case_id=case.id, unit_id=case.unit_id, named_at=MONDAY_9AM))
        session.flush()
        handler = city[Role.HANDLER]

        with pytest.raises(NotFoundError):
            asked.get_order(session, order.id, handler)
        found = asked.list_orders(session, handler, Show.UNIT, now=MONDAY_9AM, cursor=None)
        assert list(found.items) == []


def test_each_list_holds_what_its_name_says_and_its_count_is_its_length(city: City) -> None:
    later = MONDAY_9AM + 4 * DAY
    with city.db.begin() as session:
        first = issued(session, city, in_hand(session, city))
        second = issued(session, city, in_hand(session, city))
        ended = issued(session, city, in_hand(session, city))
        handler, supervisor = city[Role.HANDLER], city[Role.SUPERVISOR]
        act(session, second, Act.SIGN, handler)
        act(session, second, Act.ANSWER, handler)
        act(session, ended, Act.WITHDRAW, supervisor)
        sla.sweep_breaches(session, now=later)

        def held(actor: Actor, show: Show) -> set[int]:
            found = asked.list_orders(session, actor, show, now=later, cursor=None)
            return {row.id for row in found.items}

        assert held(handler, Show.UNIT) == {first.id}
        assert held(supervisor, Show.JUDGE) == {second.id}
        assert held(supervisor, Show.LATE) == held(supervisor, Show.RAISE) == {first.id}
        assert held(supervisor, Show.MINE) == {first.id, second.id}
        assert held(supervisor, Show.ENDED) == {ended.id}
        counts = asked.count_each(session, supervisor, now=later)
        assert counts == {show: len(held(supervisor, show)) for show in counts}
