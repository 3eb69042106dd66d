"""What is to become of every matter of the demo year, drawn before the first one is opened.

Plans only: what really happens then is decided by the services that play them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from app.cases.kinds import Action, Channel
from app.citizens.service import Person
from app.demo.hours import DAY, MINUTE, Hours
from app.demo.people import invent
from app.demo.texts import Letter, Spot, Texts

MATTERS: Final = 1500
CITIZENS: Final = 3000
LIGHTS: Final = "0103"  # street lamps: the handler and the crew of the demo accounts serve them
_YEAR: Final = 365
_LAST_DAYS: Final = 10
_LEFT_FOR_STANDS: Final = 0.4
_WRITERS: Final = 0.45  # of the citizens; some of them write often


class Course(StrEnum):
    """The way a matter goes."""

    PLAIN = "plain"
    ANSWERED = "answered"
    DECLINED = "declined"
    REFERRED = "referred"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    RETURN_REFUSED = "return_refused"
    ADJUDICATED = "adjudicated"
    TERMINATED = "terminated"


_COURSES: Final[Mapping[Course, float]] = {
    Course.PLAIN: 65,
    Course.ANSWERED: 14,
    Course.DECLINED: 3.5,
    Course.REFERRED: 2.5,
    Course.MERGED: 2.5,
    Course.WITHDRAWN: 2.5,
    Course.RETURNED: 6,
    Course.RETURN_REFUSED: 2,
    Course.ADJUDICATED: 1,
    Course.TERMINATED: 1,
}
_CHANNELS: Final[Mapping[Channel, float]] = {
    Channel.PHONE: 46,
    Channel.PORTAL: 34,
    Channel.APP: 9,
    Channel.WINDOW: 6,
    Channel.MEDIA: 3,
    Channel.LETTER: 2,
}
# How often people write about something, 1 where not said; and how much more in some months.
_OFTEN: Final[Mapping[str, float]] = {
    "0101": 3, LIGHTS: 4, "0107": 4, "0206": 2, "0303": 1.5, "0306": 3, "0307": 1.5, "0404": 0.3,
    "0406": 2, "0501": 3, "0504": 2, "0506": 3, "0507": 2, "0602": 1.5, "0701": 3, "0702": 2,
    "0704": 2, "0801": 5, "0805": 2, "0901": 2, "1001": 2, "1201": 2, "1205": 2, "1302": 0.7,
    "1401": 2, "1404": 2, "1501": 0.7, "2001": 0.3, "2006": 1.2, "2007": 1.2,
}  # fmt: skip
_SEASONS: Final[Mapping[str, Mapping[int, float]]] = {
    "0307": {5: 2, 6: 4, 7: 5, 8: 5, 9: 2},
    "0401": {1: 1.5, 7: 3, 8: 3},
    "0406": {3: 1.5, 4: 0.1, 5: 0, 6: 0, 7: 0, 8: 0, 9: 0.1, 10: 1, 11: 5, 12: 4, 1: 4, 2: 3},
    "0507": {5: 1.5, 6: 2, 7: 2, 8: 2},
    "0701": {4: 1.5, 5: 2, 6: 2.5, 7: 2, 8: 2, 9: 1.5, 2: 0.4},
    "0702": {6: 2, 7: 2, 8: 2, 9: 1.5},
    "1001": {3: 1.5, 4: 2, 5: 3, 6: 4, 7: 4, 8: 5},
    "1201": {1: 5, 12: 3, 2: 2},
    "0602": {4: 2, 5: 2, 9: 1.5},
}  # fmt: skip
# Where a sort of matter comes up again and again: a share of it, in one street.
_HOT: Final[Mapping[str, str]] = {
    "0306": "990103002", "0307": "990101003", "0506": "990101002", "0701": "990102002",
    "0704": "990104002", "0801": "990102003", "0901": "990104003", LIGHTS: "990101001",
}  # fmt: skip
_HOT_SHARE: Final = 0.4
_STREET_WEIGHTS: Final = (9, 6, 5, 2, 7, 5, 4, 2, 5, 3, 3, 2, 4, 3, 3, 1)
# What may lie about for days without being a scandal, at units that have people in the demo.
_STEADY: Final = (
    "0101", "0107", "0112", "0206", "0306", "0501", "0504", "0506", "0507", "0602", "0701", "0702",
    "0704", "0801", "0901",
)  # fmt: skip
_LATE: Final = 0.08
_LATE_IN: Final[Mapping[str, float]] = {"0112": 0.2, "0704": 0.16, "0801": 0.18, "0901": 0.25}
_ANONYMOUS: Final = 0.07
_NAMED: Final = ("1001", "1205")  # cannot be asked without a name
_CONFIDENTIAL: Final = 0.012


@dataclass(frozen=True, slots=True)
class Stand:
    """Where some matters stand when the demo begins: stopped after `action`.

    `days` are working days since they came in, for `hours` hours; `rest` are the
    working days they have been standing there, None for since they got there.
    """

    action: Action
    count: int
    lights: int = 0
    days: tuple[int, int] | None = None
    hours: tuple[float, float] = (0, 0)
    rest: tuple[int, int] | None = None
    course: Course = Course.PLAIN


# So that each account of the demo finds work, and every state can be seen (of 1,500 matters).
STANDS: Final = (
    Stand(Action.OPEN, 11, 1, hours=(0.1, 13)),
    Stand(Action.ACCEPT, 9, 1, hours=(1, 20)),
    Stand(Action.DISPATCH, 10, 4, hours=(4, 30)),
    Stand(Action.DISPATCH, 3, 1, days=(1, 2)),
    Stand(Action.SIGN, 12, 4, days=(0, 1)),
    Stand(Action.CONTACT, 10, 3, days=(2, 5)),
    Stand(Action.CONTACT, 7, 2, days=(7, 13)),  # late
    Stand(Action.ASSIGN, 5, 5, days=(1, 4)),
    Stand(Action.ASK_CITIZEN, 7, 2, days=(2, 4)),
    Stand(Action.REQUEST_EXTENSION, 5, 2, days=(3, 5), rest=(0, 1)),
    Stand(Action.REQUEST_SUSPENSION, 3, 1, days=(3, 5), rest=(0, 1)),
    Stand(Action.REQUEST_TERMINATION, 2, days=(3, 5), rest=(0, 1), course=Course.TERMINATED),
    Stand(Action.APPROVE_SUSPENSION, 6, 2, days=(6, 15)),
    Stand(Action.REQUEST_RETURN, 6, days=(2, 3), rest=(0, 1), course=Course.RETURNED),
    Stand(Action.ADJUDICATE, 3, days=(2, 4), rest=(0, 1), course=Course.ADJUDICATED),
    Stand(Action.REPLY, 11, 2, days=(2, 4), rest=(0, 1)),
    Stand(Action.APPROVE_REPLY, 13, 3, days=(4, 8), rest=(0, 3)),
    Stand(Action.REQUEST_REOPEN, 3, 1, days=(40, 60), rest=(0, 2)),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One matter: who writes what and when, and how it is to go on.

    With `stop` it stands still after that action, taken no earlier than `stop_at`.
    """

    number: int
    opened_at: datetime
    letter: Letter
    spot: Spot
    channel: Channel
    person: Person | None
    course: Course
    is_late: bool
    is_confidential: bool
    stop: Action | None = None
    stop_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """Everything that is to happen: the matters, and who gets known without ever writing one."""

    plans: Sequence[Plan]
    onlookers: Sequence[tuple[datetime, Person]]


class Planner:
    """Draws one year that ends at `now`; the same dice draw the same year."""

    def __init__(self, texts: Texts, hours: Hours, now: datetime, dice: Random) -> None:
        self._texts = texts
        self._hours = hours
        self._now = now
        self._dice = dice
        self._streets = sorted({spot.region_code for spot in texts.spots})

    def draw(self, *, matters: int, citizens: int) -> Year:
        """This many matters and citizens; every stand gets at least one matter."""
        people = [invent(number, self._texts, self._dice) for number in range(citizens)]
        writers = people[: max(1, int(citizens * _WRITERS))]
        standing = list(self._standing(matters))
        days = self._days(max(0, matters - len(standing)))
        births = sorted([(at, None, None) for at in days] + standing, key=lambda birth: birth[0])
        plans = [
            self._plan(number, at, stand, code, writers)
            for number, (at, stand, code) in enumerate(births)
        ]
        known = {plan.person.phone for plan in plans if plan.person is not None}
        others = [person for person in people if person.phone not in known]
        return Year(plans, [(self._some_time(), person) for person in others])

    def _standing(self, matters: int) -> Iterator[tuple[datetime, Stand | None, str | None]]:
        for stand in STANDS:
            count = max(1, round(stand.count * matters / MATTERS))
            lights = min(count, max(bool(stand.lights), round(stand.lights * matters / MATTERS)))
            for place in range(count):
                yield self._came_in(stand), stand, LIGHTS if place < lights else None

    def _came_in(self, stand: Stand) -> datetime:
        if stand.days is None:
            return self._now - timedelta(hours=self._dice.uniform(*stand.hours))
        return self._hours.workday_before(self._now, self._dice.randint(*stand.days), self._dice)

    def _days(self, count: int) -> list[datetime]:
        today = self._hours.local(self._now).date()
        first = today - _YEAR * DAY
        days: list[date] = [first + place * DAY for place in range(_YEAR + 1)]
        weights = [self._hours.weight(day, place / _YEAR) for place, day in enumerate(days)]
        # Most of what stands somewhere today came in last, on top of these.
        weights[-_LAST_DAYS:] = [weight * _LEFT_FOR_STANDS for weight in weights[-_LAST_DAYS:]]
        drawn = self._dice.choices(days, weights, k=count)
        arrivals = (self._hours.arrival(day, self._dice) for day in drawn)
        return [at if at < self._now else at - DAY for at in arrivals]

    def _plan(
        self,
        number: int,
        at: datetime,
        stand: Stand | None,
        code: str | None,
        writers: Sequence[Person],
    ) -> Plan:
        dice = self._dice
        month = self._hours.local(at).month
        code = code or self._code(month, stand)
        spot = self._spot(code)
        course = dice.choices(list(_COURSES), list(_COURSES.values()))[0]
        rest = stand.rest if stand else None
        return Plan(
            number=number,
            opened_at=at,
            letter=self._texts.write(code, spot, month, dice),
            spot=spot,
            channel=dice.choices(list(_CHANNELS), list(_CHANNELS.values()))[0],
            person=self._writer(code, writers),
            course=stand.course if stand else course,
            is_late=dice.random() < _LATE_IN.get(code, _LATE),
            # Those who look after the lamps are not cleared for it.
            is_confidential=code != LIGHTS and dice.random() < _CONFIDENTIAL,
            stop=stand.action if stand else None,
            stop_at=rest
            and self._hours.workday_before(self._now, dice.randint(*rest), dice) - MINUTE,
        )

    def _code(self, month: int, stand: Stand | None) -> str:
        codes = _STEADY if stand and stand.days else self._texts.codes
        weights = [_OFTEN.get(c, 1) * _SEASONS.get(c, {}).get(month, 1) for c in codes]
        return self._dice.choices(codes, weights)[0]

    def _spot(self, code: str) -> Spot:
        if code in _HOT and self._dice.random() < _HOT_SHARE:
            street = _HOT[code]
        else:
            street = self._dice.choices(self._streets, _STREET_WEIGHTS)[0]
        return self._dice.choice([s for s in self._texts.spots if s.region_code == street])

    def _writer(self, code: str, writers: Sequence[Person]) -> Person | None:
        if self._dice.random() < _ANONYMOUS and code not in _NAMED:
            return None
        return writers[int(len(writers) * self._dice.random() ** 1.5)]

    def _some_time(self) -> datetime:
        day = self._hours.local(self._now).date() - self._dice.randint(1, _YEAR) * DAY
        return self._hours.arrival(day, self._dice)
