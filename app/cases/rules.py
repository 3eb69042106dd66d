"""What a step of the workflow is, and who may take it when.

Pure: decided from arguments alone. The tables themselves stand in
`workflows/`; screens, commands, notices and tests all read the same lines.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

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
from app.catalogue.rules import Urgency
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark

T = TypeVar("T")
REOPEN_WINDOW: Final = timedelta(days=15)  # [S] sample value, architecture §6
MAX_RETURNS: Final = 2  # [S] rulebook §2.4: then a ruling ends it


class Field(StrEnum):
    """A fact a step may need beside words; the value names the member of `Facts`."""

    CATEGORY = "category_id"
    URGENCY = "urgency"
    REGION = "region_code"
    UNIT = "unit_id"
    SUGGESTED_UNIT = "suggested_unit_id"
    EVIDENCE = "evidence"
    HANDLER = "handler_id"
    DECLINE_REASON = "decline_reason"
    REFER_TO = "refer_to"
    OUTCOME = "outcome"
    AMOUNT = "amount"
    UNTIL = "until"
    GROUND = "ground"
    DOCUMENT_NO = "document_no"
    CALLBACK_RESULT = "callback_result"
    MASTER = "master"
    ACCUSED_UNIT = "accused_unit_id"
    ACCUSED_STAFF = "accused_staff"


class Words(StrEnum):
    """Whether a step carries words, and for whom."""

    NONE = "none"
    NOTE = "note"  # internal, may be empty
    NOTE_REQUIRED = "note_required"
    PUBLIC = "public"  # the citizen reads it; may not be empty


class ClockDoes(StrEnum):
    """What happens to one clock of the case."""

    START = "start"
    MEET = "meet"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    NEW_ROUND = "new_round"
    REBASE = "rebase"  # the limit may differ now that category or urgency are settled


class CaseClock(StrEnum):
    """The clocks an order can have; values are those of `sla.rules.ClockKind`."""

    ACCEPT = "accept"
    DISPATCH = "dispatch"
    SIGN = "sign"
    FIRST_CONTACT = "first_contact"
    RESOLVE = "resolve"
    REVIEW = "review"
    CALLBACK = "callback"
    RETURN_DECISION = "return_decision"


class Guard(StrEnum):
    """A condition on the case that the state alone does not tell."""

    RETURN_ALLOWED = "return_allowed"
    RULING_ALLOWED = "ruling_allowed"
    NOTHING_PENDING = "nothing_pending"
    IN_TIME = "in_time"
    EXTENSION_PENDING = "extension_pending"
    SUSPENSION_PENDING = "suspension_pending"
    TERMINATION_PENDING = "termination_pending"
    REOPEN_PENDING = "reopen_pending"
    REOPEN_FRESH = "reopen_fresh"
    REOPEN_LATE = "reopen_late"
    ABOUT_SOMEBODY = "about_somebody"


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


class StepNotAllowedError(ConflictError):
    """No such step from here, for anybody."""

    code = "step_not_allowed"


class OwnWorkError(ForbiddenError):
    """Four eyes: nobody decides on their own request or reviews their own reply."""

    code = "own_work"


_GUARDS: Final[Mapping[Guard, ApprovalKind]] = {
    Guard.EXTENSION_PENDING: ApprovalKind.EXTENSION,
    Guard.SUSPENSION_PENDING: ApprovalKind.SUSPENSION,
    Guard.TERMINATION_PENDING: ApprovalKind.TERMINATION,
    Guard.REOPEN_PENDING: ApprovalKind.REOPEN,
}


def guard_holds(guard: Guard | None, case: Situation, now: datetime) -> bool:
    """Whether the condition of a step is true of the case at `now`."""
    if guard is None:
        return True
    if guard in _GUARDS:
        return case.pending is _GUARDS[guard]
    fresh = case.closed_at is not None and now - case.closed_at <= REOPEN_WINDOW
    truths = {
        Guard.RETURN_ALLOWED: case.pending is None and why_no_return(case, now) is None,
        Guard.RULING_ALLOWED: (
            case.pending is None and case.return_count > 0 and not case.return_barred
        ),
        Guard.NOTHING_PENDING: case.pending is None,
        Guard.IN_TIME: case.pending is None and why_too_late(case, now) is None,
        Guard.ABOUT_SOMEBODY: case.accused_unit_id is not None,
        Guard.REOPEN_FRESH: fresh,
        Guard.REOPEN_LATE: not fresh and case.pending is None,
    }
    return truths[guard]


def why_no_return(case: Situation, now: datetime) -> str | None:
    """Why the unit may not send the matter back any more; None while it may (rulebook §2.2, §2.4).

    Time in nobody's hands is what citizens suffer from: a return has a window of its own,
    is possible twice, and never after a ruling.
    """
    if case.return_barred:
        return mark("It was ruled which unit is responsible; after that no return is possible.")
    if case.return_count >= MAX_RETURNS:
        return mark("This matter was returned twice already; ask for a ruling instead.")
    if case.returns_until is not None and now > case.returns_until:
        return mark("The time in which this matter could be returned is over.")
    return None


def why_too_late(case: Situation, now: datetime) -> str | None:
    """Why more time can no longer be asked for: it is filed before due (rulebook §2.2)."""
    if case.due_at is not None and now > case.due_at:
        return mark("The time limit has passed. More time is asked for before it does.")
    return None


def has_right(step: Step, case: Situation, doer: Doer) -> bool:
    """Whether the doer's role and scope reach this step on this case."""
    if doer.kind is DoerKind.SYSTEM:
        return True
    if doer.kind is DoerKind.CITIZEN:
        return step.needs is Permission.CASE_OWN
    if step.needs is Permission.CASE_OWN or doer.actor is None:
        return False
    if is_accused(case, doer.actor):
        return False
    return doer.actor.covers(
        step.needs,
        unit_id=case.unit_id,
        unit_path=case.unit_path,
        region_code=case.region_code,
        handler_id=case.handler_id,
    )


def is_accused(case: Situation, actor: Actor) -> bool:
    """Whether the matter is about this person, their unit, or a unit they stand under.

    Nothing of it may be visible to them or decided by them (rulebook §2.3.6).
    """
    return case.accused_unit_id in actor.line_ids or (
        case.accused_staff_id is not None and case.accused_staff_id == actor.id
    )


def is_own_work(step: Step, case: Situation, doer: Doer) -> bool:
    """Whether the four-eyes rule forbids this person this step (architecture §4)."""
    if doer.staff_id is None:
        return False
    if step.decides is not None:
        return case.pending_by == doer.staff_id
    reviews = step.source is Status.REPLIED
    return reviews and case.replied_by == doer.staff_id


def may_take(step: Step, case: Situation, doer: Doer, now: datetime) -> bool:
    """Whether the button is shown; the command asks the same question."""
    return (
        step.source is case.status
        and guard_holds(step.guard, case, now)
        and has_right(step, case, doer)
        and not is_own_work(step, case, doer)
    )


def given_fact(value: T | None) -> T:
    """A fact `check_input` has already insisted on; for the effects behind it.

    Raises:
        ValueError: the step's line does not require the fact its effect needs.
    """
    if value is None:
        msg = "a step used a fact that its line does not require"
        raise ValueError(msg)
    return value


def check_may_take(step: Step, case: Situation, doer: Doer, now: datetime) -> None:
    """Refuse a step that `may_take` would not show, and say why.

    Raises:
        StepNotAllowedError: the case does not allow it now.
        ForbiddenError: the person's role or scope does not reach it.
        OwnWorkError: it would be a decision on their own work.
    """
    if step.source is not case.status or not guard_holds(step.guard, case, now):
        raise StepNotAllowedError(_why_not(step, case, now))
    if not has_right(step, case, doer):
        raise ForbiddenError(mark("Your role does not allow this step on this matter."))
    if is_own_work(step, case, doer):
        raise OwnWorkError(mark("You cannot decide on your own work; a colleague has to."))


_REASONS: Final[Mapping[Guard, Callable[[Situation, datetime], str | None]]] = {
    Guard.RETURN_ALLOWED: why_no_return,
    Guard.IN_TIME: why_too_late,
}


def _why_not(step: Step, case: Situation, now: datetime) -> str:
    asked = _REASONS.get(step.guard) if step.guard else None
    known = asked(case, now) if asked else None
    return known or mark("This step is not possible from where the matter stands.")


def check_input(step: Step, given: StepInput) -> None:
    """Refuse a step whose words or facts are missing.

    Raises:
        InvalidError: with one sentence for each missing field.
    """
    missing = {str(f): MISSING[f] for f in step.requires if getattr(given.facts, f) in (None, "")}
    if step.words is Words.PUBLIC and not given.text.strip():
        missing["text"] = mark("Write what the citizen will read.")
    if step.words is Words.NOTE_REQUIRED and not given.note.strip():
        missing["note"] = mark("Say why in the note.")
    if missing:
        raise InvalidError(fields=missing)


MISSING: Final[Mapping[Field, str]] = {
    Field.CATEGORY: mark("Choose a category."),
    Field.URGENCY: mark("Choose how urgent it is."),
    Field.REGION: mark("Choose the district or street."),
    Field.UNIT: mark("Choose the unit that is to handle it."),
    Field.SUGGESTED_UNIT: mark("Name the unit you think is responsible."),
    Field.EVIDENCE: mark("Name the rule or document it rests on."),
    Field.HANDLER: mark("Choose who is to handle it."),
    Field.DECLINE_REASON: mark("Choose the reason why it is not accepted."),
    Field.REFER_TO: mark("Say where the citizen should turn to."),
    Field.OUTCOME: mark("Choose what came of it."),
    Field.AMOUNT: mark("Enter how many days more you need."),
    Field.UNTIL: mark("Enter the date until which it is suspended."),
    Field.GROUND: mark("Choose the legal ground."),
    Field.DOCUMENT_NO: mark("Enter the document number."),
    Field.CALLBACK_RESULT: mark("Choose what the citizen said."),
    Field.ACCUSED_UNIT: mark("Choose the unit it is about."),
    Field.ACCUSED_STAFF: mark("Enter the account of the person it is about."),
    Field.MASTER: mark("Enter the number of the leading matter."),
}
