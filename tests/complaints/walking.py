"""Takes a complaint through its investigation with the people of the test town."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import service
from app.cases.kinds import Action, Finding, InquiryKind, Outcome
from app.cases.models import Case
from app.cases.rules import CITIZEN, Facts, StepInput
from app.catalogue.rules import CaseKind
from app.citizens.service import Person
from app.complaints.service import Line, Measure, inquire, lay_down
from tests.cases.walking import take
from tests.support.city import WORKS, City, a_case, first_category
from tests.support.clock import MONDAY_9AM

DAY = timedelta(days=1)
PHONE = "17900007711"
WHO = Person(name="夔示例", phone=PHONE)


def a_complaint(session: Session, **given: Any) -> Case:  # noqa: ANN401  # as `a_case` takes them
    """A complaint just handed in, without a name unless one is given."""
    return a_case(session, kind=CaseKind.COMPLAINT, title="窗口态度", **given)


def a_secret_complaint(session: Session, **given: Any) -> Case:  # noqa: ANN401  # as `a_case` takes them
    """A complaint of somebody who asked to stay confidential."""
    return a_complaint(session, person=WHO, is_anonymous=False, is_identity_secret=True, **given)


def investigated(session: Session, city: City, case: Case) -> Case:
    """Accepted, dispatched and signed for."""
    facts = Facts(category_id=first_category(session))
    take(session, case, Action.ACCEPT, city[Role.CLERK], facts=facts)
    take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WORKS))
    return take(session, case, Action.SIGN, city[Role.HANDLER])


def a_line(session: Session, city: City, case: Case) -> None:
    """One interview in the file."""
    line = Line(InquiryKind.INTERVIEW, MONDAY_9AM.date(), "当班人员承认说过这句话。", "当班人员")
    inquire(session, case, line, actor=city[Role.HANDLER], now=MONDAY_9AM)


def found(session: Session, city: City, case: Case, finding: Finding) -> Case:
    """Investigated, found and confirmed."""
    investigated(session, city, case)
    a_line(session, city, case)
    facts = Facts(finding=finding)
    take(session, case, Action.CONCLUDE, city[Role.HANDLER], note="有两人证言", facts=facts)
    return take(session, case, Action.CONFIRM_FINDING, city[Role.UNIT_HEAD])


def a_measure(
    session: Session, city: City, case: Case, *, days: int = 10, now: datetime = MONDAY_9AM
) -> int:
    """One measure, so many days from now; returns its key."""
    measure = Measure("全窗口培训一次", (now + days * DAY).date())
    return lay_down(session, case, measure, actor=city[Role.HANDLER], now=now).id


def replied(session: Session, city: City, case: Case, *, at: datetime = MONDAY_9AM) -> Case:
    """Answered; the answer is approved and the complainant has it."""
    facts = Facts(outcome=Outcome.RESOLVED)
    text = "经调查,您反映的情况属实,市政工程局已于本周培训全体窗口人员。"
    take(session, case, Action.REPLY, city[Role.HANDLER], at=at, text=text, facts=facts)
    return take(session, case, Action.APPROVE_REPLY, city[Role.REVIEWER], at=at)


def as_citizen(
    session: Session, case: Case, action: Action, *, at: datetime, text: str = ""
) -> Case:
    """A step of the complainant's own."""
    given = StepInput(action, case.version, text=text)
    return service.take_step(session, case, given, doer=CITIZEN, now=at).case


def somebody_else(actor: Actor) -> Actor:
    """The same seat held by another person."""
    return Actor(
        actor.id + 1000,
        f"{actor.username}2",
        "Other",
        actor.unit_id,
        actor.unit_path,
        actor.region_code,
        actor.appointments,
    )
