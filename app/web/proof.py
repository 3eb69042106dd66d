"""The door of public forms: lets in, asks for a proof, or asks to come back later.

Staff are never counted. What was typed is given back on every page shown here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.kernel.ids import Signer
from app.kernel.messages import mark
from app.settings import Settings
from app.web import pow as work
from app.web.clients import client_address
from app.web.deps import EdgeDep
from app.web.errors import answer
from app.web.forms import RawForm
from app.web.given_back import GivenBack, given_back
from app.web.problems import ADVICE, Problem
from app.web.ratelimit import Knock, Limit, Standing, Verdict, hit
from app.web.security import signer_of, visitor
from app.web.templating import render

router = APIRouter()

WORK_FIELD: Final = "altcha"
WAIT_FIELD: Final = "wait_token"
TOO_MANY: Final = 429


@dataclass(frozen=True, slots=True)
class ProofPage:
    """Asks for a little work or patience before a form is taken."""

    kept: GivenBack
    wait_token: str
    seconds: int


@router.get("/pow/challenge", include_in_schema=False)
def challenge(request: Request, edge: EdgeDep) -> work.Challenge:
    """A puzzle for the script of the page."""
    settings: Settings = request.app.state.settings
    return work.create_challenge(
        signer_of(request), difficulty=settings.pow_difficulty, now=edge.now()
    )


def admit(
    request: Request,
    session: Session,
    form: RawForm,
    limit: Limit,
    *,
    now: datetime,
    token: str = "",
) -> Response | None:
    """Nothing when the form may go on, else the page to return *inside* the transaction.

    Returning it commits the count. `token` names what is being used (a case's
    own page, a phone number) when that should be counted as well.
    """
    if getattr(request.state, "actor", None) is not None:
        return None
    signer = signer_of(request)
    standing = hit(session, limit, _knocks(request, token), signer=signer, now=now)
    if standing.verdict is Verdict.OPEN:
        return None
    if standing.verdict is Verdict.CLOSED:
        return _come_back_later(request, standing, now)
    if _has_proof(session, form, signer, now):
        return None
    return _ask(request, form, signer, now)


def _knocks(request: Request, token: str) -> list[Knock]:
    knocks = [Knock("device", visitor(request)), Knock("address", client_address(request))]
    return [Knock("token", token), *knocks] if token else knocks


def _has_proof(session: Session, form: RawForm, signer: Signer, now: datetime) -> bool:
    return work.verify(session, form.text(WORK_FIELD), signer=signer, now=now) or work.waited(
        session, form.text(WAIT_FIELD), signer=signer, now=now
    )


def _ask(request: Request, form: RawForm, signer: Signer, now: datetime) -> Response:
    settings: Settings = request.app.state.settings
    # Who pressed too early keeps the old ticket: the wait does not start again.
    ticket = form.text(WAIT_FIELD)
    wait = work.read_wait(ticket, signer=signer)
    if wait is None or now >= wait.ready_at:
        ticket = work.create_wait(signer, seconds=settings.delay_seconds, now=now)
        left = settings.delay_seconds
    else:
        left = max(1, round((wait.ready_at - now).total_seconds()))
    kept = given_back(request) or GivenBack(request.url.path)
    return render(request, "shared/proof", ProofPage(kept, ticket, left), status=TOO_MANY)


def _come_back_later(request: Request, standing: Standing, now: datetime) -> Response:
    words = ADVICE["too_many"]
    sentence = mark("This device has sent very many messages.")
    problem = Problem(
        TOO_MANY, "too_many", words.title, sentence, words.advice, kept=given_back(request)
    )
    response = answer(request, problem)
    seconds = max(1, int((standing.ends_at - now).total_seconds()))
    response.headers["Retry-After"] = str(seconds)
    return response
