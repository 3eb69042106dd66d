"""The letter to somebody no message can be sent to: to be printed and posted, or handed over.

Opened by pressing a button only; each time is written down.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.departments import queries as departments
from app.desk.pages.privacy.frame import language_of, require
from app.privacy.service import telling
from app.privacy.service.retention.trying import today_of
from app.web.forms import FormDep
from app.web.templating import render_text
from app.web.unlisted import unlisted

router = APIRouter(prefix="/privacy/requests")


@router.post("/{request_id}/letter")
def letter(request: Request, visit: VisitDep, request_id: int, _form: FormDep) -> Response:
    """The letter, with name and address in clear text."""
    with visit.writing() as work:
        require(work)
        found = telling.letter_for(
            work.session, request_id, officer=work.actor, by=work.author, now=work.now
        )
        unit = departments.view_of(work.session, work.actor.unit_id)
        page = {
            "letter": found,
            "sender": unit.name
            if language_of(request).startswith("zh")
            else unit.name_en or unit.name,
            "today": today_of(work.session, work.now),
        }
    text = render_text(request, "privacy/letter.html", page)
    return unlisted(Response(text, media_type="text/html; charset=utf-8"))
