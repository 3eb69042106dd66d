"""The sample of silent closures: what was drawn, among how many, and what the checks found.

The check itself is a step on the page of the matter.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.cases.labels import label
from app.followups import queries
from app.followups.models import SampleDraw
from app.kernel.paging import Page
from app.web.i18n import Locale
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/callbacks/checks")


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One matter that was drawn."""

    number: str
    title: str
    unit: str
    period: str
    closed_at: datetime | None
    result: str
    had_part: bool
    checked_at: datetime | None
    checker: str
    was_right: bool | None


@dataclass(frozen=True, slots=True)
class DrawView:
    """One draw: when, what share, among how many, and by which seed, to draw it again."""

    period: str
    share: int
    among: int
    drawn: int
    seed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChecksPage:
    """A stretch of the sample, and the last draws."""

    rows: Page[CheckRow]
    is_done: bool
    draws: tuple[DrawView, ...]
    may_call: bool


@router.get("")
def show(request: Request, visit: VisitDep, view: str = "", cursor: str = "") -> Response:
    """What still waits for a check; `view=done` what was looked at."""
    is_done = view == "done"
    is_english = locale_of(request) is Locale.EN
    with visit.reading() as work:
        work.actor.require(Permission.CASE_SAMPLE)
        found = queries.list_checks(
            work.session, work.actor, is_done=is_done, cursor=cursor or None
        )
        page = ChecksPage(
            rows=found.map(lambda row: _row(row, english=is_english)),
            is_done=is_done,
            draws=tuple(_draw(draw) for draw in queries.list_draws(work.session)),
            may_call=work.actor.may(Permission.CASE_CALLBACK),
        )
    return render(request, "desk/callback_checks", page)


def _row(row: Row[*tuple[Any, ...]], *, english: bool) -> CheckRow:
    return CheckRow(
        number=row.number,
        title=row.title,
        unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        period=row.period,
        closed_at=row.closed_at,
        result=label(row.callback_result) if row.callback_result else "",
        had_part=row.had_part,
        checked_at=row.checked_at,
        checker=row.checker,
        was_right=row.was_right,
    )


def _draw(draw: SampleDraw) -> DrawView:
    return DrawView(draw.period, draw.share, draw.among, draw.drawn, draw.seed, draw.at)
