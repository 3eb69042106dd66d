"""Bulk work: each matter for itself, rights as for single steps, done once if pressed twice."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.accounts.rules import Actor, Role
from app.cases import service as cases
from app.cases.events import CaseMoved
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.cases.queries.lists import Filter
from app.catalogue.rules import ProofKind
from app.desk.bulk import jobs, queries, service
from app.desk.bulk.rules import AT_ONCE, DEEDS, MOST, Ask, BulkDeed, BulkState, RowState, missing_in
from app.desk.models import BulkRow, BulkRun
from app.kernel import events
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.jobs import Job
from app.supervision.models import SupervisionOrder
from app.supervision.service import levels
from tests.cases.walking import to_handling
from tests.supervision.supervising import DAY, level
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

REPLY = {"text": "您反映的{number}已办结。", "outcome": "resolved"}


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def chosen(session: Session, actor: Actor, matters: list[Case]) -> BulkRun:
    numbers = [case.number for case in matters]
    return service.gather(session, actor, numbers=numbers, now=MONDAY_9AM)


def done(
    session: Session, actor: Actor, run: BulkRun, deed: BulkDeed, given: Mapping[str, str]
) -> dict[int, tuple[RowState, str]]:
    service.plan(session, actor, run.id, deed, given, now=MONDAY_9AM)
    service.begin(session, actor, run.id, now=MONDAY_9AM)
    return results(session, run)


def results(session: Session, run: BulkRun) -> dict[int, tuple[RowState, str]]:
    rows = session.scalars(select(BulkRow).where(BulkRow.run_id == run.id))
    return {row.case_id: (row.state, row.why) for row in rows}


@pytest.mark.parametrize("deed", BulkDeed)
def test_what_a_deed_needs_is_asked_for_field_by_field(deed: BulkDeed) -> None:
    needed = {str(ask) for ask in DEEDS[deed].requires}

    assert set(missing_in(deed, {})) == needed
    assert missing_in(deed, dict.fromkeys(map(str, Ask), "x")) == {}


def test_many_get_one_text_each_with_its_own_number_and_a_bad_one_stops_nothing(
    city: City,
) -> None:
    with city.db.begin() as session:
        handler = city[Role.HANDLER]
        able = [to_handling(session, city, a_case(session)) for _ in range(2)]
        others = a_case(session)  # not dispatched: nobody of this unit sees it
        changed = to_handling(session, city, a_case(session))
        run = chosen(session, handler, [*able, others, changed])
        cases.add_note(session, changed.id, "有人先动了", actor=handler, now=MONDAY_9AM)

        found = done(session, handler, run, BulkDeed.REPLY, REPLY)

        assert others.id not in found
        assert [found[case.id][0] for case in able] == [RowState.DONE] * 2
        assert [case.reply_text for case in able] == [
            f"您反映的{case.number}已办结。" for case in able
        ]
        assert found[changed.id][0] is RowState.REFUSED
        assert "changed this matter" in found[changed.id][1]
        assert changed.status is Status.HANDLING
        assert run.state is BulkState.DONE


def test_a_fault_of_the_program_ends_one_matter_and_leaves_nothing_half_written(
    city: City,
) -> None:
    moved: list[int] = []

    def second_breaks(_session: Session, event: CaseMoved) -> None:
        moved.append(event.case.id)
        if len(moved) == 2:
            msg = "a name that no log may show"
            raise RuntimeError(msg)

    with city.db.begin() as session, capture_logs() as logged:
        handler = city[Role.HANDLER]
        matters = [to_handling(session, city, a_case(session)) for _ in range(3)]
        run = chosen(session, handler, matters)
        events.wire({CaseMoved: (second_breaks,)})

        found = done(session, handler, run, BulkDeed.REPLY, REPLY)
        events.wire({})

        broken = next(case for case in matters if case.id == moved[1])
        lines = session.scalars(select(CaseEvent.action).where(CaseEvent.case_id == broken.id))
        assert sorted(state for state, _why in found.values()) == ["done", "done", "refused"]
        assert "nothing" in found[broken.id][1]
        assert (broken.status, broken.reply_text) == (Status.HANDLING, "")
        assert Action.REPLY not in set(lines)
    told = [entry for entry in logged if entry["event"] == "bulk row failed"]
    assert [entry["case"] for entry in told] == [broken.id]
    assert "a name" not in str(logged)


def test_the_preview_says_for_each_what_would_happen_and_changes_nothing(city: City) -> None:
    with city.db.begin() as session:
        head = city[Role.UNIT_HEAD]
        able = to_handling(session, city, a_case(session))
        waiting = to_handling(session, city, a_case(session))
        waiting.status = Status.SUSPENDED
        session.flush()
        run = chosen(session, head, [able, waiting])
        before = session.scalar(select(func.count()).select_from(CaseEvent))

        service.plan(session, head, run.id, BulkDeed.REPLY, REPLY, now=MONDAY_9AM)

        found = results(session, run)
        assert found[able.id] == (RowState.WAITING, "")
        assert "not possible" in found[waiting.id][1]
        assert session.scalar(select(func.count()).select_from(CaseEvent)) == before


def test_evidence_that_lacks_is_said_before_and_one_reason_serves_all(city: City) -> None:
    with city.db.begin() as session:
        handler = city[Role.HANDLER]
        case = to_handling(session, city, a_case(session))
        case.proofs = [ProofKind.PHOTO]
        session.flush()
        run = chosen(session, handler, [case])

        service.plan(session, handler, run.id, BulkDeed.REPLY, REPLY, now=MONDAY_9AM)
        assert "photo" in results(session, run)[case.id][1]

        reason = {**REPLY, str(Ask.LACKING): "雨天未能拍照。"}
        assert done(session, handler, run, BulkDeed.REPLY, reason)[case.id][0] is RowState.DONE


def test_what_was_asked_for_on_many_is_decided_at_once_but_not_by_who_asked(city: City) -> None:
    ask = {"amount": "2", "evidence": "维修计划", "note": "集中更换。"}
    with city.db.begin() as session:
        handler, head = city[Role.HANDLER], city[Role.UNIT_HEAD]
        matters = [to_handling(session, city, a_case(session)) for _ in range(2)]
        by_handler = chosen(session, handler, matters[:1])
        done(session, handler, by_handler, BulkDeed.EXTEND, ask)
        by_head = chosen(session, head, matters[1:])
        done(session, head, by_head, BulkDeed.EXTEND, ask)

        run = chosen(session, head, matters)
        found = done(session, head, run, BulkDeed.GRANT, {"text": "{number} 延长两天。"})

        assert [found[case.id][0] for case in matters] == [RowState.DONE, RowState.REFUSED]
        assert "own work" in found[matters[1].id][1]


def test_a_text_with_a_place_this_matter_has_nothing_for_is_not_sent(city: City) -> None:
    with city.db.begin() as session:
        handler = city[Role.HANDLER]
        case = to_handling(session, city, a_case(session, place=""))
        run = chosen(session, handler, [case])

        found = done(session, handler, run, BulkDeed.REPLY, REPLY | {"text": "地点：{place}"})

        assert found[case.id][0] is RowState.REFUSED
        assert case.reply_text == ""


def test_rights_and_four_eyes_are_those_of_the_single_step(city: City) -> None:
    with city.db.begin() as session:
        levels.seed(session)
        supervisor, handler = city[Role.SUPERVISOR], city[Role.HANDLER]
        case = to_handling(session, city, a_case(session))
        own = to_handling(session, city, a_case(session))
        own.handler_id = supervisor.id
        session.flush()
        run = chosen(session, supervisor, [case, own])
        given = {"level_id": str(level(session).id), "reason": "逾期", "demand": "三日内反馈"}
        with pytest.raises(ForbiddenError):
            service.plan(
                session,
                handler,
                chosen(session, handler, [case]).id,
                BulkDeed.SUPERVISE,
                given,
                now=MONDAY_9AM,
            )

        found = done(session, supervisor, run, BulkDeed.SUPERVISE, given)

        assert found[case.id][0] is RowState.DONE
        assert found[own.id][0] is RowState.REFUSED
        assert session.scalars(select(SupervisionOrder.case_id)).all() == [case.id]


def test_notes_reminders_and_answers_to_urges_go_to_many_too(city: City) -> None:
    with city.db.begin() as session:
        handler, supervisor = city[Role.HANDLER], city[Role.SUPERVISOR]
        matters = [to_handling(session, city, a_case(session)) for _ in range(2)]
        cases.urge(session, matters[0], now=MONDAY_9AM)

        noted = done(
            session, handler, chosen(session, handler, matters), BulkDeed.NOTE, {"note": "x"}
        )
        pressed = done(
            session, supervisor, chosen(session, supervisor, matters), BulkDeed.REMIND, {}
        )
        answered = done(
            session,
            handler,
            chosen(session, handler, matters),
            BulkDeed.ANSWER_URGE,
            {"text": "在办"},
        )

        assert {state for state, _ in (*noted.values(), *pressed.values())} == {RowState.DONE}
        assert [answered[case.id][0] for case in matters] == [RowState.DONE, RowState.REFUSED]
        lines = session.scalars(select(CaseEvent.action).where(CaseEvent.case_id == matters[0].id))
        assert {Action.NOTE, Action.REMIND, Action.ANSWER_URGE} <= set(lines)


def test_a_run_begun_is_not_planned_anew_and_pressing_again_does_nothing_more(city: City) -> None:
    with city.db.begin() as session:
        handler = city[Role.HANDLER]
        case = to_handling(session, city, a_case(session))
        run = chosen(session, handler, [case])
        with pytest.raises(InvalidError):
            service.begin(session, handler, run.id, now=MONDAY_9AM)
        done(session, handler, run, BulkDeed.NOTE, {"note": "一次"})

        service.begin(session, handler, run.id, now=MONDAY_9AM)

        notes = select(func.count()).select_from(CaseEvent).where(CaseEvent.action == Action.NOTE)
        assert session.scalar(notes) == 1
        with pytest.raises(ConflictError):
            service.plan(session, handler, run.id, BulkDeed.NOTE, {"note": "x"}, now=MONDAY_9AM)


def test_two_who_press_at_the_same_moment_run_it_once(engine: Engine, city: City) -> None:
    handler, start = city[Role.HANDLER], Barrier(2)
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        run_id = chosen(session, handler, [case]).id
        service.plan(session, handler, run_id, BulkDeed.NOTE, {"note": "x"}, now=MONDAY_9AM)
    edge = an_edge(engine, StoppedClock())

    def press(_: int) -> str:
        start.wait()
        with edge.writing() as session:
            return str(service.begin(session, handler, run_id, now=MONDAY_9AM).state)

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(press, range(2)))

    assert ends == ["done", "done"]
    with city.db() as session:
        notes = select(func.count()).select_from(CaseEvent).where(CaseEvent.action == Action.NOTE)
        assert session.scalar(notes) == 1


def test_more_than_fifty_are_done_in_the_background_in_parts(city: City) -> None:
    many = AT_ONCE + 1
    with city.db.begin() as session:
        clerk = city[Role.CLERK]
        for _ in range(many):
            a_case(session)
        run = service.gather(
            session, clerk, wanted=Filter(), came_from="is_open=yes", now=MONDAY_9AM
        )
        service.plan(session, clerk, run.id, BulkDeed.NOTE, {"note": "统一说明"}, now=MONDAY_9AM)
        service.begin(session, clerk, run.id, now=MONDAY_9AM)
        job = session.scalars(select(Job).where(Job.name == service.JOB)).one()
        at_once = {state for state, _ in results(session, run).values()}

        jobs.run(session, job.payload, now=MONDAY_9AM)
        part = [state for state, _ in results(session, run).values()].count(RowState.DONE)
        for _ in range(4):  # more often than there are parts: the last find nothing to do
            jobs.run(session, job.payload, now=MONDAY_9AM)

        assert at_once == {RowState.WAITING}
        assert 0 < part < many
        assert queries.counts(session, run.id) == {(RowState.DONE, False): many}
        assert run.state is BulkState.DONE


def test_who_has_left_has_nothing_done_in_their_name(city: City) -> None:
    with city.db.begin() as session:
        clerk = city[Role.CLERK]
        run = chosen(session, clerk, [a_case(session)])
        service.plan(session, clerk, run.id, BulkDeed.NOTE, {"note": "x"}, now=MONDAY_9AM)
        run.state = BulkState.WAITING
        session.flush()

        service.go_on(session, run, None, now=MONDAY_9AM)

        assert {state for state, _ in results(session, run).values()} == {RowState.REFUSED}


def test_a_run_is_its_authors_own_takes_somebody_and_is_forgotten_after_a_month(city: City) -> None:
    with city.db.begin() as session:
        run = chosen(session, city[Role.CLERK], [a_case(session)])
        with pytest.raises(NotFoundError):
            queries.get_run(session, run.id, city[Role.HANDLER])
        with pytest.raises(InvalidError):
            service.gather(session, city[Role.CLERK], numbers=["RX-NO"], now=MONDAY_9AM)

        jobs.forget(session, {}, now=MONDAY_9AM + 29 * DAY)
        kept = session.scalar(select(func.count()).select_from(BulkRun))
        jobs.forget(session, {}, now=MONDAY_9AM + 31 * DAY)

        assert (kept, session.scalar(select(func.count()).select_from(BulkRow))) == (1, 0)
        assert MOST == 500
