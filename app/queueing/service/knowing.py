"""Whose card was laid on the reader of a kiosk: linked in silence, or nobody known.

Says nothing outside of who it is, and registers nobody.
"""

from sqlalchemy.orm import Session

from app.citizens.queries.finding import by_document
from app.citizens.rules import identity, sought
from app.citizens.rules.care import marks_by_age
from app.citizens.rules.kinds import MarkKind
from app.citizens.sealing import IDENTIFIER_PURPOSE
from app.kernel.vault import vault_of
from app.queueing.rules import Need


def whose_card(session: Session, typed: str) -> int | None:
    """The one citizen with this document; None if nobody, or several, are known by it."""
    blind = vault_of(session).blind
    numbers = sought.read(typed).numbers
    indexes = [one for number in numbers for one in blind.candidates(IDENTIFIER_PURPOSE, number)]
    found = by_document(session, indexes, 2) if indexes else []
    return found[0] if len(found) == 1 else None


def need_by_card(typed: str, *, year: int) -> Need:
    """The need that the date of birth in a card's number gives; the number is not kept."""
    for number in sought.read(typed).numbers:
        read = identity.read(number)
        if read is not None and read.birth_on is not None:
            marks = marks_by_age(read.birth_on.year, year=year)
            return Need.SENIOR if MarkKind.SENIOR in marks else Need.NONE
    return Need.NONE
