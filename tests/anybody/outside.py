"""The same try of anything where a matter has papers to judge or a spot to mend.

Repairs go through crews, photos and safety measures, applications through papers and the law's
days; what must be true of them stands in `truths_outside.py`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import ClassVar, Final

from sqlalchemy.orm import Session

from app.cases.kinds import Action, NotAdmitted, NotFiled
from app.cases.models import Case
from app.cases.rules import Facts
from app.cases.rules.repairing import PhotoStage, Work
from app.catalogue.rules import CaseKind, Urgency
from app.facilities.models import FacilityType
from app.repairs.rules import FieldAction
from app.repairs.service.field import act
from app.service_items.rules import Delivery, Procedure
from app.service_requests import jobs
from app.service_requests.queries import papers_of
from app.service_requests.rules import Judged, Verdict
from app.service_requests.service import judge, may_judge
from tests.anybody import truths_outside
from tests.anybody.claims import NOWHERE
from tests.anybody.hall import Hall
from tests.repairs.mending import LEAK, Works, a_photo, a_repair
from tests.service_requests.applying import MATERIALS, applied

_AT_THE_SPOT: Final = (
    Action.SIGN,
    Action.SET_OUT,
    Action.ARRIVE,
    Action.SECURE,
    Action.FIX,
    Action.HAND_BACK,
    Action.NOTE,
)
_STAGES: Final = (PhotoStage.BEFORE, PhotoStage.SAFETY, PhotoStage.AFTER)


class Outside(Hall):
    """Repairs and applications, tried by everybody of the hall, two crews and the system."""

    works: ClassVar[Works]
    items: ClassVar[tuple[int, ...]]
    first = (CaseKind.REPAIR, CaseKind.SERVICE_REQUEST)
    kinds = (CaseKind.REPAIR, CaseKind.REPAIR, CaseKind.SERVICE_REQUEST)

    def opened(self, session: Session, kind: CaseKind, *, is_anonymous: bool) -> Case:
        place = len(self.ids)
        if kind is CaseKind.REPAIR:
            dangers = (LEAK,) if place % 2 else ()
            wish = Urgency.CRITICAL if place == 2 else None
            given = {"dangers": dangers, "urgency": wish, "is_anonymous": is_anonymous}
            return a_repair(session, self.works, now=self.now, **given)
        judged = [Judged(one.key, Verdict.OPEN) for one in MATERIALS]
        item = self.items[place % len(self.items)]
        return applied(session, self.works.city, item, judged=judged, at=self.now)

    def look_at(self, case_id: int) -> None:
        super().look_at(case_id)
        with self.trying() as session:
            truths_outside.check(session, session.get_one(Case, case_id))

    def facts(self, session: Session, chance: Random) -> Facts:
        said = super().facts(session, chance)
        broken = session.get_one(FacilityType, self.works.type_id).category_id
        return replace(
            said,
            category_id=chance.choice([broken, broken, said.category_id]),
            crew_id=chance.choice([*self.works.crew_ids, *self.works.crew_ids, NOWHERE]),
            not_filed=chance.choice(list(NotFiled)),
            not_admitted=chance.choice(list(NotAdmitted)),
            procedure=chance.choice(list(Procedure)),
            remedies="收到之日起六十日内可申请行政复议。",
            delivery=chance.choice(list(Delivery)),
            tracking_no=chance.choice(["", "EX0000000001CN"]),
        )

    def work(self, session: Session, chance: Random) -> Work:
        stages = [stage for stage in _STAGES if chance.random() < 0.7]  # one is forgotten easily
        return Work(
            photos=tuple((stage, a_photo(session, at=self.now)) for stage in stages),
            hours=chance.choice([None, Decimal("1.5")]),
            cost=chance.choice([None, 12_000]),
        )

    def machine_also(self, session: Session) -> None:
        jobs.deem(session, {}, now=self.now)
        jobs.file_delivered(session, {}, now=self.now)

    def side_lines(self) -> tuple[Callable[[Random], None], ...]:
        return (
            *super().side_lines(),
            *[self.somebody_judges_the_papers] * 4,
            *[self.a_crew_sends_what_it_did_twice] * 2,
        )

    def somebody_judges_the_papers(self, chance: Random) -> None:
        until = (self.now + timedelta(days=chance.randint(1, 20))).date()
        is_in_order = chance.random() < 0.5  # as on most days
        for case_id in self.ids:
            with self.tried() as session:
                case = session.get_one(Case, case_id)
                able = [who for who in self.people if may_judge(session, case, who)]
                found = [
                    Judged(
                        one.key,
                        Verdict.OK if is_in_order else chance.choice(list(Verdict)),
                        "看不清",
                        until=until,
                    )
                    for one in papers_of(session, case_id)
                ]
                who = chance.choice([*able, self.anybody(chance)])
                judge(session, case, found, actor=who, now=self.now)

    def a_crew_sends_what_it_did_twice(self, chance: Random) -> None:
        """A telephone that lost its answer sends again: the same answer, and nothing twice."""
        crew = chance.choice([*self.works.crews, *self.works.crews, self.anybody(chance)])
        with self.trying() as session:
            case = session.get_one(Case, self.any_id(chance))
            work = self.work(session, chance)
            sent = FieldAction(
                client_id=f"{chance.getrandbits(64):016x}",
                case_id=case.id,
                action=chance.choice(_AT_THE_SPOT),
                version=case.version,
                note="现场情况见照片",
                photos=work.photos,
                hours=work.hours,
                cost=work.cost,
                taken_at=self.now,
            )
            first = act(session, crew, sent, now=self.now)
            before = truths_outside.count(session, case.id)
            assert act(session, crew, sent, now=self.now) == first
            assert truths_outside.count(session, case.id) == before
