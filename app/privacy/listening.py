"""What happens elsewhere and concerns the rights of a person.

A request's limit that is crossed is written down; the extra invitation to rate goes only
to whoever agreed to it.
"""

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.events import CaseMoved
from app.cases.kinds import RATEABLE
from app.citizens.events import CitizensMerging
from app.kernel import audit
from app.kernel.authors import MACHINE
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.notifications.rules.deciding import Purpose
from app.notifications.rules.words import INVITATION
from app.notifications.service.writing import write_about
from app.privacy import service
from app.privacy.queries import erasure
from app.privacy.rules import SUBJECT, number_of_request
from app.sla.events import ClockBreached


def on_breach(session: Session, event: ClockBreached) -> None:
    """A request for data is about to be late, or is: the log says so, once for each."""
    if event.subject.type == SUBJECT:
        number = number_of_request(event.subject.id)
        action = f"privacy:request_{event.threshold}"
        audit.note(session, MACHINE, action, (SUBJECT, number), at=event.at)


def on_moved(session: Session, event: CaseMoved) -> None:
    """A matter has ended: whoever agreed to surveys by text message is asked how it went."""
    case = event.case
    if case.citizen_id is None or event.step.target not in RATEABLE:
        return
    if agrees_to_surveys(session, case.citizen_id):
        write_about(session, case, INVITATION, purpose=Purpose.SURVEY, now=event.at)


def refuse_merging_held(session: Session, event: CitizensMerging) -> None:
    """Whoever is under a legal hold stays as they are, neither merged nor unmerged.

    Raises:
        InvalidError: a hold on one of the two, or on a matter of theirs, is in force.
    """
    today = calendars.load(session).statutory.local_date(event.at)
    if erasure.is_citizen_held(session, [event.survivor_id, event.merged_id], today=today):
        raise InvalidError(mark("One of them is under a legal hold. Nothing of theirs may move."))


def agrees_to_surveys(session: Session, citizen_id: int) -> bool:
    """Whether this person has agreed to be asked how satisfied they are."""
    return service.consent_of(session, citizen_id, service.SURVEY)
