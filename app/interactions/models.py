"""Tables of the interaction log: contacts of every kind, calls that came in, promises made.

What was said is stored only sealed, in the place of its row; numbers of callers too.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.citizens.models import PLACE_LENGTH
from app.interactions.rules import Deed, Direction, Medium, TalkState, after
from app.kernel.db import BigInt, Key, Model, Ref
from app.kernel.ids import TOKEN_LENGTH

_GOES_ON = text("state != 'ended'")
_NOT_KEPT = text("kept_at IS NULL")
_TO_MARK = text("kept_at IS NULL AND broken_at IS NULL")
_RINGS = text("state = 'ringing'")


class Interaction(Model):
    """One contact: a walk-in, a call, a message, a letter.

    `ref` names it in addresses and to telephone systems, and says nothing. Never
    taken (`taken_at` empty) and ended, it was a missed call.
    """

    __tablename__ = "interactions"
    __table_args__ = (
        Index("ix_interactions_citizen", "citizen_id", "id"),
        Index("ix_interactions_staff", "staff_id", "id"),
        Index("ix_interactions_unit", "unit_id", "id"),
        Index(
            "ix_interactions_under_way",
            "staff_id",
            "id",
            postgresql_where=_GOES_ON,
            sqlite_where=_GOES_ON,
        ),
        Index("ix_interactions_ringing", "began_at", postgresql_where=_RINGS, sqlite_where=_RINGS),
    )

    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(TOKEN_LENGTH), unique=True)
    citizen_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("citizens.id"), default=None)
    medium: Mapped[Medium]
    direction: Mapped[Direction]
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    state: Mapped[TalkState]
    began_at: Mapped[datetime]
    taken_at: Mapped[datetime | None] = mapped_column(default=None)
    held_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    summary: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    def move(self, deed: Deed, *, now: datetime) -> None:
        """Go where the deed leads, and note when.

        Raises:
            ConflictError: it has moved on meanwhile.
        """
        self.state = after(self.state, deed)
        self.held_at = now if self.state is TalkState.HELD else None
        if deed is Deed.TAKE:
            self.taken_at = now
        if self.state is TalkState.ENDED:
            self.ended_at = now


class InteractionCase(Model):
    """A matter that was taken in or spoken about in a conversation."""

    __tablename__ = "interaction_cases"
    __table_args__ = (UniqueConstraint("interaction_id", "case_id"),)

    id: Mapped[Key]
    interaction_id: Mapped[Ref] = mapped_column(ForeignKey("interactions.id"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)


class IncomingCall(Model):
    """What the telephone system told of a call; `call_digest` knows its name for it again."""

    __tablename__ = "incoming_calls"

    interaction_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("interactions.id"), primary_key=True
    )
    number: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    call_digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)


class Promise(Model):
    """Who promised what to whom until when; whether it was kept follows from its dates.

    `broken_at` is written by the job that found it overdue, so that the workbench
    can show it; it stays when the promise is kept late.
    """

    __tablename__ = "promises"
    __table_args__ = (
        Index("ix_promises_citizen", "citizen_id", "id"),
        Index(
            "ix_promises_waiting",
            "staff_id",
            "due_at",
            postgresql_where=_NOT_KEPT,
            sqlite_where=_NOT_KEPT,
        ),
        Index("ix_promises_to_mark", "due_at", postgresql_where=_TO_MARK, sqlite_where=_TO_MARK),
    )

    id: Mapped[Key]
    citizen_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("citizens.id"), default=None)
    interaction_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("interactions.id"), index=True, default=None
    )
    case_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("cases.id"), index=True, default=None
    )
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    text: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    kept_at: Mapped[datetime | None] = mapped_column(default=None)
    broken_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name
