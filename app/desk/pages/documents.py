"""A document of a matter declared void from the matter's page."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep
from app.desk.casepage import Typed
from app.desk.pages.cases import again
from app.documents import queries
from app.documents.service import issuing
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/cases")


class VoidForm(BaseModel):
    """Why a document holds no longer, and the version the person saw."""

    version: int
    reason: Annotated[str, Field(max_length=300, title=mark("Reason"))] = ""


@router.post("/{number}/documents/{document_id}/void")
def void(
    request: Request, visit: VisitDep, number: str, document_id: int, form: FormDep
) -> Response:
    """Declare it void; with its reason back on the page where that is missing."""
    parsed = parse(VoidForm, form)
    name = f"void-{document_id}"
    if parsed.value is None:
        return again(request, visit, number, Typed(name, parsed.values, parsed.errors))
    try:
        with visit.writing() as work:
            document = queries.get_document(work.session, document_id, work.actor)
            issuing.void(
                work.session,
                document,
                parsed.value.reason,
                seen=parsed.value.version,
                actor=work.actor,
                now=work.now,
            )
    except InvalidError as refusal:
        return again(request, visit, number, Typed(name, parsed.values, refusal.said))
    return see_other(f"/cases/{number}")
