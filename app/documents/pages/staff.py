"""PDFs of documents for staff: the printings there are, and one more, marked 重打.

Who may see the matter may open its documents. They show names in clear, so each opening is
in the audit log.
"""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.documents import queries
from app.documents.models import Document, DocumentCopy
from app.documents.rules import Paper
from app.documents.service import issuing, printing
from app.documents.service.printing import House, Order
from app.kernel import audit
from app.kernel.files import store_in
from app.kernel.messages import mark
from app.settings import Settings
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/documents")

_HEADERS: Final = {"Cache-Control": "private, no-store"}


class ReprintForm(BaseModel):
    """On which paper it is printed once more; empty for that of the original."""

    paper: Annotated[Paper | None, Field(title=mark("Paper"))] = None


@router.get("/{document_id}/copies/{number}")
def copy(request: Request, visit: VisitDep, document_id: int, number: int) -> Response:
    """The PDF of one printing, made now if nobody opened it before.

    Raises:
        NotFoundError: there is none, or the matter is not theirs to see.
        UnavailableError: documents cannot be printed here just now.
    """
    settings: Settings = request.app.state.settings
    with visit.writing() as work:
        document = queries.get_document(work.session, document_id, work.actor)
        found = queries.get_copy(work.session, document, number)
        order = printing.order_of(
            work.session, found, house=House(settings.base_url, settings.hotline)
        )
        _note_opening(work, document, found)
        name = f"{document.number}-{number}.pdf"
    return FileResponse(
        _path(visit, order),
        media_type="application/pdf",
        filename=name,
        content_disposition_type="inline",
        headers=_HEADERS,
    )


@router.post("/{document_id}/copies")
def reprint(visit: VisitDep, document_id: int, form: FormDep) -> Response:
    """Print it once more, marked as such, and show the PDF.

    Raises:
        NotFoundError: there is none, or the matter is not theirs to see.
        InvalidError: not on that paper, no longer valid, or its words were erased.
    """
    parsed = parse(ReprintForm, form)
    paper = parsed.value.paper if parsed.value else None
    with visit.writing() as work:
        document = queries.get_document(work.session, document_id, work.actor)
        made = issuing.reprint(work.session, document, paper=paper, actor=work.actor, now=work.now)
        number = made.copy
    return see_other(f"/documents/{document_id}/copies/{number}")


def _path(visit: Visit, order: Order) -> Path:
    edge = visit.edge
    store = store_in(edge.settings.data_dir)
    made = printing.make(order, store)
    if order.sheet is not None:
        with edge.writing() as session:
            printing.settle(session, made, now=edge.now())
    return store.path(made.sha256)


def _note_opening(work: Work, document: Document, found: DocumentCopy) -> None:
    audit.note(
        work.session,
        work.author,
        "document:opened",
        ("document", document.id),
        at=work.now,
        details={"copy": found.copy},
    )
