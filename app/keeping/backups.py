"""One file that holds a whole installation, and the way back from it.

The key is left out unless asked for: whoever finds a copy of the data must not
find the key beside it. Serving may go on during a back-up, not during a restore.
"""

import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from sqlalchemy import make_url

from app.keeping import postgres
from app.keeping.plainly import TroubleError
from app.kernel.keyfile import VARIABLE
from app.settings import Settings

_ABOUT: Final = "about.json"
_SQLITE: Final = "civicwindow.db"
_DUMP: Final = "civicwindow.dump"
_KEY: Final = "secret.key"
_FOLDERS: Final = ("files", "geo")
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Backup:
    """What a back-up holds."""

    database: str
    files: int
    has_key: bool
    bytes: int


def back_up(settings: Settings, target: Path, *, now: datetime, with_key: bool = False) -> Backup:
    """Write everything into one new file; it appears whole or not at all.

    The database first, then the files: every file its rows name is already there.

    Raises:
        TroubleError: the file exists, or there is no database, or a tool is missing.
    """
    if target.exists():
        msg = f"{target} exists already. Name a new file: a back-up is never written over another."
        raise TroubleError(msg)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.absolute().parent) as folder:
        work = Path(folder)
        member = _copy_database(settings, work)
        half = work / "archive"
        with tarfile.open(half, "w:gz", compresslevel=3) as archive:
            about = {"format": _FORMAT, "at": now.isoformat(), "database": member}
            (work / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
            archive.add(work / _ABOUT, _ABOUT)
            archive.add(work / member, member)
            files = _add_folders(archive, settings.data_dir)
            if with_key and settings.key_file.exists():
                archive.add(settings.key_file, _KEY)
        half.chmod(0o600)
        size = half.stat().st_size
        half.replace(target)
    return Backup(member, files, with_key, size)


def restore(settings: Settings, source: Path, *, replace: bool = False) -> Backup:
    """Put back what a back-up holds; with `replace` what is there is set aside first.

    Raises:
        TroubleError: it is no back-up, something is in the way, or the key is missing.
    """
    try:
        archive = tarfile.open(source)  # noqa: SIM115  # closed by the `with` below
    except tarfile.TarError as error:
        msg = f"{source} is not a back-up of Civic Window."
        raise TroubleError(msg) from error
    with archive:
        names = _checked_names(archive, source)
        _need_key(settings, names)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.data_dir) as folder:
            work = Path(folder)
            archive.extractall(work, filter="data")
            _put_database(settings, work, _SQLITE if _SQLITE in names else _DUMP, replace=replace)
            files = _put_files(work, settings.data_dir)
            has_key = _KEY in names and not settings.key_file.exists()
            if has_key:
                (work / _KEY).chmod(0o600)
                (work / _KEY).replace(settings.key_file)
    return Backup("database", files, has_key, source.stat().st_size)


def _copy_database(settings: Settings, work: Path) -> str:
    if not settings.is_sqlite:
        postgres.dump(settings.database_url, work / _DUMP)
        return _DUMP
    path = _sqlite_file(settings)
    if not path.is_file():
        msg = f"There is no database at {path.absolute()}."
        raise TroubleError(msg)
    with closing(sqlite3.connect(path)) as here, closing(sqlite3.connect(work / _SQLITE)) as there:
        here.backup(there)
        verdict = there.execute("PRAGMA quick_check").fetchone()[0]
    if verdict != "ok":
        msg = f"The database is damaged: {verdict}."
        raise TroubleError(msg)
    return _SQLITE


def _add_folders(archive: tarfile.TarFile, data_dir: Path) -> int:
    count = 0
    for name in _FOLDERS:
        for path in sorted((data_dir / name).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                archive.add(path, str(PurePosixPath(path.relative_to(data_dir))))
                count += 1
    return count


def _checked_names(archive: tarfile.TarFile, source: Path) -> frozenset[str]:
    names = frozenset(archive.getnames())
    is_ours = _ABOUT in names and bool(names & {_SQLITE, _DUMP})
    strange = [
        name
        for name in names - {_ABOUT, _SQLITE, _DUMP, _KEY}
        if PurePosixPath(name).parts[0] not in _FOLDERS or ".." in PurePosixPath(name).parts
    ]
    if not is_ours or strange:
        msg = f"{source} is not a back-up of Civic Window."
        raise TroubleError(msg)
    return names


def _need_key(
    settings: Settings, names: frozenset[str], environ: Mapping[str, str] = os.environ
) -> None:
    """Without its key the next start would make a new one, and nothing sealed would open."""
    if settings.key_file.exists() or _KEY in names or environ.get(VARIABLE):
        return
    msg = (
        f"The key is not in this back-up. Put your copy of it at {settings.key_file.absolute()} "
        "first: without it no name and no telephone number can be read."
    )
    raise TroubleError(msg)


def _put_database(settings: Settings, work: Path, member: str, *, replace: bool) -> None:
    if (member == _SQLITE) != settings.is_sqlite:
        other = "SQLite" if member == _SQLITE else "PostgreSQL"
        msg = f"This back-up is one of {other}. Set CIVICWINDOW_DATABASE_URL accordingly."
        raise TroubleError(msg)
    if member == _DUMP:
        postgres.load(settings.database_url, work / _DUMP, replace=replace)
        return
    path = _sqlite_file(settings)
    if path.exists():
        if not replace:
            msg = f"There is a database at {path.absolute()}. Add --replace to set it aside."
            raise TroubleError(msg)
        for suffix in ("", "-wal", "-shm"):
            old = path.with_name(path.name + suffix)
            if old.exists():
                old.replace(path.with_name(f"{path.name}.before-restore{suffix}"))
    (work / _SQLITE).replace(path)


def _put_files(work: Path, data_dir: Path) -> int:
    count = 0
    for name in _FOLDERS:
        for path in sorted((work / name).rglob("*")):
            if path.is_file():
                place = data_dir / path.relative_to(work)
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.replace(place)
                count += 1
    return count


def _sqlite_file(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")
