"""Tables of questions handed on: the question, whose it is, and each move, written once.

The words of the question and of the answer lie sealed; moves hold ids and times only.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref
from app.questions.rules import Deed, QuestionState, after

_IS_OPEN = text("answered_at IS NULL")
_WAITS = text("state = 'offered'")


class Question(Model):
    """What somebody asked at a counter, and who owns it until it is answered.

    `first_id` was asked first and stays; `owner_id` changes only when the next one accepts.
    `note` are the words of whoever last did not accept it.
    """

    __tablename__ = "first_questions"
    __table_args__ = (
        Index(
            "ix_first_questions_owner",
            "owner_id",
            "id",
            postgresql_where=_IS_OPEN,
            sqlite_where=_IS_OPEN,
        ),
        Index(
            "ix_first_questions_offered",
            "offered_at",
            "id",
            postgresql_where=_WAITS,
            sqlite_where=_WAITS,
        ),
        Index("ix_first_questions_asked", "asked_at"),
    )

    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(43), unique=True)
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    first_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.HELD)
    words: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    reach: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    note: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    place: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime]
    offered_unit_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("units.id"), default=None
    )
    offered_staff_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("staff.id"), default=None
    )
    offered_at: Mapped[datetime | None] = mapped_column(default=None)
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    hands: Mapped[int] = mapped_column(default=1)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    def move(self, deed: Deed) -> None:
        """Take the state the deed leads to.

        Raises:
            ConflictError: it has moved on meanwhile.
        """
        self.state = after(self.state, deed)


class QuestionMove(Model):
    """One line of a question's way: who did what when, and to whom it went. Written once."""

    __tablename__ = "first_question_moves"
    __table_args__ = (Index("ix_first_question_moves_question", "question_id", "id"),)

    id: Mapped[Key]
    question_id: Mapped[Ref] = mapped_column(ForeignKey("first_questions.id"))
    deed: Mapped[Deed]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    to_unit_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), default=None)
    to_staff_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
