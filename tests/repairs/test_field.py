"""What is sent from the spot happens once; of several one wins; a link holds for one browser."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.cases.rules import Facts
from app.cases.rules.repairing import Brought, PhotoStage, Work
from app.cases.service.recording import check_chain
from app.crews.models import CrewPool
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.repairs import queries
from app.repairs.models import MaterialUse, Repair, StockItem
from app.repairs.rules import FieldAction, Kept
from app.repairs.service import (
    act,
    assign_crew,
    lend_link,
    revoke_link,
    stock,
    take_from_pool,
)
from app.repairs.service.lending import Door, open_link
from tests.crews.mending import settle
from tests.repairs.mending import (
    Works,
    a_photo,
    a_repair,
    dispatched,
    on_site,
    shots,
    step,
    stocked,
    the_works,
)
from tests.support.city import WATER, WORKS, Db
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

HOUR = timedelta(hours=1)
AFTER, BEFORE = PhotoStage.AFTER, PhotoStage.BEFORE


def lines_of(session: Session, case_id: int) -> list[Action]:
    wanted = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.seq)
    found = session.scalars(wanted).all()
    assert check_chain(found) is None
    return [line.action for line in found]


def test_what_a_device_sends_twice_happens_once_and_what_lacks_can_be_added(works: Works) -> None:
    mender = works.crews[0]
    with works.city.db.begin() as session:
        lamps = stocked(session)
        case = on_site(session, works, a_repair(session, works, attachment_ids=(a_photo(session),)))
        bare = FieldAction("device-1", case.id, Action.FIX, note="已换")
        lacking = act(session, mender, bare, now=MONDAY_9AM)
        theirs = replace(bare, materials=((stocked(session, unit_id=WATER).id, Decimal(1)),))
        foreign = act(session, mender, theirs, now=MONDAY_9AM)
        done = FieldAction(
            "device-1", case.id, Action.FIX, 1, "已换", shots(session, AFTER),
            ((lamps.id, Decimal(2)),),
        )  # fmt: skip
        first = act(session, mender, done, now=MONDAY_9AM)
        second = act(session, mender, done, now=MONDAY_9AM + HOUR)
        stranger = act(session, works.crews[1], done, now=MONDAY_9AM + HOUR)

    with works.city.db() as session:
        assert lacking.kept is Kept.INVALID
        assert ("photos" in lacking.fields, "materials" in foreign.fields) == (True, True)
        assert first.is_done
        assert second == first
        assert stranger.kept is Kept.REFUSED
        assert lines_of(session, case.id).count(Action.FIX) == 1
        assert session.get_one(StockItem, lamps.id).on_hand == Decimal(3)
        assert session.scalar(select(func.count()).select_from(MaterialUse)) == 1


def test_words_and_photos_sent_too_late_are_kept_with_a_sentence(works: Works) -> None:
    with works.city.db.begin() as session:
        case = on_site(session, works, a_repair(session, works))
        other = works.crew_ids[1]
        seen, actor = case.version, works[Role.DISPATCHER]
        assign_crew(session, case.id, other, seen_version=seen, actor=actor, now=MONDAY_9AM)
        late = FieldAction("device-2", case.id, Action.FIX, 1, "已修", shots(session, AFTER))
        answer = act(session, works.crews[0], late, now=MONDAY_9AM + HOUR)

    with works.city.db() as session:
        assert answer.kept is Kept.CONFLICT
        assert "not yours any more" in answer.sentence
        assert session.get_one(Case, case.id).status is Status.SIGNED
        assert lines_of(session, case.id)[-1] is Action.NOTE


def test_what_is_sent_of_a_closed_repair_is_kept_and_opens_nothing(works: Works) -> None:
    with works.city.db.begin() as session:
        case = on_site(session, works, a_repair(session, works, attachment_ids=(a_photo(session),)))
        done = Work(shots(session, AFTER))
        step(session, case, Action.FIX, works.crews[0], work=done)
        step(session, case, Action.CHECK, works.inspector)
        step(session, case, Action.CLOSE, works.inspector, text="已修复。")
        late = FieldAction("device-3", case.id, Action.ARRIVE, 1, "", shots(session, BEFORE))
        answers = [act(session, works.crews[0], late, now=MONDAY_9AM + HOUR) for _ in range(2)]

    with works.city.db() as session:
        assert answers[0] == answers[1]
        assert (answers[0].kept, answers[0].status) == (Kept.CONFLICT, Status.CLOSED)
        assert "ended already" in answers[0].sentence
        assert session.get_one(Case, case.id).status is Status.CLOSED
        assert lines_of(session, case.id)[-1] is Action.NOTE
        assert len(queries.photos_of(session, case.id)) == 3


def test_of_ten_crews_that_reach_for_one_repair_one_gets_it(engine: Engine, db: Db) -> None:
    works = the_works(db, crews=10)
    with works.city.db.begin() as session:
        case = dispatched(session, works, a_repair(session, works))
        session.add(CrewPool(unit_id=WORKS, may_grab=True))
        for crew_id in works.crew_ids:
            settle(session, crew_id)
    edge, start = an_edge(engine, StoppedClock()), Barrier(10)

    def reach(place: int) -> str:
        start.wait()
        try:
            with edge.writing() as session:
                crew, mender = works.crew_ids[place], works.crews[place]
                take_from_pool(session, case.id, crew, actor=mender, now=MONDAY_9AM)
        except ConflictError as error:
            return str(error)
        return "won"

    with ThreadPoolExecutor(10) as pool:
        said = list(pool.map(reach, range(10)))

    assert said.count("won") == 1
    assert set(said) - {"won"} == {"Another crew has taken it already. Nothing was changed."}
    with works.city.db() as session:
        row = session.get_one(Repair, case.id)
        assert row.crew_id == works.crew_ids[said.index("won")]
        assert lines_of(session, case.id).count(Action.GRAB) == 1


def test_of_two_dispatchers_the_second_is_told_that_it_changed(works: Works) -> None:
    actor = works[Role.DISPATCHER]
    with works.city.db.begin() as session:
        case = dispatched(session, works, a_repair(session, works))
        seen = case.version
        first, second = works.crew_ids
        assign_crew(session, case.id, first, seen_version=seen, actor=actor, now=MONDAY_9AM)
        with pytest.raises(ConflictError, match="changed"):
            assign_crew(session, case.id, second, seen_version=seen, actor=actor, now=MONDAY_9AM)

    with works.city.db() as session:
        assert session.get_one(Repair, case.id).crew_id == first


def test_the_last_lamp_is_used_once(engine: Engine, works: Works) -> None:
    with works.city.db.begin() as session:
        lamps = stocked(session, "1")
        cases = [a_repair(session, works) for _ in range(2)]
    edge, start = an_edge(engine, StoppedClock()), Barrier(2)

    def use(case: Case) -> bool:
        start.wait()
        try:
            with edge.writing() as session:
                one = ((lamps.id, Decimal(1)),)
                held = session.get_one(Case, case.id)
                stock.use(session, held, one, by_id=None, now=MONDAY_9AM)
        except InvalidError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, cases)) == [False, True]
    head = works[Role.UNIT_HEAD]
    with works.city.db.begin() as session:
        assert session.get_one(StockItem, lamps.id).on_hand == 0
        counted = Decimal(4)
        stock.correct(session, lamps.id, on_hand=counted, why="盘点", actor=head, now=MONDAY_9AM)
        below = Decimal(-1)
        with pytest.raises(InvalidError):
            stock.correct(session, lamps.id, on_hand=below, why="盘点", actor=head, now=MONDAY_9AM)
        with pytest.raises(ForbiddenError):
            stock.add_item(
                session, works.crew_ids[0], name="x", measure="只", price=None,
                on_hand=counted, actor=works[Role.HANDLER], now=MONDAY_9AM,
            )  # fmt: skip
        changes = queries.list_changes(session, lamps.id).items
        assert next((row.change, row.on_hand) for row in changes) == (counted, counted)


def lent(session: Session, works: Works, case: Case, *, with_code: bool = True) -> tuple[str, str]:
    actor: Actor = works[Role.UNIT_HEAD]
    made = lend_link(
        session, case.id, name="示例市政工程队", days=3, with_code=with_code, actor=actor,
        now=MONDAY_9AM,
    )  # fmt: skip
    return made.token, made.code


def test_a_lent_repair_is_mended_without_an_account(works: Works) -> None:
    with works.city.db.begin() as session:
        case = dispatched(session, works, a_repair(session, works))
        token, _code = lent(session, works, case)
        door, link = open_link(session, token, "their-browser", now=MONDAY_9AM)
        assert door is Door.OPEN
        assert link is not None
        sent = [
            FieldAction("job-1", case.id, Action.SIGN),
            FieldAction("job-2", case.id, Action.ARRIVE, photos=shots(session, BEFORE)),
            FieldAction("job-3", case.id, Action.HAND_BACK, note="不做了"),
            FieldAction("job-4", case.id, Action.FIX, photos=shots(session, AFTER)),
        ]
        kept = [act(session, link, one, now=MONDAY_9AM + HOUR).kept for one in sent]

    with works.city.db() as session:
        row = session.get_one(Repair, case.id)
        assert kept == [Kept.DONE, Kept.DONE, Kept.CONFLICT, Kept.DONE]
        assert session.get_one(Case, case.id).status is Status.REPAIRED
        assert row.contractor == "示例市政工程队"


@pytest.mark.parametrize("with_stock", [True, False])
def test_a_contractor_says_what_was_used_and_takes_from_the_stock_where_they_may(
    works: Works, *, with_stock: bool
) -> None:
    with works.city.db.begin() as session:
        lamps, elsewhere = stocked(session), stocked(session, unit_id=WATER)
        case = dispatched(session, works, a_repair(session, works))
        head: Actor = works[Role.UNIT_HEAD]
        made = lend_link(
            session, case.id, name="示例工程队", with_stock=with_stock, actor=head, now=MONDAY_9AM
        )
        _door, link = open_link(session, made.token, "theirs", now=MONDAY_9AM)
        assert link is not None
        before, had = shots(session, BEFORE), lamps.on_hand
        for action in (Action.SIGN, Action.ARRIVE):
            act(session, link, FieldAction(f"c-{action}", case.id, action), now=MONDAY_9AM)
        fix = FieldAction(
            "c-fix", case.id, Action.FIX, photos=(*before, *shots(session, AFTER)),
            brought=(Brought(" 电缆 ", "米", Decimal("2.5")),),
        )  # fmt: skip
        foreign = replace(fix, materials=((elsewhere.id, Decimal(1)),))
        mixed = replace(fix, materials=((lamps.id, Decimal(1)),))
        tried = [
            act(session, link, one, now=MONDAY_9AM + HOUR)
            for one in (foreign, mixed, *(() if with_stock else (fix,)), mixed)
        ]
        session.refresh(lamps)
        used = [(one.name, one.quantity) for one in queries.materials_of(session, case.id)]

    assert tried[0].kept is Kept.INVALID
    assert set(tried[0].fields) == {"materials"}
    assert tried[1].is_done is with_stock
    assert tried[-1].is_done
    taken = [(lamps.name, Decimal(1))] if with_stock else []
    assert used == [*taken, ("电缆", Decimal("2.5"))]
    assert had - lamps.on_hand == len(taken)


def test_a_link_is_one_browsers_and_ends(works: Works) -> None:
    head, late = works[Role.UNIT_HEAD], MONDAY_9AM + timedelta(days=3)
    with works.city.db.begin() as session:
        case = dispatched(session, works, a_repair(session, works))
        token, code = lent(session, works, case)
        wrong = f"{(int(code) + 1) % 10_000:04d}"

        def seen(browser: str, code: str = "", now: object = MONDAY_9AM) -> Door:
            return open_link(session, token, browser, code=code, now=now)[0]  # type: ignore[arg-type]  # an instant

        assert seen("first") is Door.OPEN
        assert seen("forwarded") is Door.NEEDS_CODE
        assert seen("forwarded", wrong) is Door.WRONG_CODE
        assert seen("forwarded", code) is Door.OPEN
        assert seen("first") is Door.NEEDS_CODE
        assert [seen("guesser", wrong) for _ in range(6)][-1] is Door.TOO_MANY
        assert seen("guesser", code) is Door.TOO_MANY
        assert seen("forwarded", now=late) is Door.EXPIRED
        revoke_link(session, case.id, actor=head, now=MONDAY_9AM)
        assert seen("forwarded") is Door.REVOKED
        assert open_link(session, "nothing", "first", now=MONDAY_9AM)[0] is Door.UNKNOWN
        token, _none = lent(session, works, case, with_code=False)
        assert seen("first") is Door.OPEN
        assert seen("other") is Door.OTHER_BROWSER


def test_a_link_ends_when_a_crew_or_another_unit_gets_the_work(works: Works) -> None:
    dispatcher = works[Role.DISPATCHER]
    with works.city.db.begin() as session:
        case = dispatched(session, works, a_repair(session, works))
        to_crew, _code = lent(session, works, case)
        crew = Facts(crew_id=works.crew_ids[0])
        step(session, case, Action.ASSIGN_CREW, dispatcher, facts=crew)
        first = open_link(session, to_crew, "theirs", now=MONDAY_9AM)[0]
        named = session.get_one(Repair, case.id).contractor
        to_water, _code = lent(session, works, case)
        water = Facts(unit_id=WATER)
        step(session, case, Action.DISPATCH, dispatcher, note="应归供水", facts=water)
        second = open_link(session, to_water, "theirs", now=MONDAY_9AM)[0]

    with works.city.db() as session:
        assert (first, second) == (Door.REVOKED, Door.REVOKED)
        assert (named, session.get_one(Repair, case.id).contractor) == ("", "")
