"""Tells citizens by text message what happened to their matter.

The sentence comes from the step itself (`Step.notice`); here is only to whom
and with which values, none of them personal.
"""

from sqlalchemy.orm import Session

from app.cases.events import CaseMoved, CaseOpened
from app.cases.models import Case
from app.cases.queries.identity import citizen_behind
from app.citizens import service as citizens
from app.departments import queries as departments
from app.kernel import outbox
from app.kernel.messages import mark
from app.kernel.outbox import Channel

_ARRIVED = mark("Your matter %(number)s has arrived. You can follow it on its page.")
# A confidential matter may lie with a unit whose very name would give it away.
_NEWS = mark("There is news about your matter %(number)s. Please read it on its page.")


def on_opened(session: Session, event: CaseOpened) -> None:
    """A matter came in: its citizen gets the number and the way to its page."""
    _tell(session, event.case, _ARRIVED, event)


def on_moved(session: Session, event: CaseMoved) -> None:
    """A step was taken: its citizen gets the sentence of the step, if it has one."""
    if event.step.notice is not None:
        _tell(session, event.case, event.step.notice, event)


def _tell(session: Session, case: Case, msgid: str, event: CaseOpened | CaseMoved) -> None:
    citizen_id = citizen_behind(session, case)
    contact_id = citizens.mobile_of(session, citizen_id) if citizen_id else None
    if contact_id is None:
        return
    params = {"number": case.number}
    if "%(unit)s" in msgid:
        if case.is_confidential:
            msgid = _NEWS
        else:
            params["unit"] = departments.get_unit(session, case.unit_id).name
    outbox.post(
        session,
        ("case", case.id),
        channel=Channel.SMS,
        contact_id=contact_id,
        msgid=msgid,
        params=params,
        now=event.at,
    )
