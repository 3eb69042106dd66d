"""What the desk's forms send, checked for type; what is missing is the step's own business."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, Field

from app.cases.kinds import (
    Action,
    CallbackResult,
    Channel,
    DeclineReason,
    Finding,
    NotAdmitted,
    NotFiled,
    NotPossible,
    Outcome,
    PauseGround,
    SubjectKind,
)
from app.cases.rules import Facts, Proof, StepInput
from app.cases.rules.repairing import NO_WORK, PhotoStage, Work
from app.cases.service.confiding import About
from app.catalogue.rules import CaseKind, ProofKind, Urgency
from app.desk.shots import Shots, work_of
from app.kernel.messages import mark
from app.service_items.rules import Delivery, Procedure

MAX_TEXT: Final = 5000
Hours = Annotated[Decimal, Field(ge=0, le=999, max_digits=6, decimal_places=2)]
Yuan = Annotated[Decimal, Field(ge=0, le=10_000_000, max_digits=11, decimal_places=2)]
Quantity = Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=10, decimal_places=2)]
_WORK: Final = frozenset(
    {"hours", "cost", *(f"{name}_{row}" for name in ("material", "quantity") for row in (1, 2, 3))}
)
_Words = Annotated[str, Field(max_length=MAX_TEXT)]


class StepForm(BaseModel):
    """A step's plain form: only the fields of that step are ever sent."""

    SENTENCES: ClassVar = {
        "amount": mark("Enter the number of days as a whole number."),
        "until": mark("Enter a date such as 2026-03-15."),
        "hours": mark("Enter hours as a number, such as 1.5."),
        "cost": mark("Enter an amount in yuan, such as 120 or 35.50."),
        **{f"quantity_{row}": mark("Enter a quantity, more than zero.") for row in (1, 2, 3)},
    }

    action: Action
    version: int
    note: Annotated[_Words, Field(title=mark("Internal note"))] = ""
    text: Annotated[_Words, Field(title=mark("For the citizen"))] = ""
    category_id: int | None = None
    urgency: Urgency | None = None
    region_code: Annotated[str, Field(max_length=12)] = ""
    unit_id: int | None = None
    suggested_unit_id: int | None = None
    evidence: Annotated[str, Field(max_length=300, title=mark("What it rests on"))] = ""
    handler_id: int | None = None
    decline_reason: DeclineReason | None = None
    refer_to: Annotated[str, Field(max_length=120, title=mark("Where to turn to"))] = ""
    outcome: Outcome | None = None
    outcome_reason: NotPossible | None = None
    outcome_basis: Annotated[str, Field(max_length=300, title=mark("Law or rule"))] = ""
    proof_statement: Annotated[str, Field(max_length=2000, title=mark("Statement"))] = ""
    proof_lacking: Annotated[str, Field(max_length=2000, title=mark("Why it lacks"))] = ""
    points: list[str] = []
    amount: int | None = None
    until: date | None = None
    ground: PauseGround | None = None
    document_no: Annotated[str, Field(max_length=60, title=mark("Document number"))] = ""
    callback_result: CallbackResult | None = None
    accused_unit_id: int | None = None
    accused_staff: Annotated[str, Field(max_length=64)] = ""
    subject_kind: SubjectKind | None = None
    subject_name: Annotated[str, Field(max_length=200, title=mark("Name of what it is about"))] = ""
    finding: Finding | None = None
    not_admitted: NotAdmitted | None = None
    procedure: Procedure | None = None
    remedies: Annotated[str, Field(max_length=2000, title=mark("How the applicant can object"))] = (
        ""
    )
    delivery: Delivery | None = None
    tracking_no: Annotated[str, Field(max_length=60, title=mark("Tracking number"))] = ""
    not_filed: NotFiled | None = None
    crew_id: int | None = None
    hours: Annotated[Hours | None, Field(title=mark("Hours of work"))] = None
    cost: Annotated[Yuan | None, Field(title=mark("Other cost in yuan"))] = None
    material_1: int | None = None
    material_2: int | None = None
    material_3: int | None = None
    quantity_1: Annotated[Quantity | None, Field(title=mark("Quantity"))] = None
    quantity_2: Annotated[Quantity | None, Field(title=mark("Quantity"))] = None
    quantity_3: Annotated[Quantity | None, Field(title=mark("Quantity"))] = None
    master: Annotated[str, Field(max_length=40, title=mark("Number of the leading matter"))] = ""

    def as_input(
        self,
        attachment_ids: tuple[int, ...] = (),
        proofs: tuple[tuple[ProofKind, int], ...] = (),
        work: Work = NO_WORK,
    ) -> StepInput:
        """The form as the service takes it."""
        own = {"action", "version", "note", "text", "proof_statement", "proof_lacking", "points"}
        own |= _WORK
        return StepInput(
            action=self.action,
            seen_version=self.version,
            note=self.note,
            text=self.text,
            facts=Facts(**self.model_dump(exclude=own)),
            attachment_ids=attachment_ids,
            proof=Proof(proofs, self.proof_statement, self.proof_lacking),
            work=work,
            points=tuple(self.points),
        )

    def work(self, photos: tuple[tuple[PhotoStage, int], ...], shots: Shots) -> Work:
        """What was handed in at the spot; a material without a quantity is one of it."""
        lines = (
            (self.material_1, self.quantity_1),
            (self.material_2, self.quantity_2),
            (self.material_3, self.quantity_3),
        )
        cost = None if self.cost is None else int(self.cost * 100)
        return work_of(
            photos,
            shots,
            materials=tuple((key, much or Decimal(1)) for key, much in lines if key),
            hours=self.hours,
            cost=cost,
        )


class NoteForm(BaseModel):
    """An internal note beside the case."""

    note: Annotated[_Words, Field(title=mark("Internal note"))] = ""


class RevealForm(BaseModel):
    """Why somebody wants to read a contact in clear."""

    reason: Annotated[str, Field(min_length=2, max_length=200, title=mark("Reason"))]


class IntakeForm(BaseModel):
    """A new matter, taken in by staff on somebody's behalf; a complaint says what it is about."""

    SENTENCES: ClassVar = {"category": mark("Choose a category.")}

    idempotency: str = ""
    talk: Annotated[str, Field(max_length=26)] = ""  # the conversation it is taken in during
    citizen: Annotated[str, Field(max_length=16, title=mark("Who it is"))] = ""
    same: Annotated[str, Field(max_length=48, title=mark("Perhaps the same matter"))] = ""
    same_shown: bool = False
    kind: CaseKind | None = None
    category: Annotated[str, Field(max_length=60, title=mark("Category"))]
    title: Annotated[str, Field(max_length=200, title=mark("Title"))] = ""
    body: Annotated[_Words, Field(min_length=4, title=mark("What it is about"))]
    place: Annotated[str, Field(max_length=200, title=mark("Place"))] = ""
    region_code: Annotated[str, Field(max_length=12, title=mark("District or street"))] = ""
    channel: Channel = Channel.WINDOW
    urgency: Urgency | None = None
    is_confidential: bool = False
    subject_kind: SubjectKind | None = None
    subject_name: Annotated[str, Field(max_length=200, title=mark("Name of what it is about"))] = ""
    accused_unit_id: int | None = None
    accused_staff: Annotated[str, Field(max_length=64)] = ""
    is_identity_secret: bool = False
    name: Annotated[str, Field(max_length=60, title=mark("Name"))] = ""
    phone: Annotated[str, Field(max_length=30, title=mark("Telephone"))] = ""
    address: Annotated[str, Field(max_length=200, title=mark("Address"))] = ""

    @property
    def about(self) -> About | None:
        """What it is about, if anything was said."""
        about = About(
            self.subject_kind,
            self.subject_name.strip(),
            self.accused_unit_id,
            self.accused_staff.strip(),
        )
        return about if about != About() else None
