"""An assisting unit's part of a matter: asked, signed for, answered, judged by who leads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import wiring
from app.accounts.rules import Actor, Grant, Role, Scope
from app.cases.kinds import AccessRole, Action, Outcome, Status
from app.cases.models import Case, CaseAccess, CaseEvent
from app.cases.queries import get_case
from app.cases.queries.history import public_timeline, timeline
from app.cases.rules import Facts
from app.departments.service import close_unit
from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.events import wire
from app.sla import service as sla
from app.sla.models import Clock
from app.sla.rules import ClockKind
from app.tasks import queries, service
from app.tasks.models import Task
from app.tasks.queries import Asked, View
from app.tasks.rules import Deed, TaskState
from app.tasks.service import Given, NewTask
from tests.cases.walking import HOUR, take, to_handling
from tests.complaints.walking import a_complaint, investigated
from tests.service_requests.applying import an_item, applied, reviewed, step
from tests.support.city import CITY_CODE, WATER, WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

WEDNESDAY = date(2026, 3, 4)
ASKED = "请说明该处是否为贵公司管线。"


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    wire(wiring.SUBSCRIBERS)
    yield a_city(db)
    wire({})


def helper(city: City) -> Actor:
    """The handler of the works, moved to the water company."""
    seat = Grant(Role.HANDLER, WATER, "/1/4/", CITY_CODE, Scope.UNIT)
    return replace(
        city[Role.CREW],
        id=city[Role.CREW].id,
        unit_id=WATER,
        unit_path="/1/4/",
        appointments=(seat,),
    )


def asked(session: Session, city: City, case: Case) -> Task:
    new = NewTask(WATER, ASKED, WEDNESDAY, case.version)
    return service.ask(session, case.id, new, actor=city[Role.HANDLER], now=MONDAY_9AM)


def do(
    session: Session,
    task: Task,
    deed: Deed,
    actor: Actor,
    words: str = "",
    until: date | None = None,
) -> Task:
    given = Given(deed, task.version, words, until)
    return service.take(session, task.case_id, task.id, given, actor=actor, now=MONDAY_9AM + HOUR)


def test_an_assisting_unit_answers_and_the_citizen_reads_nothing_of_it(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        task = asked(session, city, case)
        do(session, task, Deed.SIGN, helper(city))
        do(session, task, Deed.REPLY, helper(city), "不是我公司管线。")
        do(session, task, Deed.ACCEPT, city[Role.HANDLER])

    with city.db() as session:
        row = session.get_one(Task, task.id)
        case = session.get_one(Case, task.case_id)
        assert (row.state, case.unit_id, case.status) == (
            TaskState.ACCEPTED,
            WORKS,
            Status.HANDLING,
        )
        shown = queries.list_of_case(session, case.id)[0]
        assert (shown.wanted, shown.reply) == (ASKED, "不是我公司管线。")
        assert not [line for line in public_timeline(session, case) if line.action >= "task"]
        lines = [line.action for line in timeline(session, case, city[Role.HANDLER])]
        assert lines[-4:] == [
            Action.TASK_ASK,
            Action.TASK_SIGN,
            Action.TASK_REPLY,
            Action.TASK_ACCEPT,
        ]


def test_the_assisting_unit_sees_the_matter_while_it_assists_and_not_after(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        with pytest.raises(NotFoundError):
            get_case(session, case.id, helper(city))

        task = asked(session, city, case)

        assert get_case(session, case.id, helper(city)).id == case.id
        do(session, task, Deed.CANCEL, city[Role.HANDLER], "已自行查清。")
        with pytest.raises(NotFoundError):
            get_case(session, case.id, helper(city))

    with city.db() as session:
        seen = session.scalars(select(CaseAccess).where(CaseAccess.unit_id == WATER)).one()
        assert (seen.role, seen.to_at) == (AccessRole.ASSISTING, MONDAY_9AM + HOUR)


def test_each_side_takes_only_its_own_steps(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        task = asked(session, city, case)

        with pytest.raises(ForbiddenError):
            do(session, task, Deed.SIGN, city[Role.HANDLER])
        with pytest.raises(ForbiddenError):
            do(session, task, Deed.CANCEL, helper(city), "不需要")
        new = NewTask(WORKS, ASKED, WEDNESDAY, case.version)
        with pytest.raises(ForbiddenError):
            service.ask(session, case.id, new, actor=helper(city), now=MONDAY_9AM)


def test_an_answer_sent_back_gets_a_new_day_and_a_clock_of_its_own(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        task = asked(session, city, case)
        do(session, task, Deed.SIGN, helper(city))
        do(session, task, Deed.REPLY, helper(city), "已答复。")
        with pytest.raises(InvalidError):
            do(session, task, Deed.SEND_BACK, city[Role.HANDLER], "请附图。")

        do(session, task, Deed.SEND_BACK, city[Role.HANDLER], "请附图。", until=date(2026, 3, 5))

    with city.db() as session:
        wanted = select(Clock).where(Clock.kind == ClockKind.TASK).order_by(Clock.round)
        first, second = session.scalars(wanted)
        assert (first.met_at, second.met_at) == (MONDAY_9AM + HOUR, None)
        assert second.due_at == session.get_one(Task, task.id).due_at > first.due_at  # type: ignore[operator]  # both run


def test_the_lead_unit_replies_over_an_open_task_only_if_it_says_why(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        asked(session, city, case)
        facts = Facts(outcome=Outcome.RESOLVED)
        with pytest.raises(InvalidError) as refused:
            take(session, case, Action.REPLY, city[Role.HANDLER], text="已修好。", facts=facts)
        assert set(refused.value.fields) == {"note"}

        take(
            session,
            case,
            Action.REPLY,
            city[Role.HANDLER],
            text="已修好。",
            note="供水公司逾期未答，现场已确认。",
            facts=facts,
        )

    with city.db() as session:
        case = session.get_one(Case, case.id)
        assert case.status is Status.REPLIED
        last = timeline(session, case, city[Role.HANDLER])[-1]
        assert last.internal_text == "供水公司逾期未答，现场已确认。"
        assert [task.state for task in queries.list_open(session, case.id)] == [TaskState.ASKED]


def test_no_application_is_decided_over_an_open_task_without_a_word(city: City) -> None:
    with city.db.begin() as session:
        case = reviewed(session, city, applied(session, city, an_item(session, city)))
        asked(session, city, case)
        head = city[Role.UNIT_HEAD]

        with pytest.raises(InvalidError) as refused:
            step(session, case, Action.GRANT, head, text="准予许可。")
        step(session, case, Action.GRANT, head, text="准予许可。", note="已另行核实。")

        assert set(refused.value.fields) == {"note"}
        assert case.status is Status.DECIDED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_looks_into_a_complaint_asks_another_unit(city: City) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        task = asked(session, city, case)
        do(session, task, Deed.SIGN, helper(city))

        do(session, task, Deed.REPLY, helper(city), "当日值班记录附后。")

        assert task.state is TaskState.REPLIED
        assert case.status is Status.INVESTIGATING


def test_a_unit_that_still_assists_is_not_closed(city: City) -> None:
    with city.db.begin() as session:
        task = asked(session, city, to_handling(session, city, a_case(session)))

        with pytest.raises(ConflictError, match="assists"):
            close_unit(session, WATER, 1, by=MACHINE, now=MONDAY_9AM)
        do(session, task, Deed.CANCEL, city[Role.HANDLER], "改由市政处理")
        closed = close_unit(session, WATER, 1, by=MACHINE, now=MONDAY_9AM)

        assert closed.is_active is False


def test_no_task_outlives_its_matter(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        task = asked(session, city, case)
        note = "材料齐备，无需再等。"
        grounds = Facts(evidence="《条例》第二十一条")
        take(
            session, case, Action.REQUEST_TERMINATION, city[Role.HANDLER], note=note, facts=grounds
        )
        take(session, case, Action.APPROVE_TERMINATION, city[Role.SUPERVISOR], text="依法终止。")

    with city.db() as session:
        assert session.get_one(Task, task.id).state is TaskState.CANCELLED
        open_clocks = select(Clock).where(
            Clock.kind == ClockKind.TASK, Clock.cancelled_at.is_(None), Clock.met_at.is_(None)
        )
        assert session.scalars(open_clocks).all() == []


def test_the_unit_that_comes_to_lead_assists_no_more(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        task = asked(session, city, case)
        back = Facts(suggested_unit_id=WATER, evidence="管线权属证明")
        take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=back)
        take(session, case, Action.ACCEPT_RETURN, city[Role.DISPATCHER])
        take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WATER))

    with city.db() as session:
        assert session.get_one(Task, task.id).state is TaskState.CANCELLED
        leads = select(CaseAccess.unit_id).where(
            CaseAccess.role == AccessRole.MAIN, CaseAccess.to_at.is_(None)
        )
        assert session.scalars(leads).all() == [WATER]


@pytest.mark.parametrize(
    ("unit_id", "words", "until", "field"),
    [
        (None, ASKED, WEDNESDAY, "unit_id"),
        (WORKS, ASKED, WEDNESDAY, "unit_id"),
        (WATER, "  ", WEDNESDAY, "words"),
        (WATER, "长" * 5001, WEDNESDAY, "words"),
        (WATER, ASKED, None, "until"),
        (WATER, ASKED, date(2026, 3, 1), "until"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_beside_its_field(
    city: City, unit_id: int | None, words: str, until: date | None, field: str
) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        new = NewTask(unit_id, words, until, case.version)

        with pytest.raises(InvalidError) as refused:
            service.ask(session, case.id, new, actor=city[Role.HANDLER], now=MONDAY_9AM)

        assert set(refused.value.fields) == {field}


def test_a_unit_is_asked_once_at_a_time(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        asked(session, city, case)

        with pytest.raises(InvalidError):
            asked(session, city, case)


def test_an_old_screen_of_a_task_is_a_conflict(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        task = asked(session, city, case)
        old = Given(Deed.RETURN, task.version, "不属我单位。")
        do(session, task, Deed.SIGN, helper(city))

        with pytest.raises(ConflictError):
            service.take(session, case.id, task.id, old, actor=helper(city), now=MONDAY_9AM)


def test_a_task_overdue_is_written_down_and_stands_in_the_supervisors_list(city: City) -> None:
    late = MONDAY_9AM + timedelta(days=4)
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        asked(session, city, case)
        while sla.sweep_breaches(session, now=late):
            pass

    with city.db() as session:
        lines = session.scalars(select(CaseEvent).where(CaseEvent.action == Action.BREACH)).all()
        assert "task" in [line.payload["clock"] for line in lines]
        wanted = Asked(View.LATE, city[Role.SUPERVISOR], late)
        assert [row.number for row in queries.list_tasks(session, wanted, cursor=None).items] == [
            session.get_one(Case, case.id).number
        ]
        assert queries.count_tasks(session, wanted).value == 1
        too_early = replace(wanted, now=MONDAY_9AM)
        assert queries.count_tasks(session, too_early).value == 0


def test_lists_hold_what_my_unit_does_and_what_it_asked_for(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        asked(session, city, case)

    with city.db() as session:
        found = {
            (view, who): queries.count_tasks(session, Asked(view, actor, MONDAY_9AM)).value
            for view in (View.OURS, View.ASKED)
            for who, actor in (("water", helper(city)), ("works", city[Role.HANDLER]))
        }
    assert found == {
        (View.OURS, "water"): 1,
        (View.OURS, "works"): 0,
        (View.ASKED, "water"): 0,
        (View.ASKED, "works"): 1,
    }
