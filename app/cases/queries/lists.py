"""Lists of cases: the worklist in all its filters, urgent first, page by page.

One filter serves desk, board and export, so that a figure and its list can
never disagree. Plain rows, no entities: lists are the hot path.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import FINAL, Channel, Status
from app.cases.models import Approval, Case
from app.cases.queries.incidents import Incident, cases_where
from app.cases.queries.visibility import not_about, visible_clause
from app.catalogue.models import Category
from app.catalogue.rules import CaseKind, Urgency
from app.departments.models import Unit
from app.kernel.db import UtcDateTime, rows
from app.kernel.paging import (
    Count,
    FirstPage,
    Order,
    Page,
    capped,
    count_capped,
    count_up_to,
    list_page,
)
from app.sla.rules import PROVISIONAL_GRACE


class LampState(StrEnum):
    """How an open matter stands to its time limit."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    PAUSED = "paused"


class Verdict(StrEnum):
    """How a matter kept its time limit, as far as that is settled."""

    KEPT = "kept"
    MISSED = "missed"  # answered too late, or overdue and not answered yet
    SETTLED = "settled"  # either of the two


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases; None or empty means: any. Every member is one query parameter."""

    is_open: bool | None = True
    states: tuple[Status, ...] = ()
    lamp: LampState | None = None  # by the citizen's clock
    step_lamp: LampState | None = None  # by the most pressing clock of any kind
    unit_id: int | None = None
    under_unit_id: int | None = None
    handler_id: int | None = None
    kind: CaseKind | None = None
    category_id: int | None = None
    region_code: str = ""
    urgency: Urgency | None = None
    channel: Channel | None = None
    is_pending: bool | None = None
    on_time: bool | None = None
    verdict: Verdict | None = None
    is_confidential: bool | None = None
    was_urged: bool | None = None
    is_led: bool | None = None  # follows another matter, or ended with it
    urge_waits: bool | None = None  # somebody asked for speed and has no answer yet
    happened: Incident | None = None
    happened_from: datetime | None = None
    happened_to: datetime | None = None
    happened_unit_id: int | None = None  # in whose hands it was when it happened
    happened_under_id: int | None = None
    citizen_ids: tuple[int, ...] | None = None
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    responded_from: datetime | None = None
    responded_to: datetime | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    closed_from: datetime | None = None
    closed_to: datetime | None = None
    sparing: Actor | None = None  # never in an address: lists leave this out by themselves


OPEN_ORDER: Final = Order.by(Case.sort_at, Case.id)
ENDED_ORDER: Final = Order.by(Case.closed_at, Case.id, descending=True)
NEWEST_ORDER: Final = Order.by(Case.id, descending=True)

COLUMNS: Final = (
    Case.id,
    Case.number,
    Case.title,
    Case.kind,
    Case.status,
    Case.urgency,
    Case.category_name,
    Case.region_code,
    Case.unit_id,
    Unit.name.label("unit_name"),
    Unit.name_en.label("unit_name_en"),
    Case.handler_id,
    Case.opened_at,
    Case.closed_at,
    Case.due_at,
    Case.warn_at,
    Case.next_clock,
    Case.next_due_at,
    Case.next_warn_at,
    Case.is_paused,
    Case.is_provisional,
    Case.is_confidential,
    Case.on_time,
    Case.urge_count,
)
_LIST: Final = select(*COLUMNS).join(Unit, Unit.id == Case.unit_id)


def worklist(
    session: Session,
    actor: Actor,
    wanted: Filter,
    *,
    now: datetime,
    cursor: str | None = None,
    size: int = 30,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of the cases the actor may see that fit the filter.

    Open ones with the most pressing first, ended ones with the latest first.
    """
    if cursor is None and not _hangs_on_time(wanted):
        return _first_page(actor, wanted, size).read(session)
    statement = _LIST.where(visible_clause(actor), *conditions(wanted, now))
    return list_page(session, statement, order_of(wanted), cursor=cursor, size=size)


@lru_cache(maxsize=256)
def _first_page(actor: Actor, wanted: Filter, size: int) -> FirstPage:
    # Building the statement costs as much as running it; people open the same lists all day.
    never_used = datetime.min.replace(tzinfo=UTC)
    statement = _LIST.where(visible_clause(actor), *conditions(wanted, never_used))
    return FirstPage.of(statement, order_of(wanted), size=size)


def _hangs_on_time(wanted: Filter) -> bool:
    return any(one is not None for one in (wanted.lamp, wanted.step_lamp, wanted.verdict))


def whole(actor: Actor, wanted: Filter, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Every row of the list in its order, as one statement; for who reads it to its end."""
    fitting = _LIST.where(visible_clause(actor), *conditions(wanted, now))
    return fitting.order_by(*order_of(wanted).clauses(backwards=False))


def count(session: Session, actor: Actor, wanted: Filter, *, now: datetime) -> Count:
    """How many fit, exact up to 1,000."""
    statement = select(Case.id).where(visible_clause(actor), *conditions(wanted, now))
    return count_capped(session, statement)


def count_all(
    session: Session, actor: Actor, wanted: tuple[Filter, ...], *, now: datetime
) -> list[Count]:
    """How many fit each of the filters, exact up to 1,000; one statement for all of them.

    For the lists somebody works through, by what waits and by step; not by the citizen's
    limit (`lamp`, `verdict`), which is counted one at a time.
    """
    if not wanted:
        return []
    (found,) = rows(session, _counts(actor, wanted), now=now)
    return [capped(number) for number in found]


@lru_cache(maxsize=256)
def _counts(actor: Actor, wanted: tuple[Filter, ...]) -> Select[*tuple[Any, ...]]:
    seen = visible_clause(actor)
    return select(
        *(count_up_to(select(Case.id).where(seen, *conditions(one, _NOW))) for one in wanted)
    )


def rows_by_ids(session: Session, actor: Actor, ids: list[int]) -> list[Row[*tuple[Any, ...]]]:
    """The list rows of these cases, in the order given; what the actor may not see is left out."""
    found = {row.id: row for row in rows(session, _by_ids(actor), ids=ids)}
    return [found[case_id] for case_id in ids if case_id in found]


@lru_cache(maxsize=256)
def _by_ids(actor: Actor) -> Select[*tuple[Any, ...]]:
    return _LIST.where(Case.id.in_(bindparam("ids", expanding=True)), visible_clause(actor))


def order_of(wanted: Filter) -> Order:
    """Open lists by urgency, ended ones by when they ended, mixed ones by when they came."""
    if wanted.is_open is None:
        return NEWEST_ORDER
    return OPEN_ORDER if wanted.is_open else ENDED_ORDER


# Bound when a statement built beforehand is sent.
Instant: TypeAlias = datetime | BindParameter[datetime]
_NOW: Final = bindparam("now", type_=UtcDateTime())


def conditions(wanted: Filter, now: Instant) -> list[ColumnElement[bool]]:
    """The filter as SQL; board figures use exactly these conditions too."""
    found = _plain(wanted) + _periods(wanted)
    if wanted.is_open is not None:
        found.append(Case.closed_at.is_(None) if wanted.is_open else Case.closed_at.is_not(None))
    if wanted.states:
        found.append(Case.status.in_(wanted.states))
    if wanted.lamp is not None:
        found.append(lamp_clause(wanted.lamp, _known(now)))
    if wanted.step_lamp is not None:
        found.append(step_lamp_clause(wanted.step_lamp, now))
    if wanted.verdict is not None:
        found.append(verdict_clause(wanted.verdict, _known(now)))
    return found + _related(wanted)


def _known(now: Instant) -> datetime:
    if not isinstance(now, datetime):
        msg = "the citizen's limit is reckoned in Python, from an instant"
        raise TypeError(msg)
    return now


_EQUALS: Final = {
    "unit_id": Case.unit_id,
    "handler_id": Case.handler_id,
    "kind": Case.kind,
    "urgency": Case.urgency,
    "channel": Case.channel,
    "on_time": Case.on_time,
    "is_confidential": Case.is_confidential,
}
_PERIODS: Final = {
    "opened": Case.opened_at,
    "responded": Case.first_response_at,
    "due": Case.due_at,
    "closed": Case.closed_at,
}


def _plain(wanted: Filter) -> list[ColumnElement[bool]]:
    return [
        column == getattr(wanted, name)
        for name, column in _EQUALS.items()
        if getattr(wanted, name) is not None
    ]


def _periods(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name, column in _PERIODS.items():
        start, end = getattr(wanted, f"{name}_from"), getattr(wanted, f"{name}_to")
        if start is not None:
            found.append(column >= start)
        if end is not None:
            found.append(column < end)
    return found


_MEANT: Final = {
    "is_led": Case.master_id.is_not(None),
    "urge_waits": Case.urge_open_at.is_not(None),
    "is_pending": Case.id.in_(select(Approval.case_id).where(Approval.decided_at.is_(None))),
}


def _related(wanted: Filter) -> list[ColumnElement[bool]]:
    found = _meant(wanted)
    if wanted.region_code:
        found.append(Case.region_code.startswith(wanted.region_code, autoescape=True))
    if wanted.citizen_ids is not None:
        found.append(Case.citizen_id.in_(wanted.citizen_ids))
    if wanted.sparing is not None:
        found.append(not_about(wanted.sparing))
    if wanted.was_urged:
        found.append(Case.urge_count > 0)
    if wanted.happened is not None:
        found.append(Case.id.in_(_happened(wanted, wanted.happened)))
    if wanted.under_unit_id is not None:
        found.append(Case.unit_id.in_(_subtree(wanted.under_unit_id)))
    if wanted.category_id is not None:
        under = select(Category.id).where(Category.parent_id == wanted.category_id)
        found.append(or_(Case.category_id == wanted.category_id, Case.category_id.in_(under)))
    return found


def _meant(wanted: Filter) -> list[ColumnElement[bool]]:
    """The conditions one asks for, or for their opposite."""
    return [
        clause if getattr(wanted, name) else ~clause
        for name, clause in _MEANT.items()
        if getattr(wanted, name) is not None
    ]


def _happened(wanted: Filter, what: Incident) -> Select[int]:
    under = wanted.happened_under_id
    return cases_where(
        what,
        start=wanted.happened_from,
        end=wanted.happened_to,
        unit_id=wanted.happened_unit_id,
        units=None if under is None else _subtree(under),
    )


def _subtree(unit_id: int) -> Select[int]:
    root = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    return select(Unit.id).where(Unit.path.startswith(root))


def lamp_clause(lamp: LampState, now: datetime) -> ColumnElement[bool]:
    """The state of the citizen's clock, as `sla.rules.lamp` would show it.

    Once it is met the matter is in time, whatever is still to do on it.
    """
    met, runs = Case.on_time.is_not(None), and_(Case.on_time.is_(None), Case.is_paused.is_(False))
    match lamp:
        case LampState.PAUSED:
            return Case.is_paused.is_(True)
        case LampState.BAD:
            return and_(runs, _is_bad(now))
        case LampState.WARN:
            return and_(runs, Case.warn_at <= now, ~_is_bad(now))
        case LampState.OK:
            return or_(met, and_(runs, or_(Case.warn_at.is_(None), Case.warn_at > now)))


def _is_bad(now: datetime) -> ColumnElement[bool]:
    # As `sla.rules.is_late`: the due second is on time to its end, and a date that
    # may still move is late only after its grace.
    second = now.replace(microsecond=0)
    settled = and_(Case.due_at < second, Case.is_provisional.is_(False))
    return or_(settled, Case.due_at < second - PROVISIONAL_GRACE)


def verdict_clause(verdict: Verdict, now: datetime) -> ColumnElement[bool]:
    """Whether the citizen's limit was kept; ended without an answer, a matter has no verdict."""
    unanswered = and_(Case.on_time.is_(None), Case.closed_at.is_(None))
    missed = or_(Case.on_time.is_(False), and_(unanswered, lamp_clause(LampState.BAD, now)))
    match verdict:
        case Verdict.KEPT:
            return Case.on_time.is_(True)
        case Verdict.MISSED:
            return missed
        case Verdict.SETTLED:
            return or_(Case.on_time.is_(True), missed)


def step_lamp_clause(lamp: LampState, now: Instant) -> ColumnElement[bool]:
    """The state of the most pressing clock of any kind: what the desk sorts by."""
    match lamp:
        case LampState.PAUSED:
            return Case.is_paused.is_(True)
        case LampState.BAD:
            return Case.next_due_at < now
        case LampState.WARN:
            return and_(Case.next_warn_at <= now, Case.next_due_at >= now)
        case LampState.OK:
            return or_(Case.next_warn_at.is_(None), Case.next_warn_at > now)


ENDED: Final = tuple(FINAL)
