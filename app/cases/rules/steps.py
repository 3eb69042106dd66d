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
    ApproverLevel,
    CallbackResult,
    DeclineReason,
    DoerKind,
    Finding,
    NotAdmitted,
    NotFiled,
    NotPossible,
    Outcome,
    PauseGround,
    Status,
    SubjectKind,
)
from app.cases.rules.applying import NO_APPLICATION, Application
from app.cases.rules.repairing import NO_REPAIR, NO_WORK, Standing, Work
from app.cases.rules.vocabulary import CaseClock, ClockDoes, Field, Guard, Words
from app.catalogue.rules import ProofKind, Urgency
from app.service_items.rules import Delivery, Procedure


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
    goes_back: bool = False  # one of several lines: only to where the matter was merged from


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
CONTRACTOR: Final = Doer(DoerKind.CONTRACTOR)


def staff(actor: Actor) -> Doer:
    """The signed-in person as a doer."""
    return Doer(DoerKind.STAFF, actor)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """How far the investigation of a complaint has come; instants are ends of days."""

    has_lines: bool = False
    finding: Finding | None = None
    found_by: frozenset[int] = frozenset()  # who proposed and who confirmed it
    measures: int = 0
    late_from: datetime | None = None  # when the first measure without proof is late
    recheck_until: datetime | None = None
    was_rechecked: bool = False


NO_INQUIRY: Final = Inquiry()


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
    is_drawn: bool = False
    handing_to_id: int | None = None
    pending_level: ApproverLevel = ApproverLevel.UNIT
    is_unit_ending: bool = False
    merged_from: Status | None = None
    follows: bool = False
    callback_result: CallbackResult | None = None
    recused: frozenset[int] = frozenset()
    inquiry: Inquiry = NO_INQUIRY
    application: Application = NO_APPLICATION
    repair: Standing = NO_REPAIR

    @property
    def took_part(self) -> frozenset[int | None]:
        """Who found, confirmed or replied, and so cannot check it for the unit above."""
        return frozenset({*self.inquiry.found_by, self.replied_by} - {None})


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
    outcome_reason: NotPossible | None = None
    outcome_basis: str = ""
    amount: int | None = None
    until: date | None = None
    ground: PauseGround | None = None
    document_no: str = ""
    callback_result: CallbackResult | None = None
    master: str = ""
    accused_unit_id: int | None = None
    accused_staff: str = ""
    subject_kind: SubjectKind | None = None
    subject_name: str = ""
    finding: Finding | None = None
    not_admitted: NotAdmitted | None = None
    procedure: Procedure | None = None
    remedies: str = ""
    delivery: Delivery | None = None
    tracking_no: str = ""
    not_filed: NotFiled | None = None
    crew_id: int | None = None


NO_FACTS: Final = Facts()


@dataclass(frozen=True, slots=True)
class Proof:
    """The evidence that comes with a reply: files by kind, a statement, or why something lacks."""

    files: tuple[tuple[ProofKind, int], ...] = ()
    statement: str = ""
    lacking: str = ""


NO_PROOF: Final = Proof()


@dataclass(frozen=True, slots=True)
class StepInput:
    """What came with a step: the version seen, words for inside and outside, facts, files."""

    action: Action
    seen_version: int
    note: str = ""
    text: str = ""
    facts: Facts = NO_FACTS
    attachment_ids: tuple[int, ...] = ()
    proof: Proof = NO_PROOF
    work: Work = NO_WORK
    points: tuple[str, ...] = ()  # of the review: those that hold, or those that fail
