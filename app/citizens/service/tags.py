"""Short words staff hang on a citizen, for everybody or for their own unit.

For what helps to serve somebody; numbers and judgements are refused or simply not asked for.
"""

import re
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Tag
from app.citizens.queries import holding
from app.citizens.rules import Visibility
from app.citizens.service import wording
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line

_LONGEST: Final = 30
_NUMBER: Final = re.compile(r"\d{5}|@")


def add(
    session: Session,
    citizen: Citizen,
    word: str,
    *,
    visibility: Visibility,
    unit_id: int,
    by_id: int | None,
    now: datetime,
) -> int:
    """Hang the word on the citizen; once is enough. Its id.

    Raises:
        InvalidError: it is empty, too long, or a number that belongs among the contacts.
    """
    word = clean_line(word).lstrip("#")
    if not word:
        raise InvalidError(fields={"word": mark("Fill this in.")})
    if len(word) > _LONGEST:
        raise InvalidError(fields={"word": mark("This is too long. Shorten it.")})
    if _NUMBER.search(word):
        raise InvalidError(
            fields={"word": mark("This looks like a number. Put it in the field it belongs to.")}
        )
    known = holding.find_tag(session, citizen.id, word, unit_id)
    if known is None:
        known = Tag(
            citizen_id=citizen.id,
            word=word,
            unit_id=unit_id,
            created_at=now,
            created_by_id=by_id,
        )
        session.add(known)
    known.visibility = visibility
    session.flush()
    return known.id


def end(session: Session, citizen: Citizen, tag_id: int, *, unit_id: int, now: datetime) -> None:
    """Take the word off.

    Raises:
        NotFoundError: the citizen has no such tag, or it is not for this unit to read.
    """
    found = session.get(Tag, tag_id)
    missing = mark("There is no such tag.")
    wording.end_own(session, found, citizen, unit_id=unit_id, now=now, missing=missing)
