"""Draws up the board of applications: lamps, limits against real time, notices, stopped limits.

The hall's waiting times are `app.queueing`'s; the page puts them beside.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.calendars.rules import LimitUnit
from app.cases.queries.lists import Filter
from app.kernel.paging import Page
from app.sla.rules import PauseKind
from app.supervision.queries import Period, applications
from app.supervision.rules import Share, Spread, Window, since, spread
from app.supervision.rules.applications import Figure, saved
from app.supervision.service.board import every_matter


@dataclass(frozen=True, slots=True)
class Times:
    """The same applications by promise, by law and as it was; half working days."""

    promised: Spread | None
    legal: Spread | None
    used: Spread | None
    saved: Share


@dataclass(frozen=True, slots=True)
class Stops:
    """Special procedures of one kind: how long altogether, and how long each, in seconds."""

    total: int
    each: Spread | None


@dataclass(frozen=True, slots=True)
class Applications:
    """Everything counted at one time."""

    at: datetime
    period: Period
    counts: Mapping[Figure, int]
    times: Times
    stops: Mapping[PauseKind, Stops]
    is_confidential_left_out: bool


def draw_up(
    session: Session, base: Filter, *, window: Window, zone: ZoneInfo, now: datetime
) -> Applications:
    """Count in a reach, such as `every_matter` says of a person."""
    period = Period(since(now, window, zone), now)
    return Applications(
        at=now,
        period=period,
        counts=applications.count_all(session, base, period, now=now),
        times=times_of(session, base, period, now=now),
        stops=stops_of(session, base, period, now=now),
        is_confidential_left_out=base.is_confidential is False,
    )


def list_of(
    session: Session,
    actor: Actor,
    figure: Figure,
    *,
    window: Window,
    zone: ZoneInfo,
    cursor: str | None,
    now: datetime,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of exactly what the figure counts.

    Raises:
        ForbiddenError: no appointment opens a board.
    """
    base = every_matter(session, actor, window)
    period = Period(since(now, window, zone), now)
    return applications.list_of(session, figure, base, period, cursor=cursor, now=now)


def times_of(session: Session, base: Filter, period: Period, *, now: datetime) -> Times:
    """Promised, legal and used working days; of the used ones those the limit ran (rulebook §3)."""
    promised, legal, used = Counter[int](), Counter[int](), Counter[int]()
    given = allowed = 0
    for days, most, spent, since_at, met_at, unit_id, region in applications.measured(
        session, base, period, now=now
    ):
        calendar = calendars.load(session, unit_id, region_code=region)
        ran = calendar.count(LimitUnit.WORK_DAY, since_at, met_at) if since_at else 0
        # Doubled: the middle of two may be half a day.
        promised[2 * days] += 1
        legal[2 * most] += 1
        used[2 * (spent + ran)] += 1
        given, allowed = given + days, allowed + most
    return Times(spread(promised), spread(legal), spread(used), saved(given, allowed))


def stops_of(
    session: Session, base: Filter, period: Period, *, now: datetime
) -> dict[PauseKind, Stops]:
    """How long limits stood still, by the kind of special procedure; until now where they do."""
    lengths: dict[PauseKind, Counter[int]] = defaultdict(Counter)
    for kind, from_at, to_at in applications.stopped(session, base, period, now=now):
        lengths[kind][max(0, int(((to_at or now) - from_at).total_seconds()))] += 1
    return {
        kind: Stops(sum(seconds * many for seconds, many in found.items()), spread(found))
        for kind, found in lengths.items()
    }
