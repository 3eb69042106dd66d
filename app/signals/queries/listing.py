"""Lists of signals for those who supervise, and the matters each rests on, paged.

A matter is listed for whoever may know of it; the count of people says more than the list.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Row, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission, Scope
from app.cases.models import Case
from app.cases.queries.visibility import visible_clause
from app.catalogue.models import Category
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page
from app.signals.models import Signal, SignalCase
from app.signals.rules import Level

SignalRow: TypeAlias = Row[Any]

_ORDERS: Final = (
    select(func.count())
    .select_from(SignalCase)
    .where(SignalCase.signal_id == Signal.id)
    .scalar_subquery()
)
_LIST: Final = select(
    Signal.id,
    Signal.level,
    Signal.region_code,
    Signal.word,
    Signal.persons,
    Signal.raised_at,
    Signal.last_at,
    Signal.seen_at,
    Signal.closed_at,
    Category.name,
    Category.name_en,
    _ORDERS.label("orders"),
).join(Category, Category.id == Signal.category_id)
_ORDER: Final = Order.by(Signal.id, descending=True)
_CASES: Final = select(
    Case.id, Case.number, Case.title, Case.place, Case.status, Case.opened_at
).join(SignalCase, SignalCase.case_id == Case.id)
_CASE_ORDER: Final = Order.by(Case.id, descending=True)


def reach_of(actor: Actor) -> ColumnElement[bool]:
    """The signals this person supervises: everywhere, or in the regions of their appointments."""
    grants = actor.grants_for(Permission.CASE_SUPERVISE)
    if not grants:
        return false()
    if any(grant.scope is Scope.ALL for grant in grants):
        return true()
    return or_(*(Signal.region_code.startswith(grant.region_code) for grant in grants))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which signals; None or empty means: any. A category stands for those under it, too."""

    is_open: bool = True
    region_code: str = ""
    category_id: int | None = None
    level: Level | None = None
    since: datetime | None = None


def list_signals(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    cursor: str | None = None,
    size: int = 30,
) -> Page[SignalRow]:
    """One page of the signals this person supervises, the newest first."""
    statement = _LIST.where(reach_of(actor), *_conditions(wanted))
    return list_page(session, statement, _ORDER, cursor=cursor, size=size)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Signal.closed_at.is_(None) if wanted.is_open else Signal.closed_at.is_not(None)
    ]
    if wanted.region_code:
        found.append(Signal.region_code.startswith(wanted.region_code, autoescape=True))
    if wanted.category_id is not None:
        found.append(
            or_(Category.id == wanted.category_id, Category.parent_id == wanted.category_id)
        )
    if wanted.level is not None:
        found.append(Signal.level == wanted.level)
    if wanted.since is not None:
        found.append(Signal.raised_at >= wanted.since)
    return found


def get_signal(session: Session, actor: Actor, signal_id: int) -> tuple[Signal, Category, str, str]:
    """A signal, its category, and the names of who saw and who closed it.

    Raises:
        NotFoundError: there is none, or it is not this person's to supervise.
    """
    wanted = (
        select(Signal, Category)
        .join(Category, Category.id == Signal.category_id)
        .where(Signal.id == signal_id, reach_of(actor))
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such signal."))
    signal, category = found
    named = select(Staff.id, Staff.display_name).where(
        Staff.id.in_([signal.seen_by or 0, signal.closed_by or 0])
    )
    names = {row.id: row.display_name for row in session.execute(named)}
    return (
        signal,
        category,
        names.get(signal.seen_by or 0, ""),
        names.get(signal.closed_by or 0, ""),
    )


def list_cases(
    session: Session, actor: Actor, signal_id: int, *, cursor: str | None = None, size: int = 20
) -> Page[SignalRow]:
    """The matters a signal rests on, as far as the actor may know of them, paged."""
    wanted = _CASES.where(SignalCase.signal_id == signal_id, visible_clause(actor))
    return list_page(session, wanted, _CASE_ORDER, cursor=cursor, size=size)
