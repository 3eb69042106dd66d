"""What the watch reads: marks nobody has looked at, those around them, signals still open.

Bounded: a window of one category, never the register of matters.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.kernel.db import rows
from app.signals.models import Signal, SignalCase, SignalMark
from app.signals.rules import Mark

MOST: Final = 2000  # orders of one category in one window that are looked at
_COLUMNS: Final = (
    SignalMark.case_id,
    SignalMark.person,
    SignalMark.category_id,
    SignalMark.region_code,
    SignalMark.lon,
    SignalMark.lat,
    SignalMark.at,
)
_UNSEEN: Final = (
    select(*_COLUMNS)
    .where(SignalMark.checked_at.is_(None))
    .order_by(SignalMark.at, SignalMark.case_id)
    .limit(bindparam("most"))
)
_AROUND: Final = (
    select(*_COLUMNS)
    .where(
        SignalMark.category_id == bindparam("category_id"),
        SignalMark.at >= bindparam("since"),
        SignalMark.at <= bindparam("until"),
    )
    .order_by(SignalMark.at.desc())
    .limit(MOST)
)
_TEXTS: Final = select(Case.id, Case.title, Case.body).where(
    Case.id.in_(bindparam("ids", expanding=True))
)


def point_of(lon: Decimal | None, lat: Decimal | None) -> tuple[float, float] | None:
    """A point as the rules reckon with it."""
    return (float(lon), float(lat)) if lon is not None and lat is not None else None


def _mark(row: Row[Any]) -> Mark:
    point = point_of(row.lon, row.lat)
    return Mark(row.case_id, row.person, row.category_id, row.region_code, point, row.at)


def unseen_marks(session: Session, *, limit: int) -> list[Mark]:
    """Orders nobody has counted yet, the earliest first."""
    return [_mark(row) for row in rows(session, _UNSEEN, most=limit)]


def marks_around(
    session: Session, category_id: int, *, since: datetime, until: datetime
) -> list[Mark]:
    """The orders of this category in a window, the newest first."""
    found = rows(session, _AROUND, category_id=category_id, since=since, until=until)
    return [_mark(row) for row in found]


def open_signals(session: Session, category_id: int) -> Sequence[Signal]:
    """The signals about this category that nobody has closed."""
    wanted = select(Signal).where(Signal.category_id == category_id, Signal.closed_at.is_(None))
    return session.scalars(wanted.order_by(Signal.id)).all()


def cases_of(session: Session, signal_id: int) -> set[int]:
    """The orders a signal rests on."""
    wanted = select(SignalCase.case_id).where(SignalCase.signal_id == signal_id)
    return set(session.scalars(wanted))


def texts_of(session: Session, case_ids: Sequence[int]) -> Mapping[int, str]:
    """What these matters say, to be looked through for grave words."""
    found = rows(session, _TEXTS, ids=list(case_ids))
    return {row.id: f"{row.title}\n{row.body}" for row in found}
