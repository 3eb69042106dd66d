"""A hall in which anybody tries anything: random people, random steps, legal and illegal.

Each try is one transaction of its own inside one that is never committed, so that every run
begins in the same town. What must be true whatever happened stands in `truths.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import ClassVar, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases import jobs as case_jobs
from app.cases import service
from app.cases.complaint_models import CaseMeasure
from app.cases.kinds import FINAL, Action, InquiryKind, Status
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import CITIZEN, NO_FACTS, Doer, Facts, Step, StepInput, may_take, staff
from app.cases.rules.repairing import NO_WORK, Work
from app.cases.service import closing
from app.cases.workflows import TABLES
from app.catalogue.rules import CaseKind
from app.complaints.service import inquiring
from app.kernel.errors import DomainError
from app.sla import jobs as clock_jobs
from app.supervision.models import SupervisionLevel, SupervisionOrder
from app.supervision.queries import Period
from app.supervision.queries.recount import check
from app.supervision.rules.orders import Act
from app.supervision.service import orders
from app.supervision.service.orders import Wish
from app.tasks import service as tasks
from app.tasks.models import Task
from app.tasks.rules import Deed
from app.tasks.service import Given, NewTask
from tests.anybody import truths
from tests.anybody.claims import NOWHERE, claims, proofs
from tests.support.city import WATER, WORKS, a_case, first_category
from tests.support.clock import MONDAY_9AM

MOST_CASES: Final = 4
MOST_TASKS: Final = 3
_CHANCE = st.integers(0, 2**32 - 1).map(Random)
_PAUSES = (timedelta(minutes=7), timedelta(hours=5), timedelta(days=1), timedelta(days=6))


class Hall(RuleBasedStateMachine):
    """One run: matters come in, time passes, people and the machine act."""

    engine: ClassVar[Engine]
    info: ClassVar[dict[object, object]]
    people: ClassVar[Sequence[Actor]]
    reached: ClassVar[set[Status]]
    first: ClassVar[tuple[CaseKind, ...]] = (CaseKind.HELP, CaseKind.COMPLAINT)
    kinds: ClassVar[tuple[CaseKind, ...]] = (*first, CaseKind.CONSULTATION)

    @initialize()
    def open_the_doors(self) -> None:
        self.now = MONDAY_9AM
        self.ids: list[int] = []
        self.done = Counter[Action]()
        self.connection = self.engine.connect().execution_options(writing=True)
        self.outer = self.connection.begin()
        for kind in self.first:
            self.reported(kind, is_anonymous=False)

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            try:
                self.count_again()
            finally:
                self.outer.rollback()
                self.connection.close()

    def count_again(self) -> None:
        """What the boards count of the whole story follows from the histories alone."""
        period = Period(MONDAY_9AM - timedelta(days=1), self.now + timedelta(days=1))
        with self.trying() as session:
            wrong = check(session, period, now=self.now).wrong
        assert not wrong, wrong

    @rule(chance=_CHANCE)
    def a_day_of_work(self, chance: Random) -> None:
        """What the screen shows to somebody is done, again and again, as on most days."""
        for _ in range(25):
            self.take_open(chance, may_end=chance.random() < 0.2)  # one in five
            if chance.random() < 0.3:  # a day has its side-lines
                chance.choice(self.side_lines())(chance)

    @rule(chance=_CHANCE)
    def somebody_tries_anything(self, chance: Random) -> None:
        for _ in range(8):
            doer = chance.choice(self.doers())
            self.take(chance, self.any_id(chance), doer, chance.choice(list(Action)))

    @rule(chance=_CHANCE)
    def somebody_acts_on_an_old_screen(self, chance: Random) -> None:
        case_id = self.any_id(chance)
        if open_now := list(self.open_steps(case_id)):
            doer, step = chance.choice(open_now)
            assert not self.take(chance, case_id, doer, step.action, seen=-1)

    @rule(chance=_CHANCE)
    def something_else_happens(self, chance: Random) -> None:
        chance.choice(self.side_lines())(chance)

    @invariant()
    def everything_that_must_be_true_is(self) -> None:
        for case_id in getattr(self, "ids", []):
            self.look_at(case_id)

    def look_at(self, case_id: int) -> None:
        with self.looking() as session:
            case = session.get_one(Case, case_id)
            truths.check(session, case, now=self.now)
            self.reached.add(case.status)
            has_ended = case.status in FINAL
        assert has_ended or any(self.open_steps(case_id)), "nobody can go on"

    @contextmanager
    def trying(self) -> Iterator[Session]:
        """One transaction inside the run's own."""
        session = Session(
            self.connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            info=self.info,
        )
        with session, session.begin():
            yield session

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """The run's own transaction, for reading: what changes nothing needs none inside it."""
        with Session(
            self.connection,
            join_transaction_mode="rollback_only",
            autoflush=False,
            info=self.info,
        ) as session:
            yield session

    @contextmanager
    def tried(self) -> Iterator[Session]:
        """A try that may be refused with a sentence, and never otherwise."""
        with suppress(DomainError), self.trying() as session:
            yield session

    def doers(self) -> list[Doer]:
        return [*map(staff, self.people), CITIZEN]

    def any_id(self, chance: Random) -> int:
        return chance.choice(self.ids)

    def open_steps(self, case_id: int) -> Iterator[tuple[Doer, Step]]:
        """Whom the screens show which step now."""
        with self.looking() as session:
            case = session.get_one(Case, case_id)
            kind, status, situation = case.kind, case.status, situation_of(session, case)
        yield from (
            (doer, step)
            for step in TABLES[kind]
            if step.source is status
            for doer in self.doers()
            if may_take(step, situation, doer, self.now)
        )

    def take_open(self, chance: Random, *, may_end: bool) -> None:
        case_id = self.any_id(chance)
        wanted = [e for e in self.open_steps(case_id) if may_end or e[1].target not in FINAL]
        actions = sorted({step.action for _doer, step in wanted})
        if actions:  # the action first, or the one everybody may take is taken always
            rare = [1 / (1 + self.done[action]) for action in actions]
            (action,) = chance.choices(actions, rare)
            doer = chance.choice([doer for doer, step in wanted if step.action is action])
            self.take(chance, case_id, doer, action)

    def take(
        self, chance: Random, case_id: int, doer: Doer, action: Action, *, seen: int = 0
    ) -> bool:
        """Try a step; whether it was taken. A refused one leaves no trace."""
        shown = next(
            (s for d, s in self.open_steps(case_id) if (d, s.action) == (doer, action)), None
        )
        with self.trying() as session:
            case = session.get_one(Case, case_id)
            before = truths.trace(session, case_id)
            given = self.form(session, chance, case, action, shown)
        try:
            with self.trying() as session:
                stale = replace(given, seen_version=given.seen_version + seen)
                self.really_take(session, case_id, stale, doer)
        except DomainError:
            with self.looking() as session:
                assert truths.trace(session, case_id) == before
            return False
        self.done[action] += 1
        assert shown is not None, f"{action} was taken and not shown to {doer}"
        self.look_at(case_id)
        return True

    def form(
        self, session: Session, chance: Random, case: Case, action: Action, shown: Step | None
    ) -> StepInput:
        """What comes with a step: of a form that is shown its own fields, or anything."""
        has_words = chance.random() < 0.9  # the others forget them
        facts = self.facts(session, chance)
        if shown is not None:
            own = {field: getattr(facts, field) for field in (*shown.requires, *shown.offers)}
            facts = replace(NO_FACTS, **own)
        return StepInput(
            action,
            case.version,
            note="情况属实" if has_words else "",
            text="已派人查看并答复" if has_words else "",
            facts=facts,
            proof=proofs(chance),
            work=self.work(session, chance),
            points=tuple(point.code for point in closing.points_of(session, case)),
        )

    def facts(self, session: Session, chance: Random) -> Facts:
        """What somebody writes into any field."""
        return claims(
            chance,
            category_id=first_category(session),
            people=len(self.people),
            master=session.get_one(Case, self.any_id(chance)).number,
            today=self.now.date(),
        )

    def work(self, _session: Session, _chance: Random) -> Work:
        """What somebody hands in from the spot."""
        return NO_WORK

    def really_take(self, session: Session, case_id: int, given: StepInput, doer: Doer) -> None:
        if doer.actor is None:
            case = session.get_one(Case, case_id)
            service.take_step(session, case, given, doer=doer, now=self.now)
        else:
            service.take_step_as_staff(session, case_id, given, actor=doer.actor, now=self.now)

    def side_lines(self) -> tuple[Callable[[Random], None], ...]:
        return (
            self.somebody_reports,
            self.time_passes_and_the_machine_does_its_part,
            self.somebody_asks_for_help,
            self.somebody_works_on_a_task,
            self.somebody_investigates,
            self.somebody_lays_down_a_measure,
            self.somebody_proves_a_measure,
            self.somebody_supervises,
            self.somebody_works_on_an_order,
        )

    def somebody_reports(self, chance: Random) -> None:
        if len(self.ids) < MOST_CASES:
            self.reported(chance.choice(self.kinds), is_anonymous=chance.random() < 0.5)

    def reported(self, kind: CaseKind, *, is_anonymous: bool) -> None:
        with self.trying() as session:
            self.ids.append(self.opened(session, kind, is_anonymous=is_anonymous).id)

    def opened(self, session: Session, kind: CaseKind, *, is_anonymous: bool) -> Case:
        """A matter through the door of its kind."""
        return a_case(session, now=self.now, kind=kind, is_anonymous=is_anonymous)

    def time_passes_and_the_machine_does_its_part(self, chance: Random) -> None:
        self.now += chance.choice(_PAUSES)
        with self.trying() as session:
            clock_jobs.sweep(session, {}, now=self.now)
            case_jobs.resume_suspended(session, {}, now=self.now)
            case_jobs.end_followers(session, {}, now=self.now)
            self.machine_also(session)

    def machine_also(self, session: Session) -> None:
        """What jobs of the kinds at hand do at their time."""

    def somebody_asks_for_help(self, chance: Random) -> None:
        with self.tried() as session:
            if len(session.scalars(select(Task.id)).all()) < MOST_TASKS:
                case = session.get_one(Case, self.any_id(chance))
                until = (self.now + timedelta(days=3)).date()
                unit_id = chance.choice([WORKS, WATER, WATER, NOWHERE])
                new = NewTask(unit_id, "请协助查看", until, case.version)
                tasks.ask(session, case.id, new, actor=self.anybody(chance), now=self.now)

    def somebody_works_on_a_task(self, chance: Random) -> None:
        with self.tried() as session:
            if known := session.scalars(select(Task).order_by(Task.id)).all():
                task = chance.choice(known)
                until = (self.now + timedelta(days=2)).date()
                given = Given(chance.choice(list(Deed)), task.version, "已查看", until)
                who = self.anybody(chance)
                tasks.take(session, task.case_id, task.id, given, actor=who, now=self.now)

    def somebody_investigates(self, chance: Random) -> None:
        with self.tried() as session:
            case = session.get_one(Case, self.any_id(chance))
            kind = chance.choice(list(InquiryKind))
            line = inquiring.Line(kind, self.now.date(), "经询问属实", "当事人")
            inquiring.inquire(session, case, line, actor=self.anybody(chance), now=self.now)

    def somebody_lays_down_a_measure(self, chance: Random) -> None:
        with self.tried() as session:
            case = session.get_one(Case, self.any_id(chance))
            measure = inquiring.Measure("加强培训", (self.now + timedelta(days=5)).date())
            inquiring.lay_down(session, case, measure, actor=self.anybody(chance), now=self.now)

    def somebody_proves_a_measure(self, chance: Random) -> None:
        with self.tried() as session:
            if known := session.scalars(select(CaseMeasure).order_by(CaseMeasure.id)).all():
                measure = chance.choice(known)
                case = session.get_one(Case, measure.case_id)
                who = self.anybody(chance)
                inquiring.prove(session, case, measure.id, "签到表", actor=who, now=self.now)

    def somebody_supervises(self, chance: Random) -> None:
        with self.tried() as session:
            able = SupervisionLevel.order_workdays.is_not(None)
            level = chance.choice(session.scalars(select(SupervisionLevel.id).where(able)).all())
            wish = Wish(level, "逾期未复", "三日内反馈。")
            may = [one for one in self.people if one.may(Permission.CASE_SUPERVISE)]
            who = chance.choice([*may, self.anybody(chance)])
            orders.issue(session, self.any_id(chance), wish, actor=who, now=self.now)

    def somebody_works_on_an_order(self, chance: Random) -> None:
        wanted = select(SupervisionOrder).order_by(SupervisionOrder.id)
        for deed in chance.sample(list(Act), len(Act)):
            with self.tried() as session:
                if known := session.scalars(wanted).all():
                    order, who = chance.choice(known), self.anybody(chance)
                    seen = order.version
                    orders.act(
                        session, order.id, deed, "已到场", seen=seen, actor=who, now=self.now
                    )

    def anybody(self, chance: Random) -> Actor:
        return chance.choice(self.people)
