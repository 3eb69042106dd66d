"""Makes items and applications for tests, and takes the latter through their steps."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.calendars.rules import LimitUnit
from app.cases import service as cases
from app.cases.kinds import Action, Channel
from app.cases.models import Case
from app.cases.rules import SYSTEM, Facts, StepInput, staff
from app.catalogue.rules import Named
from app.catalogue.service.revising import Edit
from app.citizens.service import Person
from app.service_items.queries import get_version
from app.service_items.rules import (
    Content,
    Delivery,
    Handling,
    ItemKind,
    ItemVersion,
    Material,
    Procedure,
    Span,
)
from app.service_items.service import editing, publishing
from app.service_requests.rules import Judged, Verdict
from app.service_requests.service import NewApplication, open_application
from app.sla.models import Clock
from app.sla.rules import ClockKind
from tests.support.city import City
from tests.support.clock import MONDAY_9AM

WHO: Final = Person(name="夔示例", phone="17900005501")
FIRST_DAY: Final = date(2025, 1, 1)
FORM, LICENCE, PLAN = "form", "licence", "plan"
MATERIALS: Final = (
    Material(FORM, Named("申请表")),
    Material(LICENCE, Named("营业执照复印件"), copies=2),
    Material(PLAN, Named("经营场所平面图"), may_defer=True),
)
PERMIT: Final = Content(
    name=Named("食品经营许可（新办）"),
    kind=ItemKind.PERMIT,
    authority=Named("示例市市场监督管理局"),
    legal_basis="《食品安全法》第三十五条",
    accepting_conditions="有与经营品种相适应的场所",
    handling=Handling.PROMISED,
    promised=Span(LimitUnit.WORK_DAY, 10),
    legal=Span(LimitUnit.WORK_DAY, 20),
    unit_code="WORKS",
    result=Named("食品经营许可证"),
    procedures=(Procedure.EXPERT_REVIEW, Procedure.INSPECTION),
    deliveries=(Delivery.WINDOW, Delivery.POST),
    may_defer=True,
    materials=MATERIALS,
)
INSTANT: Final = replace(
    PERMIT,
    name=Named("个体工商户年报补报"),
    kind=ItemKind.PUBLIC_SERVICE,
    handling=Handling.INSTANT,
    promised=Span(LimitUnit.WORK_DAY, 0),
    legal=None,
    result=Named(""),
    procedures=(),
)


def a_version(content: Content) -> ItemVersion:
    """A version in force, not in any database."""
    return ItemVersion(
        id=1,
        item_id=1,
        code="990100A001",
        basic_code="990100A001",
        number=1,
        is_sample=True,
        is_active=True,
        valid_from=FIRST_DAY,
        valid_to=None,
        unit_id=None,
        content=content,
    )


def an_item(
    session: Session, city: City, content: Content = PERMIT, *, code: str = "990100A001"
) -> int:
    """An item in force since long; gives the key of its version."""
    edit = Edit(MONDAY_9AM, city[Role.ADMIN])
    version = editing.add_item(session, content, code=code, basic_code=code, edit=edit)
    lock = get_version(session, version).lock
    publishing.publish(
        session, version, valid_from=FIRST_DAY, today=FIRST_DAY, lock=lock, edit=edit
    )
    return version


def all_in_order(materials: Sequence[Material] = MATERIALS) -> list[Judged]:
    """Every paper is there."""
    return [Judged(one.key, Verdict.OK) for one in materials]


def applied(
    session: Session,
    city: City,
    version: int,
    *,
    judged: Sequence[Judged] | None = None,
    at: datetime = MONDAY_9AM,
    on_promise: bool = False,
    has_clean_credit: bool | None = True,
) -> Case:
    """Received at the window."""
    new = NewApplication(
        version_id=version,
        channel=Channel.WINDOW,
        person=WHO,
        judged=all_in_order() if judged is None else judged,
        on_promise=on_promise,
        has_clean_credit=has_clean_credit,
    )
    return open_application(session, new, doer=staff(city[Role.CLERK]), now=at)


def step(
    session: Session,
    case: Case,
    action: Action,
    actor: Actor | None,
    *,
    at: datetime = MONDAY_9AM,
    note: str = "",
    text: str = "",
    facts: Facts | None = None,
) -> Case:
    """One step; without an actor the system takes it."""
    given = StepInput(action, case.version, note=note, text=text, facts=facts or Facts())
    doer = SYSTEM if actor is None else staff(actor)
    return cases.take_step(session, case, given, doer=doer, now=at).case


def reviewed(session: Session, city: City, case: Case, *, at: datetime = MONDAY_9AM) -> Case:
    """Accepted and under review at the deciding unit."""
    step(session, case, Action.ADMIT, city[Role.CLERK], at=at)
    return step(session, case, Action.START_REVIEW, city[Role.HANDLER], at=at)


def clock(session: Session, case: Case, kind: ClockKind) -> Clock:
    """The latest clock of the kind."""
    found = select(Clock).where(Clock.subject_id == case.id, Clock.kind == kind)
    return session.scalars(found.order_by(Clock.id.desc())).first() or Clock()
