"""What somebody is reminded of: by their seats, as matters and seats stand while they read.

Every statement starts from what the person may see at all; nothing here grows with history.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Grant, Permission, Scope
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page
from app.sla.models import Clock
from app.supervision.models import Reminder, ReminderSeen, SupervisionLevel
from app.supervision.rules.ladder import Why

_ORDER: Final = Order.by(Reminder.id, descending=True)
# Still about something: the clock runs, the urge waits, the matter is open.
LASTS: Final = and_(
    Reminder.ended_at.is_(None),
    Case.closed_at.is_(None),
    or_(Reminder.clock_id.is_(None), and_(Clock.met_at.is_(None), Clock.cancelled_at.is_(None))),
    or_(Reminder.why != Why.URGE, Case.urge_open_at.is_not(None)),
)
_FROM: Final = (
    select(Reminder.id)
    .join(Case, Case.id == Reminder.case_id)
    .outerjoin(Clock, Clock.id == Reminder.clock_id)
)


@lru_cache(maxsize=256)
def mine(actor: Actor) -> ColumnElement[bool]:
    """The reminders meant for this person: of what they handle, lead, or supervise."""
    own = or_(
        Case.handler_id == actor.id,
        and_(Case.handler_id.is_(None), within(actor, Permission.CASE_HANDLE)),
        and_(Case.handler_id.is_(None), within(actor, Permission.CASE_ACCEPT)),
    )
    return and_(
        LASTS,
        visible_clause(actor),
        or_(
            and_(Reminder.tells_handler, own),
            and_(Reminder.tells_head, within(actor, Permission.UNIT_LEAD)),
            and_(Reminder.tells_supervisor, within(actor, Permission.CASE_SUPERVISE)),
        ),
    )


def within(actor: Actor, needs: Permission) -> ColumnElement[bool]:
    """Matters as far as the appointments with this right reach."""
    reach = [_reach(grant, actor) for grant in actor.grants_for(needs)]
    return or_(*reach) if reach else ~true()


def _reach(grant: Grant, actor: Actor) -> ColumnElement[bool]:
    match grant.scope:
        case Scope.ALL:
            return true()
        case Scope.REGION:
            return Case.region_code.startswith(grant.region_code)
        case Scope.SUBTREE:
            return Case.unit_id.in_(select(Unit.id).where(Unit.path.startswith(grant.unit_path)))
        case Scope.UNIT:
            return Case.unit_id == grant.unit_id
        case Scope.SELF:
            return Case.handler_id == actor.id


def list_mine(
    session: Session, actor: Actor, *, unit_id: int | None, cursor: str | None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of them, the newest first; of one unit's matters if asked."""
    statement = _shown(actor)
    if unit_id is not None:
        statement = statement.where(Case.unit_id == unit_id)
    return list_page(session, statement, _ORDER, cursor=cursor)


@lru_cache(maxsize=256)
def _shown(actor: Actor) -> Select[*tuple[Any, ...]]:
    shown = _FROM.with_only_columns(
        Reminder.id,
        Reminder.why,
        Reminder.clock_kind,
        Reminder.due_at,
        Reminder.at,
        SupervisionLevel.name.label("level"),
        SupervisionLevel.name_en.label("level_en"),
        Case.number,
        Case.title,
        Case.unit_id,
        Unit.name.label("unit"),
        Unit.name_en.label("unit_en"),
    )
    shown = shown.join(Unit, Unit.id == Case.unit_id)
    shown = shown.outerjoin(SupervisionLevel, SupervisionLevel.id == Reminder.level_id)
    return shown.where(mine(actor))


def by_unit(session: Session, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """How many of each kind lie with each unit: rows of unit, why, count."""
    return rows(session, _by_unit(actor))


@lru_cache(maxsize=256)
def _by_unit(actor: Actor) -> Select[*tuple[Any, ...]]:
    counted: Select[*tuple[Any, ...]] = _FROM.with_only_columns(
        Case.unit_id, Reminder.why, func.count().label("many")
    )
    return counted.where(mine(actor)).group_by(Case.unit_id, Reminder.why)


def last_seen(session: Session, staff_id: int) -> int:
    """The key of the last reminder this person has read; 0 before the first."""
    found = rows(session, _SEEN, staff_id=staff_id)
    return int(found[0].last_id) if found else 0


_SEEN: Final = select(ReminderSeen.last_id).where(ReminderSeen.staff_id == bindparam("staff_id"))


def untold(session: Session, *, most: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Reminders no inbox has had yet, with whose matter each is about."""
    wanted = _FROM.with_only_columns(
        Reminder.id,
        Reminder.tells_handler,
        Reminder.tells_head,
        Reminder.tells_supervisor,
        Case.handler_id,
        Case.unit_id,
    ).where(Reminder.told_at.is_(None), LASTS)
    return session.execute(wanted.order_by(Reminder.id).limit(most)).all()


def of_clock(session: Session, clock_id: int) -> Sequence[Reminder]:
    """What was said about this clock and lasts."""
    wanted = select(Reminder).where(Reminder.clock_id == clock_id, Reminder.ended_at.is_(None))
    return session.scalars(wanted).all()


def over(session: Session, *, most: int) -> Sequence[int]:
    """Reminders of what has ended meanwhile."""
    wanted = _FROM.where(Reminder.ended_at.is_(None), ~LASTS).limit(most)
    return session.scalars(wanted).all()
