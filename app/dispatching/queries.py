"""Reads of giving out work: the dispatch queue, alerts of the directory, people and their load.

The queue starts from `visible_clause`, like every list of matters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Actor, Role
from app.cases.kinds import Status
from app.cases.models import Approval, Case, CaseAccused
from app.cases.queries import visible_clause
from app.catalogue import queries as catalogue
from app.catalogue.models import Category, DispatchRule
from app.catalogue.rules import Proposal
from app.departments import queries as departments
from app.departments.models import Unit
from app.departments.queries.shelf import UnitView
from app.departments.rules import UnitKind, is_within
from app.dispatching.models import Absence, DirectoryAlert, UnitWork
from app.dispatching.rules import HELD, USUAL_CAP, Worker
from app.kernel.db import rows
from app.kernel.paging import Count, Order, Page, count_capped, list_page

_DISTRICT_DIGITS: Final = 6
_MOST_SHARED: Final = 100


class Queue(StrEnum):
    """The lists of the dispatch desk."""

    NEW = "new"  # accepted, to be sent to a unit
    RETURNS = "returns"  # a unit wants to give it back
    ENDING = "ending"  # with a unit that is closed or is being closed


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a queue; None or empty means: any."""

    queue: Queue = Queue.NEW
    region_code: str = ""
    category_id: int | None = None


_ORDER: Final = Order.by(Case.sort_at, Case.id)
QueueLine: TypeAlias = Row[*tuple[Any, ...]]
_suggested: Final = aliased(Unit)
_LIST: Final = (
    select(
        Case.id,
        Case.number,
        Case.title,
        Case.status,
        Case.urgency,
        Case.category_id,
        Case.category_name,
        Case.region_code,
        Case.place,
        Case.unit_id,
        Unit.name.label("unit_name"),
        Unit.name_en.label("unit_name_en"),
        Case.version,
        Case.is_confidential,
        Case.is_paused,
        Case.is_provisional,
        Case.urge_count,
        Case.next_due_at,
        Case.next_warn_at,
        CaseAccused.unit_id.label("accused_unit_id"),
        Approval.reason.label("returned_because"),
        Approval.suggested_unit_id,
    )
    .join(Unit, Unit.id == Case.unit_id)
    .outerjoin(CaseAccused, CaseAccused.case_id == Case.id)
    .outerjoin(Approval, and_(Approval.case_id == Case.id, Approval.decided_at.is_(None)))
)


def list_queue(
    session: Session, actor: Actor, wanted: Wanted, *, cursor: str | None, size: int = 30
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of what waits for a dispatcher, the most urgent first."""
    statement = _LIST.where(visible_clause(actor), *_conditions(wanted))
    return list_page(session, statement, _ORDER, cursor=cursor, size=size)


def rows_of(session: Session, actor: Actor, case_ids: Sequence[int]) -> list[Row[*tuple[Any, ...]]]:
    """The same lines for these matters, in the order given; what is not theirs is left out."""
    statement = _LIST.where(visible_clause(actor), Case.id.in_(case_ids))
    found = {row.id: row for row in rows(session, statement)}
    return [found[case_id] for case_id in case_ids if case_id in found]


def count_queue(session: Session, actor: Actor, queue: Queue) -> Count:
    """How many wait in this queue, exact up to 1,000."""
    statement = select(Case.id).where(visible_clause(actor), *_conditions(Wanted(queue)))
    return count_capped(session, statement)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Case.closed_at.is_(None)]
    match wanted.queue:
        case Queue.NEW:
            found.append(Case.status == Status.ACCEPTED)
        case Queue.RETURNS:
            found.append(Case.status == Status.RETURNING)
        case Queue.ENDING:
            ending = or_(Unit.ending_since.is_not(None), Unit.is_active.is_(False))
            found += [
                Case.status.in_(sorted(HELD)),
                Case.unit_id.in_(select(Unit.id).where(ending).correlate(None)),
            ]
    if wanted.region_code:
        found.append(Case.region_code.startswith(wanted.region_code, autoescape=True))
    if wanted.category_id is not None:
        under = select(Category.id).where(Category.parent_id == wanted.category_id)
        found.append(or_(Case.category_id == wanted.category_id, Case.category_id.in_(under)))
    return found


def proposal_for(session: Session, row: Row[*tuple[Any, ...]] | Case) -> Proposal | None:
    """What the directory says of a matter; None before it has a category."""
    if row.category_id is None:
        return None
    accused = row.accused_unit_id if isinstance(row, Row) else None
    return catalogue.propose_unit(
        session, row.category_id, row.region_code, accused_unit_id=accused
    )


def fallback_for(
    session: Session, region_code: str, accused_unit_id: int | None
) -> UnitView | None:
    """Who takes a matter the directory has no unit for: the district, else the intake centre.

    None where the matter is about both of them; then a person must find another way.
    """
    code = region_code[:_DISTRICT_DIGITS]
    offered = [
        unit
        for unit in departments.views_of(session, (), (code,) if code else ())
        if unit.kind is UnitKind.DISTRICT and not unit.is_ending
    ]
    offered.append(departments.intake_unit(session, region_code))
    above = departments.view_of(session, accused_unit_id).path if accused_unit_id else ""
    return next((one for one in offered if not above or not is_within(one.path, above)), None)


_ALERTS: Final = (
    select(
        DirectoryAlert.id,
        DirectoryAlert.fault,
        DirectoryAlert.rule_id,
        DirectoryAlert.region_code,
        DirectoryAlert.raised_at,
        DirectoryAlert.met,
        func.coalesce(Unit.name, "").label("unit_name"),
        func.coalesce(Unit.name_en, "").label("unit_name_en"),
        func.coalesce(Category.name, "").label("category"),
        func.coalesce(Category.name_en, "").label("category_en"),
    )
    .outerjoin(Unit, Unit.id == DirectoryAlert.unit_id)
    .outerjoin(DispatchRule, DispatchRule.id == DirectoryAlert.rule_id)
    .outerjoin(
        Category, Category.id == func.coalesce(DirectoryAlert.category_id, DispatchRule.category_id)
    )
    .where(DirectoryAlert.cleared_at.is_(None))
    .order_by(DirectoryAlert.raised_at, DirectoryAlert.id)
    .limit(50)
)


def open_alerts(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """What in the directory needs mending, the oldest first."""
    return rows(session, _ALERTS)


_IN_WORK: Final = (Status.HANDLING, Status.WAITING_CITIZEN)
_LOAD: Final = (
    select(Case.handler_id, func.count().label("open"))
    .where(Case.closed_at.is_(None), Case.status.in_(_IN_WORK), Case.handler_id.is_not(None))
    .group_by(Case.handler_id)
    .subquery()
)
_WORKERS: Final = (
    select(
        Staff.id,
        Staff.display_name,
        func.coalesce(_LOAD.c.open, 0).label("open"),
        Absence.until_on,
    )
    .join(Unit, Unit.id == Staff.unit_id)
    .join(Appointment, Appointment.staff_id == Staff.id)
    .outerjoin(_LOAD, _LOAD.c.handler_id == Staff.id)
    .outerjoin(Absence, Absence.staff_id == Staff.id)
    .where(
        Staff.is_active,
        Unit.path.startswith(bindparam("path")),
        Appointment.role == Role.HANDLER,
        Appointment.valid_from <= bindparam("today"),
        or_(Appointment.valid_to.is_(None), Appointment.valid_to >= bindparam("today")),
    )
    .distinct()
    .order_by(Staff.id)
)


def list_workers(session: Session, unit_id: int, *, today: date) -> list[Worker]:
    """Who handles matters in this unit or under it, with what they have in hand."""
    path = departments.view_of(session, unit_id).path
    found = rows(session, _WORKERS, path=path, today=today)
    return [Worker(row.id, row.display_name, row.open, row.until_on) for row in found]


_TO_SHARE: Final = (
    select(
        Case.id,
        Case.number,
        Case.title,
        Case.status,
        Case.urgency,
        Case.version,
        Case.is_confidential,
        Case.is_paused,
        Case.is_provisional,
        Case.next_due_at,
        Case.next_warn_at,
    )
    .where(
        Case.unit_id == bindparam("unit_id"),
        Case.closed_at.is_(None),
        or_(
            Case.status == Status.DISPATCHED,
            and_(Case.status == Status.HANDLING, Case.handler_id.is_(None)),
        ),
    )
    .order_by(Case.sort_at, Case.id)
    .limit(_MOST_SHARED)
)


def list_to_share(session: Session, actor: Actor, unit_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What nobody of the unit has in hand yet: to be signed for, or signed without a handler."""
    return rows(session, _TO_SHARE.where(visible_clause(actor)), unit_id=unit_id)


_NAMES: Final = select(Staff.id, Staff.display_name).where(
    Staff.id.in_(bindparam("ids", expanding=True))
)


def names_of(session: Session, staff_ids: Iterable[int | None]) -> dict[int, str]:
    """What these people are called, by key."""
    ids = sorted({one for one in staff_ids if one is not None})
    return {row.id: row.display_name for row in rows(session, _NAMES, ids=ids)} if ids else {}


def work_of(session: Session, unit_id: int) -> UnitWork:
    """How the unit shares its work; the usual way where nobody has said anything."""
    found = session.get(UnitWork, unit_id)
    return found or UnitWork(unit_id=unit_id, cap=USUAL_CAP, is_automatic=False, version=0)
