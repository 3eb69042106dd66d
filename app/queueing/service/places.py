"""Counters and halls as somebody complains of them: what a form offers, and who was there.

Only numbers of counters are shown; who sits there is looked up and told nobody.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.queueing.models import QueueCounter
from app.queueing.queries import halls
from app.queueing.service.counters import is_signed_on

_WHERE: Final = mark("Choose where it was not done.")


def counters_by_hall(session: Session) -> list[tuple[str, str, Sequence[tuple[int, int]]]]:
    """Each hall's names and its counters in use, by key and number."""
    return [
        (
            hall.name,
            hall.name_en or hall.name,
            [(one.id, one.number) for one in halls.counters_of(session, hall.id) if one.is_active],
        )
        for hall in halls.list_halls(session)
    ]


def read_place(session: Session, typed: str, *, now: datetime) -> tuple[int | None, str]:
    """The unit a form names, and the account of whoever sits at the counter it names.

    Nothing chosen: nobody is named.

    Raises:
        InvalidError: neither a counter nor a unit of this house.
    """
    if not typed:
        return None, ""
    kind, _, text = typed.partition(":")
    key = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else 0
    if kind == "unit" and accounts.is_open_unit(session, key):
        return departments.get_unit(session, key).id, ""
    counter = session.get(QueueCounter, key) if kind == "counter" else None
    if counter is None:
        raise InvalidError(fields={"where": _WHERE})
    staff_id = counter.staff_id if is_signed_on(session, counter, now=now) else None
    names = accounts.usernames_of(session, [staff_id]) if staff_id is not None else {}
    return counter.hall_id, names.get(staff_id or 0, "")
