"""How long people will wait, about, and who is before them: read from the line as it stands.

Reads only; an estimate changes with every call and every counter that opens.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.queueing.models import Ticket
from app.queueing.queries import halls, lines
from app.queueing.queries.halls import CounterView, ServiceView
from app.queueing.rules import WAITING, Waiting, ahead_of, in_line
from app.queueing.rules.measuring import seconds_between
from app.queueing.rules.waiting import OpenCounter, about_minutes, capacity, mean_seconds
from app.queueing.service.floor import day_begins, local_day

_MEASURED: Final = 120


@dataclass(frozen=True, slots=True)
class ServiceNow:
    """A service as somebody who comes now finds it; `about` minutes, None if nobody calls."""

    service: ServiceView
    waiting: int
    about: int | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """The place of a ticket that waits."""

    people: int
    about: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A hall at this moment, from which estimates are made."""

    day: date
    services: Sequence[ServiceView]
    counters: Sequence[CounterView]
    open_counters: Sequence[OpenCounter]
    waiting: Sequence[Waiting]
    measured: Mapping[int, list[int]]

    @property
    def counts(self) -> Counter[int]:
        """How many wait for each service."""
        return Counter(one.service_id for one in self.waiting)

    def about(self, service: ServiceView, ahead: int) -> int | None:
        """Minutes until somebody with so many before them is called."""
        mean = mean_seconds(self.measured.get(service.id, []), service.minutes * 60)
        return about_minutes(ahead, mean, capacity(service.id, self.open_counters, self.counts))


def standing_of(session: Session, hall_id: int, *, now: datetime) -> Standing:
    """The hall now; costs six small reads."""
    day = local_day(session, hall_id, now)
    counters = halls.counters_of(session, hall_id)
    measured: dict[int, list[int]] = {}
    for row in lines.done_lately(session, hall_id, day, _MEASURED):
        began = row.serving_at or row.called_at
        measured.setdefault(row.service_id, []).append(seconds_between(began, row.ended_at))
    return Standing(
        day=day,
        services=halls.services_of(session, hall_id),
        counters=counters,
        open_counters=halls.open_counters(counters, day_begins(session, hall_id, day)),
        waiting=lines.waiting_of(session, hall_id, day),
        measured=measured,
    )


def services_now(session: Session, hall_id: int, *, now: datetime) -> list[ServiceNow]:
    """What is offered, with how many wait and about how long."""
    standing = standing_of(session, hall_id, now=now)
    counts = standing.counts
    return [
        ServiceNow(one, counts[one.id], standing.about(one, counts[one.id]))
        for one in standing.services
        if one.is_active
    ]


def ahead(session: Session, ticket: Ticket, *, now: datetime) -> Ahead | None:
    """Who is before this ticket in the line of its service; None if it does not wait today."""
    standing = standing_of(session, ticket.hall_id, now=now)
    if ticket.state not in WAITING or ticket.day != standing.day:
        return None
    line = in_line(one for one in standing.waiting if one.service_id == ticket.service_id)
    people = ahead_of(line, ticket.id)
    service = next(one for one in standing.services if one.id == ticket.service_id)
    return Ahead(people, standing.about(service, people))
