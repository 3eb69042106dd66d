"""Plays twelve months of the demo city on a stepped clock, through the real services.

One transaction of the caller's: all of it or nothing. Nothing is sent, because the
subscribers that would are left out while it plays.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.models import Case
from app.citizens.service import Person
from app.demo import (
    applying,
    callbacks,
    complaining,
    crews,
    ending,
    groups,
    hall,
    handling,
    inspecting,
    intake,
    knowing,
    mending,
    notified,
    parties,
    partnering,
    passing,
    quality,
    releasing,
    repairing,
    rights,
    same,
    supervising,
    talking,
    visits,
    watching,
)
from app.demo.hours import Hours
from app.demo.people import hire
from app.demo.plans import CITIZENS, MATTERS, Planner
from app.demo.playing import OverError, Player
from app.demo.texts import load_texts
from app.demo.town import Town
from app.kernel.events import Subscriber
from app.kernel.files import FileStore
from app.notifications import listening as notices
from app.sla import service as sla

SEED: Final = 20260302
_SOON_AFTER: Final = timedelta(seconds=40)  # the worker looks once a minute
_TELLING: Final = (notices.on_opened, notices.on_moved)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is to happen."""

    matters: int = MATTERS
    citizens: int = CITIZENS


WHOLE: Final = Size()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the year has got: the month being played, and what was done until then."""

    month: str
    matters: int
    steps: int


@dataclass(frozen=True, slots=True)
class Played:
    """What was done."""

    citizens: int
    matters: int
    steps: int
    ratings: int


Tell = Callable[[Progress], None]


def silent(table: Mapping[type, Sequence[Subscriber]]) -> dict[type, Sequence[Subscriber]]:
    """The subscribers without those that write to citizens: history sends nobody anything."""
    return {
        kind: [one for one in subscribers if one not in _TELLING]
        for kind, subscribers in table.items()
    }


def play_year(
    session: Session,
    *,
    now: datetime,
    tell: Tell,
    size: Size = WHOLE,
    seed: int = SEED,
    store: FileStore | None = None,
) -> Played:
    """Play the twelve months before `now` in a founded city; `tell` hears once a month.

    The few photos of the city go into `store`; without one there are none.
    """
    dice = Random(seed)  # noqa: S311  # a story, not a secret
    texts = load_texts()
    hours = Hours(calendars.load(session).statutory)
    year = Planner(texts, hours, now, dice).draw(matters=size.matters, citizens=size.citizens)
    town = Town(session, hire(session), texts, hours, store=store)
    stage = _Stage(town, now, tell)
    for plan in year.plans:
        stage.enter(Player(town, plan, Random(f"{seed}:{plan.number}")))  # noqa: S311  # as above
    for at, person in year.onlookers:
        stage.expect(at, person)
    stage.play()
    talking.talk(town, now=now, dice=Random(f"{seed}:talks"))  # noqa: S311  # a story
    groups.gather(town, now=now, dice=Random(f"{seed}:groups"))  # noqa: S311  # a story
    rights.found(session, town.staffing, now=now)
    quality.found(session, town.staffing, now=now)
    hall.found(session, town.staffing, now=now, dice=Random(f"{seed}:hall"))  # noqa: S311  # a story
    visits.found(session, town.staffing, now=now, dice=Random(f"{seed}:visits"))  # noqa: S311  # a story
    parties.enrol_some(session, town.staffing, now=now)
    complaining.found(town, now=now)
    callbacks.found(town, now=now)
    passing.found(town, now=now)
    notified.found(town, now=now)
    supervising.found(session, town.staffing, now=now)
    same.found(town, now=now)
    applying.found(town, now=now)
    knowing.found(town, today=hours.local(now).date(), now=now)
    crews.found(session, now=now)
    mending.found(town, now=now)
    watching.found(town, now=now)
    inspecting.found(town, now=now)
    releasing.found(town, now=now)
    partnering.found(session, now=now)
    return Played(size.citizens, len(year.plans), town.steps, town.ratings)


def live(p: Player) -> Iterator[datetime]:
    """A whole life; each value is when it wants to be gone on with."""
    if repairing.is_repair(p.plan):
        yield from repairing.live(p)
        return
    with suppress(OverError):
        yield from intake.bring(p)
        yield from intake.take_on(p)
        yield from intake.send_out(p)
        yield from handling.handle(p)
        yield from ending.close(p, handling.reply)
        yield from ending.after_closing(p, handling.reply)
    if p.is_open and p.plan.stop is not None:
        yield from handling.keep_asking(p)


@dataclass(frozen=True, slots=True)
class _Running:
    """A life under way."""

    player: Player
    scenes: Iterator[datetime]


@dataclass(frozen=True, slots=True)
class _Alarm:
    """The instant at which a limit of a case may be crossed."""

    case: Case
    limit: datetime


_Due = tuple[datetime, int, _Running | _Alarm | Person]


class _Stage:
    """The queue of everything that is to happen, in the order of time."""

    def __init__(self, town: Town, end: datetime, tell: Tell) -> None:
        self._town = town
        self._end = end
        self._tell = tell
        self._queue: list[_Due] = []
        self._numbers = count()
        self._alarmed: set[tuple[int, datetime]] = set()
        self._month = ""
        self._matters = 0

    def enter(self, player: Player) -> None:
        """Let a life begin when its plan says."""
        scenes = live(player)
        self.expect(next(scenes), _Running(player, scenes))

    def expect(self, at: datetime, what: _Running | _Alarm | Person) -> None:
        """Have something happen at an instant, unless the year is over by then."""
        at = at.replace(microsecond=0)
        if at < self._end:
            heapq.heappush(self._queue, (at, next(self._numbers), what))

    def play(self) -> None:
        """Let everything happen, and find every limit crossed by the end."""
        while self._queue:
            at, _, what = heapq.heappop(self._queue)
            self._town.now = at
            self._turn_page(at)
            self._happen(what)
        while sla.sweep_breaches(self._town.session, now=self._end):
            pass

    def _happen(self, what: _Running | _Alarm | Person) -> None:
        if isinstance(what, Person):
            self._town.meet(what)
        elif isinstance(what, _Alarm):
            if what.limit in _limits(what.case):
                sla.sweep_breaches(self._town.session, now=self._town.now)
        else:
            self._go_on(what)

    def _go_on(self, life: _Running) -> None:
        was_open = life.player.is_open
        following = next(life.scenes, None)
        if life.player.is_open:
            self._matters += not was_open
            self._watch(life.player.case)
        if following is not None:
            self.expect(following, life)

    def _watch(self, case: Case) -> None:
        for limit in _limits(case):
            key = (case.id, limit)
            if limit >= self._town.now and key not in self._alarmed:
                self._alarmed.add(key)
                self.expect(limit + _SOON_AFTER, _Alarm(case, limit))

    def _turn_page(self, at: datetime) -> None:
        month = f"{self._town.hours.local(at):%Y-%m}"
        if month != self._month:
            self._month = month
            self._tell(Progress(month, self._matters, self._town.steps))


def _limits(case: Case) -> tuple[datetime, ...]:
    """The instants at which a clock of this case turns yellow or red."""
    if case.closed_at is not None:
        return ()
    found = (case.next_warn_at, case.next_due_at, case.warn_at, case.due_at)
    return tuple(dict.fromkeys(at for at in found if at is not None))
