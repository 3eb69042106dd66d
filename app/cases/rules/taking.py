"""Whether somebody may take a step now: their right, four eyes, the state, what must be given.

Pure; screens, commands, notices and tests all ask here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeVar

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Action, ApproverLevel, DoerKind, Status
from app.cases.rules.closing import check_outcome
from app.cases.rules.guarding import guard_holds, why_not
from app.cases.rules.repairing import CREWS_OWN, LENT
from app.cases.rules.steps import Doer, Situation, Step, StepInput
from app.cases.rules.vocabulary import Field, Words
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark

T = TypeVar("T")
OWN_WORK: Final = mark("You cannot decide on your own work; a colleague has to.")


class StepNotAllowedError(ConflictError):
    """No such step from here, for anybody."""

    code = "step_not_allowed"


class OwnWorkError(ForbiddenError):
    """Four eyes: nobody decides on their own request or reviews their own reply."""

    code = "own_work"


def has_right(step: Step, case: Situation, doer: Doer) -> bool:
    """Whether the doer's role and scope reach this step on this case."""
    if doer.kind is DoerKind.SYSTEM:
        return True
    if doer.kind is DoerKind.CONTRACTOR:
        return step.action in LENT
    if doer.kind is DoerKind.CITIZEN:
        return step.needs is Permission.CASE_OWN
    return doer.actor is not None and _staff_may(step, case, doer.actor)


def _staff_may(step: Step, case: Situation, actor: Actor) -> bool:
    if step.needs is Permission.CASE_OWN or is_accused(case, actor):
        return False
    if step.action in _NEXT_PERSONS:
        return actor.may(step.needs) and case.handing_to_id == actor.id
    if step.action is Action.GRAB or is_of_crew(step, case, actor):
        return is_of_crew(step, case, actor)
    return _is_theirs_to_give(step, case, actor) and all(
        _covers(need, case, actor) for need in rights_for(step, case)
    )


# Only whoever a matter is handed to takes it over or does not.
_NEXT_PERSONS: Final = frozenset({Action.ACCEPT_HAND_OVER, Action.REFUSE_HAND_OVER})


def _is_theirs_to_give(step: Step, case: Situation, actor: Actor) -> bool:
    """Nobody hands over what a colleague has in hand; a head assigns it instead."""
    return step.action is not Action.HAND_OVER or case.handler_id in (None, actor.id)


def _higher(step: Step, case: Situation) -> tuple[Permission, ...]:
    """What deciding needs besides, where the level laid down for the request is above the unit."""
    is_above = step.decides is not None and case.pending_level is ApproverLevel.CENTRE
    return (Permission.CASE_SUPERVISE,) if is_above else ()


def _covers(need: Permission, case: Situation, actor: Actor) -> bool:
    return actor.covers(
        need,
        unit_id=case.unit_id,
        unit_path=case.unit_path,
        region_code=case.region_code,
        handler_id=case.handler_id,
    )


def is_of_crew(step: Step, case: Situation, actor: Actor) -> bool:
    """Whether the step is the crew's own, and the person works in that crew.

    The matter lies with the unit above; a crew reaches only what it was given, and takes for
    itself only what lies with a unit it belongs to.
    """
    grants = actor.grants_for(step.needs)
    if step.action is Action.GRAB:
        below = (grant.unit_path for grant in grants if grant.unit_path != case.unit_path)
        return bool(case.unit_path) and any(path.startswith(case.unit_path) for path in below)
    if step.action not in CREWS_OWN or case.repair.crew_id is None:
        return False
    return any(grant.unit_id == case.repair.crew_id for grant in grants)


def is_accused(case: Situation, actor: Actor) -> bool:
    """Whether the matter is about this person, their unit, or a unit they stand under.

    Whoever stepped back from it for an interest of their own (回避) counts as well. Nothing of
    it may be visible to them or decided by them (rulebook §2.3.6).
    """
    return (
        case.accused_unit_id in actor.line_ids
        or (case.accused_staff_id is not None and case.accused_staff_id == actor.id)
        or actor.id in case.recused
    )


# Who reviewed an application does not decide it alone. What is decided at once (即办件) is one
# person's by design and is no step from the review.
_DECISIONS: Final = frozenset({Action.GRANT, Action.REFUSE})


def too_close(step: Step, case: Situation) -> frozenset[int]:
    """Whom the four-eyes rule forbids this step, because it judges their own work."""
    if step.decides is not None:
        found = {case.pending_by}
    elif step.source is Status.RECHECKING:
        found = {*case.took_part}
    elif step.source in (Status.REPLIED, Status.REPAIRED):
        found = {case.replied_by}
    elif step.action in _DECISIONS:
        found = {case.handler_id, *case.application.reviewed_by}
    else:
        found = set()
    return frozenset(one for one in found if one is not None)


def is_own_work(step: Step, case: Situation, doer: Doer) -> bool:
    """Whether the four-eyes rule forbids this person this step (architecture §4)."""
    return doer.staff_id in too_close(step, case) or _checks_own_crew(step, case, doer)


def _checks_own_crew(step: Step, case: Situation, doer: Doer) -> bool:
    """Whether somebody of the crew would look at what the crew did (核查, rulebook §5)."""
    crew_id = case.repair.crew_id
    if step.source is not Status.REPAIRED or crew_id is None or doer.actor is None:
        return False
    held = {grant.unit_id for grant in doer.actor.appointments}
    return crew_id in {doer.actor.unit_id, *held}


def rights_for(step: Step, case: Situation) -> tuple[Permission, ...]:
    """What somebody of staff needs for this step on this matter, all of it."""
    return (step.needs, *_higher(step, case))


def leads_on(step: Step, case: Situation) -> bool:
    """Whether the step begins where the case stands and ends where it may end.

    A matter that was merged goes back to where it was merged from, and nowhere else.
    """
    if step.source is not case.status:
        return False
    return not step.goes_back or step.target is case.merged_from


def may_take(step: Step, case: Situation, doer: Doer, now: datetime) -> bool:
    """Whether the button is shown; the command asks the same question."""
    return (
        leads_on(step, case)
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
    if not leads_on(step, case) or not guard_holds(step.guard, case, now):
        raise StepNotAllowedError(why_not(step, case, now))
    if not has_right(step, case, doer):
        raise ForbiddenError(mark("Your role does not allow this step on this matter."))
    if is_own_work(step, case, doer):
        raise OwnWorkError(OWN_WORK)


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
    missing |= check_outcome(given.facts)
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
    Field.OUTCOME_REASON: mark("Say why it is not possible."),
    Field.OUTCOME_BASIS: mark("Name the law or rule it rests on."),
    Field.AMOUNT: mark("Enter how many days more you need."),
    Field.UNTIL: mark("Enter the date until which it is suspended."),
    Field.GROUND: mark("Choose the legal ground."),
    Field.DOCUMENT_NO: mark("Enter the document number."),
    Field.CALLBACK_RESULT: mark("Choose what the citizen said."),
    Field.ACCUSED_UNIT: mark("Choose the unit it is about."),
    Field.ACCUSED_STAFF: mark("Enter the account of the person it is about."),
    Field.MASTER: mark("Enter the number of the leading matter."),
    Field.SUBJECT_KIND: mark("Choose what the complaint is about."),
    Field.SUBJECT_NAME: mark("Name what the complaint is about."),
    Field.FINDING: mark("Choose the finding."),
    Field.NOT_ADMITTED: mark("Choose the reason why it is not accepted."),
    Field.PROCEDURE: mark("Choose the special procedure."),
    Field.REMEDIES: mark("Say how and until when the applicant can object."),
    Field.DELIVERY: mark("Choose how it reaches the applicant."),
    Field.TRACKING_NO: mark("Enter the tracking number."),
    Field.NOT_FILED: mark("Choose the reason why it is not filed."),
    Field.CREW: mark("Choose the crew."),
}
