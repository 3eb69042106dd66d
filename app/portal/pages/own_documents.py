"""The papers of the office about a citizen's own application, as files to keep.

The token in the address is the key, as for the page they are named on. Only papers that hold,
only of that matter; each opening is in the audit log.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from app.cases.queries import get_by_token
from app.documents import queries
from app.documents.models import Document
from app.documents.rules import DocumentState
from app.documents.service import printing
from app.documents.service.printing import House
from app.kernel import audit
from app.kernel.authors import MACHINE
from app.kernel.errors import NotFoundError
from app.kernel.files import store_in
from app.kernel.messages import mark
from app.settings import Settings
from app.web.deps import EdgeDep
from app.web.unlisted import unlisted

router = APIRouter()
_ORIGINAL: Final = 1
_HEADERS: Final = {"Cache-Control": "private, no-store"}


@router.get("/c/{token}/documents/{document_id}", include_in_schema=False)
def show(request: Request, edge: EdgeDep, token: str, document_id: int) -> Response:
    """The PDF of one paper, made now if nobody opened it before.

    Raises:
        NotFoundError: no such paper of this matter, or it holds no longer.
        UnavailableError: documents cannot be printed here just now.
    """
    settings: Settings = request.app.state.settings
    house = House(settings.base_url, settings.hotline)
    with edge.writing() as session:
        case = get_by_token(session, token)
        document = session.get(Document, document_id)
        if document is None or document.case_id != case.id or not _holds(document):
            raise NotFoundError(mark("There is no such document."))
        order = printing.order_of(
            session, queries.get_copy(session, document, _ORIGINAL), house=house
        )
        told = {"by": "citizen"}
        which = ("document", document.id)
        audit.note(session, MACHINE, "document:opened", which, at=edge.now(), details=told)
        name = f"{document.number}.pdf"
    store = store_in(settings.data_dir)
    made = printing.make(order, store)
    if order.sheet is not None:
        with edge.writing() as session:
            printing.settle(session, made, now=edge.now())
    path = store.path(made.sha256)
    return unlisted(
        FileResponse(
            path,
            media_type="application/pdf",
            filename=name,
            content_disposition_type="inline",
            headers=_HEADERS,
        )
    )


def _holds(document: Document) -> bool:
    return document.state is DocumentState.VALID and document.content is not None
