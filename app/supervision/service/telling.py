"""Who is told what about a supervision order, in the inboxes of staff; no citizen hears of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.cases.models import Case
from app.kernel.messages import mark
from app.notifications.service import staff as inbox
from app.supervision.models import SupervisionOrder
from app.supervision.rules.orders import Act

ISSUED: Final = mark("A supervision order was issued on matter %(number)s. Please sign for it.")
_RAISED: Final = mark("The supervision order on matter %(number)s was raised to a higher level.")
_BACK: Final = mark("The answer to the supervision order on matter %(number)s was sent back.")
_ACCEPTED: Final = mark("The answer to the supervision order on matter %(number)s was accepted.")
_WITHDRAWN: Final = mark("The supervision order on matter %(number)s was withdrawn.")
_ANSWERED: Final = mark("The supervision order on matter %(number)s was answered. Please judge it.")
ENDED: Final = mark("Matter %(number)s has ended, and with it your supervision order.")
LATE: Final = mark("The supervision order on matter %(number)s is overdue.")
NEAR: Final = mark("The supervision order on matter %(number)s is due soon.")
_TO_UNIT: Final[Mapping[Act, str]] = {
    Act.RAISE: _RAISED,
    Act.SEND_BACK: _BACK,
    Act.ACCEPT: _ACCEPTED,
    Act.WITHDRAW: _WITHDRAWN,
}


def after(
    session: Session, order: SupervisionOrder, case: Case, deed: Act, *, now: datetime
) -> None:
    """Tell the other side what was done."""
    if deed is Act.ANSWER:
        supervisor_of(session, order, case, _ANSWERED, now=now)
    elif deed in _TO_UNIT:
        unit_of(session, order, case, _TO_UNIT[deed], now=now)


def unit_of(
    session: Session, order: SupervisionOrder, case: Case, msgid: str, *, now: datetime
) -> None:
    """Tell whoever handles the matter, and the head of the unit."""
    params, link = {"number": case.number}, link_of(order)
    if case.handler_id is not None:
        inbox.tell(session, [case.handler_id], msgid, params=params, link=link, now=now)
    else:
        needs = Permission.CASE_HANDLE
        inbox.tell_unit(session, order.unit_id, needs, msgid, params=params, link=link, now=now)
    lead = Permission.UNIT_LEAD
    inbox.tell_unit(session, order.unit_id, lead, msgid, params=params, link=link, now=now)


def supervisor_of(
    session: Session, order: SupervisionOrder, case: Case, msgid: str, *, now: datetime
) -> None:
    """Tell whoever issued the order."""
    params = {"number": case.number}
    inbox.tell(session, [order.issued_by], msgid, params=params, link=link_of(order), now=now)


def link_of(order: SupervisionOrder) -> str:
    """The page of the order."""
    return f"/supervision/{order.id}"
