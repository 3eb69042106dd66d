"""Tells citizens by text message what happened to their matter.

The sentence comes from the step itself (`Step.notice`); here is only to whom
and with which values, none of them personal.
"""

from sqlalchemy.orm import Session

from app.cases.events import CaseMoved, CaseOpened
from app.departments import queries as departments
from app.notifications.rules.words import ARRIVED
from app.notifications.service.writing import write_about


def on_opened(session: Session, event: CaseOpened) -> None:
    """A matter came in: its citizen gets the number and the way to its page."""
    write_about(session, event.case, ARRIVED, now=event.at)


def on_moved(session: Session, event: CaseMoved) -> None:
    """A step was taken: its citizen gets the sentence of the step, if it has one."""
    msgid = event.step.notice
    if msgid is None:
        return
    params = {}
    if "%(unit)s" in msgid:
        unit = departments.view_of(session, event.case.unit_id)
        params = {"unit": unit.name, "unit_en": unit.name_en or unit.name}
    write_about(session, event.case, msgid, params=params, now=event.at)
