"""What stands suspended, with the day until which it does: nothing suspended is forgotten.

A list for those who supervise and for the units concerned; the nearest day stands first.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.cases.labels import label
from app.cases.queries.suspensions import list_suspended
from app.desk.pages.workbench import is_english
from app.web.templating import render

router = APIRouter(prefix="/desk/suspended")


@dataclass(frozen=True, slots=True)
class SuspendedRow:
    """One suspended matter."""

    number: str
    title: str
    unit: str
    ground: str
    document_no: str
    since: datetime
    until: date
    is_soon: bool
    is_renewal_asked: bool


@dataclass(frozen=True, slots=True)
class SuspendedPage:
    """What the page prints."""

    rows: list[SuspendedRow]
    next_url: str
    prev_url: str


_SOON_DAYS = 3


@router.get("")
def show(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """One page of what stands suspended, the nearest day first."""
    with visit.reading() as work:
        work.actor.require(Permission.BOARD_READ)
        today = calendars.load(work.session).statutory.local_date(work.now)
        page = list_suspended(work.session, work.actor, cursor=cursor or None)
        english = is_english(request)
        rows = [_row(row, today, english=english) for row in page.items]
        return render(
            request,
            "desk/suspended",
            SuspendedPage(rows, _paged(page.next_cursor), _paged(page.prev_cursor)),
        )


def _row(row: Row[*tuple[Any, ...]], today: date, *, english: bool) -> SuspendedRow:
    return SuspendedRow(
        number=row.number,
        title=row.title,
        unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        ground=label(row.ground) if row.ground else "",
        document_no=row.document_no,
        since=row.decided_at,
        until=row.until_on,
        is_soon=(row.until_on - today).days <= _SOON_DAYS,
        is_renewal_asked=bool(row.asks_again),
    )


def _paged(cursor: str | None) -> str:
    return f"/desk/suspended?cursor={cursor}" if cursor else ""
