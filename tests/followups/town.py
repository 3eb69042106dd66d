"""The town with its checklist and evidence, and matters taken as far as their call-back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import wiring
from app.accounts.rules import Role
from app.cases import service
from app.cases.kinds import Action, CallbackResult, Outcome
from app.cases.models import Case
from app.cases.rules import Facts, Proof, StepInput
from app.cases.service.closing import points_of
from app.catalogue import queries as catalogue
from app.catalogue import service as catalogue_service
from app.followups import service as followups
from app.followups.rules import Answer
from app.followups.service import Try
from app.kernel import events
from tests.support.city import WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = MONDAY_9AM + DAY
LAMPS = "0103"  # needs a photo
WAGES = "1201"  # needs a document and a statement
NO_PROOF = "夜间作业，不便拍照。"


def a_town(db: Db) -> City:
    city = a_city(db)
    with city.db.begin() as session:
        catalogue_service.seed_closing(session, now=MONDAY_9AM)
    return city


@contextmanager
def wired() -> Iterator[None]:
    """Everybody hears what happens, as in the running house."""
    events.wire(wiring.SUBSCRIBERS)
    try:
        yield
    finally:
        events.wire({})


def take(
    session: Session,
    city: City,
    case: Case,
    action: Action,
    role: Role,
    *,
    at: datetime = MONDAY_9AM,
    note: str = "",
    text: str = "",
    facts: Facts | None = None,
    proof: Proof | None = None,
    points: tuple[str, ...] = (),
) -> Case:
    given = StepInput(
        action,
        case.version,
        note=note,
        text=text,
        facts=facts or Facts(),
        proof=proof or Proof(),
        points=points,
    )
    return service.take_step_as_staff(session, case.id, given, actor=city[role], now=at).case


def in_hand(session: Session, city: City, code: str = LAMPS) -> Case:
    """A matter of this category, signed for by the unit."""
    category = catalogue.get_category_by_code(session, code)
    case = a_case(session, category_id=category.id)
    take(session, city, case, Action.ACCEPT, Role.CLERK, facts=Facts(category_id=category.id))
    take(session, city, case, Action.DISPATCH, Role.DISPATCHER, facts=Facts(unit_id=WORKS))
    return take(session, city, case, Action.SIGN, Role.HANDLER)


def reply(
    session: Session,
    city: City,
    case: Case,
    *,
    at: datetime = MONDAY_9AM,
    outcome: Outcome = Outcome.RESOLVED,
    proof: Proof | None = None,
) -> Case:
    return take(
        session,
        city,
        case,
        Action.REPLY,
        Role.HANDLER,
        at=at,
        text="市政工程局今天上午已修好。",
        facts=Facts(outcome=outcome),
        proof=proof or Proof(lacking=NO_PROOF),
    )


def approve(session: Session, city: City, case: Case, *, at: datetime = MONDAY_9AM) -> Case:
    points = tuple(point.code for point in points_of(session, case))
    return take(session, city, case, Action.APPROVE_REPLY, Role.REVIEWER, at=at, points=points)


def to_be_called(session: Session, city: City, *, at: datetime = MONDAY_9AM) -> Case:
    """Replied, reviewed, and the citizen not asked yet."""
    case = reply(session, city, in_hand(session, city), at=at)
    return approve(session, city, case, at=at)


def ring(
    session: Session,
    city: City,
    case: Case,
    answer: Answer = Answer.NO_ANSWER,
    *,
    at: datetime,
    note: str = "",
) -> Case:
    given = Try(answer, note, case.version)
    return followups.record_try(session, case.id, given, actor=city[Role.REVIEWER], now=at)


def closed_silently(session: Session, city: City, *, at: datetime) -> Case:
    """Closed without a word of the citizen: they declined to answer."""
    case = to_be_called(session, city, at=at)
    facts = Facts(callback_result=CallbackResult.DECLINED)
    return take(session, city, case, Action.CLOSE, Role.REVIEWER, at=at, facts=facts)
