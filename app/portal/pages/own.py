"""A citizen's own matter: its page, its slip, its files. The token in the address is the key.

GET only, so that a mail scanner that opens the link changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries import get_by_token, query_code
from app.catalogue.rules import CaseKind
from app.kernel.errors import NotFoundError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.portal import application_words, queries
from app.portal.views import DueView, OwnCasePage, due_of, own_case
from app.portal.words import DONE
from app.settings import Settings
from app.web.deps import Edge, EdgeDep
from app.web.qr import qr_of
from app.web.templating import render
from app.web.ui import locale_of, zone_of
from app.web.unlisted import unlisted
from app.web.uploads import send_file

router = APIRouter()
_CODE_GROUP: Final = 4


@router.get("/c/{token}", include_in_schema=False)
def show(request: Request, edge: EdgeDep, token: str, done: str = "") -> Response:
    """Where the matter stands, its history, and what its citizen can do."""
    with edge.reading() as session:
        case = get_by_token(session, token)
        said = application_words.DONE if case.kind is CaseKind.SERVICE_REQUEST else DONE
        words = said.get(done) or DONE.get(done, "")
        page = own_page(request, edge, session, case, token, done=words)
    return unlisted(render(request, "portal/own", page))


def own_page(
    request: Request,
    edge: Edge,
    session: Session,
    case: Case,
    token: str,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    done: str = "",
) -> OwnCasePage:
    """The page of a matter in this reader's language."""
    view = own_case(
        session,
        case,
        token,
        now=edge.now(),
        zone=zone_of(edge.settings.zone),
        language=str(locale_of(request)),
    )
    return OwnCasePage(view, random_token(), values or {}, errors or {}, done)


@dataclass(frozen=True, slots=True)
class SlipPage:
    """What the citizen takes home: no name, no phone number, nothing that identifies them."""

    token: str
    number: str
    code: str
    category: str
    unit: str
    opened_at: datetime
    due: DueView
    address: str
    qr: Markup
    is_new: bool
    is_from_desk: bool
    is_repair: bool


@router.get("/c/{token}/slip", include_in_schema=False)
def slip(request: Request, edge: EdgeDep, token: str, new: str = "", by: str = "") -> Response:
    """Number, code and QR to keep or to print; at the desk, to be handed over."""
    settings: Settings = request.app.state.settings
    language = str(locale_of(request))
    with edge.reading() as session:
        case = get_by_token(session, token)
        code = query_code(vault_of(session), case)
        address = f"{settings.base_url.rstrip('/')}/c/{token}"
        page = SlipPage(
            token=token,
            number=case.number,
            code=" ".join((code[:_CODE_GROUP], code[_CODE_GROUP:])),
            category=queries.category_name(session, case, language) or case.title,
            unit=queries.unit_name(session, case, language),
            opened_at=case.opened_at,
            due=due_of(case, edge.now(), zone_of(settings.zone)),
            address=address,
            qr=qr_of(address),
            is_new=bool(new),
            is_from_desk=by == "desk",
            is_repair=case.kind is CaseKind.REPAIR,
        )
    return unlisted(render(request, "portal/slip", page))


@router.get("/c/{token}/files/{file_id}", include_in_schema=False)
def file(request: Request, edge: EdgeDep, token: str, file_id: int) -> Response:
    """One file of the matter that its citizen may see.

    Raises:
        NotFoundError: the matter has no such file, or not for the citizen.
    """
    with edge.reading() as session:
        case = get_by_token(session, token)
        files = queries.list_open_files(session, case)
        found = next((each for each in files if each.id == file_id), None)
        if found is None:
            raise NotFoundError(mark("There is no such file."))
        session.expunge(found)
        name = f"{case.number}-{files.index(found) + 1}"
    return unlisted(send_file(request, found, name=name))
