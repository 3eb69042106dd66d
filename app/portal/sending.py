"""Sends what was written over several pages, once: pressed twice, it is the same matter.

What the matter is made of the reports say themselves.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app.cases import service as cases
from app.cases.models import Case
from app.cases.service import drafts
from app.cases.service.opening import Reserved
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.messages import mark


def send_once(
    session: Session,
    token: str,
    *,
    owner: str,
    form: str,
    region_code: str,
    is_ready: bool,
    open_with: Callable[[Reserved], Case],
    now: datetime,
) -> Case:
    """Open the matter and forget the draft; whoever sends the same form again gets the same one.

    `owner` and `form` name the draft, `open_with` opens the matter under its number.

    Raises:
        InvalidError: answers are missing, and it was not sent before either.
    """
    # No number for what cannot be opened, or a script could use up those of the day.
    reserved = cases.reserve(session, region_code, now=now) if is_ready else None
    answer = {"case_id": reserved.key} if reserved else None
    sent = idempotency.once(session, token, f"{form}:{owner}", now, answer=answer)
    if sent is not None:
        return session.get_one(Case, sent["case_id"])
    if reserved is None:
        raise InvalidError(
            mark("Some answers are missing, or this report was already sent long ago.")
        )
    case = open_with(reserved)
    drafts.remove(session, owner, form)
    return case
