"""The assisting unit answers in the moment in which the lead unit replies: nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases import service as cases
from app.cases.kinds import Action, Outcome, Status
from app.cases.models import Case
from app.cases.rules import Facts, StepInput
from app.kernel.errors import DomainError
from app.tasks import service
from app.tasks.models import Task
from app.tasks.rules import Deed, TaskState
from app.tasks.service import Given, NewTask
from tests.cases.walking import to_handling
from tests.support.city import WATER, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge
from tests.tasks.test_tasks import helper


def test_an_answer_and_the_matters_reply_at_the_same_moment_lose_nothing(
    engine: Engine, db: Db
) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        new = NewTask(WATER, "请核实。", date(2026, 3, 4), case.version)
        task = service.ask(session, case.id, new, actor=city[Role.HANDLER], now=MONDAY_9AM)
        given = Given(Deed.SIGN, task.version)
        service.take(session, case.id, task.id, given, actor=helper(city), now=MONDAY_9AM)
    case_id, version, task_version = case.id, case.version, task.version
    edge, start = an_edge(engine, StoppedClock()), Barrier(2)

    def answer(session: Session) -> None:
        answered = Given(Deed.REPLY, task_version, "是我公司管线。")
        service.take(session, case_id, task.id, answered, actor=helper(city), now=MONDAY_9AM)

    def reply(session: Session) -> None:
        facts = Facts(outcome=Outcome.RESOLVED)
        words = StepInput(Action.REPLY, version, note="不再等待", text="已修好。", facts=facts)
        cases.take_step_as_staff(session, case_id, words, actor=city[Role.HANDLER], now=MONDAY_9AM)

    def at_once(act: Callable[[Session], None]) -> str:
        start.wait()
        try:
            with edge.writing() as session:
                act(session)
        except DomainError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answered, replied = pool.map(at_once, (answer, reply))

    # Whichever was second: the reply finds a screen that is old; the answer finds the row taken,
    # or, on one writer at a time, a matter that was replied to and a task still open.
    assert "done" in (answered, replied)
    assert {answered, replied} <= {"done", "conflict"}
    with city.db() as session:
        row, held = session.get_one(Task, task.id), session.get_one(Case, case_id)
        assert (row.state is TaskState.REPLIED) == (answered == "done")
        assert (held.status is Status.REPLIED) == (replied == "done")
