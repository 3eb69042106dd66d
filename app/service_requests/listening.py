"""What belongs to the steps of an application beyond their table: checks before, rows after.

Whoever takes a step, from whichever page, comes through here.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.cases import service as cases
from app.cases.application_models import CaseApplication
from app.cases.events import CaseMoved, CaseMoving
from app.cases.kinds import Action, Admission, NotAdmitted
from app.cases.models import Case
from app.cases.rules import SYSTEM, CaseClock, Field, StepInput
from app.cases.service import clocks as case_clocks
from app.catalogue.rules import CaseKind
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.notifications.service import staff as inbox
from app.notifications.service.writing import write_about
from app.service_items import queries as items
from app.service_items.rules import Delivery
from app.service_requests import queries
from app.service_requests.rules import Verdict, terms
from app.service_requests.service import hearings, issuing
from app.service_requests.service.judging import AT_WINDOW, begin_promise
from app.sla.events import ClockBreached
from app.sla.rules import ClockKind, Subject, Threshold

_ACCEPTS: Final = frozenset({Action.ADMIT, Action.DEEM_ADMITTED})
_DEEMED: Final = mark(
    "Application %(number)s counts as accepted: nobody said within the legal limit what lacked."
)
_BROKEN: Final = mark(
    "Application %(number)s counts as withdrawn: promised papers did not come in time."
)
PROMISE_ENDING: Final = mark(
    "Papers you promised for your application %(number)s are still to come. Without them it "
    "counts as withdrawn. The date is on its page."
)


def on_moving(session: Session, event: CaseMoving) -> None:
    """Refuse what the item or the law does not allow, beside the field it is about.

    Raises:
        InvalidError: another authority is not named, a way or a procedure the item does not
            have, no tracking number, or more days than the law gives.
    """
    check = _CHECKS.get(event.step.action)
    row = _row(session, event.case) if check else None
    if check is None or row is None:
        return
    wrong = check(session, row, event)
    if wrong:
        raise InvalidError(fields=wrong)


def _looked_through(session: Session, row: CaseApplication, _event: CaseMoving) -> dict[str, str]:
    # Told once, and everything: so each paper was looked at before (行政许可法 art. 32).
    seen = {paper.verdict for paper in queries.papers_of(session, row.case_id)}
    if Verdict.OPEN in seen:
        return {"text": mark("Look through every paper first: all that lacks is told at once.")}
    return {}


def _where_to(_session: Session, _row: CaseApplication, event: CaseMoving) -> dict[str, str]:
    facts = event.given.facts
    if facts.not_admitted is NotAdmitted.WRONG_AUTHORITY and not facts.refer_to.strip():
        return {Field.REFER_TO: mark("Say which authority is responsible.")}
    return {}


def _which_procedure(_session: Session, row: CaseApplication, event: CaseMoving) -> dict[str, str]:
    if str(event.given.facts.procedure) not in row.procedures:
        return {Field.PROCEDURE: mark("This item does not have this special procedure.")}
    return {}


def _how_long(_session: Session, row: CaseApplication, event: CaseMoving) -> dict[str, str]:
    most = terms()["joint_extension" if row.is_joint else "extension"].days
    if (event.given.facts.amount or 0) <= most:
        return {}
    if row.is_joint:
        return {Field.AMOUNT: mark("The law gives at most 15 working days more.")}
    return {Field.AMOUNT: mark("The law gives at most 10 working days more.")}


def _which_way(session: Session, row: CaseApplication, event: CaseMoving) -> dict[str, str]:
    facts = event.given.facts
    offered = items.get_version(session, row.item_version_id).content.deliveries
    if facts.delivery not in offered:
        return {Field.DELIVERY: mark("This item is not delivered in this way.")}
    if facts.delivery is Delivery.POST and not facts.tracking_no.strip():
        return {Field.TRACKING_NO: mark("Enter the tracking number.")}
    return {}


def _is_heard(session: Session, row: CaseApplication, event: CaseMoving) -> dict[str, str]:
    # Who was told of the right to be heard is heard before it is decided (行政许可法 art. 47).
    why = hearings.why_undecided(session, row, event.at)
    return {"text": why} if why else {}


_CHECKS: Final[
    Mapping[Action, Callable[[Session, CaseApplication, CaseMoving], dict[str, str]]]
] = {
    Action.NOTIFY_DEFECTS: _looked_through,
    Action.NOT_ADMIT: _where_to,
    Action.REQUEST_PROCEDURE: _which_procedure,
    Action.REQUEST_EXTENSION: _how_long,
    Action.DELIVER: _which_way,
    Action.GRANT: _is_heard,
    Action.REFUSE: _is_heard,
}


def on_moved(session: Session, event: CaseMoved) -> None:
    """Let run what begins with the step, and tell who must know."""
    row = _row(session, event.case)
    if row is None:
        return
    if event.step.action in _ACCEPTS and row.papers_promised:
        begin_promise(session, event.case, now=event.at)  # first: the paper names the days
    issuing.on_step(session, event, row)
    if follow := _FOLLOW.get(event.step.action):
        follow(session, row, event)


def _admitted(session: Session, row: CaseApplication, event: CaseMoved) -> None:
    # By the job, or by a clerk who came after the law's minute and before the job.
    if row.admission is Admission.DEEMED:
        _tell_supervisors(session, event, _DEEMED)


def _broken(session: Session, _row: CaseApplication, event: CaseMoved) -> None:
    _tell_supervisors(session, event, _BROKEN)


def _granted(session: Session, row: CaseApplication, event: CaseMoved) -> None:
    if row.is_on_promise:
        case_clocks.start(session, event.case, CaseClock.VERIFY, now=event.at)
        case_clocks.mirror(session, event.case)


def _handed_out(session: Session, row: CaseApplication, event: CaseMoved) -> None:
    # What the applicant has in hand is at its end; what was posted has yet to arrive.
    if row.delivery is not Delivery.POST:
        filed = StepInput(Action.ARCHIVE, event.case.version)
        cases.take_step(session, event.case, filed, doer=SYSTEM, now=event.at)


def _moved_on(_session: Session, row: CaseApplication, event: CaseMoved) -> None:
    if event.step.source not in AT_WINDOW:
        row.deciding_unit_id = event.case.unit_id


_FOLLOW: Final[Mapping[Action, Callable[[Session, CaseApplication, CaseMoved], None]]] = {
    Action.ADMIT: _admitted,
    Action.DEEM_ADMITTED: _admitted,
    Action.DECIDE_AT_ONCE: _granted,
    Action.GRANT: _granted,
    Action.DEEM_WITHDRAWN: _broken,
    Action.DELIVER: _handed_out,
    Action.REDISTRIBUTE: _moved_on,
}


def on_breach(session: Session, event: ClockBreached) -> None:
    """Promised papers are nearly late: whoever promised them is told before it counts."""
    is_case = event.subject.type == Subject.case(0).type
    if not is_case or event.kind is not ClockKind.LATE_PAPERS:
        return
    if event.threshold is Threshold.WARN:
        case = session.get_one(Case, event.subject.id)
        write_about(session, case, PROMISE_ENDING, now=event.at)


def _tell_supervisors(session: Session, event: CaseMoved, msgid: str) -> None:
    inbox.tell_unit(
        session,
        event.case.unit_id,
        Permission.CASE_SUPERVISE,
        msgid,
        params={"number": event.case.number},
        link=f"/cases/{event.case.number}",
        now=event.at,
    )


def _row(session: Session, case: Case) -> CaseApplication | None:
    if case.kind is not CaseKind.SERVICE_REQUEST:
        return None
    return session.get(CaseApplication, case.id)
