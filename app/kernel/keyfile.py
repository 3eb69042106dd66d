"""Keeps the master keys in one small file that only the service's own user can read.

Holds no key itself; without the file no sealed field can be read again, so it is backed up apart.
"""

import base64
import binascii
import fcntl
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.kernel.errors import UnavailableError
from app.kernel.messages import mark

VARIABLE: Final = "CIVICWINDOW_MASTER_KEY"
KEY_BYTES: Final = 32
MOST_KEYS: Final = 255  # the version is one byte of every sealed value
_NOTE: Final = "# Master keys of Civic Window. Keep a copy apart from the database's.\n"


def load_master_key(path: Path, environ: Mapping[str, str] = os.environ) -> dict[int, bytes]:
    """The master keys by version; makes the file with a first key if there is none.

    The file, or CIVICWINDOW_MASTER_KEY instead of it, holds entries `version:base64` of
    32 bytes, one a line (or between commas); the highest version seals.

    Raises:
        UnavailableError: the file cannot be read, can be read by others, or holds no usable key.
    """
    if given := environ.get(VARIABLE):
        return _parse(given, VARIABLE)
    try:
        if not path.exists():
            _write(path, {1: secrets.token_bytes(KEY_BYTES)}, replace=False)
        mode = stat.S_IMODE(path.stat().st_mode)
        content = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise UnavailableError(
            mark("The key file %(path)s cannot be read or made: %(problem)s."),
            path=path,
            problem=error.strerror,
        ) from error
    if mode & 0o077:
        raise UnavailableError(
            mark("Others can read the key file %(path)s. Run: chmod 600 %(path)s"), path=path
        )
    return _parse(content, str(path))


class LiveKeys(Mapping[int, bytes]):
    """The keys of the file as it stands now: one that is added seals from the next value on.

    Costs one look at the file's date each time. While the file is away or broken, the
    keys read last go on serving.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._stamp()
        self._keys = load_master_key(path, {})

    def __getitem__(self, version: int) -> bytes:
        return self._now()[version]

    def __iter__(self) -> Iterator[int]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def _now(self) -> Mapping[int, bytes]:
        stamp = self._stamp()
        if stamp != self._seen and stamp is not None:
            self._keys = self._read()
            self._seen = stamp
        return self._keys

    def _read(self) -> dict[int, bytes]:
        try:
            return load_master_key(self._path, {})
        except UnavailableError:
            return self._keys

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def open_keys(path: Path, environ: Mapping[str, str] = os.environ) -> Mapping[int, bytes]:
    """The master keys for a process that lives on; as `load_master_key`, but kept up to date.

    Raises:
        UnavailableError: as `load_master_key`.
    """
    if environ.get(VARIABLE):
        return load_master_key(path, environ)
    load_master_key(path, {})  # made on the first start
    return LiveKeys(path)


def add_master_key(path: Path) -> int:
    """Add a fresh key, which seals from now on; the older ones still open. Its version.

    Raises:
        UnavailableError: the file cannot be read or written, or 255 keys are in it.
    """
    with _alone(path):
        keys = load_master_key(path, {})
        version = max(keys) + 1
        if version > MOST_KEYS:
            raise UnavailableError(mark("There are %(most)s keys already."), most=MOST_KEYS)
        _write(path, {**keys, version: secrets.token_bytes(KEY_BYTES)}, replace=True)
    return version


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Of two who add a key at once the second waits, and adds another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)  # which lets go of the lock


def _parse(content: str, source: str) -> dict[int, bytes]:
    lines = [line.strip() for line in content.replace(",", "\n").splitlines()]
    keys: dict[int, bytes] = {}
    try:
        for entry in lines:
            if entry and not entry.startswith("#"):
                version, _, encoded = entry.partition(":")
                keys[int(version)] = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        keys = {}
    if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise UnavailableError(
            mark("%(source)s holds no usable key. Put back the copy you made of it."),
            source=source,
        )
    return keys


def _write(path: Path, keys: Mapping[int, bytes], *, replace: bool) -> None:
    """Whole or not at all; of two processes that start at once the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # made with mode 0600
    entries = [f"{v}:{base64.b64encode(key).decode()}\n" for v, key in sorted(keys.items())]
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(_NOTE + "".join(entries))
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(name).replace(path)
        else:
            _link_if_absent(Path(name), path)
    finally:
        Path(name).unlink(missing_ok=True)


def _link_if_absent(source: Path, path: Path) -> None:
    try:
        path.hardlink_to(source)
    except FileExistsError:
        return
