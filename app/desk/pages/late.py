"""Applications over the limit that was promised: which, and whether the unit has said why.

The reason has to be published (优化营商环境条例 art. 35); the list shows where it is still owed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.desk.pages.workbench import is_english
from app.service_items import queries as items
from app.service_items.rules import ItemEntry
from app.service_requests import queries
from app.web.templating import render

router = APIRouter(prefix="/desk/late")
_BACK: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class LateRow:
    """One application; `met_at` is when it was decided, if it was."""

    number: str
    item: str
    unit: str
    due_at: datetime
    met_at: datetime | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class LatePage:
    """What the page prints: the counts are of the whole year, the rows its first hundred."""

    rows: Sequence[LateRow]
    total: int
    told: int
    days: int


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """What passed its promised limit in a year, without a reason first."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_CONCLUDE)
        since = work.now - _BACK
        total, told = queries.late_counts(work.session, work.actor, since=since, now=work.now)
        found = queries.late_list(work.session, work.actor, since=since, now=work.now)
        english = is_english(request)
        entries = items.entries_of(work.session, {row.item_version_id for row in found})
        rows = [_row(row, entries.get(row.item_version_id), english=english) for row in found]
        return render(request, "desk/late", LatePage(rows, total, told, _BACK.days))


def _row(row: Row[*tuple[Any, ...]], item: ItemEntry | None, *, english: bool) -> LateRow:
    return LateRow(
        number=row.number,
        item=item.name.within("en" if english else "zh") if item else row.item_name,
        unit=row.unit_en if english and row.unit_en else row.unit,
        due_at=row.due_at,
        met_at=row.met_at,
        told_at=row.late_told_at,
    )
