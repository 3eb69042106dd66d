"""What is asked for and decided on a repair: return, ruling, more time, putting off (挂账), end.

As on orders, and nobody decides their own; only the states differ, and that a dangerous spot is
made safe before the work may rest.
"""

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
from app.cases.workflows import notices, order, passing, requests

# On the way to a spot nothing is asked for: it is not known yet.
_ASKING: Final = (St.SIGNED, St.ON_SITE)
_BACK: Final = (St.DISPATCHED, St.SIGNED, St.ON_SITE)
_BETWEEN_UNITS: Final = frozenset({St.RETURNING, St.ADJUDICATING})
_OF_REPAIR: Final = {St.ACCEPTED: St.VERIFIED, St.HANDLING: St.SIGNED}


def _as_repair(step: Step) -> Step:
    """An order's step as it is on a repair: nobody is called first, somebody comes."""
    clocks = tuple(
        (Clk.ON_SITE if clock is Clk.FIRST_CONTACT else clock, does) for clock, does in step.clocks
    )
    return replace(step, target=_OF_REPAIR.get(step.target, step.target), clocks=clocks)


_RETURNS: Final = tuple(
    step
    for source in _BACK
    for step in (
        Step(
            source,
            Act.REQUEST_RETURN,
            St.RETURNING,
            Perm.CASE_SIGN if source is St.DISPATCHED else Perm.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            requires=(Fld.SUGGESTED_UNIT, Fld.EVIDENCE),
            # The resolve clock runs on while units argue; only a short clock is added.
            clocks=((Clk.SIGN, Does.MEET), (Clk.RETURN_DECISION, Does.START)),
            guard=Guard.RETURN_ALLOWED,
            asks_approval=ApprovalKind.RETURN,
            is_public=False,
        ),
        Step(
            source,
            Act.REQUEST_RULING,
            St.ADJUDICATING,
            Perm.CASE_SIGN if source is St.DISPATCHED else Perm.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            clocks=((Clk.SIGN, Does.MEET), (Clk.RETURN_DECISION, Does.START)),
            guard=Guard.RULING_ALLOWED,
            is_public=False,
        ),
    )
)
_DECIDED: Final = tuple(_as_repair(step) for step in order.STEPS if step.source in _BETWEEN_UNITS)

_IN_HAND: Final = tuple(
    step
    for source in _ASKING
    for step in (
        requests.asked(
            source,
            Act.REQUEST_EXTENSION,
            Guard.IN_TIME,
            ApprovalKind.EXTENSION,
            requires=(Fld.AMOUNT, Fld.EVIDENCE),
        ),
        Step(
            source,
            Act.APPROVE_EXTENSION,
            source,
            Perm.CASE_APPROVE,
            Words.PUBLIC,
            clocks=((Clk.RESOLVE, Does.EXTEND),),
            notice=notices.EXTENDED,
            guard=Guard.EXTENSION_PENDING,
            decides=ApprovalKind.EXTENSION,
        ),
        requests.refused(
            source, Act.REFUSE_EXTENSION, Guard.EXTENSION_PENDING, ApprovalKind.EXTENSION
        ),
        requests.asked(
            source,
            Act.REQUEST_SUSPENSION,
            Guard.SUSPENDABLE,
            ApprovalKind.SUSPENSION,
            requires=(Fld.GROUND, Fld.UNTIL, Fld.EVIDENCE),
        ),
        Step(
            source,
            Act.APPROVE_SUSPENSION,
            St.SUSPENDED,
            Perm.CASE_APPROVE,
            Words.PUBLIC,
            requires=(Fld.DOCUMENT_NO,),
            clocks=((Clk.ON_SITE, Does.CANCEL), (Clk.RESOLVE, Does.PAUSE)),
            notice=notices.SUSPENDED,
            guard=Guard.SUSPENSION_PENDING,
            decides=ApprovalKind.SUSPENSION,
        ),
        requests.refused(
            source, Act.REFUSE_SUSPENSION, Guard.SUSPENSION_PENDING, ApprovalKind.SUSPENSION
        ),
        requests.asked(
            source,
            Act.REQUEST_TERMINATION,
            Guard.NOTHING_PENDING,
            ApprovalKind.TERMINATION,
            requires=(Fld.EVIDENCE,),
        ),
        Step(
            source,
            Act.APPROVE_TERMINATION,
            St.TERMINATED,
            Perm.CASE_APPROVE,
            Words.PUBLIC,
            clocks=requests.STOP_ALL,
            notice=notices.TERMINATED,
            guard=Guard.TERMINATION_PENDING,
            decides=ApprovalKind.TERMINATION,
        ),
        requests.refused(
            source, Act.REFUSE_TERMINATION, Guard.TERMINATION_PENDING, ApprovalKind.TERMINATION
        ),
    )
)

_SUSPENDED: Final = (
    Step(
        St.SUSPENDED,
        Act.RESUME,
        St.SIGNED,
        Perm.CASE_HANDLE,
        clocks=((Clk.RESOLVE, Does.RESUME), (Clk.ON_SITE, Does.START)),
        notice=notices.RESUMED,
    ),
    *passing.RENEWALS,
)

STEPS: Final = (*_RETURNS, *_DECIDED, *_IN_HAND, *_SUSPENDED)
