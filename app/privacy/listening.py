"""What happens elsewhere and concerns the rights of a person.

A request's limit that is crossed is written down; the extra invitation to rate goes only
to whoever agreed to it.
"""

from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.events import CaseMoved
from app.cases.kinds import RATEABLE
from app.citizens import service as citizens
from app.citizens.events import CitizensMerging
from app.kernel import audit, outbox
from app.kernel.authors import MACHINE
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.outbox import Channel
from app.privacy import service
from app.privacy.queries import erasure
from app.privacy.rules import SUBJECT, number_of_request
from app.sla.events import ClockBreached

_INVITATION: Final = mark("How satisfied are you with matter %(number)s? Please tell us.")


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
    if not service.consent_of(session, case.citizen_id, service.SURVEY):
        return
    contact_id = citizens.mobile_of(session, case.citizen_id)
    if contact_id is not None:
        outbox.post(
            session,
            ("case", case.id),
            channel=Channel.SMS,
            contact_id=contact_id,
            msgid=_INVITATION,
            params={"number": case.number},
            now=event.at,
        )


def refuse_merging_held(session: Session, event: CitizensMerging) -> None:
    """Whoever is under a legal hold stays as they are, neither merged nor unmerged.

    Raises:
        InvalidError: a hold on one of the two, or on a matter of theirs, is in force.
    """
    today = calendars.load(session).statutory.local_date(event.at)
    if erasure.is_citizen_held(session, [event.survivor_id, event.merged_id], today=today):
        raise InvalidError(mark("One of them is under a legal hold. Nothing of theirs may move."))
