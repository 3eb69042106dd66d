"""Lists of people on their way in: what was uploaded, how far it is, what was refused.

The rows lie sealed in pieces, and a piece is erased as soon as it is taken over.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.imports.people.fates import Existing, ListKind, ListState
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref


class PeopleList(Model):
    """One uploaded list, without its name: names of files often name people."""

    __tablename__ = "people_lists"

    id: Mapped[Key]
    kind: Mapped[ListKind]
    state: Mapped[ListState] = mapped_column(default=ListState.WAITING)
    existing: Mapped[Existing] = mapped_column(default=Existing.UPDATE)
    source: Mapped[str] = mapped_column(String(40), default="")
    header: Mapped[JsonDict]
    chosen: Mapped[JsonDict] = mapped_column(default=dict)
    rows: Mapped[int]
    new: Mapped[int] = mapped_column(default=0)
    likely: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int] = mapped_column(BigInt)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    @property
    def done(self) -> int:
        """How many rows are through."""
        return self.new + self.updated + self.known + self.refused


class PeopleListPart(Model):
    """A piece of a list: its rows until they are taken over, then what was refused of them."""

    __tablename__ = "people_list_parts"
    __table_args__ = (UniqueConstraint("list_id", "seq"),)

    id: Mapped[Key]
    list_id: Mapped[Ref] = mapped_column(ForeignKey("people_lists.id"))
    seq: Mapped[int]
    place: Mapped[str] = mapped_column(String(40))
    rows: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    rejects: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
