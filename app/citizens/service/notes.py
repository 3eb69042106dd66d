"""What a colleague should know before the next talk with a citizen, sealed like a name.

Never shown to citizens by itself; part of what they may ask to see (个人信息保护法 art. 45).
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Note
from app.citizens.rules import Visibility
from app.citizens.sealing import NOTE, new_place, seal
from app.citizens.service import wording
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean
from app.kernel.vault import vault_of

LONGEST: Final = 2000


def add(
    session: Session,
    citizen: Citizen,
    text: str,
    *,
    visibility: Visibility,
    unit_id: int,
    by_id: int | None,
    now: datetime,
) -> int:
    """Write the note. Its id.

    Raises:
        InvalidError: it is empty or too long.
    """
    words = clean(text)
    if not words:
        raise InvalidError(fields={"text": mark("Fill this in.")})
    if len(words) > LONGEST:
        raise InvalidError(fields={"text": mark("This is too long. Shorten it.")})
    place = new_place()
    new = Note(
        citizen_id=citizen.id,
        text=seal(vault_of(session), NOTE, words, place),
        place=place,
        visibility=visibility,
        unit_id=unit_id,
        created_at=now,
        created_by_id=by_id,
    )
    session.add(new)
    session.flush()
    return new.id


def end(session: Session, citizen: Citizen, note_id: int, *, unit_id: int, now: datetime) -> None:
    """Nobody needs to know it any more.

    Raises:
        NotFoundError: the citizen has no such note, or it is not for this unit to read.
    """
    found = session.get(Note, note_id)
    missing = mark("There is no such note.")
    wording.end_own(session, found, citizen, unit_id=unit_id, now=now, missing=missing)
