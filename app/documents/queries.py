"""Every look at documents: through the matter they belong to, by token, or by series.

Staff see the documents of matters they may see, and sheets of shifts in their halls.
"""

import hmac
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission
from app.cases.queries import getting as cases
from app.departments import queries as departments
from app.documents.models import Document, DocumentCopy, DocumentSeries, DocumentTemplate
from app.documents.rules import DocumentKind
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.vault import vault_of

_NOT_FOUND: Final = mark("There is no such document.")
_NEXT: Final = aliased(Document)
_OF_CASE: Final = (
    select(
        Document.id,
        Document.number,
        Document.kind,
        Document.paper,
        Document.state,
        Document.issued_at,
        Document.end_reason,
        Document.version,
        func.coalesce(_NEXT.number, "").label("replaced_by"),
        func.coalesce(Staff.display_name, "").label("issued_by"),
        select(func.max(DocumentCopy.copy))
        .where(DocumentCopy.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
        .label("copies"),
        Document.content.is_(None).label("is_erased"),
        select(func.count())
        .where(DocumentCopy.document_id == Document.id, DocumentCopy.lacks_letters)
        .correlate(Document)
        .scalar_subquery()
        .label("lacks_letters"),
    )
    .outerjoin(_NEXT, _NEXT.id == Document.replaced_by_id)
    .outerjoin(Staff, Staff.id == Document.issued_by)
    .where(Document.case_id == bindparam("case_id"))
    .order_by(Document.id)
)

_VERSIONS_SHOWN: Final = 50
_TEMPLATES: Final = select(
    DocumentTemplate.kind,
    DocumentTemplate.version,
    DocumentTemplate.shipped,
    DocumentTemplate.made_at,
    func.coalesce(Staff.display_name, "").label("made_by"),
).outerjoin(Staff, Staff.id == DocumentTemplate.made_by)


def list_for_case(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The documents of a matter in the order they were issued; the caller may see the matter."""
    return rows(session, _OF_CASE, case_id=case_id)


def get_document(session: Session, document_id: int, actor: Actor) -> Document:
    """One document by its key.

    Raises:
        NotFoundError: there is none, or the actor may not see the matter it belongs to.
    """
    document = session.get(Document, document_id)
    if document is None:
        raise NotFoundError(_NOT_FOUND)
    if document.case_id is not None:
        cases.get_case(session, document.case_id, actor)
    elif not _may_see_sheet(session, document, actor):
        raise NotFoundError(_NOT_FOUND)
    return document


def _may_see_sheet(session: Session, document: Document, actor: Actor) -> bool:
    unit = departments.view_of(session, document.unit_id)
    return document.issued_by == actor.id or any(
        actor.covers(
            permission,
            unit_id=unit.id,
            unit_path=unit.path,
            region_code=unit.region_code,
            handler_id=None,
        )
        for permission in (Permission.QUEUE_SERVE, Permission.QUEUE_WATCH)
    )


def find_by_token(session: Session, token: str) -> Document | None:
    """The document whose QR code somebody scanned; whoever holds the paper may ask."""
    digest = vault_of(session).signer.digest(token)
    return session.scalar(select(Document).where(Document.token_digest == digest))


def find_by_code(session: Session, number: str, code: str) -> Document | None:
    """The document with this number and check code, as printed on it or typed loosely."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    document = session.scalar(select(Document).where(Document.number == number.strip().upper()))
    if document is None:
        return None
    is_right = hmac.compare_digest(document.seal_code.replace("-", "").encode(), plain.encode())
    return document if is_right else None


def copies_of(session: Session, document_id: int) -> Sequence[DocumentCopy]:
    """Every printing, the original first."""
    wanted = select(DocumentCopy).where(DocumentCopy.document_id == document_id)
    return session.scalars(wanted.order_by(DocumentCopy.copy)).all()


def get_copy(session: Session, document: Document, number: int) -> DocumentCopy:
    """One printing of a document.

    Raises:
        NotFoundError: it was not printed so often.
    """
    for copy in copies_of(session, document.id):
        if copy.copy == number:
            return copy
    raise NotFoundError(_NOT_FOUND)


def copies_waiting(session: Session, limit: int) -> Sequence[DocumentCopy]:
    """Printings whose PDF was not made yet; erased ones need none.

    The newest first: what never prints, because its template fails, holds up nobody.
    """
    wanted = (
        select(DocumentCopy)
        .join(Document, Document.id == DocumentCopy.document_id)
        .where(DocumentCopy.printed_at.is_(None), Document.content.is_not(None))
    )
    return session.scalars(wanted.order_by(DocumentCopy.id.desc()).limit(limit)).all()


def files_known(session: Session, names: Sequence[str]) -> set[str]:
    """Which of these files are PDFs of documents."""
    wanted = select(DocumentCopy.sha256).where(DocumentCopy.sha256.in_(names))
    return {name for name in session.scalars(wanted) if name}


def newest_template(session: Session, kind: DocumentKind) -> DocumentTemplate | None:
    """The version of this kind that holds, if any was ever needed."""
    wanted = select(DocumentTemplate).where(DocumentTemplate.kind == kind)
    return session.scalar(wanted.order_by(DocumentTemplate.version.desc()).limit(1))


def list_templates(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest version of each kind that was ever needed, and who made it."""
    newest = select(func.max(DocumentTemplate.id)).group_by(DocumentTemplate.kind).scalar_subquery()
    return session.execute(_TEMPLATES.where(DocumentTemplate.id.in_(newest))).all()


def template_versions(session: Session, kind: DocumentKind) -> Sequence[Row[*tuple[Any, ...]]]:
    """The last versions of one kind, newest first."""
    wanted = _TEMPLATES.where(DocumentTemplate.kind == kind)
    return session.execute(
        wanted.order_by(DocumentTemplate.version.desc()).limit(_VERSIONS_SHOWN)
    ).all()


def get_template(session: Session, kind: DocumentKind, version: int) -> DocumentTemplate:
    """One version of a kind.

    Raises:
        NotFoundError: there is none.
    """
    wanted = select(DocumentTemplate).where(
        DocumentTemplate.kind == kind, DocumentTemplate.version == version
    )
    found = session.scalar(wanted)
    if found is None:
        raise NotFoundError(mark("There is no such version."))
    return found


def series_counted(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every series with the last number given out and how many documents it has."""
    there = (
        select(func.count())
        .where(
            Document.unit_id == DocumentSeries.unit_id,
            Document.kind == DocumentSeries.kind,
            Document.year == DocumentSeries.year,
        )
        .correlate(DocumentSeries)
        .scalar_subquery()
    )
    return session.execute(
        select(
            DocumentSeries.unit_id,
            DocumentSeries.kind,
            DocumentSeries.year,
            DocumentSeries.last,
            there,
        ).order_by(DocumentSeries.unit_id, DocumentSeries.year, DocumentSeries.kind)
    ).all()


def batch_of(session: Session, after: int, limit: int) -> Sequence[Document]:
    """Documents in the order of their keys, behind this one."""
    wanted = select(Document).where(Document.id > after).order_by(Document.id).limit(limit)
    return session.scalars(wanted).all()


def files_named(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every PDF there should be: the number of its document, which printing, its hash."""
    return session.execute(
        select(Document.number, DocumentCopy.copy, DocumentCopy.sha256)
        .join(Document, Document.id == DocumentCopy.document_id)
        .where(DocumentCopy.sha256.is_not(None))
        .order_by(DocumentCopy.id)
    ).all()
