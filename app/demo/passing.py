"""What the demo city shows of passing work on: tasks, a hand-over, a unit to be closed, an alert.

Goes through the services a page would call, on matters the street lights have in hand.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel
from app.cases.models import Case
from app.cases.rules import CITIZEN, Facts
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.demo import queries
from app.demo.town import Town
from app.departments import queries as departments
from app.departments import service as units
from app.dispatching.service import alerts
from app.dispatching.service.sharing import WorkDraft, change_work
from app.kernel.authors import MACHINE
from app.tasks import service as tasks
from app.tasks.models import Task
from app.tasks.rules import Deed
from app.tasks.service import Given, NewTask

_LEAD: Final = "LIGHT"
_ENDING: Final = "TXB"
_CAP: Final = 15
_DISTRICT: Final = "990101"
_HOUR: Final = timedelta(hours=1)
_ASKED: Final = (
    ("ROAD", "该处路面正在开挖，请说明何时恢复，以便恢复路灯电缆。", 1),
    ("POWER", "请核实该路段配电箱是否欠压，并附检测记录。", 4),
    ("CLEAN", "灯杆旁堆放杂物影响作业，请清运并告知完成时间。", 5),
)
_ANSWER: Final = "已于昨日清运完毕，现场可以作业。"
_WHY: Final = "下周外出培训，请接手，灯杆位置见附图。"
_NEW: Final = ("小区宽带安装受阻", "物业不让宽带公司进小区施工，住户只能用一家，请协调。")


def found(town: Town, *, now: datetime) -> None:
    """Tasks at three points, a hand-over that waits, a unit announced to close and its alert."""
    lead = town.staffing.units[_LEAD]
    handler = town.staffing.handler_of(lead)
    if handler is None:
        return
    held = queries.in_hand(town.session, lead, handler.id)
    _ask(town, held[: len(_ASKED)], handler, now)
    _hand_over(town, held[-1:], handler, now)
    draft = WorkDraft(_CAP, is_automatic=False)
    change_work(town.session, lead, draft, version=0, by=MACHINE, now=now)
    _announce(town, now)


def _ask(town: Town, held: Sequence[Case], handler: Actor, now: datetime) -> None:
    for case, (code, words, days) in zip(held, _ASKED, strict=False):
        asked_at = now - 2 * timedelta(days=1)
        town.now = asked_at
        until = town.hours.local(asked_at).date() + timedelta(days=days)
        new = NewTask(town.staffing.units[code], words, until, case.version)
        task = tasks.ask(town.session, case.id, new, actor=handler, now=asked_at)
        _answer(town, task, code, now)


def _answer(town: Town, task: Task, code: str, now: datetime) -> None:
    helper = town.staffing.handler_of(task.unit_id)
    if helper is None or code == _ASKED[0][0]:
        return  # nobody has signed for the first one: it is overdue
    signed = Given(Deed.SIGN, task.version)
    tasks.take(town.session, task.case_id, task.id, signed, actor=helper, now=now - 20 * _HOUR)
    if code == _ASKED[-1][0]:
        reply = Given(Deed.REPLY, task.version, _ANSWER)
        tasks.take(town.session, task.case_id, task.id, reply, actor=helper, now=now - 3 * _HOUR)


def _hand_over(town: Town, held: Sequence[Case], handler: Actor, now: datetime) -> None:
    town.now = now - 2 * _HOUR
    colleagues = [
        one
        for one in town.staffing.by_role[Role.HANDLER]
        if one.unit_id == handler.unit_id and one.id != handler.id
    ]
    for case, colleague in zip(held, colleagues, strict=False):
        facts = Facts(handler_id=colleague.id)
        town.step(case, Action.HAND_OVER, handler, note=_WHY, facts=facts)


def _announce(town: Town, now: datetime) -> None:
    unit = departments.get_unit(town.session, town.staffing.units[_ENDING])
    units.announce_closing(town.session, unit.id, unit.version, by=MACHINE, now=now - 5 * _HOUR)
    alerts.watch(town.session, now=now - 5 * _HOUR)
    lines = catalogue.snapshot(town.session).rules
    served = next((line.category_id for line in lines if line.unit_id == unit.id), None)
    if served is None:
        return
    title, body = _NEW
    town.now = now - 4 * _HOUR
    new = NewCase(
        body=body,
        title=title,
        channel=Channel.PORTAL,
        category_id=served,
        region_code=_DISTRICT,
        is_anonymous=True,
    )
    case = town.open(new, CITIZEN)
    town.now = now - 3 * _HOUR
    clerk = town.staffing.by_role[Role.CLERK][0]
    town.step(case, Action.ACCEPT, clerk, facts=Facts(category_id=served))
