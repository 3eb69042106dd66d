"""Tells whoever holds a paper whether it is genuine and still holds; names nobody.

By the QR code, whose token nobody can guess, or by typing number and check code.
"""

import textwrap
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.documents import queries
from app.documents.labels import KINDS, STATES
from app.documents.models import Document
from app.documents.service import issuing
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.templating import render, see_other
from app.web.ui import local, locale_of, zone_of
from app.web.unlisted import unlisted

router = APIRouter(prefix="/verify", include_in_schema=False)

_LIMIT: Final = Limit("documents.verify", timedelta(hours=1), free=10, most=60)
_SHORT, _GROUP = 16, 4  # signs of a hash somebody can compare by eye
_PAGE: Final = "documents/verify"
_UNKNOWN: Final = mark("There is no document with this number and check code.")


class TypedForm(BaseModel):
    """What is printed beside the QR code."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "number": mark("Enter the number printed on the paper."),
        "code": mark("Enter the check code printed beside the QR code."),
    }
    number: Annotated[str, Field(min_length=4, max_length=60, title=mark("Number"))]
    code: Annotated[str, Field(min_length=4, max_length=20, title=mark("Check code"))]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the page says of one document; `state` is the enum's value, `said` its word."""

    kind: str
    number: str
    unit: str
    issued_on: date
    state: str
    said: str
    ended_on: date | None
    replaced_by: str
    code: str
    short_hash: str


@router.get("")
def ask(request: Request) -> Response:
    """The form for those who cannot scan."""
    return render(request, "documents/ask", {"values": {}, "errors": {}})


@router.post("")
def find(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """The page of the document that was typed; counted, so that nobody tries numbers."""
    parsed = parse(TypedForm, form)
    errors: dict[str, str] = parsed.errors
    if parsed.value is not None:
        with edge.writing() as session:
            if refusal := admit(request, session, form, _LIMIT, now=edge.now()):
                return refusal
            found = queries.find_by_code(session, parsed.value.number, parsed.value.code)
            if found is not None:
                token = issuing.token_of(vault_of(session).signer, found)
                return see_other(f"/verify/{token}")
        errors = {"code": _UNKNOWN}
    context = {"values": parsed.values, "errors": errors}
    return render(request, "documents/ask", context, status=422)


@router.get("/{token}")
def verify(request: Request, edge: EdgeDep, token: str) -> Response:
    """Whether the paper is genuine; an address nobody was given says that it is not."""
    with edge.reading() as session:
        document = queries.find_by_token(session, token)
        found = _verdict(request, session, document) if document else None
    return unlisted(render(request, _PAGE, {"found": found}, status=200 if found else 404))


def _verdict(request: Request, session: Session, document: Document) -> Verdict:
    zone = zone_of(request.app.state.settings.zone)
    unit = departments.view_of(session, document.unit_id)
    english = locale_of(request).tag.startswith("en")
    after = session.get(Document, document.replaced_by_id) if document.replaced_by_id else None
    original = queries.get_copy(session, document, 1)
    return Verdict(
        kind=KINDS[document.kind],
        number=document.number,
        unit=unit.name_en if english and unit.name_en else unit.name,
        issued_on=local(document.issued_at, zone).date(),
        state=document.state,
        said=STATES[document.state],
        ended_on=local(document.ended_at, zone).date() if document.ended_at else None,
        replaced_by=after.number if after else "",
        code=document.seal_code,
        short_hash=" ".join(textwrap.wrap((original.sha256 or "")[:_SHORT], _GROUP)),
    )
