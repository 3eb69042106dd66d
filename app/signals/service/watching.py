"""Counts each order once and raises what many of them, or one grave word, amount to.

Looks only at orders nobody has counted and the window around them. Safe to run twice: an order
that was counted is not counted again, and one signal stands for one place and category.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.models import Case
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.notifications.service import staff as inbox
from app.signals import queries
from app.signals.models import Signal, SignalCase, SignalMark
from app.signals.queries.counting import point_of
from app.signals.rules import (
    QUIET_AFTER,
    STREET_DIGITS,
    Level,
    Mark,
    Threshold,
    is_near,
    louder,
    loudest,
    persons_in,
    widest,
    word_in,
)

BATCH: Final = 200
_RED: Final = mark("Red signal: many people, or a grave word. Please look at once.")


def count_in(session: Session, case: Case) -> None:
    """Note an order to be counted, once its category is known; again where that changed.

    What was told in confidence is not counted: a place and a category could give it away. Nor is
    what only turns out to be confidential when it is accepted.
    """
    if case.is_confidential:
        session.execute(delete(SignalMark).where(SignalMark.case_id == case.id))
    if case.category_id is None or case.is_confidential:
        return
    person = f"c{case.citizen_id}" if case.citizen_id else f"o{case.id}"
    values = {
        "person": person,
        "category_id": case.category_id,
        "region_code": case.region_code,
        "lon": case.lon,
        "lat": case.lat,
    }
    new = insert(session, SignalMark).values(case_id=case.id, at=case.opened_at, **values)
    session.execute(
        new.on_conflict_do_update(index_elements=["case_id"], set_={**values, "checked_at": None})
    )


def begin(session: Session, *, since: datetime) -> None:
    """Leave orders from before alone: for a hall that begins to count with a history behind it."""
    session.execute(
        update(SignalMark)
        .where(SignalMark.at < since, SignalMark.checked_at.is_(None))
        .values(checked_at=since)
        .execution_options(synchronize_session=False)
    )


def watch(session: Session, *, now: datetime, limit: int = BATCH) -> int:
    """Count the orders nobody has counted yet; how many there were."""
    fresh = queries.unseen_marks(session, limit=limit)
    if not fresh:
        return 0
    settings = queries.settings_of(session)
    texts = queries.texts_of(session, [one.case_id for one in fresh])
    for one in fresh:
        word = word_in(texts.get(one.case_id, ""), settings.words)
        _look_at(session, one, settings.thresholds, word, now=now)
    session.execute(
        update(SignalMark)
        .where(SignalMark.case_id.in_([one.case_id for one in fresh]))
        .values(checked_at=now)
        .execution_options(synchronize_session=False)
    )
    return len(fresh)


def forget_old(session: Session, *, now: datetime) -> None:
    """Forget marks no window looks back to, and let yellow signals that stay quiet go out.

    Red never goes out by itself (rulebook §2.6).
    """
    thresholds = queries.settings_of(session).thresholds
    session.execute(
        delete(SignalMark).where(
            SignalMark.at < now - widest(thresholds) - QUIET_AFTER,
            SignalMark.checked_at.is_not(None),
        )
    )
    session.execute(
        update(Signal)
        .where(
            Signal.level == Level.YELLOW,
            Signal.closed_at.is_(None),
            Signal.last_at < now - QUIET_AFTER,
        )
        .values(closed_at=now, version=Signal.version + 1)
        .execution_options(synchronize_session=False)
    )


def _look_at(
    session: Session, one: Mark, thresholds: Sequence[Threshold], word: str, *, now: datetime
) -> None:
    around = queries.marks_around(
        session, one.category_id, since=one.at - widest(thresholds), until=max(one.at, now)
    )
    # The window ends with the latest order around, whichever of them is counted first.
    latest = max((each.at for each in around), default=one.at)
    reached = loudest(_at(one, latest), around, thresholds)
    standing = _standing(session, one, thresholds)
    if reached is None and not word:
        if standing is not None:
            _add(session, standing, [one])
        return
    level, marks = reached or (Level.RED, [one])
    if word:
        level = Level.RED
    signal = standing or _raised(session, one, level, now=now)
    before = signal.level if standing is not None else None
    signal.level = louder(signal.level, level)
    signal.word = signal.word or word
    _add(session, signal, marks)
    if signal.level is Level.RED and before is not Level.RED:
        _tell(session, signal, now=now)


def _at(one: Mark, at: datetime) -> Mark:
    return Mark(one.case_id, one.person, one.category_id, one.region_code, one.point, at)


def _standing(session: Session, one: Mark, thresholds: Sequence[Threshold]) -> Signal | None:
    """The signal that stands for this place and category already, if one does."""
    metres = max((threshold.metres for threshold in thresholds), default=0)
    for signal in queries.open_signals(session, one.category_id):
        there = point_of(signal.lon, signal.lat)
        if one.point is not None and there is not None:
            if is_near(one.point, there, metres):
                return signal
        elif signal.region_code[:STREET_DIGITS] == one.region_code[:STREET_DIGITS]:
            return signal
    return None


def _raised(session: Session, one: Mark, level: Level, *, now: datetime) -> Signal:
    lon, lat = one.point or (None, None)
    signal = Signal(
        level=level,
        category_id=one.category_id,
        region_code=one.region_code,
        lon=None if lon is None else Decimal(str(lon)),
        lat=None if lat is None else Decimal(str(lat)),
        persons=0,
        raised_at=now,
        last_at=one.at,
    )
    session.add(signal)
    session.flush()
    return signal


def _add(session: Session, signal: Signal, marks: Sequence[Mark]) -> None:
    known = queries.cases_of(session, signal.id)
    new = [one for one in marks if one.case_id not in known]
    session.add_all(SignalCase(signal_id=signal.id, case_id=one.case_id) for one in new)
    signal.persons = max(signal.persons, persons_in(marks), 1)
    if new:
        signal.last_at = max(signal.last_at, *(one.at for one in new))
    session.flush()


def _tell(session: Session, signal: Signal, *, now: datetime) -> None:
    on = calendars.load(session).statutory.local_date(now)
    people = list(queries.on_duty(session)) or [
        staff_id for staff_id, _ in queries.duty_officers(session, on=on)
    ]
    inbox.tell(session, people, _RED, link=f"/signals/{signal.id}", now=now)
