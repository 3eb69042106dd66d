"""Two small tables that keep the doors: how often somebody knocked, which proofs are used up.

Hold digests only, never an address or a person; rows die within a day.
"""

from datetime import datetime

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Model


class RateCounter(Model):
    """How often one key was used in one window of time."""

    __tablename__ = "rate_counters"
    __table_args__ = (Index("ix_rate_counters_ends_at", "ends_at"),)

    bucket: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class SpentProof(Model):
    """A proof of work or of patience that has been used and is not good a second time."""

    __tablename__ = "spent_proofs"
    __table_args__ = (Index("ix_spent_proofs_expires_at", "expires_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    expires_at: Mapped[datetime]
