"""What anybody may read of an open report: type, street, when, state, how many it troubles.

Private words never; the words of a person who released the report, where somebody did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.queries.near import Near
from app.catalogue.queries import snapshot
from app.catalogue.rules import CaseKind
from app.departments.rules import place_name
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.portal import queries
from app.portal.words import STATES
from app.publishing.queries import by_ids, find_publication
from app.watching import queries as watching
from app.watching.rules import street_of

_UNREAD: Final = frozenset({Status.SUBMITTED, Status.REPORTED})


@dataclass(frozen=True, slots=True)
class Known:
    """An open report of somebody, without anything of them; `metres` None for a facility's own."""

    number: str
    category: str
    place: str
    state: str
    opened_at: datetime
    metres: int | None
    voices: int
    title: str


def known(
    session: Session, found: Sequence[Near], *, language: str, has_distance: bool
) -> tuple[Known, ...]:
    """These reports as a page shows them to anybody."""
    voices = watching.voices(session, [one.id for one in found])
    return tuple(
        Known(
            number=one.number,
            category=_category(session, one, language),
            place=_place(session, one, language),
            state=STATES[one.status].title,
            opened_at=one.opened_at,
            metres=one.metres if has_distance else None,
            voices=voices.get(one.id, 0),
            title=_released(session, one.id),
        )
        for one in found
    )


def _category(session: Session, one: Near, language: str) -> str:
    entry = snapshot(session).categories.get(one.category_id or 0)
    return entry.name.within(language) if entry else one.category_name


def _place(session: Session, one: Near, language: str) -> str:
    # Nobody has read it yet: then nobody knows whether its words may be shown.
    street = "" if one.status in _UNREAD else street_of(one.place)
    found = queries.find_place(session, one.region_code)
    district = place_name(found.name.within(language)) if found else ""
    return " ".join(part for part in (district, street) if part)


def _released(session: Session, case_id: int) -> str:
    publication = find_publication(session, case_id)
    shown = by_ids(session, [publication.id]) if publication else ()
    return next((one.title for one in shown), "")


def get_watchable(session: Session, number: str) -> Case:
    """The open repair of this number that anybody may follow.

    Raises:
        NotFoundError: there is none that anybody may know of.
    """
    case = queries.find_case(session, number)
    is_open = case is not None and case.closed_at is None and not case.is_confidential
    if case is None or not is_open or case.kind is not CaseKind.REPAIR:
        raise NotFoundError(mark("This report is not open any more."))
    return case
