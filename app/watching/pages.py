"""The page of a watcher's link: how the matter stands, to confirm, to stop. The token is the key.

GET only shows, so that a scanner of messages that opens the link changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.labels import label
from app.cases.models import Case
from app.catalogue.queries import snapshot
from app.watching import queries
from app.watching.models import Watcher
from app.watching.rules import street_of
from app.watching.service import following
from app.web.deps import EdgeDep
from app.web.forms import FormDep
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()


@dataclass(frozen=True, slots=True)
class WatchPage:
    """What anybody may know of the matter, and how this watcher stands to it.

    `is_reached` is whether there is a way to tell them anything.
    """

    token: str
    number: str
    category: str
    street: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    voices: int
    is_reached: bool
    is_confirmed: bool
    is_ended: bool


@router.get("/w/{token}", include_in_schema=False)
def show(request: Request, edge: EdgeDep, token: str) -> Response:
    """How it stands; nothing happens by looking."""
    with edge.reading() as session:
        row = following.get_by_token(session, token)
        page = _page(session, row, token, str(locale_of(request)))
    return unlisted(render(request, "watching/show", page))


@router.post("/w/{token}", include_in_schema=False)
def settle(edge: EdgeDep, form: FormDep, token: str) -> Response:
    """Confirm, or stop."""
    with edge.writing() as session:
        row = following.get_by_token(session, token)
        if form.text("go") == "stop":
            following.stop(row, now=edge.now())
        else:
            following.confirm(row, now=edge.now())
    return unlisted(see_other(f"/w/{token}"))


def _page(session: Session, row: Watcher, token: str, language: str) -> WatchPage:
    case = session.get_one(Case, row.case_id)
    category = snapshot(session).categories.get(case.category_id or 0)
    is_open = not case.is_confidential
    return WatchPage(
        token=token,
        number=case.number,
        category=category.name.within(language) if category else case.category_name,
        street=street_of(case.place) if is_open else "",
        state=label(case.status),
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        voices=queries.voices_of(session, case.id),
        is_reached=row.citizen_id is not None or row.address is not None,
        is_confirmed=row.confirmed_at is not None,
        is_ended=row.ended_at is not None,
    )
