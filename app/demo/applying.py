"""Applications of the demo city: one in every state, each with the papers and dates it would have.

All through real services; the applicants are invented and their numbers belong to nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.accounts.rules import Actor, Role
from app.cases.kinds import Action, Channel, NotAdmitted
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import Facts, staff
from app.citizens.service import Person
from app.demo.hours import DAY
from app.demo.notified import CASE, count_as_told
from app.demo.town import Town
from app.service_items import queries as items
from app.service_items.rules import Delivery, Procedure
from app.service_requests import jobs, service
from app.service_requests.queries import paper_rows
from app.service_requests.rules import Judged, Verdict
from app.service_requests.rules.deeds import Deed, Said
from app.service_requests.service import NewApplication
from app.sla import queries as clocks
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject

_HOUR: Final = timedelta(hours=1)
_AT_COUNTER: Final = timedelta(minutes=4)
_SECOND: Final = timedelta(seconds=1)
_SOON: Final = timedelta(seconds=40)  # the worker looks once a minute
_LAW: Final = "《行政许可法》第四十二条"
_REMEDIES: Final = "六十日内可向市人民政府申请行政复议，或者六个月内向人民法院提起行政诉讼。"


@dataclass(frozen=True, slots=True)
class _Story:
    """One application: for which item, how many days ago, and what became of it, step by step."""

    code: str
    days: int
    steps: tuple[str, ...] = ()
    on_promise: bool = False


_REVIEW: Final = ("ok", "admit", "review")
_QUICK: Final = frozenset({"ok", "admit", "at_once", "window", "defects", "not_admit"})
_STORIES: Final = (
    _Story("990100-SCJ-002", 0),
    _Story("990100-RSJ-003", 0, ("ok",)),
    _Story("990100-MZJ-001", 0, ("ok", "at_once", "window")),
    _Story("990100-RSJ-001", 1, ("ok", "at_once", "window")),
    _Story("990100-SCJ-004", 4, ("defects",)),
    _Story("990100-MZJ-002", 3, ("defects", "tell")),
    _Story("990100-YBJ-002", 3, ("defects", "tell", "hand_in")),
    _Story("990100-MZJ-003", 1, ("ok", "admit")),
    _Story("990100-MZJ-004", 20, ("deem",)),
    _Story("990100-SCJ-001", 2, ("follow", "admit")),
    _Story("990100-WJW-001", 34, ("follow", "admit", "break")),
    _Story("990100-GAJ-002", 6, _REVIEW),
    _Story("990100-JYJ-002", 40, (*_REVIEW, "late", "explain")),
    _Story("990100-HBJ-001", 5, (*_REVIEW, "ask_procedure")),
    _Story("990100-ZJJ-001", 9, (*_REVIEW, "ask_procedure", "procedure")),
    _Story("990100-JTJ-001", 9, (*_REVIEW, "ask_extension", "extension")),
    _Story("990100-ZJJ-003", 12, (*_REVIEW, "grant")),
    _Story("990100-WJW-001", 70, (*_REVIEW, "late", "explain", "grant", "issue", "window")),
    _Story("990100-JTJ-002", 60, (*_REVIEW, "late", "refuse", "window")),
    _Story("990100-CGJ-001", 15, (*_REVIEW, "hearing")),
    _Story("990100-JTJ-002", 10, (*_REVIEW, "refuse")),
    _Story("990100-GAJ-003", 8, (*_REVIEW, "grant", "issue")),
    _Story("990100-WJW-002", 9, (*_REVIEW, "grant", "issue", "post")),
    _Story("990100-CGJ-001", 15, (*_REVIEW, "grant", "issue", "window")),
    _Story("990100-RSJ-004", 2, ("ok", "at_once", "window"), on_promise=True),
    _Story("990100-ZJJ-002", 2, ("not_admit",)),
    _Story("990100-WLJ-001", 3, ("ok", "admit", "withdraw")),
)


def found(town: Town, *, now: datetime) -> None:
    """Every story, up to where it has come; the town's clock is set back to `now`.

    Each begins and goes on while somebody sits at a desk.
    """
    dice = Random("applications")  # noqa: S311  # a story
    for number, story in enumerate(_STORIES):
        town.now = town.hours.workday_before(now, story.days, dice)
        life = _Life(town, _apply(town, story, number), number)
        for step in story.steps:
            lasts = _AT_COUNTER if step in _QUICK else 3 * _HOUR
            town.now = min(town.hours.office(town.now + lasts, dice), now)
            life.take(step)
        _note_late(town, life.case, now)
    count_as_told(town.session, CASE, now=now)
    town.now = now


def _note_late(town: Town, case: Case, now: datetime) -> None:
    """Every limit it has passed by now was noticed within the minute."""
    open_clocks = clocks.open_clocks(town.session, Subject.case(case.id)).values()
    for due_at in sorted(one.due_at for one in open_clocks if one.due_at is not None):
        if due_at < now:
            sla.sweep_breaches(town.session, now=due_at + _SOON)


def _apply(town: Town, story: _Story, number: int) -> Case:
    version = items.version_on(town.session, story.code, town.hours.local(town.now).date())
    town.steps += 1
    return service.open_application(
        town.session,
        NewApplication(
            version_id=version.id,
            channel=Channel.WINDOW,
            person=Person(name="演示申请人", phone=f"17900007{number:03d}"),
            wanted_delivery=version.content.deliveries[0],
            on_promise=story.on_promise,
            has_clean_credit=True if story.on_promise else None,
        ),
        doer=staff(town.staffing.by_role[Role.CLERK][0]),
        now=town.now,
    )


@dataclass(frozen=True, slots=True)
class _Life:
    """An application under way."""

    town: Town
    case: Case
    number: int

    def take(self, name: str) -> None:
        """What a story calls so."""
        _STEPS[name](self)

    @property
    def clerk(self) -> Actor:
        return self.town.staffing.by_role[Role.CLERK][0]

    @property
    def handler(self) -> Actor:
        found = self.town.staffing.handler_of(self.case.unit_id)
        return found or self.town.staffing.by_role[Role.HANDLER][0]

    @property
    def head(self) -> Actor:
        path = self.town.staffing.paths[self.case.unit_id]
        heads = [
            one
            for one in self.town.staffing.by_role[Role.UNIT_HEAD]
            if path.startswith(one.appointments[0].unit_path)
        ]
        return (*heads, *self.town.staffing.by_role[Role.SUPERVISOR])[0]

    @property
    def decider(self) -> Actor:
        """Who decides what was asked for: by its level the head, or the supervisor."""
        pending = situation_of(self.town.session, self.case).pending_level
        is_above = str(pending) == "centre"
        return self.town.staffing.by_role[Role.SUPERVISOR][0] if is_above else self.head

    def judge(self, verdicts: Mapping[int, Judged] | None = None) -> None:
        """All papers in order but those given by their place."""
        rows = paper_rows(self.town.session, self.case.id)
        given = verdicts or {}
        judged = [given.get(at, Judged(row.key, Verdict.OK)) for at, row in enumerate(rows)]
        self.town.steps += 1
        service.judge(self.town.session, self.case, judged, actor=self.clerk, now=self.town.now)

    def write_down(self, deed: Deed, words: str) -> None:
        """Something beside the steps."""
        said, town = Said(words), self.town
        service.do(town.session, self.case, deed, said, actor=self.handler, now=town.now)

    def step(
        self,
        action: Action,
        actor: Actor | None,
        *,
        note: str = "",
        text: str = "",
        facts: Facts | None = None,
    ) -> None:
        """A step of the workflow."""
        self.town.step(self.case, action, actor, note=note, text=text, facts=facts or Facts())


def _defects(life: _Life) -> None:
    first, second = paper_rows(life.town.session, life.case.id)[:2]
    wrong = {
        0: Judged(first.key, Verdict.DEFECT, "第2页未签名"),
        1: Judged(second.key, Verdict.LACKING),
    }
    life.judge(wrong)


def _tell(life: _Life) -> None:
    text = service.defects_of(life.town.session, life.case.id)
    life.step(Action.NOTIFY_DEFECTS, life.clerk, text=text)


def _follow(life: _Life) -> None:
    rows = paper_rows(life.town.session, life.case.id)
    at = next(place for place, row in enumerate(rows) if row.may_defer)
    until = (life.town.now + 8 * DAY).date()
    life.judge({at: Judged(rows[at].key, Verdict.PROMISED, until=until)})


def _deem(life: _Life) -> None:
    notice = situation_of(life.town.session, life.case).application.notice
    if notice is not None:
        life.town.now = notice.due_at + _SECOND
        jobs.deem(life.town.session, {}, now=life.town.now)


def _break(life: _Life) -> None:
    papers = situation_of(life.town.session, life.case).application.papers
    if papers is not None:
        life.town.now = papers.due_at + _SECOND
        jobs.deem(life.town.session, {}, now=life.town.now)


def _wait(life: _Life) -> None:
    """Until two days after what was promised; nobody decides."""
    running = clocks.find_open(life.town.session, Subject.case(life.case.id), ClockKind.RESOLVE)
    if running is not None and running.due_at is not None:
        sla.sweep_breaches(life.town.session, now=running.due_at + _SOON)
        life.town.now = life.town.hours.office(running.due_at + 2 * DAY, Random(life.number))  # noqa: S311  # a story


def _ask_procedure(life: _Life) -> None:
    allowed = situation_of(life.town.session, life.case).application.procedures
    facts = Facts(procedure=Procedure(allowed[-1]), evidence="《行政许可法》第四十五条")
    life.step(Action.REQUEST_PROCEDURE, life.handler, note="须由专家作出评审意见", facts=facts)


def _procedure(life: _Life) -> None:
    facts = Facts(document_no=f"示特程〔2026〕{life.number}号")
    text = "依法进行专家评审，所需时间不计入办理时限。"
    life.step(Action.APPROVE_PROCEDURE, life.decider, text=text, facts=facts)


def _ask_extension(life: _Life) -> None:
    facts = Facts(amount=5, evidence=_LAW)
    life.step(Action.REQUEST_EXTENSION, life.handler, note="须向原发证机关核实", facts=facts)


def _extension(life: _Life) -> None:
    facts = Facts(document_no=f"示延〔2026〕{life.number}号")
    text = "须向原发证机关核实有关情况，延长五个工作日。"
    life.step(Action.APPROVE_EXTENSION, life.decider, text=text, facts=facts)


def _refuse(life: _Life) -> None:
    facts = Facts(outcome_basis="该事项设定依据规定的准予条件", remedies=_REMEDIES)
    text = "经审查，提交的鉴定结论未达到规定等级，不符合准予条件。"
    life.step(Action.REFUSE, life.head, text=text, facts=facts)


def _not_admit(life: _Life) -> None:
    facts = Facts(
        not_admitted=NotAdmitted.WRONG_AUTHORITY,
        refer_to="户籍所在区住房保障中心",
        remedies=_REMEDIES,
    )
    life.step(Action.NOT_ADMIT, life.clerk, text="申请人户籍在外区，由外区受理。", facts=facts)


def _hand_out(way: Delivery, tracking_no: str = "") -> Callable[[_Life], None]:
    def take(life: _Life) -> None:
        facts = Facts(delivery=way, tracking_no=tracking_no)
        life.step(Action.DELIVER, life.clerk, facts=facts)

    return take


_STEPS: Final[Mapping[str, Callable[[_Life], None]]] = {
    "ok": lambda life: life.judge(),
    "defects": _defects,
    "tell": _tell,
    "hand_in": lambda life: life.step(Action.HAND_IN, None, text="已在申请页补签，材料补齐。"),
    "follow": _follow,
    "admit": lambda life: life.step(Action.ADMIT, life.clerk),
    "deem": _deem,
    "break": _break,
    "at_once": lambda life: life.step(Action.DECIDE_AT_ONCE, life.clerk),
    "review": lambda life: life.step(Action.START_REVIEW, life.handler),
    "ask_procedure": _ask_procedure,
    "procedure": _procedure,
    "ask_extension": _ask_extension,
    "extension": _extension,
    "grant": lambda life: life.step(Action.GRANT, life.head, text="经审查，符合条件，准予。"),
    "refuse": _refuse,
    "late": _wait,
    "explain": lambda life: life.write_down(Deed.EXPLAIN_LATE, "须向外地机关调阅档案。"),
    "hearing": lambda life: life.write_down(
        Deed.TELL_HEARING, "占道期间涉及沿街商户，您可以在五个工作日内申请听证。"
    ),
    "issue": lambda life: life.step(Action.ISSUE, life.handler),
    "window": _hand_out(Delivery.WINDOW),
    "post": _hand_out(Delivery.POST, "EX990000123CN"),
    "not_admit": _not_admit,
    "withdraw": lambda life: life.step(Action.WITHDRAW, None, note="改期再办"),
}
