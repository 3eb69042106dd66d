"""Tells panels that something changed: one look at the database a second for all of a process.

A panel holds neither a connection nor a thread while it waits; a stream ends by itself after
some minutes, and the browser opens the next one where it stopped.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from app.kernel.errors import UnavailableError

EVERY: Final = 1.0  # seconds between looks
QUIET: Final = 15.0  # seconds after which a silent stream says that it lives
LASTS: Final = 300.0
MOST: Final = 500  # listeners of one process; a hall has a handful of panels
MOST_AT: Final = 60  # of them from one address: a whole hall may stand behind one
Revisions = dict[str, int]  # by the code of the hall


@dataclass(slots=True)
class News:
    """The revisions of all halls as last seen, and everybody who waits for the next change.

    `read` asks the database; it is called in a thread, and only while somebody listens.
    """

    read: Callable[[], Revisions]
    every: float = EVERY
    quiet: float = QUIET
    lasts: float = LASTS
    most: int = MOST
    most_at: int = MOST_AT
    _latest: Revisions = field(default_factory=dict)
    _listening: Counter[str] = field(default_factory=Counter)
    _looking: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_looking(self) -> bool:
        """Whether the database is being asked now and then."""
        return self._looking is not None

    async def knows(self, hall: str) -> bool:
        """Whether there is such a hall; asks the database, and what was seen last if it is gone."""
        return hall in await run_sync(self._read)

    def has_room(self, address: str) -> bool:
        """Whether one more may listen from there."""
        return self._listening.total() < self.most and self._listening[address] < self.most_at

    async def stream(self, hall: str, seen: int, address: str = "") -> AsyncIterator[str]:
        """Server-sent events of one hall from revision `seen` on, until the stream's time is up."""
        clock = asyncio.get_running_loop().time
        ends = clock() + self.lasts
        with self._listener(address):
            yield "retry: 2000\n\n"
            while clock() < ends:
                changed = self._changed
                revision = self._latest.get(hall, seen)
                if revision != seen:
                    seen = revision
                    yield f"id: {seen}\nevent: changed\ndata: {seen}\n\n"
                if not await _within(changed, min(self.quiet, max(0.0, ends - clock()))):
                    yield ": still here\n\n"

    @contextmanager
    def _listener(self, address: str) -> Iterator[None]:
        self._listening[address] += 1
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())
        try:
            yield
        finally:
            self._listening -= Counter([address])  # who has none left is forgotten
            if not self._listening and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def _look(self) -> None:
        while True:
            latest = await run_sync(self._read)
            if latest != self._latest:
                self._latest = latest
                before, self._changed = self._changed, asyncio.Event()
                before.set()
            await asyncio.sleep(self.every)

    def _read(self) -> Revisions:
        try:
            return self.read()
        except (UnavailableError, SQLAlchemyError):
            return self._latest  # panels keep what they show until the database is back


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
