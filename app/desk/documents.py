"""Makes the documents of one matter ready for its page: what was issued and whether it holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.models import Case
from app.documents import queries
from app.documents.labels import KINDS, PAPERS, STATES
from app.documents.rules import PAPERS as PAPERS_OF
from app.documents.rules import DocumentState


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One document; `copies` counts its printings, `papers` are those it comes on."""

    id: int
    number: str
    kind: str
    state: str
    is_valid: bool
    issued_at: datetime
    issued_by: str
    copies: int
    papers: list[tuple[str, str]]
    replaced_by: str
    why_void: str
    version: int
    is_erased: bool
    lacks_letters: bool


@dataclass(frozen=True, slots=True)
class DocumentsView:
    """The documents of a matter in the order they were issued."""

    lines: list[DocumentLine]
    may_void: bool


def documents_of(session: Session, actor: Actor, case: Case) -> DocumentsView:
    """What the page prints; the caller has found out that this person may see the matter."""
    lines = [
        DocumentLine(
            id=row.id,
            number=row.number,
            kind=KINDS[row.kind],
            state=STATES[row.state],
            is_valid=row.state is DocumentState.VALID,
            issued_at=row.issued_at,
            issued_by=row.issued_by,
            copies=row.copies,
            papers=[(paper, PAPERS[paper]) for paper in PAPERS_OF[row.kind]],
            replaced_by=row.replaced_by,
            why_void=row.end_reason,
            version=row.version,
            is_erased=row.is_erased,
            lacks_letters=bool(row.lacks_letters),
        )
        for row in queries.list_for_case(session, case.id)
    ]
    return DocumentsView(lines, actor.may(Permission.DOCUMENT_VOID))
