"""What cases tell the features above them; published inside the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from app.cases.models import Case, CaseEvent
from app.cases.rules import SYSTEM, Doer, Step, StepInput


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A matter has come in."""

    case: Case
    event: CaseEvent
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseMoving:
    """A step is allowed and about to be taken; a feature that must stop it raises."""

    case: Case
    step: Step
    given: StepInput
    doer: Doer
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A step was taken; `step.notice` is the sentence the citizen is owed, if any."""

    case: Case
    step: Step
    event: CaseEvent
    at: datetime
    doer: Doer = SYSTEM
    given: StepInput | None = None  # None where it came with another matter


@dataclass(frozen=True, slots=True)
class CaseUrged:
    """Somebody asked for speed and the unit is to hear of it; never for one inside a quiet time."""

    case: Case
    event: CaseEvent
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """A matter has reached one of its ends."""

    case: Case
    at: datetime
