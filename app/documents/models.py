"""Tables of documents: their series of numbers, the documents, their prints, the templates.

Columns only. What a document says is sealed; number, kind, dates and hashes name nobody.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.documents.rules import DocumentKind, DocumentState, Paper
from app.kernel.db import BigInt, Key, Model, Ref
from app.kernel.errors import ConflictError
from app.kernel.ids import TOKEN_LENGTH
from app.kernel.messages import mark

_WAITING = text("printed_at IS NULL")


class DocumentSeries(Model):
    """The last number given out in one series: a unit's documents of one kind in one year.

    Raised in the transaction that writes the document, so that a series has no gaps: whoever
    comes second waits for the first to commit, and takes the number again if that fails.
    """

    __tablename__ = "document_series"

    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class DocumentTemplate(Model):
    """One version of how a kind of document looks, in typst. Written once.

    The newest version of a kind holds for new documents; each document keeps its own.
    `shipped` is the digest of the file it came with, empty for what was written here.
    """

    __tablename__ = "document_templates"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[Key]
    kind: Mapped[DocumentKind]
    version: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    shipped: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(BigInt, default=None)


class Document(Model):
    """One paper the office wrote: what stood in it, and whether it still holds.

    `content` is sealed JSON of all values as text; `seal_code` a short keyed digest of them,
    printed on the paper and shown on the public page, so that a changed paper is seen.
    A sheet of a shift belongs to no matter.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("unit_id", "kind", "year", "seq"),)

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(60), unique=True)
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    kind: Mapped[DocumentKind]
    year: Mapped[int]
    seq: Mapped[int]
    case_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("cases.id"), index=True, default=None
    )
    template_id: Mapped[Ref] = mapped_column(ForeignKey("document_templates.id"))
    paper: Mapped[Paper]
    state: Mapped[DocumentState] = mapped_column(default=DocumentState.VALID)
    place: Mapped[str] = mapped_column(String(TOKEN_LENGTH))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    seal_code: Mapped[str] = mapped_column(String(16), default="")
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary(16), unique=True, default=None)
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    replaced_by_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("documents.id"), default=None
    )
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    end_reason: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    def end(self, state: DocumentState, reason: str, *, by_id: int | None, now: datetime) -> None:
        """It holds no longer; the number stays taken.

        Raises:
            ConflictError: it ended already.
        """
        if self.state is not DocumentState.VALID:
            raise ConflictError(mark("This document is no longer valid."))
        self.state, self.end_reason = state, reason
        self.ended_at, self.ended_by = now, by_id


class DocumentCopy(Model):
    """One printing: the first is the document itself, every later one is marked 重打.

    `sha256` names the PDF in the file store once it was made at `printed_at`; it
    `lacks_letters` where no font of the server has some sign of it.
    """

    __tablename__ = "document_copies"
    __table_args__ = (
        UniqueConstraint("document_id", "copy"),
        Index("ix_document_copies_waiting", "id", postgresql_where=_WAITING, sqlite_where=_WAITING),
    )

    id: Mapped[Key]
    document_id: Mapped[Ref] = mapped_column(ForeignKey("documents.id"))
    copy: Mapped[int]
    paper: Mapped[Paper]
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    printed_at: Mapped[datetime | None] = mapped_column(default=None)
    lacks_letters: Mapped[bool] = mapped_column(default=False)
