"""The part of the order's life that is asked for and decided: reply, more time, pause, end, return.

Each request is a step, and so is its decision; nobody decides their own.
"""

from typing import Final

from app.accounts.rules import Permission as Perm
from app.cases.kinds import Action as Act
from app.cases.kinds import ApprovalKind
from app.cases.kinds import Status as St
from app.cases.rules import CaseClock as Clk
from app.cases.rules import ClockDoes as Does
from app.cases.rules import Field as Fld
from app.cases.rules import Guard, Step, Words
from app.cases.workflows import notices

STOP_ALL: Final = tuple((clock, Does.CANCEL) for clock in Clk)


def asked(
    source: St, action: Act, guard: Guard, kind: ApprovalKind, *, requires: tuple[Fld, ...]
) -> Step:
    """Whoever handles it asks, inside the house; the matter stays where it is until decided."""
    return Step(
        source,
        action,
        source,
        Perm.CASE_HANDLE,
        Words.NOTE_REQUIRED,
        requires=requires,
        guard=guard,
        asks_approval=kind,
        is_public=False,
    )


def refused(source: St, action: Act, guard: Guard, kind: ApprovalKind) -> Step:
    """It was asked in vain: a reason for the asker, and nothing changes for the citizen."""
    return Step(
        source,
        action,
        source,
        Perm.CASE_APPROVE,
        Words.NOTE_REQUIRED,
        guard=guard,
        decides=kind,
        is_public=False,
    )


IN_HAND: Final = tuple(
    step
    for source in (St.HANDLING, St.WAITING_CITIZEN)
    for step in (
        Step(
            source,
            Act.REPLY,
            St.REPLIED,
            Perm.CASE_HANDLE,
            Words.PUBLIC,
            requires=(Fld.OUTCOME,),
            offers=(Fld.OUTCOME_REASON, Fld.OUTCOME_BASIS),
            clocks=((Clk.FIRST_CONTACT, Does.MEET), (Clk.REVIEW, Does.START)),
            notice=None,  # nobody has reviewed it yet; the citizen reads it once it is approved
            guard=Guard.NOTHING_PENDING,
            is_public=False,
        ),
        asked(
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
        refused(source, Act.REFUSE_EXTENSION, Guard.EXTENSION_PENDING, ApprovalKind.EXTENSION),
        asked(
            source,
            Act.REQUEST_SUSPENSION,
            Guard.IN_TIME,
            ApprovalKind.SUSPENSION,
            requires=(Fld.GROUND, Fld.UNTIL),
        ),
        Step(
            source,
            Act.APPROVE_SUSPENSION,
            St.SUSPENDED,
            Perm.CASE_APPROVE,
            Words.PUBLIC,
            requires=(Fld.DOCUMENT_NO,),
            # Who is told of the suspension need not be contacted first while it lasts.
            clocks=((Clk.FIRST_CONTACT, Does.CANCEL), (Clk.RESOLVE, Does.PAUSE)),
            notice=notices.SUSPENDED,
            guard=Guard.SUSPENSION_PENDING,
            decides=ApprovalKind.SUSPENSION,
        ),
        refused(source, Act.REFUSE_SUSPENSION, Guard.SUSPENSION_PENDING, ApprovalKind.SUSPENSION),
        asked(
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
            clocks=STOP_ALL,
            notice=notices.TERMINATED,
            guard=Guard.TERMINATION_PENDING,
            decides=ApprovalKind.TERMINATION,
        ),
        refused(
            source, Act.REFUSE_TERMINATION, Guard.TERMINATION_PENDING, ApprovalKind.TERMINATION
        ),
    )
)

RETURNS: Final = tuple(
    Step(
        source,
        Act.REQUEST_RETURN,
        St.RETURNING,
        needs,
        Words.NOTE_REQUIRED,
        requires=(Fld.SUGGESTED_UNIT, Fld.EVIDENCE),
        # The resolve clock runs on while units argue; only a short clock is added.
        clocks=((Clk.SIGN, Does.MEET), (Clk.RETURN_DECISION, Does.START)),
        guard=Guard.RETURN_ALLOWED,
        asks_approval=ApprovalKind.RETURN,
        is_public=False,
    )
    for source, needs in ((St.DISPATCHED, Perm.CASE_SIGN), (St.HANDLING, Perm.CASE_HANDLE))
)

# Two returns refused: the unit that still thinks it is not the one may have it ruled, once.
RULINGS: Final = tuple(
    Step(
        source,
        Act.REQUEST_RULING,
        St.ADJUDICATING,
        needs,
        Words.NOTE_REQUIRED,
        clocks=((Clk.SIGN, Does.MEET), (Clk.RETURN_DECISION, Does.START)),
        guard=Guard.RULING_ALLOWED,
        is_public=False,
    )
    for source, needs in ((St.DISPATCHED, Perm.CASE_SIGN), (St.HANDLING, Perm.CASE_HANDLE))
)
