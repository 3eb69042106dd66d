"""The extras somebody may agree to, as the privacy officer words them; new ones, and an end.

What people agreed to was worded otherwise then: a purpose that becomes another is a new
extra (个人信息保护法 art. 14), so once somebody has agreed the purpose stays.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.privacy import queries
from app.privacy.models import ConsentKind

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,30}")
_LONGEST: Final = {"name": 60, "name_en": 120, "purpose": 300, "purpose_en": 400}
_NEEDED: Final = ("name", "purpose")


@dataclass(frozen=True, slots=True)
class Extra:
    """How an extra is worded, where it stands in the list and whether it is offered."""

    name: str
    purpose: str
    name_en: str = ""
    purpose_en: str = ""
    position: int = 0
    is_active: bool = True

    def line(self, field: str) -> str:
        """A text as it is stored."""
        return clean_line(str(getattr(self, field)))


def add_extra(session: Session, code: str, given: Extra, *, by: Author, now: datetime) -> None:
    """Offer something new; it is nobody's until they agree.

    Raises:
        InvalidError: a text is missing or too long, or the code is taken or none.
    """
    errors = _wrong(given)
    if not _CODE.fullmatch(code):
        errors["code"] = mark("Write two to 31 small letters, digits or _, as sms_survey.")
    elif session.get(ConsentKind, code) is not None:
        errors["code"] = mark("This code is taken.")
    if errors:
        raise InvalidError(fields=errors)
    session.add(ConsentKind(code=code, **_columns(given)))
    session.flush()
    audit.note(session, by, "privacy:extra_added", ("consent_kind", code), at=now)


def change_extra(session: Session, code: str, given: Extra, *, by: Author, now: datetime) -> None:
    """Word it better, move it, or offer it no longer; what was agreed to stays agreed to.

    Raises:
        NotFoundError: there is no such extra.
        InvalidError: a text is missing or too long, or the purpose became another.
    """
    kind = session.get(ConsentKind, code)
    if kind is None:
        raise NotFoundError(mark("There is nothing at this address."))
    errors = _wrong(given)
    if given.line("purpose") != kind.purpose and queries.is_agreed_to(session, code):
        errors.setdefault(
            "purpose",
            mark("People have agreed to this purpose. Offer the new one as another extra."),
        )
    if errors:
        raise InvalidError(fields=errors)
    for name, value in _columns(given).items():
        setattr(kind, name, value)
    session.flush()
    details = {"offered": given.is_active}
    audit.note(
        session, by, "privacy:extra_changed", ("consent_kind", code), at=now, details=details
    )


def _wrong(given: Extra) -> dict[str, str]:
    errors = {field: mark("Fill this in.") for field in _NEEDED if not given.line(field)}
    for field, most in _LONGEST.items():
        if len(given.line(field)) > most:
            errors[field] = mark("This is too long. Shorten it.")
    return errors


def _columns(given: Extra) -> dict[str, object]:
    texts: dict[str, object] = {field: given.line(field) for field in _LONGEST}
    return {**texts, "position": given.position, "is_active": given.is_active}
