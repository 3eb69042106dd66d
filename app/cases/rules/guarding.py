"""The conditions of steps that the state alone does not tell, and why one does not hold.

Pure: decided from the situation and the time.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from app.cases.kinds import ApprovalKind, CallbackResult, Finding
from app.cases.rules import applying, repairing
from app.cases.rules.steps import Situation, Step
from app.cases.rules.vocabulary import Guard
from app.kernel.messages import mark

REOPEN_WINDOW: Final = timedelta(days=15)  # [S] sample value, architecture §6
MAX_RETURNS: Final = 2  # [S] rulebook §2.4: then a ruling ends it
_GUARDS: Final[Mapping[Guard, ApprovalKind]] = {
    Guard.EXTENSION_PENDING: ApprovalKind.EXTENSION,
    Guard.SUSPENSION_PENDING: ApprovalKind.SUSPENSION,
    Guard.TERMINATION_PENDING: ApprovalKind.TERMINATION,
    Guard.REOPEN_PENDING: ApprovalKind.REOPEN,
    Guard.SEPARATION_PENDING: ApprovalKind.SEPARATION,
    Guard.FINDING_PENDING: ApprovalKind.FINDING,
    Guard.PROCEDURE_PENDING: ApprovalKind.PROCEDURE,
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
        Guard.DRAWN: case.is_drawn,
        Guard.WITH_MASTER: False,
        Guard.CALLBACK_OWED: case.follows and case.callback_result is None,
        Guard.CALLBACK_UNSOLVED: (
            case.follows and case.callback_result is CallbackResult.NOT_SOLVED
        ),
        Guard.HANDED_OVER: case.handing_to_id is not None,
        Guard.UNIT_ENDING: case.is_unit_ending,
        Guard.REOPEN_FRESH: fresh,
        Guard.REOPEN_LATE: not fresh and case.pending is None,
        Guard.INQUIRY_MADE: case.pending is None and case.inquiry.has_lines,
        Guard.MEASURES_SETTLED: case.pending is None and why_no_answer(case, now) is None,
        Guard.RECHECK_OPEN: case.pending is None and why_no_recheck(case, now) is None,
        Guard.RECHECK_OVER: case.pending is None and why_no_recheck(case, now) is not None,
    }
    if guard in truths:
        return truths[guard]
    if guard in _OF_REPAIR:
        return case.pending is None and _OF_REPAIR[guard](case, now) is None
    return _of_application(guard, case, now)


def _of_application(guard: Guard, case: Situation, now: datetime) -> bool:
    known, is_free = case.application, case.pending is None
    truths = {
        Guard.CORRECTABLE: known.is_correctable and not known.is_notice_late(now),
        Guard.NOTICE_IN_TIME: not known.is_notice_late(now),
        Guard.PAPERS_SETTLED: known.is_settled,
        Guard.AT_ONCE: known.may_be_done_at_once,
        Guard.NOTICE_LATE: known.is_notice_late(now),
        Guard.PROMISE_BROKEN: known.is_promise_broken(now),
        Guard.PROCEDURE_POSSIBLE: is_free and bool(known.procedures),
        Guard.EXTENDABLE: (is_free and not known.is_extended and why_too_late(case, now) is None),
        Guard.DECIDABLE: is_free and known.is_decidable,
        Guard.TO_ISSUE: known.is_to_issue,
        Guard.TO_HAND_OUT: not known.is_to_issue,
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


def why_no_finding(case: Situation, _now: datetime) -> str | None:
    """Why no finding can be proposed: it rests on an investigation (GB/T 36113)."""
    if not case.inquiry.has_lines:
        return mark("The investigation file is empty. Write down first what was looked into.")
    return None


def why_no_answer(case: Situation, now: datetime) -> str | None:
    """Why the complainant cannot be answered yet; None where nothing stands against it.

    A complaint that was upheld has measures, each with its date; none may be late without
    proof when the answer goes out.
    """
    inquiry = case.inquiry
    if inquiry.finding is Finding.NOT_UPHELD:
        return None
    if not inquiry.measures:
        return mark("It was upheld: lay down at least one measure with its date first.")
    if inquiry.late_from is not None and inquiry.late_from < now:
        return mark("A measure is late and has no proof yet. Prove it first.")
    return None


def why_no_recheck(case: Situation, now: datetime) -> str | None:
    """Why the unit above no longer checks it: once only, and in time (信访工作条例 art. 35)."""
    inquiry = case.inquiry
    if inquiry.was_rechecked:
        return mark("The unit above has checked this complaint already; it does so once.")
    if inquiry.recheck_until is None or now > inquiry.recheck_until:
        return mark("The time in which the unit above can be asked is over.")
    return None


def _why_not_suspended(case: Situation, now: datetime) -> str | None:
    return repairing.why_not_resting(case.repair) or why_too_late(case, now)


_OF_REPAIR: Final[Mapping[Guard, Callable[[Situation, datetime], str | None]]] = {
    Guard.CREWLESS: lambda case, _now: repairing.why_not_free(case.repair),
    Guard.HAS_CREW: lambda case, _now: repairing.why_no_crew(case.repair),
    Guard.SUSPENDABLE: _why_not_suspended,
}
_REASONS: Final[Mapping[Guard, Callable[[Situation, datetime], str | None]]] = {
    Guard.RETURN_ALLOWED: why_no_return,
    Guard.IN_TIME: why_too_late,
    Guard.INQUIRY_MADE: why_no_finding,
    Guard.MEASURES_SETTLED: why_no_answer,
    Guard.RECHECK_OPEN: why_no_recheck,
    Guard.CORRECTABLE: lambda case, now: (
        applying.why_too_late_to_tell(case.application, now)
        or applying.why_not_told(case.application)
    ),
    Guard.NOTICE_IN_TIME: lambda case, now: applying.why_too_late_to_tell(case.application, now),
    Guard.PAPERS_SETTLED: lambda case, _now: applying.why_not_settled(case.application),
    Guard.AT_ONCE: lambda case, _now: applying.why_not_at_once(case.application),
    Guard.DECIDABLE: lambda case, _now: applying.why_not_granted(case.application),
    **_OF_REPAIR,
    Guard.EXTENDABLE: lambda case, now: (
        applying.why_no_extension(case.application) or why_too_late(case, now)
    ),
}


def why_not(step: Step, case: Situation, now: datetime) -> str:
    """Why the case does not allow the step now, as precisely as is known."""
    known = what_bars(step.guard, case, now)
    return known or mark("This step is not possible from where the matter stands.")


def what_bars(guard: Guard | None, case: Situation, now: datetime) -> str | None:
    """What stands against a step where it can be said precisely; None where nothing is known."""
    asked = _REASONS.get(guard) if guard else None
    return asked(case, now) if asked else None
