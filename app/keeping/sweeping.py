"""Clears the file store of what no row knows: uploads of forgotten drafts and of failed steps.

Touches only files nobody sent or asked for again for a day, so that no upload under way is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.keeping import queries
from app.kernel.files import FileStore
from app.kernel.jobs import Errand, Payload

UNTOUCHED: Final = timedelta(days=1)  # longer than any upload and the form it belongs to
_MOST_AT_ONCE: Final = 2_000  # the rest waits for the next round
_LOOKED_UP: Final = 500

_log = structlog.get_logger("keeping")
_wired: list[FileStore] = []


def wire(store: FileStore) -> None:
    """Say where files lie; called once at start."""
    _wired[:] = [store]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Files no row knows, and the moment since which nobody may have touched them."""

    names: Sequence[str]
    since: datetime


def _prepare(session: Session, _payload: Payload, now: datetime) -> Sweep | None:
    since = now - UNTOUCHED
    old = _wired[-1].untouched(since=since)
    loose: list[str] = []
    while len(loose) < _MOST_AT_ONCE and (names := list(islice(old, _LOOKED_UP))):
        known = queries.files_known(session, names)
        loose += [name for name in names if name not in known]
    return Sweep(loose[:_MOST_AT_ONCE], since) if loose else None


def _go(sweep: Sweep) -> int:
    return sum(_wired[-1].remove_untouched(name, since=sweep.since) for name in sweep.names)


def _settle(_session: Session, _payload: Payload, removed: int, _now: datetime) -> None:
    _log.info("files of nobody removed", files=removed)


SWEEP: Final = Errand(_prepare, _go, _settle)
