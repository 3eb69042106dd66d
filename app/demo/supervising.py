"""What the demo city shows of supervision: orders at every stage, urges answered and not.

Goes through the services a page would call, on the last days before now.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import service as cases
from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.queries.lists import Filter
from app.demo import queries
from app.demo.people import Staffing
from app.kernel.errors import DomainError
from app.sla import service as sla
from app.supervision import queries as levels
from app.supervision.models import SupervisionOrder
from app.supervision.rules.orders import Act
from app.supervision.service import orders, reminding
from app.supervision.service.levels import seed
from app.supervision.service.orders import Wish

_DAY: Final = timedelta(days=1)
_IN_HAND: Final = Filter(states=(Status.HANDLING, Status.WAITING_CITIZEN))
_REASONS: Final = (
    ("超过承诺时限仍未反馈。", "三个工作日内到场核实，反馈处理结果和完成时间。"),
    ("市民多次催办。", "当日与市民联系说明进度，三个工作日内反馈。"),
    ("同一地点反复出现同类问题。", "查明原因，提出长期整改措施并反馈。"),
    ("回访不满意后仍未整改到位。", "重新办理，附整改前后照片。"),
    ("涉及安全隐患。", "先行设置警示和临时防护，再按期修复。"),
)
_ANSWER: Final = "已安排维修人员今天下午到场，完成后会在这里说明结果。"


def found(session: Session, staffing: Staffing, *, now: datetime) -> None:
    """The ladder, five orders at five stages, every second urge answered, what is late reminded."""
    supervisor = staffing.by_role[Role.SUPERVISOR][0]
    seed(session)
    _answer_some(session, staffing, now)
    issued = list(_issue(session, supervisor, now - 5 * _DAY))
    for order, stage in zip(issued, range(len(_REASONS)), strict=False):
        _play(session, staffing, supervisor, order, stage, now)
    while sla.sweep_breaches(session, now=now):
        pass
    while reminding.climb(session, now=now):
        pass
    while reminding.sweep(session, now=now):
        pass


def _issue(session: Session, supervisor: Actor, now: datetime) -> Iterator[SupervisionOrder]:
    able = levels.order_levels(session)
    for at, case in enumerate(_matters(session, now)):
        if at >= len(_REASONS):
            return
        reason, demand = _REASONS[at]
        with suppress(DomainError):  # a matter the supervisor may not see, or had in hand
            wish = Wish(able[0].id, reason, demand)
            yield orders.issue(session, case.id, wish, actor=supervisor, now=now)


def _matters(session: Session, now: datetime) -> Sequence[Case]:
    return queries.cases_of(session, _IN_HAND, opened_before=now - _DAY, most=len(_REASONS))


def _play(
    session: Session,
    staffing: Staffing,
    supervisor: Actor,
    order: SupervisionOrder,
    stage: int,
    now: datetime,
) -> None:
    """The first and the last stay to be signed for; the others are signed, answered, accepted."""
    worker = staffing.handler_of(order.unit_id)
    if worker is None or not stage or stage == len(_REASONS) - 1:
        return
    course = (
        (Act.SIGN, worker, "", 4.5),
        (Act.ANSWER, worker, "已到场处理，预计本周内完成。", 4.0),
        (Act.ACCEPT, supervisor, "同意销号。", 3.5),
    )
    with suppress(DomainError):  # whoever works for the unit may not be cleared for this matter
        for act, actor, words, ago in course[:stage]:
            orders.act(
                session,
                order.id,
                act,
                words,
                seen=order.version,
                actor=actor,
                now=now - ago * _DAY,
            )


def _answer_some(session: Session, staffing: Staffing, now: datetime) -> None:
    """Every second urge has its answer, the others wait."""
    waiting = queries.cases_of(session, Filter(urge_waits=True), opened_before=now, most=40)
    for case in waiting[::2]:
        worker = staffing.handler_of(case.unit_id)
        if worker is None:
            continue
        with suppress(DomainError):  # as above
            cases.answer_urge(
                session, case.id, _ANSWER, seen=case.version, actor=worker, now=now - _DAY
            )
