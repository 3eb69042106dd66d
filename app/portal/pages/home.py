"""The front page.

Reads only; open to everybody.
"""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.portal import queries
from app.portal.library import emergency_numbers, shipped_notices
from app.web.deps import EdgeDep
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Home:
    """The front page: notices as (title, text), emergency numbers as (number, whose)."""

    notices: tuple[tuple[str, str], ...]
    emergencies: tuple[tuple[str, str], ...]
    shows_reports: bool


@router.get("/", include_in_schema=False)
def home(request: Request, edge: EdgeDep) -> Response:
    """Report, follow, call; what is new."""
    language = str(locale_of(request))
    with edge.reading() as session:
        notices = queries.list_notices(session, edge.now())
    if not notices and edge.settings.demo:
        notices = [queries.NoticeText(**row) for row in shipped_notices()]
    shown = tuple(notice.within(language) for notice in notices)
    page = Home(shown, emergencies_in(language), edge.settings.shows_reports)
    return render(request, "portal/home", page)


def emergencies_in(language: str) -> tuple[tuple[str, str], ...]:
    """The emergency numbers with whose they are, in one language."""
    return tuple((each.number, each.within(language)) for each in emergency_numbers())
