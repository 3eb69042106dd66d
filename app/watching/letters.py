"""Makes a message to a watcher ready to go: the address, the state in their language, the link.

Where a person does not wish to be contacted, or stopped meanwhile, nothing goes.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.labels import label
from app.citizens.sealing import contact_key, contact_purpose
from app.kernel.outbox import Fate, Letter, Message, Outcome, Ready, Wait
from app.kernel.vault import vault_of
from app.notifications.queries.ledger import find_entry
from app.notifications.rules.deciding import Purpose, Reason
from app.notifications.service import ledger
from app.notifications.service.deciding import decide, decide_for_number
from app.watching import queries
from app.watching.models import Watcher
from app.watching.service.following import CONFIRM, address_of, token_of
from app.web.i18n import Locale, catalogue

_OVER: Final = "over"


def watch_letter(session: Session, message: Message, now: datetime) -> Ready:
    """The letter; or why it may not go out any more, or until when it has to wait."""
    row = session.get(Watcher, message.subject_id)
    if row is None or row.ended_at is not None:
        return Outcome(Fate.HELD, _OVER)
    if row.citizen_id is not None:
        return _to_citizen(session, message, row, now)
    if not (address := address_of(session, row)):
        return Outcome(Fate.HELD, _OVER)
    return _held(session, message, row, address, now) or _letter(session, message, row, address)


def _held(
    session: Session, message: Message, row: Watcher, address: str, now: datetime
) -> Outcome | Wait | None:
    if _is_barred(session, row, address):
        return Outcome(Fate.HELD, Reason.DO_NOT_CONTACT)
    if message.msgid == CONFIRM:  # which answers somebody who sits before the page
        return None
    decision = decide_for_number(session, is_verified=True, now=now)
    if decision.reason is not None:
        return Outcome(Fate.HELD, decision.reason)
    return Wait(decision.at) if decision.at > now else None


def _to_citizen(session: Session, message: Message, row: Watcher, now: datetime) -> Ready:
    entry = find_entry(session, message.id)
    if entry is None:
        return Outcome(Fate.HELD, Reason.GONE)
    answer = decide(
        session, entry.citizen_id, Purpose.NOTICE, contact_id=message.contact_id, now=now
    )
    if answer.reason is not None:
        return Outcome(Fate.HELD, answer.reason)
    if answer.at > now:
        return Wait(answer.at)
    letter = _letter(session, message, row, answer.way.address)
    ledger.record(session, entry, letter, template_id=None)
    return letter


def _is_barred(session: Session, row: Watcher, address: str) -> bool:
    if row.kind is None:
        return False
    blind = vault_of(session).blind
    indexes = blind.candidates(contact_purpose(row.kind), contact_key(row.kind, address))
    return queries.is_barred(session, indexes, row.kind)


def _letter(session: Session, message: Message, row: Watcher, address: str) -> Letter:
    words = catalogue(Locale(message.locale))
    said = dict(message.params)
    if "status" in said:
        said["state"] = words.gettext(label(Status(said["status"])))
    text = words.gettext(message.msgid) % said
    path = f"/w/{token_of(session, row)}"
    return Letter(message.ref, message.channel, address, text, path=path)
