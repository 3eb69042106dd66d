"""Clears the disk of what no row knows: uploads of forgotten drafts, what a killed process began.

Touches only what nobody sent, asked for or wrote to for a day, so that nothing under way is lost.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.orm import Session

from app.keeping import queries
from app.kernel.files import FileStore, store_in
from app.kernel.jobs import Errand, Payload

UNTOUCHED: Final = timedelta(days=1)  # longer than any upload and the form it belongs to
_MOST_AT_ONCE: Final = 2_000  # the rest waits for the next round
_LOOKED_UP: Final = 500

_log = structlog.get_logger("keeping")
# Folders with files that are written under a passing name and renamed when whole.
FOLDERS: Final = ("files", "exports", "packages")
_PART: Final = ".part-*"
_wired: list[tuple[FileStore, Path]] = []


def wire(data_dir: Path) -> None:
    """Say where files lie; called once at start."""
    _wired[:] = [(store_in(data_dir), data_dir)]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Files no row knows, files never finished, and since when nobody may have touched them."""

    names: Sequence[str]
    parts: Sequence[Path]
    since: datetime


def _prepare(session: Session, _payload: Payload, now: datetime) -> Sweep | None:
    since = now - UNTOUCHED
    store, data_dir = _wired[-1]
    old = store.untouched(since=since)
    loose: list[str] = []
    while len(loose) < _MOST_AT_ONCE and (names := list(islice(old, _LOOKED_UP))):
        known = queries.files_known(session, names)
        loose += [name for name in names if name not in known]
    parts = list(islice(_unfinished(data_dir, since), _MOST_AT_ONCE))
    return Sweep(loose[:_MOST_AT_ONCE], parts, since) if loose or parts else None


def _unfinished(data_dir: Path, since: datetime) -> Iterator[Path]:
    """Files whose writer was killed: they have no name and nobody can ever open them."""
    for folder in FOLDERS:
        for part in (data_dir / folder).rglob(_PART):
            if _written_at(part) < since.timestamp():
                yield part


def _written_at(part: Path) -> float:
    try:
        return part.stat().st_mtime
    except FileNotFoundError:  # finished just now, and renamed
        return math.inf


def _go(sweep: Sweep) -> int:
    store, _ = _wired[-1]
    for part in sweep.parts:
        part.unlink(missing_ok=True)
    removed = sum(store.remove_untouched(name, since=sweep.since) for name in sweep.names)
    return removed + len(sweep.parts)


def _settle(_session: Session, _payload: Payload, removed: int, _now: datetime) -> None:
    _log.info("files of nobody removed", files=removed)


SWEEP: Final = Errand(_prepare, _go, _settle)
