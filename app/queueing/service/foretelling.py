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
from app.queueing.rules import WAITING, Need, Waiting, ahead_of, in_line
from app.queueing.rules.measuring import seconds_between
from app.queueing.rules.waiting import OpenCounter, about_minutes, mean_seconds, seconds_until
from app.queueing.service.floor import day_begins, local_day

_MEASURED: Final = 120
_NEWCOMER: Final = 0  # no ticket has this key


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
    now: datetime
    services: Sequence[ServiceView]
    counters: Sequence[CounterView]
    open_counters: Sequence[OpenCounter]
    waiting: Sequence[Waiting]
    measured: Mapping[int, list[int]]

    @property
    def counts(self) -> Counter[int]:
        """How many wait for each service."""
        return Counter(one.service_id for one in self.waiting)

    def about(self, service_id: int, ticket_id: int = _NEWCOMER) -> int | None:
        """Minutes until this ticket is called, or somebody who would take a number now."""
        line = in_line(self.waiting)
        if ticket_id == _NEWCOMER:
            # Behind everybody, also where the machine's clock was set back.
            at = max((self.now, *(one.taken_at for one in line)))
            line.append(Waiting(_NEWCOMER, service_id, Need.NONE, at, at, 0))
        pace = {
            one.id: mean_seconds(self.measured.get(one.id, []), one.minutes * 60)
            for one in self.services
        }
        found = seconds_until(line, ticket_id, self.open_counters, pace)
        return None if found is None else about_minutes(found)


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
        now=now,
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
        ServiceNow(one, counts[one.id], standing.about(one.id))
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
    return Ahead(people, standing.about(ticket.service_id, ticket.id))
