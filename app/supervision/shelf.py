"""Keeps what was drawn up for a moment, so that looking costs less than what is looked at.

Lives in the process and forgets by itself; what it hands out says when it was counted.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

V = TypeVar("V")

KEPT_AT_MOST: Final = timedelta(seconds=30)
# What was cheap to draw up is drawn up anew after every change; what read 100,000
# rows only after the time limit above.
_ROWS_A_SECOND: Final = 1000
_MOST: Final = 200


@dataclass(slots=True)
class Kept(Generic[V]):
    """Something drawn up: at what time, from how many rows, when the last event was which."""

    value: V
    at: datetime
    size: int
    event_id: int
    is_being_renewed: bool = False

    def is_fresh(self, now: datetime, last_event: Callable[[], int]) -> bool:
        """Whether it may be shown without looking again."""
        age = now - self.at
        if not timedelta() <= age < KEPT_AT_MOST:
            return False
        return age < timedelta(seconds=self.size // _ROWS_A_SECOND) or last_event() == self.event_id


@dataclass(slots=True)
class Shelf(Generic[V]):
    """What this process has drawn up lately, by database and by what was asked for."""

    _lock: Lock = field(default_factory=Lock)
    _kept: WeakKeyDictionary[Any, dict[Hashable, Kept[V]]] = field(
        default_factory=WeakKeyDictionary
    )

    def get(
        self,
        session: Session,
        key: Hashable,
        draw: Callable[[], tuple[V, int]],
        *,
        last_event: Callable[[], int],
        now: datetime,
    ) -> V:
        """The thing as it was a moment ago, or drawn up now where it may have changed.

        `draw` answers the thing and how many rows it took; `last_event` a number
        that grows with every change. While one request renews the thing, the
        others get the one before.
        """
        with self._lock:
            drawn = self._kept.setdefault(session.get_bind().engine, {})
            kept = drawn.get(key)
        if kept and (kept.is_being_renewed or kept.is_fresh(now, last_event)):
            return kept.value
        event_id = last_event()  # before drawing: what happens meanwhile is not missed
        try:
            if kept:
                kept.is_being_renewed = True
            value, size = draw()
        finally:
            if kept:
                kept.is_being_renewed = False
        with self._lock:
            if len(drawn) >= _MOST:
                drawn.clear()
            drawn[key] = Kept(value, now, size, event_id)
        return value
