"""What a step of the workflow is, who takes it, on what, and with what.

Only shapes; the tables themselves stand in `workflows/`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.accounts.rules import Actor, Permission
from app.cases.kinds import (
    Action,
    ApprovalKind,
    CallbackResult,
    DeclineReason,
    DoerKind,
    Outcome,
    PauseGround,
    Status,
)
from app.cases.rules.vocabulary import CaseClock, ClockDoes, Field, Guard, Words
from app.catalogue.rules import Urgency


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move; `notice` is the sentence the citizen gets, or None on purpose."""

    source: Status
    action: Action
    target: Status
    needs: Permission
    words: Words = Words.NOTE
    requires: tuple[Field, ...] = ()
    offers: tuple[Field, ...] = ()
    clocks: tuple[tuple[CaseClock, ClockDoes], ...] = ()
    notice: str | None = None
    guard: Guard | None = None
    asks_approval: ApprovalKind | None = None
    decides: ApprovalKind | None = None
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class Doer:
    """Who takes a step: staff with their rights, the citizen of this case, or the system."""

    kind: DoerKind
    actor: Actor | None = None

    @property
    def staff_id(self) -> int | None:
        return self.actor.id if self.actor else None

    @property
    def unit_id(self) -> int | None:
        return self.actor.unit_id if self.actor else None


CITIZEN: Final = Doer(DoerKind.CITIZEN)
SYSTEM: Final = Doer(DoerKind.SYSTEM)


def staff(actor: Actor) -> Doer:
    """The signed-in person as a doer."""
    return Doer(DoerKind.STAFF, actor)


@dataclass(frozen=True, slots=True)
class Situation:
    """All of a case that decides which steps are open."""

    status: Status
    unit_id: int | None = None
    unit_path: str = ""
    region_code: str = ""
    handler_id: int | None = None
    pending: ApprovalKind | None = None
    pending_by: int | None = None
    return_barred: bool = False
    return_count: int = 0
    returns_until: datetime | None = None
    due_at: datetime | None = None
    accused_unit_id: int | None = None
    accused_staff_id: int | None = None
    replied_by: int | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that came with a step, already checked for type; None or "" where not given."""

    category_id: int | None = None
    urgency: Urgency | None = None
    region_code: str = ""
    unit_id: int | None = None
    suggested_unit_id: int | None = None
    evidence: str = ""
    handler_id: int | None = None
    decline_reason: DeclineReason | None = None
    refer_to: str = ""
    outcome: Outcome | None = None
    amount: int | None = None
    until: date | None = None
    ground: PauseGround | None = None
    document_no: str = ""
    callback_result: CallbackResult | None = None
    master: str = ""
    accused_unit_id: int | None = None
    accused_staff: str = ""


NO_FACTS: Final = Facts()


@dataclass(frozen=True, slots=True)
class StepInput:
    """What came with a step: the version seen, words for inside and outside, facts, files."""

    action: Action
    seen_version: int
    note: str = ""
    text: str = ""
    facts: Facts = NO_FACTS
    attachment_ids: tuple[int, ...] = ()
