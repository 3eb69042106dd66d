"""Setting a hall up: its rules, its services with their letters, its counters and what they do.

Asks for `unit:manage`; each change writes its audit row.
"""

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.queueing.models import (
    QueueCounter,
    QueueCounterService,
    QueueHall,
    QueueRevision,
    QueueService,
)
from app.queueing.queries import halls
from app.queueing.rules.signals import Thresholds

_LETTER: Final = re.compile(r"[A-Z]")
_MOST_MINUTES: Final = 240
_MOST_COUNTER: Final = 999
_STALE: Final = mark("Somebody else changed this while you were working on it.")


@dataclass(frozen=True, slots=True)
class HallRules:
    """The rules of a hall; minutes, and how many in a row, in a crowd, or places back."""

    is_active: bool = True
    keeps_hours: bool = True
    goal: int = 15
    yellow: int = 20
    red: int = 30
    crowd: int = 10
    senior_minutes: int = 15
    disabled_minutes: int = 30
    most_in_a_row: int = 2
    places_back: int = 3


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """What a person says about a service."""

    prefix: str
    name: str
    name_en: str = ""
    minutes: int = 8
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class CounterDraft:
    """What a person says about a counter."""

    number: int
    service_ids: frozenset[int] = field(default_factory=frozenset)
    is_active: bool = True


def set_up(
    session: Session, hall_id: int, rules: HallRules, *, version: int, by: Author, now: datetime
) -> QueueHall:
    """Let a hall give numbers, or change its rules; `version` is 0 for a hall that gave none.

    Raises:
        NotFoundError: no such unit.
        InvalidError: thresholds or advances that cannot be.
        ConflictError: somebody changed them meanwhile.
    """
    departments.get_unit(session, hall_id)
    _check_rules(rules)
    hall = session.get(QueueHall, hall_id)
    if (hall.version if hall else 0) != version:
        raise ConflictError(_STALE)
    if hall is None:
        hall = QueueHall(hall_id=hall_id)
        session.add_all([hall, QueueRevision(hall_id=hall_id)])
    for name, value in asdict(rules).items():
        setattr(hall, name, value)
    audit.note(session, by, "queue:rules", ("unit", hall_id), at=now, details=asdict(rules))
    session.flush()
    return hall


def add_service(
    session: Session, hall_id: int, draft: ServiceDraft, *, by: Author, now: datetime
) -> QueueService:
    """Offer a service.

    Raises:
        NotFoundError: the hall gives no numbers.
        InvalidError: a letter that is taken or none, no name, no time.
    """
    halls.get_rules(session, hall_id)
    _check_service(session, hall_id, draft, own_id=None)
    service = QueueService(hall_id=hall_id, **asdict(draft))
    session.add(service)
    session.flush()
    _noted(session, by, "queue:service", hall_id, {"prefix": draft.prefix}, now=now)
    return service


def change_service(
    session: Session,
    service_id: int,
    draft: ServiceDraft,
    *,
    version: int,
    by: Author,
    now: datetime,
) -> QueueService:
    """Change a service, or offer it no more; numbers already given stay.

    Raises:
        NotFoundError: no such service.
        InvalidError: as for `add_service`.
        ConflictError: somebody changed it meanwhile.
    """
    service = session.get(QueueService, service_id)
    if service is None:
        raise NotFoundError(mark("There is no such service."))
    if service.version != version:
        raise ConflictError(_STALE)
    _check_service(session, service.hall_id, draft, own_id=service_id)
    for name, value in asdict(draft).items():
        setattr(service, name, value)
    _noted(session, by, "queue:service", service.hall_id, {"prefix": draft.prefix}, now=now)
    session.flush()
    return service


def add_counter(
    session: Session, hall_id: int, draft: CounterDraft, *, by: Author, now: datetime
) -> QueueCounter:
    """Put up a counter.

    Raises:
        NotFoundError: the hall gives no numbers.
        InvalidError: a number that is taken or none, or a service of another hall.
    """
    halls.get_rules(session, hall_id)
    _check_counter(session, hall_id, draft, own_id=None)
    counter = QueueCounter(hall_id=hall_id, number=draft.number, is_active=draft.is_active)
    session.add(counter)
    session.flush()
    _let_call(session, counter.id, draft.service_ids)
    _noted(session, by, "queue:counter", hall_id, {"number": draft.number}, now=now)
    return counter


def change_counter(
    session: Session,
    counter_id: int,
    draft: CounterDraft,
    *,
    by: Author,
    now: datetime,
) -> QueueCounter:
    """Change what a counter calls for, or take it out of use once nobody is at it.

    Raises:
        NotFoundError: no such counter.
        InvalidError: as for `add_counter`.
        ConflictError: somebody works at it.
    """
    counter = session.get(QueueCounter, counter_id)
    if counter is None:
        raise NotFoundError(mark("There is no such counter."))
    _check_counter(session, counter.hall_id, draft, own_id=counter_id)
    if not draft.is_active and counter.staff_id is not None:
        raise ConflictError(mark("Somebody works at this counter. They must sign off first."))
    counter.number, counter.is_active = draft.number, draft.is_active
    _let_call(session, counter_id, draft.service_ids)
    _noted(session, by, "queue:counter", counter.hall_id, {"number": draft.number}, now=now)
    session.flush()
    return counter


def _let_call(session: Session, counter_id: int, service_ids: frozenset[int]) -> None:
    session.execute(delete(QueueCounterService).filter_by(counter_id=counter_id))
    session.add_all(
        QueueCounterService(counter_id=counter_id, service_id=one) for one in sorted(service_ids)
    )
    session.flush()


def _noted(
    session: Session,
    by: Author,
    action: str,
    hall_id: int,
    details: dict[str, object],
    *,
    now: datetime,
) -> None:
    audit.note(session, by, action, ("unit", hall_id), at=now, details=details)


def _check_rules(rules: HallRules) -> None:
    Thresholds(rules.goal, rules.yellow, rules.red, rules.crowd).check()
    wrong: dict[str, str] = {}
    for name in ("senior_minutes", "disabled_minutes"):
        if not 0 <= getattr(rules, name) <= _MOST_MINUTES:
            wrong[name] = mark("Enter minutes from 0 to 240.")
    if rules.most_in_a_row < 1:
        wrong["most_in_a_row"] = mark("Enter a number from 1 on.")
    if rules.places_back < 0:
        wrong["places_back"] = mark("Enter a number from 0 on.")
    if wrong:
        raise InvalidError(fields=wrong)


def _check_service(
    session: Session, hall_id: int, draft: ServiceDraft, *, own_id: int | None
) -> None:
    wrong: dict[str, str] = {}
    if _LETTER.fullmatch(draft.prefix) is None:
        wrong["prefix"] = mark("Choose one letter from A to Z.")
    elif session.scalar(
        select(QueueService.id).where(
            QueueService.hall_id == hall_id,
            QueueService.prefix == draft.prefix,
            QueueService.id.is_distinct_from(own_id),
        )
    ):
        wrong["prefix"] = mark("Another service of this hall has this letter.")
    if not draft.name:
        wrong["name"] = mark("Enter a name.")
    if not 1 <= draft.minutes <= _MOST_MINUTES:
        wrong["minutes"] = mark("Enter minutes from 1 to 240.")
    if wrong:
        raise InvalidError(fields=wrong)


def _check_counter(
    session: Session, hall_id: int, draft: CounterDraft, *, own_id: int | None
) -> None:
    wrong: dict[str, str] = {}
    if not 1 <= draft.number <= _MOST_COUNTER:
        wrong["number"] = mark("Enter a number from 1 to 999.")
    elif session.scalar(
        select(QueueCounter.id).where(
            QueueCounter.hall_id == hall_id,
            QueueCounter.number == draft.number,
            QueueCounter.id.is_distinct_from(own_id),
        )
    ):
        wrong["number"] = mark("Another counter of this hall has this number.")
    known = {one.id for one in halls.services_of(session, hall_id)}
    if not draft.service_ids <= known:
        wrong["services"] = mark("Choose services of this hall.")
    if wrong:
        raise InvalidError(fields=wrong)
