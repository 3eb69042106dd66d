"""Lets one visitor address fetch something costly only so many times within a window.

For addresses programs read; forms, which ask for a proof of work first, go through `proof`.
"""

from datetime import datetime
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.kernel.messages import mark
from app.web.clients import client_address
from app.web.errors import answer
from app.web.problems import ADVICE, Problem
from app.web.ratelimit import Knock, Limit, Verdict, hit
from app.web.security import signer_of

_TOO_MANY: Final = 429
_SENTENCE: Final = mark("This was fetched very often from your address.")


def too_often(
    request: Request, session: Session, limit: Limit, *, now: datetime
) -> Response | None:
    """Nothing while the visitor's address may go on, else the answer that says when it may.

    To be returned *inside* the transaction, which commits the count.
    """
    knock = Knock("address", client_address(request))
    standing = hit(session, limit, [knock], signer=signer_of(request), now=now)
    if standing.verdict is not Verdict.CLOSED:
        return None
    words = ADVICE["too_many"]
    problem = Problem(_TOO_MANY, "too_many", words.title, _SENTENCE, words.advice)
    refusal = answer(request, problem)
    refusal.headers["Retry-After"] = str(max(1, int((standing.ends_at - now).total_seconds())))
    return refusal
