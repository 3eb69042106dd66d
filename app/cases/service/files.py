"""Writes down files that lie in the store: of a case, of a draft, or of nothing yet.

Checked and stored they come from the edge; a line of the history takes them on later.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.cases.kinds import DoerKind
from app.cases.models import Attachment
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark


class StoredFile(Protocol):
    """A file that lies in the store, as its row describes it."""

    @property
    def sha256(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...


def keep_files(
    session: Session,
    files: Iterable[StoredFile],
    by: DoerKind,
    *,
    by_id: int | None = None,
    case_id: int | None = None,
    draft_id: int | None = None,
    paper: str | None = None,
    is_public: bool = False,
    now: datetime,
) -> tuple[int, ...]:
    """Rows for these files, in their order; whoever opened the case sees the public ones.

    `paper` is the key of the paper of an application that they are scans of.
    """
    rows = [
        Attachment(
            case_id=case_id,
            draft_id=draft_id,
            sha256=file.sha256,
            content_type=file.content_type,
            size=file.size,
            width=file.width,
            height=file.height,
            by_kind=by,
            by_id=by_id,
            at=now,
            is_public=is_public,
            paper=paper,
        )
        for file in files
    ]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def pick(files: Iterable[Attachment], file_id: int) -> Attachment:
    """The one of these files.

    Raises:
        NotFoundError: it is none of them.
    """
    for file in files:
        if file.id == file_id:
            return file
    raise NotFoundError(mark("There is no such file."))


def drop(session: Session, files: Iterable[Attachment], number: str) -> None:
    """Take one of these files out; a number none of them has changes nothing."""
    for file in files:
        if str(file.id) == number:
            session.delete(file)
