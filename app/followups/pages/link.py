"""The question "is it solved?" by link; the token in the address is the key.

GET only shows, so that a scanner of messages that opens the link changes nothing. Works without
script; answered once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.cases.kinds import CallbackResult
from app.cases.models import Case
from app.cases.queries import get_by_token
from app.followups import queries, service
from app.followups.labels import LINK_ANSWERS
from app.followups.rules import LinkAnswer
from app.followups.service.calling import is_owed
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.web import i18n
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, RawForm, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.templating import render, see_other
from app.web.unlisted import unlisted

router = APIRouter()

ANSWERING: Final = Limit("solved", timedelta(hours=1), free=20, most=40)
MOST_WORDS: Final = 1000


class SolvedForm(BaseModel):
    """One of three answers, and words."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "answer": mark("Choose one of the three answers."),
        "words": mark("This is too long. Shorten it to 1,000 characters."),
    }

    answer: LinkAnswer = Field(title=mark("Is it solved?"))
    words: str = Field("", title=mark("Your words"), max_length=MOST_WORDS)


@dataclass(frozen=True, slots=True)
class SolvedPage:
    """The reply and the three answers, or what was answered."""

    token: str
    number: str
    title: str
    reply: str
    is_open: bool
    was_answered: bool
    was_solved: bool
    form_token: str
    answers: tuple[tuple[str, str, str], ...]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/solved/{token}", include_in_schema=False)
def ask(request: Request, edge: EdgeDep, token: str) -> Response:
    """Ask whether the matter is solved."""
    with edge.reading() as session:
        page = _page(session, get_by_token(session, token), token)
    return unlisted(render(request, "portal/solved", page))


@router.post("/solved/{token}", include_in_schema=False)
def answer(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Take the answer, once."""
    parsed = parse(SolvedForm, form)
    if parsed.value is None:
        return _again(request, edge, token, form, parsed.errors)
    try:
        with edge.writing() as session:
            case = get_by_token(session, token)
            refusal = admit(request, session, form, ANSWERING, now=edge.now(), token=token)
            if refusal is not None:
                return refusal
            _take(session, edge, case, form, parsed.value)
    except InvalidError as refused:
        return _again(request, edge, token, form, refused.fields or {"": refused.msgid})
    return unlisted(see_other(f"/solved/{token}"))


def _take(session: Session, edge: Edge, case: Case, form: RawForm, given: SolvedForm) -> None:
    sent, scope = form.text("idempotency"), f"solved:{case.id}"
    if idempotency.once(session, sent, scope, edge.now()) is not None:
        return  # pressed twice
    service.answer_by_link(session, case, given.answer, given.words, now=edge.now())
    idempotency.remember(session, sent, scope, {"answer": str(given.answer)})


def _again(
    request: Request, edge: Edge, token: str, form: RawForm, errors: Mapping[str, str]
) -> Response:
    with edge.reading() as session:
        page = _page(session, get_by_token(session, token), token, form.values, errors)
    return unlisted(render(request, "portal/solved", page, status=422))


def _page(
    session: Session,
    case: Case,
    token: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> SolvedPage:
    is_open = is_owed(case)
    ended = queries.last_ended(session, case.id)
    was_solved = ended is not None and ended.result is not CallbackResult.NOT_SOLVED
    return SolvedPage(
        token=token,
        number=case.number,
        title=case.title,
        reply=case.reply_text if case.reply_approved_at else "",
        is_open=is_open,
        was_answered=ended is not None and not is_open,
        was_solved=was_solved,
        form_token=random_token(),
        answers=tuple(
            (str(answer), i18n.gettext(words), i18n.gettext(hint) if hint else "")
            for answer, (words, hint) in LINK_ANSWERS.items()
        ),
        values=values or {},
        errors=errors or {},
    )
