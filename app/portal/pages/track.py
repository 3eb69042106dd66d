"""Finding one's own matter by the number and the code of its slip.

A wrong pair says nothing about which half was wrong; tries are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.cases.queries import find_by_number_and_code, public_token
from app.kernel.messages import mark
from app.kernel.text import identifier
from app.kernel.vault import vault_of
from app.portal.forms import TrackForm
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.templating import render, see_other
from app.web.unlisted import unlisted

router = APIRouter()

# 40 bits of code and 30 tries in a quarter of an hour: a guesser needs a thousand years.
TRIES: Final = Limit("track", timedelta(minutes=15), free=10, most=30)
_NO_MATCH: Final = mark("Number and code do not belong together. Check both for typing errors.")


@dataclass(frozen=True, slots=True)
class TrackPage:
    """Number and code."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/track", include_in_schema=False)
def ask(request: Request) -> Response:
    """Ask for number and code."""
    return unlisted(render(request, "portal/track", TrackPage()))


@router.post("/track", include_in_schema=False)
def find(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Lead to the matter, or say that the two do not fit."""
    parsed = parse(TrackForm, form)
    errors = dict(parsed.errors)
    if parsed.value is not None:
        number, code = identifier(parsed.value.number), identifier(parsed.value.code)
        with edge.writing() as session:
            refusal = admit(request, session, form, TRIES, now=edge.now(), token=number)
            if refusal is not None:
                return refusal
            case = find_by_number_and_code(session, number, code)
            token = public_token(vault_of(session), case) if case else ""
        if token:
            return see_other(f"/c/{token}")
        errors = {"number": _NO_MATCH}
    return unlisted(render(request, "portal/track", TrackPage(parsed.values, errors), status=422))
