"""The demo city while its year is played: its people, its clock, and the one way to act in it.

Everything that happens goes through the services a page would call; steps are counted.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases import service as cases
from app.cases.kinds import Action, NotPossible, Outcome
from app.cases.models import Case
from app.cases.rules import CITIZEN, Doer, Facts, StepInput
from app.cases.rules.repairing import NO_WORK, Work
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.citizens import service as citizens
from app.citizens.service import Person
from app.demo.hours import Hours
from app.demo.people import Staffing
from app.demo.texts import Texts
from app.followups import service as followups
from app.followups.rules import Answer
from app.followups.service import Try
from app.kernel.files import FileStore
from app.ratings import service as ratings
from app.ratings.rules import Level
from app.repairs import service as repairs
from app.web.uploads import StoredUpload

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
NOTHING: Final = Facts()
_FALLBACK: Final = "HOTLINE"


@dataclass(slots=True)
class Town:
    """`now` is the stepped clock; whoever plays sets it before each act."""

    session: Session
    staffing: Staffing
    texts: Texts
    hours: Hours
    now: datetime = LONG_AGO
    store: FileStore | None = None  # without one nobody sends photos
    steps: int = 0
    ratings: int = 0
    pictures: dict[str, StoredUpload] = field(default_factory=dict)  # of repairs, stored once
    leading: dict[str, Case] = field(default_factory=dict)  # the latest by category, for merging
    _duties: dict[tuple[int, str], int] = field(default_factory=dict)

    def unit_for(self, category_id: int, region_code: str) -> int:
        """Where the directory sends such a matter from such a place."""
        asked = (category_id, region_code)
        if asked not in self._duties:
            proposed = catalogue.propose_unit(self.session, category_id, region_code).unit_id
            self._duties[asked] = proposed or self.staffing.units[_FALLBACK]
        return self._duties[asked]

    def open(self, new: NewCase, doer: Doer) -> Case:
        """Somebody brings a matter."""
        self.steps += 1
        return cases.open_case(self.session, new, doer=doer, now=self.now)

    def step(
        self,
        case: Case,
        action: Action,
        actor: Actor | None,
        *,
        note: str = "",
        text: str = "",
        facts: Facts = NOTHING,
        work: Work = NO_WORK,
    ) -> None:
        """A member of staff takes a step, or the citizen where nobody is named."""
        self.steps += 1
        if facts.outcome is Outcome.NOT_POSSIBLE and facts.outcome_reason is None:
            facts = replace(facts, outcome_reason=NotPossible.PLAN)
        given = StepInput(action, case.version, note=note, text=text, facts=facts, work=work)
        if actor is None:
            cases.take_step(self.session, case, given, doer=CITIZEN, now=self.now)
        else:
            cases.take_step_as_staff(self.session, case.id, given, actor=actor, now=self.now)

    def grab(self, case: Case, mender: Actor) -> None:
        """A crew takes a repair that no crew has."""
        self.steps += 1
        repairs.grab(self.session, case.id, mender.unit_id, actor=mender, now=self.now)

    def ring(self, case: Case, actor: Actor) -> None:
        """Somebody calls back and nobody answers."""
        self.steps += 1
        given = Try(Answer.NO_ANSWER, "", case.version)
        followups.record_try(self.session, case.id, given, actor=actor, now=self.now)

    def supplement(self, case: Case, text: str) -> None:
        """The citizen adds something."""
        self.steps += 1
        cases.supplement(self.session, case, text, now=self.now)

    def urge(self, case: Case, text: str) -> None:
        """The citizen asks for speed, and says so."""
        self.steps += 2
        cases.urge(self.session, case, now=self.now)
        cases.supplement(self.session, case, text, now=self.now)

    def note(self, case: Case, text: str, actor: Actor) -> None:
        """A member of staff writes something down for colleagues."""
        self.steps += 1
        cases.add_note(self.session, case.id, text, actor=actor, now=self.now)

    def rate(self, case: Case, level: Level, words: str) -> None:
        """The citizen says how satisfied they are."""
        self.ratings += 1
        ratings.rate(self.session, case, level, words=words, now=self.now)

    def meet(self, person: Person) -> None:
        """Somebody becomes known without bringing a matter."""
        citizens.register(self.session, person, now=self.now)
