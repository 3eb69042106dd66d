"""What was sent about a matter, made ready for its page: to whom, how, when, what became of it.

The address is masked, and not shown at all to whoever may not know whose matter it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries.identity import may_know
from app.kernel.messages import mark
from app.kernel.outbox import MessageStatus
from app.notifications.labels import STATES, WAYS
from app.notifications.rules.deciding import REASONS, Reason
from app.notifications.rules.trouble import Plain, plainly
from app.notifications.service import ledger
from app.notifications.service.ledger import Line

_ERASED: Final = mark("Its words were erased.")
_IN_TROUBLE: Final = (MessageStatus.FAILED, MessageStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Noticed:
    """One message as the page prints it; `words` as they went out, else the sentence meant."""

    at: datetime
    way: str
    address: str
    lamp: str
    state: str
    words: str
    msgid: str
    params: Mapping[str, Any]
    settled_at: datetime | None
    delivered_at: datetime | None
    send_after: datetime | None
    left_at: datetime | None
    attempts: int
    trouble: Plain | None


def noticed(session: Session, actor: Actor, case: Case) -> list[Noticed]:
    """Everything that was to be sent about the matter, newest first."""
    lines = ledger.about(session, ("case", case.id))
    is_open = not case.is_identity_secret or may_know(session, case, actor.id)
    return [_noticed(line, is_open=is_open) for line in lines]


def _noticed(line: Line, *, is_open: bool) -> Noticed:
    lamp, state = STATES[line.status]
    if line.status is MessageStatus.SUPPRESSED and line.trouble in set(Reason):
        state = REASONS[Reason(line.trouble)]
    is_erased = "%(" in line.msgid and not line.params
    is_waiting = line.status is MessageStatus.PENDING
    return Noticed(
        at=line.at,
        way=WAYS[line.channel],
        address=line.address if is_open else "",
        lamp=lamp,
        state=state,
        words=line.words,
        msgid=_ERASED if is_erased else line.msgid,
        params=line.params,
        settled_at=line.settled_at,
        delivered_at=line.delivered_at,
        send_after=line.send_after if is_waiting else None,
        left_at=line.left_at,
        attempts=line.attempts,
        trouble=plainly(line.trouble) if line.status in _IN_TROUBLE else None,
    )
