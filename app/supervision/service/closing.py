"""Draws up the board of closing: outcomes, answers of citizens, silence, checks, reviews."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.catalogue import queries as catalogue
from app.catalogue.rules import Named
from app.kernel.paging import Page
from app.supervision.queries import Period, closing
from app.supervision.rules import Window, since
from app.supervision.rules.closing import Figure
from app.supervision.service.board import every_matter


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything counted at one time."""

    at: datetime
    period: Period
    counts: Mapping[Figure, int]
    failed: tuple[tuple[Named, int], ...]
    failed_unnamed: int
    is_confidential_left_out: bool


def draw_up(
    session: Session, actor: Actor, *, window: Window, zone: ZoneInfo, now: datetime
) -> Closing:
    """Count in the reach of the person's widest appointment.

    Raises:
        ForbiddenError: no appointment opens a board.
    """
    base = every_matter(session, actor, window)
    period = Period(since(now, window, zone), now)
    failed, unnamed = closing.failed_points(session, base, period, now=now)
    names = {item.code: item.text for item in catalogue.list_review_items(session)}
    return Closing(
        at=now,
        period=period,
        counts={one: closing.count(session, one, base, period, now=now) for one in Figure},
        failed=tuple((names.get(code, Named(code)), many) for code, many in failed.most_common()),
        failed_unnamed=unnamed,
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
    return closing.list_of(session, figure, base, period, cursor=cursor, now=now)
