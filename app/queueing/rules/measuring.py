"""What a day was like, worked out from its events alone: waits, services, half hours, percentiles.

Waiting = first call - taking; for a 过号 too it ends at the first call (rulebook §3).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Final, TypeVar

from app.queueing.rules.vocabulary import Deed

HALF_HOUR: Final = 30
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a ticket."""

    ticket_id: int
    deed: Deed
    at: datetime
    service_id: int
    counter_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """From taking a number to its first call."""

    ticket_id: int
    service_id: int
    taken_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class Service:
    """One visitor at one counter; a visitor who was sent on has several."""

    ticket_id: int
    service_id: int
    counter_id: int
    staff_id: int
    ended_at: datetime
    seconds: int
    was_sent_on: bool


@dataclass(slots=True)
class Day:
    """What was measured."""

    taken: int = 0
    waits: list[Wait] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    # Tickets called for nothing, each with the counter that called; who came back is not among
    # them, for they were served after all or still wait.
    missed: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def served(self) -> int:
        """Visitors whose business was ended here, each counted once."""
        return len({one.ticket_id for one in self.services if not one.was_sent_on})


@dataclass(slots=True)
class _Open:
    """What is known of a ticket so far."""

    taken_at: datetime
    was_called: bool = False
    since: datetime | None = None


def measure(events: Iterable[Happened]) -> Day:
    """The day, from its events in the order they happened."""
    day, known = Day(), dict[int, _Open]()
    for event in events:
        if event.deed is Deed.TAKE:
            day.taken += 1
            known[event.ticket_id] = _Open(event.at)
        elif (ticket := known.get(event.ticket_id)) is not None:
            _STEPS.get(event.deed, _nothing)(day, ticket, event)
    return day


def _nothing(_day: Day, _ticket: _Open, _event: Happened) -> None:
    """A call repeated changes no figure."""


def _called(day: Day, ticket: _Open, event: Happened) -> None:
    ticket.since = event.at
    if not ticket.was_called:
        ticket.was_called = True
        day.waits.append(
            Wait(
                event.ticket_id,
                event.service_id,
                ticket.taken_at,
                seconds_between(ticket.taken_at, event.at),
            )
        )


def _came(_day: Day, ticket: _Open, event: Happened) -> None:
    ticket.since = event.at


def _missed(day: Day, ticket: _Open, event: Happened) -> None:
    ticket.since = None
    day.missed[event.ticket_id] = (event.counter_id or 0, event.staff_id or 0)


def _back(day: Day, _ticket: _Open, event: Happened) -> None:
    day.missed.pop(event.ticket_id, None)


def _left(day: Day, ticket: _Open, event: Happened) -> None:
    began, ticket.since = ticket.since or event.at, None
    day.services.append(
        Service(
            event.ticket_id,
            event.service_id,
            event.counter_id or 0,
            event.staff_id or 0,
            event.at,
            seconds_between(began, event.at),
            event.deed is Deed.TRANSFER,
        )
    )


_STEPS: Final[Mapping[Deed, Callable[[Day, _Open, Happened], None]]] = {
    Deed.CALL: _called,
    Deed.SERVE: _came,
    Deed.SKIP: _missed,
    Deed.COME_BACK: _back,
    Deed.FINISH: _left,
    Deed.TRANSFER: _left,
}


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds; none where a machine's clock was set back in between."""
    return max(0, int((end - start).total_seconds()))


def percentile(values: Iterable[int], share: float) -> int | None:
    """The smallest value that at least `share` of them do not exceed; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(1, ceil(share * len(ordered))) - 1]


def mean(values: Sequence[int]) -> int | None:
    """The average, rounded to the whole; None of nothing."""
    return round(sum(values) / len(values)) if values else None


def grouped(waits: Iterable[Wait], key: Callable[[Wait], K]) -> dict[K, list[int]]:
    """Seconds waited by whatever the key says, such as the half hour of taking."""
    found: dict[K, list[int]] = defaultdict(list)
    for one in waits:
        found[key(one)].append(one.seconds)
    return dict(sorted(found.items(), key=lambda pair: str(pair[0])))


def half_hour_of(local: datetime) -> str:
    """The half hour a local time lies in, as 09:30."""
    return f"{local:%H}:{local.minute // HALF_HOUR * HALF_HOUR:02d}"
