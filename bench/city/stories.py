"""Invents how matters went: when each came in, who moved it on, where it stands now.

Pure and seeded, so that two runs load the same city; the shares are made up, but
in the proportions a hotline shows: 8 % in hand, the rest mostly answered and closed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.cases.kinds import Action, Status

HISTORY: Final = timedelta(days=180)
OPEN_SHARE: Final = 0.08
_SEED: Final = 20261121


@dataclass(frozen=True, slots=True)
class Leg:
    """One thing done: what, the state it led to, and how many hours it usually took."""

    action: Action
    target: Status
    hours: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history as it will be written."""

    action: Action
    at: datetime
    before: Status | None
    after: Status


@dataclass(frozen=True, slots=True)
class Story:
    """A matter's life so far; the first line opens it."""

    lines: tuple[Line, ...]
    is_over: bool

    @property
    def opened_at(self) -> datetime:
        """When it came in."""
        return self.lines[0].at

    @property
    def last(self) -> Line:
        """What was done last."""
        return self.lines[-1]

    def at(self, action: Action) -> datetime | None:
        """When this was done, if it was."""
        return next((line.at for line in self.lines if line.action is action), None)


_OPEN: Final = Leg(Action.OPEN, Status.SUBMITTED, 0)
_WHOLE: Final = (
    _OPEN,
    Leg(Action.ACCEPT, Status.ACCEPTED, 3),
    Leg(Action.DISPATCH, Status.DISPATCHED, 4),
    Leg(Action.SIGN, Status.HANDLING, 2),
    Leg(Action.CONTACT, Status.HANDLING, 8),
    Leg(Action.REPLY, Status.REPLIED, 70),
    Leg(Action.APPROVE_REPLY, Status.CALLING_BACK, 6),
    Leg(Action.CLOSE, Status.CLOSED, 20),
)
_ASKED: Final = (*_WHOLE[:4], Leg(Action.ASK_CITIZEN, Status.WAITING_CITIZEN, 10))
_ENDINGS: Final[Sequence[tuple[int, tuple[Leg, ...]]]] = (
    (80, _WHOLE),
    (9, (_OPEN, Leg(Action.ANSWER_ON_SPOT, Status.ANSWERED, 1))),
    (5, (_OPEN, Leg(Action.DECLINE, Status.DECLINED, 5))),
    (3, (_OPEN, Leg(Action.REFER, Status.REFERRED, 5))),
    (3, (*_WHOLE[:2], Leg(Action.WITHDRAW, Status.WITHDRAWN, 30))),
)
# Share, oldest age in days, how far it has come; the age lets about one in five be late.
_IN_HAND: Final[Sequence[tuple[int, float, tuple[Leg, ...]]]] = (
    (10, 1.3, _WHOLE[:1]),
    (6, 1.5, _WHOLE[:2]),
    (14, 1.5, _WHOLE[:3]),
    (20, 2.5, _WHOLE[:4]),
    (30, 11.0, _WHOLE[:5]),
    (4, 11.0, _ASKED),
    (8, 9.0, _WHOLE[:6]),
    (8, 11.0, _WHOLE[:7]),
)
_YOUNGEST_ENDED: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True, order=True)
class _Plan:
    age: timedelta
    is_over: bool
    legs: tuple[Leg, ...] = field(compare=False)


def stories(count: int, now: datetime) -> Iterator[Story]:
    """So many matters, oldest first."""
    chance = Random(_SEED)  # noqa: S311  # invents, guards nothing
    in_hand = round(count * OPEN_SHARE)
    plans = [_plan(chance, is_over=n >= in_hand) for n in range(count)]
    for plan in sorted(plans, reverse=True):
        yield _story(chance, plan, now)


def _plan(chance: Random, *, is_over: bool) -> _Plan:
    if is_over:
        age = chance.random() * (HISTORY - _YOUNGEST_ENDED) + _YOUNGEST_ENDED
        legs = chance.choices([e[1] for e in _ENDINGS], [e[0] for e in _ENDINGS])[0]
        return _Plan(age, is_over, legs)
    _, oldest, legs = chance.choices(_IN_HAND, [e[0] for e in _IN_HAND])[0]
    return _Plan(timedelta(days=chance.triangular(0, oldest, 0), minutes=1), is_over, legs)


def _story(chance: Random, plan: _Plan, now: datetime) -> Story:
    waits = [leg.hours * chance.lognormvariate(0, 0.7) for leg in plan.legs]
    # What was too slow to end before now went faster after all.
    room = plan.age.total_seconds() / 3600
    scale = min(1.0, 0.98 * room / sum(waits)) if sum(waits) else 1.0
    lines: list[Line] = []
    at, before = now - plan.age, None
    for leg, wait in zip(plan.legs, waits, strict=True):
        at += timedelta(hours=wait * scale)
        lines.append(Line(leg.action, at, before, leg.target))
        before = leg.target
    return Story(tuple(lines), plan.is_over)
