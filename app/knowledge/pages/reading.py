"""Reading the knowledge base at the desk: lists, searching while one types, saying what is wrong.

Open to every member of staff; an article holds nothing about a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.knowledge import queries, service
from app.knowledge.pages import shown
from app.knowledge.rules import REVIEW_AFTER, ArticleState, Verdict
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/knowledge")

HOME: Final = "/desk/knowledge"
MOST_ASKED: Final = 200
_MOST_OFFERED: Final = 5


class RemarkForm(BaseModel):
    """What somebody says of an article, and which version they saw."""

    verdict: Verdict = Verdict.USEFUL
    words: Annotated[str, Field(max_length=500, title=mark("What is wrong or unclear"))] = ""
    seen: int = 0


@dataclass(frozen=True, slots=True)
class ListPage:
    """Articles found for some words, or all of one state."""

    q: str
    show: str
    found: Sequence[shown.Offered]
    rows: Sequence[shown.Row]
    may_write: bool
    next_url: str
    prev_url: str


@dataclass(frozen=True, slots=True)
class OfferedPage:
    """Articles beside a text field; `into` is the field they are put in, empty for none.

    `press` has the buttons send the form they stand in where there is no script.
    """

    found: Sequence[shown.Offered]
    into: str
    q: str
    press: bool


@router.get("")
def show_list(
    request: Request, visit: VisitDep, q: str = "", show: str = "", cursor: str = ""
) -> Response:
    """What was looked for, or all articles of one state."""
    language = locale_of(request).tag
    asked = q[:MOST_ASKED].strip()
    state = ArticleState(show) if show in list(ArticleState) else ArticleState.IN_USE
    with visit.reading() as work:
        found = queries.find_articles(work.session, asked) if asked else []
        listed = queries.list_articles(work.session, states=[state], cursor=cursor or None)
        today = shown.today_of(work)
        page = ListPage(
            q=asked,
            show=str(state),
            found=[shown.offered(one, language) for one in found],
            rows=[
                shown.row_of(line, english=language == "en", today=today) for line in listed.items
            ],
            may_write=work.actor.may(Permission.KNOWLEDGE_MANAGE),
            next_url=_on(state, listed.next_cursor),
            prev_url=_on(state, listed.prev_cursor),
        )
    return render(request, "knowledge/index", page)


@router.post("/offered")
def offer(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Articles for what is being typed; asked by the script beside a text field."""
    language = locale_of(request).tag
    asked = (form.text("knowledge") or form.text("body"))[:MOST_ASKED]
    near = [int(one) for one in form.text("near").split() if one.isdecimal()]
    with visit.reading() as work:
        found = queries.find_articles(work.session, asked, near=near, limit=_MOST_OFFERED)
        page = OfferedPage(
            [shown.offered(one, language) for one in found],
            form.text("into"),
            asked,
            press=bool(form.text("press")),
        )
    return render(request, "knowledge/offered", page)


@router.get("/{code}")
def show_one(request: Request, visit: VisitDep, code: str) -> Response:
    """One article with its history."""
    return _one(request, visit, code)


@router.post("/{code}/remark")
def remark(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Say that it helped, or what is wrong with it."""
    parsed = parse(RemarkForm, form)
    errors = dict(parsed.errors)
    try:
        if parsed.value is not None:
            with visit.writing() as work:
                _remark(work, code, parsed.value)
            return see_other(f"{HOME}/{code}?said=1")
    except InvalidError as refusal:
        errors = refusal.said
    return _one(request, visit, code, "remark", parsed.values, errors)


def _remark(work: Work, code: str, typed: RemarkForm) -> None:
    article = queries.get_whole(work.session, code).article
    service.remark(
        work.session,
        article.id,
        typed.seen,
        typed.verdict,
        typed.words,
        staff_id=work.actor.id,
        now=work.now,
    )


def _one(
    request: Request,
    visit: VisitDep,
    code: str,
    action: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    with visit.reading() as work:
        page = page_of(request, work, code, action, values, errors)
    return render(request, "knowledge/show", page, status=422 if errors else 200)


def page_of(
    request: Request,
    work: Work,
    code: str,
    action: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> shown.ArticlePage:
    """The page of one article, with what was typed in one of its forms."""
    return shown.article_page(
        work,
        queries.get_whole(work.session, code),
        language=locale_of(request).tag,
        next_review=shown.today_of(work) + REVIEW_AFTER,
        action=action,
        values=values,
        errors=errors,
    )


def _on(state: ArticleState, cursor: str | None) -> str:
    return f"{HOME}?show={state}&cursor={cursor}" if cursor else ""
