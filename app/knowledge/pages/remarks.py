"""What waits for who answers for articles: remarks of readers, and articles to look at again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.knowledge import queries, service
from app.knowledge.pages import shown
from app.knowledge.pages.reading import HOME
from app.knowledge.rules import RemarkEnd
from app.knowledge.rules.reviewing import TOLD_BEFORE
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix=HOME)

_LIST: Final = f"{HOME}/remarks"
_REVIEW: Final = f"{HOME}/review"


class EndForm(BaseModel):
    """What came of a remark."""

    version: int
    end: RemarkEnd = RemarkEnd.CORRECTED
    note: Annotated[str, Field(max_length=400, title=mark("What was done about it"))] = ""


@dataclass(frozen=True, slots=True)
class RemarksPage:
    """The remarks that wait, or those that ended."""

    rows: Sequence[shown.RemarkRow]
    is_open: bool
    next_url: str
    prev_url: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One's articles to be looked at soon, or too late."""

    rows: Sequence[shown.Row]
    next_url: str
    prev_url: str


@router.get("/remarks")
def show_remarks(
    request: Request, visit: VisitDep, show: str = "open", cursor: str = ""
) -> Response:
    """Remarks on what one answers for."""
    english = locale_of(request).tag == "en"
    is_open = show != "closed"
    with visit.reading() as work:
        listed = queries.list_remarks(
            work.session, work.actor, is_open=is_open, cursor=cursor or None
        )
    base = f"{_LIST}?show={'open' if is_open else 'closed'}&cursor="
    page = RemarksPage(
        rows=[shown.remark_row(line, english=english) for line in listed.items],
        is_open=is_open,
        next_url=_on(base, listed.next_cursor),
        prev_url=_on(base, listed.prev_cursor),
    )
    return render(request, "knowledge/remarks", page)


@router.get("/review")
def show_review(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """One's articles whose day comes near or has passed."""
    english = locale_of(request).tag == "en"
    with visit.reading() as work:
        today = shown.today_of(work)
        listed = queries.list_to_review(
            work.session, work.actor, until=today + TOLD_BEFORE, cursor=cursor or None
        )
    base = f"{_REVIEW}?cursor="
    page = ReviewPage(
        rows=[shown.row_of(line, english=english, today=today) for line in listed.items],
        next_url=_on(base, listed.next_cursor),
        prev_url=_on(base, listed.prev_cursor),
    )
    return render(request, "knowledge/review", page)


@router.get("/remarks/{remark_id}")
def show_remark(request: Request, visit: VisitDep, remark_id: int) -> Response:
    """One remark."""
    with visit.reading() as work:
        page = _page(request, work, remark_id)
    return render(request, "knowledge/remark", page)


@router.post("/remarks/{remark_id}/close")
def close(request: Request, visit: VisitDep, remark_id: int, form: FormDep) -> Response:
    """Say what came of it."""
    parsed = parse(EndForm, form)
    errors = dict(parsed.errors)
    try:
        if parsed.value is not None:
            value = parsed.value
            with visit.writing() as work:
                service.close_remark(
                    work.session,
                    remark_id,
                    value.end,
                    value.note,
                    seen=value.version,
                    actor=work.actor,
                    now=work.now,
                )
            return see_other(f"{_LIST}/{remark_id}")
    except InvalidError as refusal:
        errors = refusal.said
    with visit.reading() as work:
        page = _page(request, work, remark_id, parsed.values, errors)
    return render(request, "knowledge/remark", page, status=422)


def _page(
    request: Request,
    work: Work,
    remark_id: int,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> shown.RemarkPage:
    remark, article, by, closed_by = queries.get_remark(work.session, work.actor, remark_id)
    unit = queries.get_whole(work.session, article.code).unit
    return shown.remark_page(
        remark,
        article,
        by,
        closed_by,
        may_close=service.may_edit(work.actor, article, unit),
        english=locale_of(request).tag == "en",
        values=values,
        errors=errors,
    )


def _on(base: str, cursor: str | None) -> str:
    return f"{base}{cursor}" if cursor else ""
