"""What cases tell the features above them; published inside the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from app.cases.models import Case, CaseEvent
from app.cases.rules import Step


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A matter has come in."""

    case: Case
    event: CaseEvent
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A step was taken; `step.notice` is the sentence the citizen is owed, if any."""

    case: Case
    step: Step
    event: CaseEvent
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """A matter has reached one of its ends."""

    case: Case
    at: datetime
