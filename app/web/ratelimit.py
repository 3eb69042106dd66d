"""Counts how often somebody used a door, in fixed windows shared by all processes.

Counts tokens, devices and accounts before addresses: a whole hall sits behind one address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.kernel.ids import Signer
from app.kernel.upsert import insert
from app.web.models import RateCounter, SpentProof

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# An address may stand for an office, a school, a mobile network's gateway.
ADDRESS_FACTOR: Final = 20


class Verdict(IntEnum):
    """What the door says; the sternest of several counts."""

    OPEN = 0
    PROVE = 1
    CLOSED = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """One door: up to `free` uses a window are let in, up to `most` with a proof of work."""

    name: str
    window: timedelta
    free: int
    most: int


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody at a door. `kind` is token, device, account or address."""

    kind: str
    value: str

    @property
    def factor(self) -> int:
        """How many people one such key may stand for."""
        return ADDRESS_FACTOR if self.kind == "address" else 1


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict, and when the window ends."""

    verdict: Verdict
    ends_at: datetime


def hit(
    session: Session, limit: Limit, knocks: Sequence[Knock], *, signer: Signer, now: datetime
) -> Standing:
    """Count one use under every key and say whether it may go on.

    The count lives and dies with the caller's transaction: a refusal that must be
    remembered is returned by the handler, not raised.
    """
    ends_at = _EPOCH + ((now - _EPOCH) // limit.window + 1) * limit.window
    verdict = Verdict.OPEN
    for knock in knocks:
        bucket = signer.digest(f"rate:{limit.name}:{knock.kind}:{knock.value}")
        count = _count(session, bucket, ends_at)
        verdict = max(verdict, _verdict(limit, knock, count))
    return Standing(verdict, ends_at)


def _verdict(limit: Limit, knock: Knock, count: int) -> Verdict:
    if count > limit.most * knock.factor:
        return Verdict.CLOSED
    return Verdict.PROVE if count > limit.free * knock.factor else Verdict.OPEN


def _count(session: Session, bucket: bytes, ends_at: datetime) -> int:
    statement = (
        insert(session, RateCounter)
        .values(bucket=bucket, ends_at=ends_at, count=1)
        .on_conflict_do_update(
            index_elements=[RateCounter.bucket, RateCounter.ends_at],
            set_={"count": RateCounter.count + 1},
        )
        .returning(RateCounter.count)
    )
    return session.execute(statement).scalar_one()


def spend(session: Session, digest: bytes, *, expires_at: datetime) -> bool:
    """Use a proof up; False when it was used before, even by another process just now."""
    statement = (
        insert(session, SpentProof)
        .values(digest=digest, expires_at=expires_at)
        .on_conflict_do_nothing(index_elements=[SpentProof.digest])
        .returning(SpentProof.digest)
    )
    return session.execute(statement).first() is not None


def sweep(session: Session, *, now: datetime) -> None:
    """Forget windows and proofs that are over; run by a job, harmless to run twice."""
    session.execute(delete(RateCounter).where(RateCounter.ends_at < now))
    session.execute(delete(SpentProof).where(SpentProof.expires_at < now))
