"""What the demo city's ledger of messages shows: sent, arrived, failed, unknown, held back.

Goes through the services and the writer that a real message passes; nothing leaves, because
the way out is one that only says what became of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.workflows import TABLES
from app.demo import queries
from app.demo.town import Town
from app.departments import queries as departments
from app.kernel import jobs, outbox
from app.kernel.outbox import Channel, Delivery, Fate, Letter, Message, MessageStatus, Outcome
from app.notifications.letters import Writer
from app.notifications.models import LedgerEntry
from app.notifications.rules.words import ARRIVED
from app.notifications.service import writing

_MATTERS: Final = 14
_PORTAL: Final = "http://127.0.0.1:8000"
_ON_THE_WAY: Final = timedelta(seconds=6)
_USUAL: Final = Outcome(Fate.SENT)
# A gateway has its bad moments: which of the messages met one, and how it went.
_TROUBLE: Final = {
    7: Outcome(Fate.UNKNOWN, "TimeoutError"),
    19: Outcome(Fate.REFUSED, "HTTP 422"),
    31: Outcome(Fate.UNKNOWN, "worker vanished"),
    44: Outcome(Fate.REFUSED, "no_such_number"),
}


CASE: Final = "case"
CITIZEN: Final = "citizen"


def count_as_told(session: Session, subject_type: str, *, now: datetime) -> None:
    """What people were told counts as told; nothing of a demo city waits for a way out.

    Of what was to go out later only what is due by now remains.
    """
    wanted = select(Message).where(
        Message.subject_type == subject_type, Message.status == MessageStatus.PENDING
    )
    for message in session.scalars(wanted).all():
        jobs.cancel(session, f"message:{message.id}")
        if message.send_after is not None and message.send_after > now:
            # What was to go out later was never told: nothing beside it remains either.
            session.execute(delete(LedgerEntry).where(LedgerEntry.message_id == message.id))
            session.delete(message)
        else:
            message.settle(_USUAL, now=message.created_at)


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """A way out that leads nowhere."""

    def carry(self, letter: Letter, /) -> Outcome:
        return Outcome(Fate.REFUSED, letter.ref)


_DELIVERY: Final = Delivery(dict.fromkeys(Channel, _Nowhere()), Writer(_PORTAL))


def found(town: Town, *, now: datetime) -> None:
    """Write what the newest matters' citizens were told, and say what became of each message."""
    session = town.session
    sent = 0
    for case_id, action, at in queries.told_lately(session, _MATTERS):
        case = session.get_one(Case, case_id)
        msgid = ARRIVED if action is None else _notice_of(case, action)
        if msgid is None:
            continue
        unit = departments.view_of(session, case.unit_id)
        names = {"unit": unit.name, "unit_en": unit.name_en or unit.name}
        message = writing.write_about(session, case, msgid, params=names, now=at)
        if message is not None and message.status is not MessageStatus.SUPPRESSED:
            sent += _carry(session, message, _TROUBLE.get(sent, _USUAL), at, now)
    count_as_told(session, CITIZEN, now=now)


def _notice_of(case: Case, action: str) -> str | None:
    return next((s.notice for s in TABLES[case.kind] if s.action == action and s.notice), None)


def _carry(
    session: Session, message: Message, outcome: Outcome, at: datetime, now: datetime
) -> bool:
    """Whether it went out by now; what has to wait beyond it is left to the worker."""
    message.try_afresh()
    payload = {"message": message.id}
    letter = _DELIVERY.prepare(session, payload, at)
    if message.send_after is not None and message.send_after < now:
        at = message.send_after
        letter = _DELIVERY.prepare(session, payload, at)
    if letter is None:
        return False
    jobs.cancel(session, f"message:{message.id}")
    _DELIVERY.settle(session, payload, outcome, at)
    if outcome is _USUAL and message.id % 5:
        outbox.confirm(session, message.ref, arrived=True, now=at + _ON_THE_WAY)
    return True
