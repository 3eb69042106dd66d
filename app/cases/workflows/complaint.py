"""The life of a complaint: an order until it is signed for, then an investigation.

What handling is to an order, investigating is here: lines of a file, a finding that somebody
else confirms, measures with date and proof, then the reply. The unit above checks it once
(rulebook §3, §4; GB/T 36113). A complaint that was being handled before there was this table
goes on from there.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.accounts.rules import Permission as Perm
from app.cases.kinds import Action as Act
from app.cases.kinds import ApprovalKind
from app.cases.kinds import Status as St
from app.cases.rules import CaseClock as Clk
from app.cases.rules import ClockDoes as Does
from app.cases.rules import Field as Fld
from app.cases.rules import Guard, Step, Words
from app.cases.workflows import notices, order, passing, requests, tip

# The unit above decides on what the citizen still disputes, not the citizen's word alone.
_NOT_HERE: Final = frozenset({Act.REOPEN})
# These end the waiting of the citizen; the finding stands, so they need no new one.
_IN_MEASURES: Final = frozenset(
    {
        Act.ASSIGN,
        Act.REPLY,
        Act.REQUEST_EXTENSION,
        Act.APPROVE_EXTENSION,
        Act.REFUSE_EXTENSION,
    }
)


def _as_complaint(step: Step) -> Iterator[Step]:
    """An order's step as it is on a complaint; one in hand may be open in two states."""
    if step.action in _NOT_HERE:
        return
    if step.action is Act.ACCEPT:
        yield replace(step, offers=(*step.offers, *tip.NAMED))
    elif step.action is Act.REQUEST_REOPEN:
        yield replace(step, guard=Guard.RECHECK_OVER)
    elif step.source is St.HANDLING:
        yield from _in_hand(step)
    elif step.action is Act.RETURN_REPLY:
        yield replace(step, target=St.MEASURES)
    elif step.action is not Act.REPLY:
        yield replace(step, target=_of_complaint(step.target))


def _in_hand(step: Step) -> Iterator[Step]:
    if step.action is not Act.REPLY:
        yield replace(step, source=St.INVESTIGATING, target=_of_complaint(step.target))
    if step.action in _IN_MEASURES:
        target = St.MEASURES if step.target is St.HANDLING else step.target
        guard = Guard.MEASURES_SETTLED if step.action is Act.REPLY else step.guard
        yield replace(step, source=St.MEASURES, target=target, guard=guard)


def _of_complaint(state: St) -> St:
    return St.INVESTIGATING if state is St.HANDLING else state


_INVESTIGATION: Final = (
    Step(
        St.INVESTIGATING,
        Act.CONCLUDE,
        St.CONCLUDING,
        Perm.CASE_HANDLE,
        Words.NOTE_REQUIRED,
        requires=(Fld.FINDING,),
        guard=Guard.INQUIRY_MADE,
        asks_approval=ApprovalKind.FINDING,
        is_public=False,
    ),
    Step(
        St.CONCLUDING,
        Act.CONFIRM_FINDING,
        St.MEASURES,
        Perm.CASE_CONCLUDE,
        guard=Guard.FINDING_PENDING,
        decides=ApprovalKind.FINDING,
        is_public=False,
    ),
    Step(
        St.CONCLUDING,
        Act.RETURN_FINDING,
        St.INVESTIGATING,
        Perm.CASE_CONCLUDE,
        Words.NOTE_REQUIRED,
        guard=Guard.FINDING_PENDING,
        decides=ApprovalKind.FINDING,
        is_public=False,
    ),
    *(
        Step(
            source,
            Act.INVESTIGATE,
            St.INVESTIGATING,
            Perm.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            is_public=False,
        )
        for source in (St.MEASURES, St.HANDLING)
    ),
)

_CHECK: Final = (
    *(
        Step(
            source,
            Act.REQUEST_RECHECK,
            St.RECHECKING,
            Perm.CASE_OWN,
            Words.PUBLIC,
            clocks=((Clk.CALLBACK, Does.MEET), (Clk.APPEAL, Does.START)),
            guard=Guard.RECHECK_OPEN,
        )
        for source in (St.CALLING_BACK, St.CLOSED)
    ),
    Step(
        St.RECHECKING,
        Act.UPHOLD_FINDING,
        St.CLOSED,
        Perm.CASE_SUPERVISE,
        Words.PUBLIC,
        clocks=((Clk.APPEAL, Does.MEET),),
        notice=notices.RECHECKED,
    ),
    Step(
        St.RECHECKING,
        Act.CHANGE_FINDING,
        St.MEASURES,
        Perm.CASE_SUPERVISE,
        Words.PUBLIC,
        requires=(Fld.FINDING, Fld.UNIT),
        clocks=((Clk.APPEAL, Does.MEET), (Clk.RESOLVE, Does.NEW_ROUND)),
        notice=notices.RECHECKED,
    ),
    Step(
        St.RECHECKING,
        Act.FIND_AGAIN,
        St.DISPATCHED,
        Perm.CASE_SUPERVISE,
        Words.PUBLIC,
        requires=(Fld.UNIT,),
        clocks=(
            (Clk.APPEAL, Does.MEET),
            (Clk.RESOLVE, Does.NEW_ROUND),
            (Clk.SIGN, Does.START),
        ),
        notice=notices.RECHECKED,
    ),
)

# Its unit is being closed: what was found and laid down so far goes to the next one with it.
_PASSED_ON: Final = (
    passing.redistributed(St.HANDLING, St.DISPATCHED),
    *(passing.redistributed(state, state) for state in (St.CONCLUDING, St.MEASURES, St.RECHECKING)),
)

STEPS: Final[tuple[Step, ...]] = (
    *(found for step in order.STEPS for found in _as_complaint(step)),
    tip.RULED_AT_ONCE,
    *_INVESTIGATION,
    *_CHECK,
    *_PASSED_ON,
    Step(
        St.HANDLING,
        Act.WITHDRAW,
        St.WITHDRAWN,
        Perm.CASE_OWN,
        Words.NOTE,
        clocks=requests.STOP_ALL,
        notice=None,
    ),
)
