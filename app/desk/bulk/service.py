"""One deed on many matters: chosen, planned, run; each for itself, one bad one stops nothing.

Up to fifty at once are done as they are ordered, more by a job in small parts. A second press
finds the run begun and begins nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.rules import Actor
from app.cases.queries.lists import Filter
from app.desk.bulk import queries
from app.desk.bulk.doing import One, do, why_not
from app.desk.bulk.rules import (
    AT_ONCE,
    BATCH,
    DEEDS,
    MOST,
    BulkDeed,
    BulkState,
    RowState,
    missing_in,
)
from app.desk.models import BulkRow, BulkRun
from app.kernel import jobs
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from app.kernel.failures import describe
from app.kernel.messages import mark

JOB: Final = "desk:bulk"
KEPT: Final = timedelta(days=30)
_log = structlog.get_logger("desk.bulk")
_GONE: Final = mark("The matter is no longer in your sight.")
_CHANGED: Final = mark("Somebody changed this matter while you were looking at it.")
_FAILED: Final = mark(
    "The program failed at this matter; nothing of it was changed. The failure is in the log: "
    "try this one by itself or tell your administrator."
)
_LEFT: Final = mark("The person who ordered it has left.")
_LONGEST_WHY: Final = 300


def gather(
    session: Session,
    actor: Actor,
    *,
    numbers: Sequence[str] = (),
    wanted: Filter | None = None,
    came_from: str = "",
    now: datetime,
) -> BulkRun:
    """Keep the matters chosen, by number or as a whole list, with the version each was seen at.

    Raises:
        InvalidError: none was chosen that this person may see.
    """
    if wanted is not None:
        chosen = queries.of_filter(session, actor, wanted, now=now)
    else:
        chosen = queries.of_numbers(session, actor, list(dict.fromkeys(numbers)))
    if not chosen:
        raise InvalidError(mark("Choose at least one matter first."))
    run = BulkRun(
        staff_id=actor.id,
        came_from=came_from[:600],
        left_out=max(0, len(chosen) - MOST),
        created_at=now,
    )
    session.add(run)
    session.flush()
    session.add_all(
        BulkRow(run_id=run.id, case_id=one.id, seen=one.version) for one in chosen[:MOST]
    )
    session.flush()
    return run


def plan(
    session: Session,
    actor: Actor,
    run_id: int,
    deed: BulkDeed,
    given: Mapping[str, str],
    *,
    now: datetime,
) -> BulkRun:
    """Say what is to be done, and find out for each matter whether it will go.

    Raises:
        NotFoundError: no such run of this person's.
        ConflictError: it was begun already.
        ForbiddenError: the role does not include the deed.
        InvalidError: something the deed needs is missing.
    """
    run = queries.get_run(session, run_id, actor, lock=True)
    if run.state is not BulkState.DRAFT:
        raise ConflictError(mark("This run was begun already."))
    rule = DEEDS[deed]
    if not any(map(actor.may, rule.needs)):
        raise ForbiddenError(mark("Your role does not include this."))
    kept = {str(ask): given.get(ask, "").strip() for ask in (*rule.requires, *rule.offers)}
    if wrong := missing_in(deed, kept):
        raise InvalidError(fields=wrong)
    run.deed, run.given = deed, kept
    for row in queries.rows_of(session, run.id):
        row.why = _expected(session, actor, run, row, now)[:_LONGEST_WHY]
    session.flush()
    return run


def begin(session: Session, actor: Actor, run_id: int, *, now: datetime) -> BulkRun:
    """Run what was planned; pressed twice, it runs once.

    Raises:
        NotFoundError: no such run of this person's.
        InvalidError: nothing was planned yet.
    """
    run = queries.get_run(session, run_id, actor, lock=True)
    if run.state is not BulkState.DRAFT:
        return run
    if run.deed is None:
        raise InvalidError(mark("Choose first what is to be done."))
    run.state, run.began_at = BulkState.WAITING, now
    session.flush()
    if len(queries.rows_of(session, run.id, most=AT_ONCE + 1)) > AT_ONCE:
        jobs.enqueue(session, JOB, {"run": run.id}, run_at=now, dedup=f"{JOB}:{run.id}")
    else:
        go_on(session, run, actor, most=AT_ONCE, now=now)
    return run


def go_on(
    session: Session, run: BulkRun, actor: Actor | None, *, most: int = BATCH, now: datetime
) -> bool:
    """Do the next matters of a run, each in a savepoint of its own; whether any is left."""
    for row in queries.rows_of(session, run.id, most=most):
        why = _LEFT if actor is None else _done(session, actor, run, row, now)
        row.state = RowState.REFUSED if why else RowState.DONE
        row.why, row.at = why[:_LONGEST_WHY], now
        session.flush()
    if queries.rows_of(session, run.id, most=1):
        return True
    run.state, run.ended_at = BulkState.DONE, now
    session.flush()
    return False


def _expected(session: Session, actor: Actor, run: BulkRun, row: BulkRow, now: datetime) -> str:
    case = queries.find_case(session, row.case_id, actor)
    if case is None:
        return _GONE
    if case.version != row.seen:
        return _CHANGED
    one = One(session, actor, case, row.seen, run.given, now)
    try:
        return why_not(run.deed, one) if run.deed else ""
    except Exception as failure:  # noqa: BLE001  # the others are still to be looked at
        return _failed(row, failure)


def _done(session: Session, actor: Actor, run: BulkRun, row: BulkRow, now: datetime) -> str:
    """Do the deed; the sentence it was refused with, or "" where it went well."""
    case = queries.find_case(session, row.case_id, actor)
    if case is None or run.deed is None:
        return _GONE
    try:
        with session.begin_nested():
            do(run.deed, One(session, actor, case, row.seen, run.given, now))
    except InvalidError as refusal:
        return next(iter(refusal.fields.values()), refusal.msgid)
    except DomainError as refusal:
        return refusal.msgid
    except StaleDataError:
        return _CHANGED
    except Exception as failure:  # noqa: BLE001  # the savepoint took it back; the others go on
        return _failed(row, failure)
    return ""


def _failed(row: BulkRow, failure: Exception) -> str:
    trouble = describe(failure)
    _log.error("bulk row failed", run=row.run_id, case=row.case_id, trouble=trouble)
    return _FAILED


def forget_old(session: Session, *, now: datetime) -> None:
    """Runs of last month have served; what they did stands in the histories."""
    session.execute(delete(BulkRun).where(BulkRun.created_at < now - KEPT))
