"""Files that lie encrypted from their first byte, each under a key of its own.

Written once from front to back and read the same way; who may read is decided elsewhere.
Whoever deletes the key has deleted the file, in every copy of it.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from cryptography.exceptions import InvalidTag

from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.secrets import ALGORITHMS, NONCE_BYTES, TAG_BYTES, Algorithm, FieldCipher, SealError

CHUNK: Final = 65_536  # bytes of text sealed at a time
_MAGIC: Final = b"CWF1"
_PREFIX: Final = 7  # random bytes of each nonce; the piece's number and an end mark follow
_COUNTER: Final = NONCE_BYTES - _PREFIX - 1
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BY_NUMBER: Final = {algorithm.number: algorithm for algorithm in ALGORITHMS.values()}


@dataclass(frozen=True, slots=True)
class FileKey:
    """What opens one file, in memory."""

    algorithm: Algorithm
    secret: bytes = field(repr=False)


def new_key(cipher: FieldCipher, *, aad: str) -> tuple[bytes, FileKey]:
    """A fresh key as it is stored, sealed like any field, and as it is used."""
    algorithm = cipher.algorithm
    secret = secrets.token_bytes(algorithm.key_bytes)
    # Its algorithm is kept with the key: the key may be sealed anew in another suite.
    sealed = cipher.encrypt(f"{algorithm.number}:{secret.hex()}", aad=aad)
    return sealed, FileKey(algorithm, secret)


def open_key(cipher: FieldCipher, sealed: bytes, *, aad: str) -> FileKey:
    """The key again.

    Raises:
        SealError: changed, from another row, or its master key is missing.
    """
    number, _, secret = cipher.decrypt(sealed, aad=aad).partition(":")
    return FileKey(_BY_NUMBER[int(number)], bytes.fromhex(secret))


class SealingFile:
    """Takes bytes as they come and seals them in pieces; the end is sealed too.

    A file cut short, or with pieces exchanged, does not open (the STREAM construction:
    each nonce holds the number of its piece and whether it is the last).
    """

    def __init__(self, file: BinaryIO, key: FileKey) -> None:
        self._file = file
        self._key = key
        self._prefix = secrets.token_bytes(_PREFIX)
        self._waiting = bytearray()
        self._number = 0
        file.write(_MAGIC + self._prefix)

    def write(self, data: bytes) -> int:
        """Take more; how many bytes that was."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces are sealed when they are full."""

    def finish(self) -> None:
        """Seal what is left; nothing can be added afterwards."""
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, is_last=is_last)
        self._file.write(self._key.algorithm.seal(self._key.secret, nonce, piece, _MAGIC))
        self._number += 1


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(_COUNTER, "big") + bytes((is_last,))


class SealedFiles:
    """A folder of sealed files by name; a half-written one is never seen."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def writing(self, name: str, key: FileKey) -> Iterator[SealingFile]:
        """Write the file of this name; it is there when the block ends, or not at all."""
        place = self._place(name)
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=self._root, prefix=".part-")
        with _Part(Path(part)) as waiting:
            with os.fdopen(handle, "wb") as file:
                sealing = SealingFile(file, key)
                yield sealing
                sealing.finish()
                file.flush()
                os.fsync(file.fileno())
            waiting.path.replace(place)

    def pieces(self, name: str, key: FileKey) -> Iterator[bytes]:
        """The text of the file, piece by piece.

        Raises:
            NotFoundError: there is no such file any more.
            SealError: it was changed or cut short.
        """
        place = self._place(name)
        if not place.is_file():
            raise NotFoundError(mark("This file is no longer there."))
        with place.open("rb") as file:
            yield from _opened(file, key)

    def size(self, name: str) -> int:
        """How many bytes lie on the disk, sealed."""
        return self._place(name).stat().st_size

    def remove(self, name: str) -> None:
        """Delete the file; harmless when it is gone."""
        self._place(name).unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name):  # also what keeps `../` out of the path
            raise NotFoundError(mark("This file is no longer there."))
        return self._root / name


class _Part:
    """A file being written: gone, unless it was given its name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.path.unlink(missing_ok=True)


def _opened(file: BinaryIO, key: FileKey) -> Iterator[bytes]:
    head = file.read(len(_MAGIC) + _PREFIX)
    if not head.startswith(_MAGIC):
        msg = "not a sealed file"
        raise SealError(msg)
    prefix, number = head[len(_MAGIC) :], 0
    piece = file.read(CHUNK + TAG_BYTES)
    while piece:
        following = file.read(CHUNK + TAG_BYTES)
        nonce = _nonce(prefix, number, is_last=not following)
        yield _piece(key, nonce, piece)
        piece, number = following, number + 1
    if number == 0:
        msg = "a sealed file without an end"
        raise SealError(msg)


def _piece(key: FileKey, nonce: bytes, sealed: bytes) -> bytes:
    try:
        return key.algorithm.open(key.secret, nonce, sealed, _MAGIC)
    except (InvalidTag, ValueError) as error:
        msg = "a sealed file was changed or cut short"
        raise SealError(msg) from error
