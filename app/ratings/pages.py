"""The page on which a citizen rates their matter; the token in the address is the key.

Five levels that look and weigh the same, none chosen beforehand (GB/T 39735-2020: no steering).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries import get_by_token
from app.kernel import idempotency
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.ratings.labels import LEVELS
from app.ratings.queries import find_rating, may_rate
from app.ratings.rules import Level
from app.ratings.service import rate
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.unlisted import unlisted

router = APIRouter()

RATING: Final = Limit("rate", timedelta(hours=1), free=10, most=40)
MAX_WORDS: Final = 1000


class RatingForm(BaseModel):
    """One of five levels, and words if somebody wishes."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "score": mark("Choose one of the five answers."),
        "words": mark("This is too long. Shorten it to 1,000 characters."),
    }

    score: Level = Field(title=mark("How satisfied you are"))
    words: str = Field("", title=mark("Your words"), max_length=MAX_WORDS)


@dataclass(frozen=True, slots=True)
class RatingPage:
    """The five levels as (value, words), or why there is nothing to choose."""

    token: str
    number: str
    title: str
    levels: tuple[tuple[int, str], ...]
    may_rate: bool
    given: str
    given_at: datetime | None
    form_token: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/rate/{token}", include_in_schema=False)
def ask(request: Request, edge: EdgeDep, token: str) -> Response:
    """Ask how satisfied the citizen is."""
    with edge.reading() as session:
        page = _page(session, get_by_token(session, token), token)
    return unlisted(render(request, "ratings/rate", page))


@router.post("/rate/{token}", include_in_schema=False)
def give(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Store the rating, once."""
    parsed = parse(RatingForm, form)
    with edge.writing() as session:
        case = get_by_token(session, token)
        refusal = admit(request, session, form, RATING, now=edge.now())
        if refusal is not None:
            return refusal
        if parsed.value is None:
            page = _page(session, case, token, parsed.values, parsed.errors)
            return unlisted(render(request, "ratings/rate", page, status=422))
        sent, scope = form.text("idempotency"), f"rate:{case.id}"
        if idempotency.once(session, sent, scope, edge.now()) is not None:
            return unlisted(see_other(f"/rate/{token}"))
        device = vault_of(session).signer.digest(f"device:{visitor(request)}")
        level, words = parsed.value.score, parsed.value.words
        rate(session, case, level, words=words, device=device, now=edge.now())
        idempotency.remember(session, sent, scope, {"level": int(level)})
    return unlisted(see_other(f"/rate/{token}"))


def _page(
    session: Session,
    case: Case,
    token: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> RatingPage:
    rating = find_rating(session, case.id)
    return RatingPage(
        token=token,
        number=case.number,
        title=case.title,
        levels=tuple((int(level), LEVELS[level]) for level in Level),
        may_rate=rating is None and may_rate(case),
        given=LEVELS[Level(rating.level)] if rating else "",
        given_at=rating.at if rating else None,
        form_token=random_token(),
        values=values or {},
        errors=errors or {},
    )
