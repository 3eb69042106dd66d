"""Takes one step on many matters as the system: each for itself, so that one failing holds none.

What fails is undone to the last word and named in the log; the job's next turn tries it again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.rules import SYSTEM, StepInput
from app.cases.service.stepping import take_step
from app.kernel.failures import describe

MOST: Final = 200  # at one turn of a job: what waits longer waits for the next
_log = structlog.get_logger("cases.unattended")

Page = Callable[[int], Sequence[Case]]


def take_each(session: Session, page: Page, action: Action, *, now: datetime) -> None:
    """Take the step on every matter of the pages, `page(key)` being those after that key.

    A page ends with its highest key: so what fails is passed by, and the next ones come.
    """
    after, done = 0, 0
    while done < MOST and (found := page(after)):
        after = found[-1].id
        done += sum(_taken(session, case.id, action, now) for case in found)


def _taken(session: Session, case_id: int, action: Action, now: datetime) -> bool:
    try:
        with session.begin_nested():
            case = session.get_one(Case, case_id)
            take_step(session, case, StepInput(action, case.version), doer=SYSTEM, now=now)
    except StaleDataError:
        return False  # somebody was quicker; if the step is still due, the next turn takes it
    except Exception as failure:  # noqa: BLE001  # the savepoint took it back; the others go on
        _log.error("step failed", case=case_id, action=action, trouble=describe(failure))
        return False
    return True
