"""Questions and answers for everybody: searched in one's own words, remarked on at the foot.

Shows public articles in use only; notes for staff are not even read here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.rules import CategoryEntry
from app.departments import queries as departments
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.knowledge import queries, service
from app.knowledge.labels import VERDICTS
from app.knowledge.queries import ArticleView
from app.knowledge.rules import Verdict
from app.service_items import queries as items
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.templating import render, see_other
from app.web.ui import local, locale_of, zone_of

router = APIRouter(prefix="/answers")

Words = Annotated[str, Query(max_length=200)]
REMARKING: Final = Limit("answer_remark", timedelta(hours=1), free=10, most=40)
_MOST: Final = 20
_SCOPE: Final = "answers.remark"
_VERDICTS: Final = tuple((str(one), words) for one, words in VERDICTS.items())


class RemarkForm(BaseModel):
    """What a reader says of an answer."""

    idempotency: str = ""
    verdict: Verdict = Verdict.USEFUL
    words: Annotated[str, Field(max_length=500, title=mark("What is wrong or unclear"))] = ""
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One question in the list; `answer` only where it was looked for."""

    href: str
    title: str
    answer: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one subject."""

    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """What was looked for and what fits; all by subject if nothing was."""

    q: str
    groups: Sequence[Group]
    count: int


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One question with its answer, and the form at its foot."""

    code: str
    version: int
    title: str
    answer: str
    basis: str
    unit: str
    changed_at: datetime
    is_sample: bool
    items: Sequence[tuple[str, str]]
    token: str
    thanks: str
    verdicts: Sequence[tuple[str, str]] = _VERDICTS
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("", include_in_schema=False)
def answers(request: Request, edge: EdgeDep, q: Words = "") -> Response:
    """All questions by subject, or those that fit some words."""
    language, asked = locale_of(request).tag, q.strip()
    with edge.reading() as session:
        if asked:
            found = queries.find_public(session, asked, limit=_MOST)
            groups = [Group("", [_line(one, language, with_answer=True) for one in found])]
        else:
            found = queries.list_public(session)
            groups = _by_subject(session, found, language)
    page = AnswersPage(asked, groups if found else [], len(found))
    return render(request, "portal/answers", page)


@router.get("/{code}", include_in_schema=False)
def answer(request: Request, edge: EdgeDep, code: str, thanks: str = "") -> Response:
    """One question and its answer.

    Raises:
        NotFoundError: nobody wrote it, or it is not for everybody.
    """
    return _one(request, edge, code, thanks=thanks)


@router.post("/{code}/remark", include_in_schema=False)
def remark(request: Request, edge: EdgeDep, code: str, form: FormDep) -> Response:
    """Say that it helped, or what is wrong with it."""
    parsed = parse(RemarkForm, form)
    errors = dict(parsed.errors)
    try:
        if parsed.value is not None:
            with edge.writing() as session:
                refusal = admit(request, session, form, REMARKING, now=edge.now())
                if refusal is not None:
                    return refusal
                _remark(session, code, parsed.value, now=edge.now())
            return see_other(f"/answers/{code}?thanks={parsed.value.verdict}")
    except InvalidError as refused:
        errors = refused.said
    return _one(request, edge, code, values=parsed.values, errors=errors)


def _remark(session: Session, code: str, typed: RemarkForm, *, now: datetime) -> None:
    article = queries.get_public(session, code)
    if idempotency.once(session, typed.idempotency, _SCOPE, now, answer={"said": True}) is not None:
        return
    service.remark(
        session, article.id, typed.seen, typed.verdict, typed.words, staff_id=None, now=now
    )


def _one(
    request: Request,
    edge: EdgeDep,
    code: str,
    *,
    thanks: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    language = locale_of(request).tag
    today = local(edge.now(), zone_of(edge.settings.zone)).date()
    with edge.reading() as session:
        article = queries.get_public(session, code)
        unit = departments.view_of(session, article.unit_id)
        offered = {entry.code: entry.name for entry in items.list_in_force(session, day=today)}
    page = AnswerPage(
        code=article.code,
        version=article.version,
        title=article.title_within(language),
        answer=article.answer_within(language),
        basis=article.basis,
        unit=(language == "en" and unit.name_en) or unit.name,
        changed_at=article.changed_at,
        is_sample=article.is_sample,
        items=[
            (one, offered[one].within(language)) for one in article.item_codes if one in offered
        ],
        token=(values or {}).get("idempotency") or random_token(),
        thanks=thanks if thanks in list(Verdict) else "",
        values=values or {},
        errors=errors or {},
    )
    return render(request, "portal/answer", page, status=422 if errors else 200)


def _by_subject(session: Session, found: Sequence[ArticleView], language: str) -> list[Group]:
    """By the first level of the categories, in their order; what has none comes last."""
    kept = catalogue.snapshot(session).categories

    def subject(one: ArticleView) -> tuple[str, str]:
        entry: CategoryEntry | None = kept.get(one.category_ids[0]) if one.category_ids else None
        first = kept.get(entry.path[0]) if entry else None
        return (first.code, first.name.within(language)) if first else ("~", "")

    ordered = sorted(found, key=lambda one: (subject(one), one.code))
    return [
        Group(name, [_line(one, language, with_answer=False) for one in several])
        for (_, name), several in groupby(ordered, key=subject)
    ]


def _line(one: ArticleView, language: str, *, with_answer: bool) -> Line:
    return Line(
        href=f"/answers/{one.code}",
        title=one.title_within(language),
        answer=one.answer_within(language) if with_answer else "",
        is_sample=one.is_sample,
    )
