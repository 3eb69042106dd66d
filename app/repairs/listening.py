"""What belongs to the steps of a repair beyond their table: its row, photos, materials, sight.

Whoever opens a repair or takes a step of it, from whichever page, comes through here.
"""

from sqlalchemy.orm import Session

from app.cases.events import CaseClosed, CaseMoved, CaseMoving, CaseOpened
from app.cases.models import Case
from app.cases.service.repairing import end_sight
from app.catalogue.rules import CaseKind
from app.facilities import queries as facilities
from app.kernel.errors import InvalidError
from app.repairs.models import Repair
from app.repairs.queries.getting import stages_known
from app.repairs.rules import missing_photo, words_of
from app.repairs.service import lending, opening, working


def on_opened(session: Session, event: CaseOpened) -> None:
    """A repair came in, by whichever way: what its type asks for is copied to it."""
    case = event.case
    if case.kind is not CaseKind.REPAIR:
        return
    kind = facilities.type_of_category(session, case.category_id)
    opening.arrive(session, case, kind, now=event.at)


def on_moving(session: Session, event: CaseMoving) -> None:
    """Refuse what lacks a photo the type asks for, beside the field it is about.

    Raises:
        InvalidError: a photo lacks; the error is called `photos`.
    """
    if event.case.kind is not CaseKind.REPAIR:
        return
    row = session.get(Repair, event.case.id)
    if row is None:
        return
    lacking = missing_photo(
        event.step.action,
        event.given.work,
        needs_before=row.needs_before,
        needs_after=row.needs_after,
        known=stages_known(session, event.case.id, event.case.round),
    )
    if lacking is not None:
        raise InvalidError(fields={"photos": lacking})


def on_moved(session: Session, event: CaseMoved) -> None:
    """Keep photos and materials that came with the step; another's work is no firm's any more."""
    if event.case.kind is not CaseKind.REPAIR:
        return
    _follow_category(session, event.case)
    if lending.goes_elsewhere(event.step):
        lending.end_links(session, event.case, now=event.at)
    if event.given is not None:
        working.keep(session, event.case, event.given.work, event=event)


def _follow_category(session: Session, case: Case) -> None:
    """Filed under another type than it was reported as: that one's photos and crews count."""
    row = session.get(Repair, case.id)
    kind = facilities.type_of_category(session, case.category_id)
    if row is None or kind is None or row.type_id == kind.id:
        return
    if row.type_id is not None:  # what was named stays readable: the other type has other names
        row.dangers = list(words_of(facilities.get_type(session, row.type_id), row.dangers, "zh"))
    row.type_id, row.needs_before, row.needs_after = kind.id, kind.needs_before, kind.needs_after


def on_closed(session: Session, event: CaseClosed) -> None:
    """Its crew sees it no longer; a link that was lent is taken back."""
    if event.case.kind is not CaseKind.REPAIR:
        return
    row = session.get(Repair, event.case.id)
    if row is not None and row.crew_id is not None:
        end_sight(session, event.case.id, row.crew_id, now=event.at)
    lending.end_links(session, event.case, now=event.at)
