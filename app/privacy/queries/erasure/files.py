"""Reads of the files of a matter, who else knows them, and of packages made for a person.

Returns ids and content hashes; opens nothing.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Attachment
from app.documents import queries as documents
from app.documents.models import Document, DocumentCopy
from app.privacy.models import DataRequest
from app.publishing import queries as publishing


def files_of(session: Session, case_id: int) -> list[str]:
    """The content hashes of a matter's files, of documents printed for it, of released photos."""
    sent = select(Attachment.sha256).where(Attachment.case_id == case_id)
    printed = (
        select(DocumentCopy.sha256)
        .join(Document, Document.id == DocumentCopy.document_id)
        .where(Document.case_id == case_id, DocumentCopy.sha256.is_not(None))
    )
    shown = publishing.files_of(session, case_id)
    return [*session.scalars(sent), *(name for name in session.scalars(printed) if name), *shown]


def files_elsewhere(session: Session, files: Sequence[str]) -> set[str]:
    """Which of these files some row knows."""
    if not files:
        return set()
    sent = select(Attachment.sha256).where(Attachment.sha256.in_(files))
    return (
        set(session.scalars(sent))
        | documents.files_known(session, files)
        | publishing.files_known(session, files)
    )


def files_in(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Content hash and type of these attachments, as far as they are still there."""
    wanted = select(Attachment.id, Attachment.sha256, Attachment.content_type).where(
        Attachment.id.in_(ids)
    )
    return {row.id: (row.sha256, row.content_type) for row in session.execute(wanted)}


def packages_of(session: Session, citizen_id: int) -> Sequence[DataRequest]:
    """Requests of the person with a package in the store."""
    wanted = select(DataRequest).where(
        DataRequest.citizen_id == citizen_id, DataRequest.package_name.is_not(None)
    )
    return session.scalars(wanted).all()
