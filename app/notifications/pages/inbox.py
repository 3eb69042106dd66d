"""The inbox of whoever is signed in: what the house has told them, read and unread.

Everybody sees their own entries only; opening one is a deed, so it is a POST.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep
from app.kernel.paging import Page
from app.kernel.text import whole_number
from app.notifications.queries import inbox
from app.notifications.service import staff
from app.web.forms import FormDep
from app.web.templating import render, see_other

router = APIRouter(prefix="/desk/inbox")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as shown; its sentence is still to be translated."""

    id: int
    msgid: str
    params: Mapping[str, Any]
    link: str
    at: datetime
    is_unread: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A stretch of one's inbox."""

    entries: Page[Entry]
    unread: int
    only_unread: bool
    newest: int


@dataclass(frozen=True, slots=True)
class InboxBar:
    """The strip above every page; empty while nothing is unread."""

    unread: int


@router.get("")
def show(request: Request, visit: VisitDep, view: str = "", cursor: str = "") -> Response:
    """One's entries, newest first; `view=unread` leaves out what was read."""
    only_unread = view == "unread"
    with visit.reading() as work:
        me = work.actor.id
        found = inbox.list_entries(work.session, me, only_unread=only_unread, cursor=cursor or None)
        unread = inbox.count_unread(work.session, me)
    newest = max((row.id for row in found.items), default=0)
    page = InboxPage(found.map(_entry), unread, only_unread, newest)
    return render(request, "desk/inbox", page)


@router.get("/bar")
def bar(request: Request, visit: VisitDep) -> Response:
    """How many entries are unread, as the strip on top of every page."""
    with visit.reading() as work:
        unread = inbox.count_unread(work.session, work.actor.id)
    return render(request, "desk/inbox_bar", InboxBar(unread))


@router.post("/read")
def read_all(visit: VisitDep, form: FormDep) -> Response:
    """Mark everything as read that was there when the page was shown."""
    up_to = whole_number(form.text("newest")) or 0
    with visit.writing() as work:
        staff.read_all(work.session, work.actor.id, up_to=up_to, now=work.now)
    return see_other("/desk/inbox")


@router.post("/{entry_id}/open")
def open_entry(visit: VisitDep, entry_id: int, _form: FormDep) -> Response:
    """Mark one as read and go where it leads."""
    with visit.writing() as work:
        link = staff.read(work.session, work.actor.id, entry_id, now=work.now)
    return see_other(link or "/desk/inbox")


def _entry(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(row.id, row.msgid, row.params, row.link, row.created_at, row.read_at is None)
