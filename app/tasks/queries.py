"""Reads of tasks: those of one matter with their words, and the lists people work through.

Whoever may see the matter may see its tasks; lists start from the same condition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.rules import Actor, Grant, Permission, Scope
from app.cases.models import Case, CaseText
from app.cases.queries import visible_clause
from app.departments import queries as departments
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Count, Order, Page, count_capped, list_page
from app.tasks.models import Task
from app.tasks.rules import WORKED_ON, Standing, TaskState


class View(StrEnum):
    """The lists of open tasks."""

    OURS = "ours"  # my unit assists
    ASKED = "asked"  # my unit leads
    LATE = "late"  # overdue, wherever I may look


_asked_text: Final = aliased(CaseText)
_reply_text: Final = aliased(CaseText)
_helper: Final = aliased(Unit)
_lead: Final = aliased(Unit)

_OF_CASE: Final = (
    select(
        Task.id,
        Task.unit_id,
        Task.state,
        Task.round,
        Task.asked_at,
        Task.due_at,
        Task.signed_by,
        Task.replied_at,
        Task.reply_event_id,
        Task.ended_at,
        Task.version,
        _helper.name.label("unit_name"),
        _helper.name_en.label("unit_name_en"),
        _helper.path.label("unit_path"),
        _helper.region_code.label("unit_region"),
        func.coalesce(Staff.display_name, "").label("signer"),
        func.coalesce(_asked_text.internal_text, "").label("wanted"),
        func.coalesce(_reply_text.internal_text, "").label("reply"),
    )
    .join(_helper, _helper.id == Task.unit_id)
    .outerjoin(Staff, Staff.id == Task.signed_by)
    .outerjoin(_asked_text, _asked_text.event_id == Task.asked_event_id)
    .outerjoin(_reply_text, _reply_text.event_id == Task.reply_event_id)
    .where(Task.case_id == bindparam("case_id"))
    .order_by(Task.id.desc())
)
_LIST: Final = (
    select(
        Task.id,
        Task.state,
        Task.due_at,
        Task.asked_at,
        Case.number,
        Case.title,
        Case.is_confidential,
        _helper.name.label("unit_name"),
        _helper.name_en.label("unit_name_en"),
        _lead.name.label("lead_name"),
        _lead.name_en.label("lead_name_en"),
        func.coalesce(_asked_text.internal_text, "").label("wanted"),
    )
    .join(Case, Case.id == Task.case_id)
    .join(_helper, _helper.id == Task.unit_id)
    .join(_lead, _lead.id == Case.unit_id)
    .outerjoin(_asked_text, _asked_text.event_id == Task.asked_event_id)
    .where(Task.ended_at.is_(None))
)
_ORDER: Final = Order.by(Task.due_at, Task.id)


def list_of_case(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every task of a matter with its words, the latest first."""
    return rows(session, _OF_CASE, case_id=case_id)


def list_open(session: Session, case_id: int) -> list[Task]:
    """The tasks of a matter that have not ended."""
    wanted = select(Task).where(Task.case_id == case_id, Task.ended_at.is_(None))
    return list(session.scalars(wanted.order_by(Task.id)))


def has_open_at(session: Session, unit_id: int) -> bool:
    """Whether this unit still assists somebody."""
    wanted = select(Task.id).where(Task.unit_id == unit_id, Task.ended_at.is_(None))
    return session.scalar(wanted.limit(1)) is not None


def get_task(session: Session, case_id: int, task_id: int) -> Task:
    """One task of a matter the asker may see.

    Raises:
        NotFoundError: the matter has no such task.
    """
    task = session.get(Task, task_id)
    if task is None or task.case_id != case_id:
        raise NotFoundError(mark("There is no such task."))
    return task


def standing_of(session: Session, task: Task) -> Standing:
    """What the rules need to know of a task."""
    unit = departments.view_of(session, task.unit_id)
    return Standing(task.state, unit.id, unit.path, unit.region_code, task.signed_by)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list, for whom, as of when."""

    view: View
    actor: Actor
    now: datetime


def list_tasks(
    session: Session, asked: Asked, *, cursor: str | None, size: int = 30
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of open tasks, the most pressing first."""
    statement = _LIST.where(*_conditions(asked))
    return list_page(session, statement, _ORDER, cursor=cursor, size=size)


def count_tasks(session: Session, asked: Asked) -> Count:
    """How many tasks the list holds, exact up to 1,000; figure and list cannot disagree."""
    statement = select(Task.id).join(Case, Case.id == Task.case_id).where(Task.ended_at.is_(None))
    return count_capped(session, statement.where(*_conditions(asked)))


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    seen = visible_clause(asked.actor)
    match asked.view:
        case View.OURS:
            return [seen, _within(asked.actor, Task.unit_id), Task.state.in_(WORKED_ON)]
        case View.ASKED:
            return [seen, _within(asked.actor, Case.unit_id)]
        case View.LATE:
            # Answered is answered: from then on it waits for the unit that asked.
            late = Task.due_at < asked.now.replace(microsecond=0)
            return [seen, Task.state != TaskState.REPLIED, late]


def _within(actor: Actor, unit_id: Any) -> ColumnElement[bool]:  # noqa: ANN401  # a column of either table
    found = [_reach(grant, unit_id) for grant in actor.grants_for(Permission.CASE_HANDLE)]
    return or_(*found) if found else false()


def _reach(grant: Grant, unit_id: Any) -> ColumnElement[bool]:  # noqa: ANN401  # as above
    if grant.scope is Scope.ALL:
        return true()
    held: ColumnElement[bool] = unit_id == grant.unit_id
    if grant.scope in (Scope.UNIT, Scope.SELF):
        return held
    is_below = (
        Unit.path.startswith(grant.unit_path)
        if grant.scope is Scope.SUBTREE
        else Unit.region_code.startswith(grant.region_code)
    )
    inside: ColumnElement[bool] = unit_id.in_(select(Unit.id).where(is_below))
    return inside
