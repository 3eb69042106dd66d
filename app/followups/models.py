"""Tables of following up: one call-back for each round of a matter, tries, draws and checks.

No words and no personal data: what was said stands in the matter's history, where it can be
erased. Tries and draws are written once.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import CallbackResult
from app.followups.rules import Answer, Way
from app.kernel.db import BigInt, Key, Model, Ref

_WAITS = text("ended_at IS NULL")


class Callback(Model):
    """Asking the citizen of one matter, in one round, whether it is solved.

    `next_at` is when to try next; `ended_at` with `result` when there is an answer, or none
    to be had.
    """

    __tablename__ = "callbacks"
    __table_args__ = (
        UniqueConstraint("case_id", "round"),
        Index("ix_callbacks_ended", "ended_at", "result", "case_id"),
        Index(
            "ix_callbacks_waiting", "next_at", "id", postgresql_where=_WAITS, sqlite_where=_WAITS
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    round: Mapped[int]
    opened_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(default=None)
    next_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    result: Mapped[CallbackResult | None] = mapped_column(default=None)
    way: Mapped[Way | None] = mapped_column(default=None)
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class CallbackTry(Model):
    """One try by telephone: who, when, what came of it, when to try next. Written once."""

    __tablename__ = "callback_tries"
    __table_args__ = (UniqueConstraint("callback_id", "number"),)

    id: Mapped[Key]
    callback_id: Mapped[Ref] = mapped_column(ForeignKey("callbacks.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    answer: Mapped[Answer]
    next_at: Mapped[datetime | None] = mapped_column(default=None)


class SampleDraw(Model):
    """The draw of one month: among how many silent closures, what share, by which seed.

    Written once. `digest` is the fingerprint of those among whom was drawn.
    """

    __tablename__ = "sample_draws"

    id: Mapped[Key]
    period: Mapped[str] = mapped_column(String(7), unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    share: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    among: Mapped[int]
    drawn: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class SampleCheck(Model):
    """One matter that was drawn, and what the check found."""

    __tablename__ = "sample_checks"
    __table_args__ = (
        UniqueConstraint("draw_id", "case_id"),
        Index("ix_sample_checks_case", "case_id"),
        Index("ix_sample_checks_checked", "checked_at", "was_right", "case_id"),
    )

    id: Mapped[Key]
    draw_id: Mapped[Ref] = mapped_column(ForeignKey("sample_draws.id"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    was_right: Mapped[bool | None] = mapped_column(default=None)
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
