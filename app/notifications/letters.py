"""Makes a message ready to go: finds the number, translates the sentence, adds the way to the page.

The only place where a citizen's number and the words for them come together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries import public_token
from app.citizens import service as citizens
from app.kernel.outbox import Compose, Letter, Message
from app.kernel.vault import vault_of
from app.web.i18n import Locale, catalogue


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes letters that lead back to `base_url`, the portal as citizens see it.

    `others` write what is about a subject of their own, by its type.
    """

    base_url: str
    others: Mapping[str, Compose] = field(default_factory=dict)

    def __call__(self, session: Session, message: Message) -> Letter | None:
        """The letter, or None when the citizen has no such contact any more."""
        if other := self.others.get(message.subject_type):
            return other(session, message)
        address = citizens.reach(session, message.contact_id)
        if not address:
            return None
        words = catalogue(Locale(message.locale)).gettext(message.msgid) % message.params
        link = self._link(session, message)
        return Letter(message.ref, message.channel, address, f"{words} {link}".strip())

    def _link(self, session: Session, message: Message) -> str:
        case = session.get(Case, message.subject_id) if message.subject_type == "case" else None
        if case is None:
            return ""
        return f"{self.base_url.rstrip('/')}/c/{public_token(vault_of(session), case)}"
