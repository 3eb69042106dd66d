"""Numbers, tokens and codes by which matters are named and found again.

Gives no access by itself: a case number is guessable and must never open anything.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from threading import Lock
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Executable, String, bindparam, create_engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool, Pool

from app.kernel.db import BigInt, Model
from app.kernel.errors import UnavailableError
from app.kernel.keys import after_highest, next_key
from app.kernel.messages import mark

# No 0/O and no 1/I: people read these codes aloud on the telephone. 32 signs = 5 bits each.
CODE_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 8
TOKEN_LENGTH: Final = 26  # base32 of 16 bytes
LAST_NUMBER: Final = 999_999
BLOCK: Final = 16
_SERIES_KEPT: Final = 4096


class NumberSeries(Model):
    """The last number given out in one series (prefix, region and day)."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int] = mapped_column(BigInt)


def case_number(session: Session, prefix: str, region_code: str, day: date) -> str:
    """The next free number, e.g. `RX990101202603020000017` without the spaces between its parts.

    Prefix, region of 6 digits, day, 6 digits of sequence. Numbers are unique for good;
    they may have gaps and, with several processes, are not strictly in order of arrival.

    On SQLite the counter is raised inside the caller's transaction: there is one writer
    at a time anyway. On PostgreSQL that would hold the counter's row until the caller
    commits, and all intake of a region would queue behind the slowest submission. So
    there each process reserves a small block in a transaction of its own and hands the
    numbers out from memory. That transaction uses a connection outside the pool: a
    thread that already holds one of the pool's connections and waits for a second one
    could wait for ever.

    Raises:
        UnavailableError: the series has used up its 999,999 numbers of the day.
    """
    series = f"{prefix}{region_code}{day:%Y%m%d}"
    bind = session.get_bind()
    engine = bind.engine
    if engine.dialect.name == "sqlite":
        last = session.connection().execute(_RAISE_ONE, {"series": series}).scalar_one()
    else:
        last = _blocks_of(engine).take(series)
    return _spelt(series, last)


def case_number_and_key(
    session: Session, table: type[Model], prefix: str, region_code: str, day: date
) -> tuple[str, int]:
    """As `case_number`, with the key its row is to have: one statement for both.

    Raises:
        UnavailableError: the series has used up its 999,999 numbers of the day.
    """
    if session.get_bind().dialect.name != "sqlite":
        return case_number(session, prefix, region_code, day), next_key(session, table)
    series = f"{prefix}{region_code}{day:%Y%m%d}"
    taken = session.connection().execute(_raise_and_look(table), {"series": series}).one()
    return _spelt(series, taken[0]), taken[1]


def case_numbers(session: Session, prefix: str, wanted: Sequence[tuple[str, date]]) -> list[str]:
    """As `case_number`, for many regions and days at once: one statement for an import's batch.

    Raises:
        UnavailableError: a series has used up its 999,999 numbers of the day.
    """
    series = [f"{prefix}{region_code}{day:%Y%m%d}" for region_code, day in wanted]
    counts = Counter(series)
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        lasts = _raise_counters(session.connection(), counts)
    else:
        lasts = _blocks_of(engine).reserve(counts)
    upcoming = {name: lasts[name] - count for name, count in counts.items()}
    numbers = []
    for name in series:
        upcoming[name] += 1
        numbers.append(_spelt(name, upcoming[name]))
    return numbers


_NEW: Final = sqlite.insert(NumberSeries).values(series=bindparam("series"), last=1)
# Built once: every matter that comes in takes a number.
_RAISE: Final = _NEW.on_conflict_do_update(
    index_elements=[NumberSeries.series], set_={"last": NumberSeries.last + 1}
)
_RAISE_ONE: Final = _RAISE.returning(NumberSeries.last)


@cache
def _raise_and_look(table: type[Model]) -> Executable:
    return _RAISE.returning(NumberSeries.last, after_highest(table).scalar_subquery())


def _spelt(series: str, number: int) -> str:
    if number > LAST_NUMBER:
        raise UnavailableError(
            mark("No number is left for today. Please tell the system administrator.")
        )
    return f"{series}{number:06d}"


def _raise_counters(connection: Connection, counts: Mapping[str, int]) -> dict[str, int]:
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    # In one order everywhere, or two imports could wait for each other's rows.
    rows = [{"series": name, "last": counts[name]} for name in sorted(counts)]
    new = insert(NumberSeries).values(rows)
    statement = new.on_conflict_do_update(
        index_elements=[NumberSeries.series],
        set_={"last": NumberSeries.last + new.excluded.last},
    ).returning(NumberSeries.series, NumberSeries.last)
    return {row.series: row.last for row in connection.execute(statement)}


class _Blocks:
    """The numbers this process has reserved on one database and not yet given out."""

    def __init__(self, engine: Engine) -> None:
        self._aside = create_engine(engine.url, poolclass=NullPool)
        self._lock = Lock()
        self._ranges: OrderedDict[str, range] = OrderedDict()

    def take(self, series: str) -> int:
        with self._lock:
            left = self._ranges.pop(series, range(0))
            if not left:
                left = self._reserve(series)
            self._ranges[series] = left[1:]
            if len(self._ranges) > _SERIES_KEPT:  # an import walks through years of days
                self._ranges.popitem(last=False)
            return left[0]

    def reserve(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Take so many numbers of each series past everybody; the last one of each."""
        with self._aside.begin() as connection:
            return _raise_counters(connection, counts)

    def _reserve(self, series: str) -> range:
        last = self.reserve({series: BLOCK})[series]
        return range(last - BLOCK + 1, last + 1)


# By pool: engines that differ only in their options share it, and it dies with the engine.
_blocks: WeakKeyDictionary[Pool, _Blocks] = WeakKeyDictionary()
_blocks_lock = Lock()
# A forked child must not give out its parent's numbers a second time.
os.register_at_fork(after_in_child=_blocks.clear)


def _blocks_of(engine: Engine) -> _Blocks:
    with _blocks_lock:
        found = _blocks.get(engine.pool)
        if found is None:
            found = _blocks[engine.pool] = _Blocks(engine)
        return found


def random_token() -> str:
    """43 characters safe in a URL or a cookie, 256 bits nobody can guess."""
    return secrets.token_urlsafe(32)


class Signer:
    """Derives tokens from facts under a secret key, so that they need not be stored."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:  # noqa: PLR2004  # 128 bits, the least anybody calls a key
            msg = "a signing key needs at least 16 bytes"
            raise ValueError(msg)
        self._key = key

    def token(self, purpose: str, *parts: str | int) -> str:
        """26 lower-case letters and digits (128 bits) standing for these facts."""
        return base64.b32encode(self._mac(purpose, *parts)[:16]).decode().rstrip("=").lower()

    def verify(self, token: str, purpose: str, *parts: str | int) -> bool:
        """Whether the token stands for these facts; takes equally long either way."""
        expected = self.token(purpose, *parts)
        return hmac.compare_digest(expected.encode(), token.encode(errors="replace"))

    def digest(self, token: str) -> bytes:
        """16 bytes to store and look a token up by; useless to who reads the database."""
        return self._mac("digest", token)[:16]

    def query_code(self, purpose: str, *parts: str | int) -> str:
        """8 signs (40 bits) a person can read aloud; only with a limit on attempts."""
        number = int.from_bytes(self._mac("code", purpose, *parts)[:5], "big")
        signs = (CODE_ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH))
        return "".join(signs)

    def _mac(self, *parts: str | int) -> bytes:
        # Lengths are signed too, or ("ab", "c") and ("a", "bc") would share a token.
        encoded = [str(part).encode() for part in parts]
        message = b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
        return hmac.digest(self._key, message, hashlib.sha256)
