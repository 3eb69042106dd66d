"""Makes the message with a one-time code ready to go.

Where to and which digits are known by the code's own row alone; nothing of it is kept.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.outbox import Letter, Message
from app.mypage.models import ContactCode
from app.mypage.service import codes
from app.web.i18n import Locale, catalogue


def code_letter(session: Session, message: Message, _now: datetime) -> Letter | None:
    """The letter, or None when the code is gone."""
    code = session.get(ContactCode, message.subject_id)
    if code is None:
        return None
    words = catalogue(Locale(message.locale)).gettext(message.msgid)
    text = words % {**message.params, "code": codes.words_of(session, code)}
    return Letter(message.ref, message.channel, codes.address_of(session, code), text)
