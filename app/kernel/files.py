"""Keeps files under the hash of their content: the same file once, never half of one.

Knows bytes only; what a file is and who may see it is decided elsewhere.
"""

import errno
import hashlib
import math
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from app.kernel.errors import NotFoundError, UnavailableError
from app.kernel.messages import mark

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_VARIANT: Final = re.compile(r"[a-z]{0,12}")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class FileStore:
    """A folder of files named `ab/cd/abcd….…`, two levels deep.

    A variant (such as a thumbnail) lies beside the file it was made from.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        """Keep these bytes, flushed to disk; their SHA-256 in hexadecimal.

        Raises:
            UnavailableError: the disk is full or broken; nothing is left behind.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        self._write(self._place(sha256), data)
        return sha256

    def put_variant(self, sha256: str, variant: str, data: bytes) -> None:
        """Keep something made from a kept file beside it.

        Raises:
            UnavailableError: as for `put`.
        """
        self._write(self._place(sha256, variant), data)

    def path(self, sha256: str, variant: str = "") -> Path:
        """Where the file lies, for sending it.

        Raises:
            NotFoundError: it is not kept here.
        """
        place = self._place(sha256, variant)
        if not place.is_file():
            raise NotFoundError(mark("This file is no longer there."))
        return place

    def read(self, sha256: str, variant: str = "") -> bytes:
        """The bytes of a kept file.

        Raises:
            NotFoundError: it is not kept here.
            UnavailableError: the disk does not give it.
        """
        try:
            return self.path(sha256, variant).read_bytes()
        except OSError as error:
            raise UnavailableError(
                mark("The file store does not answer just now. Please try again later.")
            ) from error

    def remove(self, sha256: str) -> None:
        """Delete the file and what was made from it; harmless when it is gone."""
        place = self._place(sha256)
        for each in place.parent.glob(f"{sha256}*"):
            each.unlink(missing_ok=True)

    def untouched(self, *, since: datetime) -> Iterator[str]:
        """The kept files that nobody has sent again since then."""
        for place in self._root.glob("??/??/*"):
            if _SHA256.fullmatch(place.name) and _changed_at(place) < since.timestamp():
                yield place.name

    def remove_untouched(self, sha256: str, *, since: datetime) -> bool:
        """Delete the file unless somebody sent it again since then; whether it was deleted."""
        place = self._place(sha256)
        aside = place.with_name(f".gone-{sha256}")
        try:
            place.rename(aside)  # from here on whoever sends it writes it anew
        except FileNotFoundError:
            return False
        if _changed_at(aside) >= since.timestamp():
            aside.replace(place)
            return False
        aside.unlink()
        if not place.exists():
            self.remove(sha256)  # what was made from it
        return True

    def _place(self, sha256: str, variant: str = "") -> Path:
        # Also what keeps `../` out of the path.
        if not _SHA256.fullmatch(sha256) or not _VARIANT.fullmatch(variant):
            raise NotFoundError(mark("This file is no longer there."))
        name = f"{sha256}.{variant}" if variant else sha256
        return self._root / sha256[:2] / sha256[2:4] / name

    def _write(self, place: Path, data: bytes) -> None:
        try:
            if _is_kept(place, len(data)):
                return
            _make_folder(place.parent)
            _write_whole(place, data)
        except OSError as error:
            full = mark("There is no room left for files. Send it without files, or try later.")
            broken = mark("Files cannot be stored just now. Send it without files, or try later.")
            raise UnavailableError(full if error.errno in _FULL else broken) from error


def _is_kept(place: Path, size: int) -> bool:
    """Whether the file is there whole; if so it counts as new, so that no sweep takes it."""
    try:
        if place.stat().st_size != size:
            return False
        os.utime(place)
    except FileNotFoundError:
        return False
    return True


def _changed_at(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except FileNotFoundError:
        return math.inf  # removed by somebody else meanwhile


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _write_whole(place: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".part-")  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    # A rename survives a power cut only once its folder is on disk.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store_in(data_dir: Path) -> FileStore:
    """The store of an installation, below where its data lie."""
    return FileStore(data_dir / "files")
