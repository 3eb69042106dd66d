"""Makes a message ready to go: whether it may, the number, the words, the way to the page.

The only place where a citizen's number and the words for them come together; what goes out
is written into the ledger before it does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries import public_token
from app.kernel.outbox import Channel, Compose, Fate, Letter, Message, Outcome, Ready, Wait
from app.kernel.vault import vault_of
from app.notifications.models import LedgerEntry
from app.notifications.queries import sending
from app.notifications.queries.ledger import find_entry
from app.notifications.rules.deciding import Reason
from app.notifications.rules.words import NEWS, code_of, filled, in_braces, with_link
from app.notifications.service import ledger
from app.notifications.service.deciding import Answer, decide
from app.notifications.service.writing import NEUTRAL
from app.web.i18n import Locale, catalogue


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes letters that lead back to `base_url`, the portal as citizens see it.

    `others` write what is about a subject of their own, by its type.
    """

    base_url: str
    others: Mapping[str, Compose] = field(default_factory=dict)

    def __call__(self, session: Session, message: Message, now: datetime) -> Ready:
        """The letter; or why it may not go out any more, or until when it has to wait."""
        if other := self.others.get(message.subject_type):
            ready = other(session, message, now)
            if not isinstance(ready, Letter):
                return ready
            # A code stands first, where telephones look for it; so the name goes to the end.
            signature = _signature(session, message).strip()
            link = f" {self.base_url.rstrip('/')}{ready.path}" if ready.path else ""
            return replace(ready, text=f"{ready.text}{signature}{link}")
        entry = find_entry(session, message.id)
        if entry is None:
            return Outcome(Fate.HELD, Reason.GONE)
        answer = decide(
            session, entry.citizen_id, entry.purpose, contact_id=message.contact_id, now=now
        )
        if answer.reason is not None:
            return Outcome(Fate.HELD, answer.reason)
        return Wait(answer.at) if answer.at > now else self._letter(session, message, entry, answer)

    def _letter(
        self, session: Session, message: Message, entry: LedgerEntry, answer: Answer
    ) -> Letter:
        case = _case_of(session, message)
        is_secret = case is not None and case.is_confidential and message.msgid not in NEUTRAL
        template_id, words = _words(session, message, NEWS if is_secret else message.msgid)
        text = with_link(filled(words, _values(message)), self._link(session, case))
        text = f"{_signature(session, message)}{text}"
        letter = Letter(message.ref, message.channel, answer.way.address, text)
        ledger.record(session, entry, letter, template_id=template_id)
        return letter

    def _link(self, session: Session, case: Case | None) -> str:
        if case is None:
            return ""
        return f"{self.base_url.rstrip('/')}/c/{public_token(vault_of(session), case)}"


def _case_of(session: Session, message: Message) -> Case | None:
    is_case = message.subject_type == "case"
    return session.get(Case, message.subject_id) if is_case else None


def _words(session: Session, message: Message, msgid: str) -> tuple[int | None, str]:
    """The text that held when the message was written: the administrators', or the house's."""
    edited = sending.template_at(session, code_of(msgid), message.locale, at=message.created_at)
    if edited is not None:
        return edited.id, edited.words
    return None, in_braces(catalogue(Locale(message.locale)).gettext(msgid))


def _values(message: Message) -> dict[str, Any]:
    """What fills the places, in the reader's language where a value has a name in it."""
    tail = f"_{message.locale[:2]}"
    own = {name.removesuffix(tail): v for name, v in message.params.items() if name.endswith(tail)}
    return {**message.params, **own}


def _signature(session: Session, message: Message) -> str:
    """The hall's name in a short message, as operators demand; a mail has its sender."""
    if message.channel is not Channel.SMS:
        return ""
    policy = sending.policy(session)
    return policy.signature_en if message.locale == "en" else policy.signature
