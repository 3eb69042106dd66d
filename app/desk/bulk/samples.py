"""Macros and a kept list of the demo city's street-lights unit, shared by its head.

For the demo command alone; people come from its accounts.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Role
from app.accounts.service.actors import find_actor
from app.calendars import queries as calendars
from app.cases.kinds import Action
from app.desk import service
from app.desk.bulk.macros import MacroDraft, add_macro

_HEAD: Final = "light-head"
_MACROS: Final = (
    MacroDraft(
        "已修复并回复",
        Action.REPLY,
        "您反映的“{title}”（{number}）已处理完毕，感谢您的反映。",
        facts={"outcome": "resolved"},
        is_shared=True,
    ),
    MacroDraft(
        "请补充具体位置",
        Action.ASK_CITIZEN,
        "为尽快处理{number}，请补充具体位置，例如门牌号或附近的标志物。",
        is_shared=True,
    ),
)


def share(session: Session, *, now: datetime) -> None:
    """Keep the macros and the list, as the head of the unit would."""
    staff = accounts.find_by_username(session, _HEAD)
    today = calendars.load(session).statutory.local_date(now)
    head = find_actor(session, staff.id, today=today) if staff else None
    if head is None or Role.UNIT_HEAD not in head.roles:
        return
    for draft in _MACROS:
        add_macro(session, head, draft, now=now)
    service.save_filter(session, head, "本单位超期", "lamp=bad", is_shared=True)
