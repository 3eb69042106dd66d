"""The table of ratings: one a case, written once; and the words beside them, which may be erased.

Triggers of the migration refuse any change or removal of a rating; nothing here tries.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref
from app.ratings.rules import Source


class Rating(Model):
    """What one citizen thought of one matter, 5 for very satisfied to 1.

    `device` is a digest that tells repeated use of one browser, and names nobody.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        Index("ix_ratings_at", "at"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), unique=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[Source]
    at: Mapped[datetime]
    device: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None)


class RatingWords(Model):
    """What the citizen wrote beside it, apart so that retention can erase it and the score stays.

    As typed; `mask_free_text` is for every page but the handling unit's own.
    """

    __tablename__ = "rating_words"

    rating_id: Mapped[int] = mapped_column(BigInt, ForeignKey("ratings.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
