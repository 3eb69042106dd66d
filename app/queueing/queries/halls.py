"""What a hall is set up with: its rules, services, counters and who works at them.

A hall has some dozen counters and services; they are read whole.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.queueing.models import (
    QueueCounter,
    QueueCounterService,
    QueueHall,
    QueueService,
)
from app.queueing.rules.waiting import OpenCounter

Rows = Sequence[Row[*tuple[Any, ...]]]
_NO_HALL: Final = mark("There is no such hall.")

_SERVICES: Final = (
    select(
        QueueService.id,
        QueueService.prefix,
        QueueService.name,
        QueueService.name_en,
        QueueService.minutes,
        QueueService.is_active,
    )
    .where(QueueService.hall_id == bindparam("hall_id"))
    .order_by(QueueService.prefix)
)
_COUNTERS: Final = (
    select(
        QueueCounter.id,
        QueueCounter.number,
        QueueCounter.is_active,
        QueueCounter.staff_id,
        QueueCounter.signed_on_at,
        QueueCounter.paused_at,
        QueueCounter.pause_reason,
        Staff.display_name,
    )
    .join(Staff, Staff.id == QueueCounter.staff_id, isouter=True)
    .where(QueueCounter.hall_id == bindparam("hall_id"))
    .order_by(QueueCounter.number)
)
_CALLS_FOR: Final = (
    select(QueueCounterService.counter_id, QueueCounterService.service_id)
    .join(QueueCounter, QueueCounter.id == QueueCounterService.counter_id)
    .where(QueueCounter.hall_id == bindparam("hall_id"))
)
_HALLS: Final = (
    select(Unit.id, Unit.code, Unit.name, Unit.name_en, Unit.path, Unit.region_code)
    .join(QueueHall, QueueHall.hall_id == Unit.id)
    .where(QueueHall.is_active, Unit.is_active)
    .order_by(Unit.path)
)
_MINE: Final = select(QueueCounter.hall_id, QueueCounter.id).where(
    QueueCounter.staff_id == bindparam("staff_id")
)


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service of the hall."""

    id: int
    prefix: str
    name: str
    name_en: str
    minutes: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class CounterView:
    """A counter, who works there since when, and the services it calls for."""

    id: int
    number: int
    is_active: bool
    staff_id: int | None
    signed_on_at: datetime | None
    paused_at: datetime | None
    pause_reason: str
    staff: str
    service_ids: frozenset[int]

    def is_staffed(self, day_begins: datetime) -> bool:
        """Somebody signed on today; a sign-on of yesterday was forgotten."""
        return (
            self.staff_id is not None
            and self.signed_on_at is not None
            and self.signed_on_at >= day_begins
        )

    def is_open(self, day_begins: datetime) -> bool:
        """People are called here now."""
        return self.is_active and self.is_staffed(day_begins) and self.paused_at is None


@dataclass(frozen=True, slots=True)
class HallView:
    """A hall as pages name it."""

    id: int
    code: str
    name: str
    name_en: str
    path: str
    region_code: str


def list_halls(session: Session) -> list[HallView]:
    """Every hall that gives numbers."""
    return [HallView(*row) for row in rows(session, _HALLS)]


def get_hall(session: Session, code: str) -> HallView:
    """The hall with this code, in capitals or not.

    Raises:
        NotFoundError: no such hall, or it gives no numbers.
    """
    found = [hall for hall in list_halls(session) if hall.code == code.upper()]
    if not found:
        raise NotFoundError(_NO_HALL)
    return found[0]


def get_rules(session: Session, hall_id: int) -> QueueHall:
    """The rules of a hall.

    Raises:
        NotFoundError: it gives no numbers.
    """
    found = session.get(QueueHall, hall_id)
    if found is None:
        raise NotFoundError(_NO_HALL)
    return found


def services_of(session: Session, hall_id: int) -> list[ServiceView]:
    """All services, by their letters."""
    return [ServiceView(*row) for row in rows(session, _SERVICES, hall_id=hall_id)]


def counters_of(session: Session, hall_id: int) -> list[CounterView]:
    """All counters, by their numbers."""
    calls_for: Mapping[int, set[int]] = defaultdict(set)
    for row in rows(session, _CALLS_FOR, hall_id=hall_id):
        calls_for[row.counter_id].add(row.service_id)
    found = rows(session, _COUNTERS, hall_id=hall_id)
    return [_counter(row, frozenset(calls_for[row.id])) for row in found]


def open_counters(counters: Sequence[CounterView], day_begins: datetime) -> list[OpenCounter]:
    """Those people are called to now."""
    return [OpenCounter(one.id, one.service_ids) for one in counters if one.is_open(day_begins)]


def counter_of_staff(session: Session, staff_id: int) -> tuple[int, int] | None:
    """The hall and the counter somebody is signed on to, today's or a forgotten one's."""
    found = rows(session, _MINE, staff_id=staff_id)
    return (found[0].hall_id, found[0].id) if found else None


def services_at(session: Session, counter_id: int) -> frozenset[int]:
    """The services this counter calls for."""
    wanted = select(QueueCounterService.service_id).filter_by(counter_id=counter_id)
    return frozenset(session.scalars(wanted))


def _counter(row: Row[*tuple[Any, ...]], service_ids: frozenset[int]) -> CounterView:
    return CounterView(
        id=row.id,
        number=row.number,
        is_active=row.is_active,
        staff_id=row.staff_id,
        signed_on_at=row.signed_on_at,
        paused_at=row.paused_at,
        pause_reason=row.pause_reason,
        staff=row.display_name or "",
        service_ids=service_ids,
    )
