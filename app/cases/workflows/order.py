"""The life of an order: consultation, help, tip, suggestion, praise.

This table is the specification (architecture §6, rulebook §2.2). Other kinds
use it until their own table arrives with their package.
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
from app.cases.workflows import callbacks, merging, notices, passing, requests

_DONE_AT_INTAKE: Final = (
    (Clk.ACCEPT, Does.MEET),
    (Clk.DISPATCH, Does.MEET),
    (Clk.FIRST_CONTACT, Does.MEET),
    (Clk.RESOLVE, Does.MEET),
)
_TO_UNIT: Final = (
    (Clk.SIGN, Does.CANCEL),
    (Clk.FIRST_CONTACT, Does.CANCEL),
    (Clk.SIGN, Does.START),
)

_AT_INTAKE: Final = tuple(
    step
    for source in (St.SUBMITTED, St.ACCEPTED)
    for step in (
        Step(
            source,
            Act.ANSWER_ON_SPOT,
            St.ANSWERED,
            Perm.CASE_ACCEPT,
            Words.PUBLIC,
            offers=(Fld.OUTCOME, Fld.OUTCOME_REASON),
            clocks=_DONE_AT_INTAKE,
            notice=notices.ANSWERED,
        ),
        Step(
            source,
            Act.DECLINE,
            St.DECLINED,
            Perm.CASE_ACCEPT,
            Words.PUBLIC,
            requires=(Fld.DECLINE_REASON,),
            clocks=requests.STOP_ALL,
            notice=notices.DECLINED,
        ),
        Step(
            source,
            Act.REFER,
            St.REFERRED,
            Perm.CASE_ACCEPT,
            Words.PUBLIC,
            requires=(Fld.REFER_TO,),
            clocks=requests.STOP_ALL,
            notice=notices.REFERRED,
        ),
    )
)

_WITHDRAWALS: Final = tuple(
    Step(
        source,
        Act.WITHDRAW,
        St.WITHDRAWN,
        Perm.CASE_OWN,
        Words.NOTE,
        clocks=requests.STOP_ALL,
        notice=None,  # the citizen did it and sees it at once
    )
    for source in (St.SUBMITTED, St.ACCEPTED, St.DISPATCHED, St.HANDLING, St.WAITING_CITIZEN)
)

STEPS: Final[tuple[Step, ...]] = (
    Step(
        St.SUBMITTED,
        Act.ACCEPT,
        St.ACCEPTED,
        Perm.CASE_ACCEPT,
        requires=(Fld.CATEGORY,),
        offers=(Fld.URGENCY, Fld.REGION),
        clocks=((Clk.ACCEPT, Does.MEET), (Clk.RESOLVE, Does.REBASE), (Clk.DISPATCH, Does.START)),
        notice=notices.ACCEPTED,
    ),
    *_AT_INTAKE,
    Step(
        St.ACCEPTED,
        Act.DISPATCH,
        St.DISPATCHED,
        Perm.CASE_DISPATCH,
        requires=(Fld.UNIT,),
        clocks=((Clk.DISPATCH, Does.MEET), (Clk.SIGN, Does.START)),
        notice=notices.DISPATCHED,
    ),
    Step(
        St.DISPATCHED,
        Act.SIGN,
        St.HANDLING,
        Perm.CASE_SIGN,
        clocks=((Clk.SIGN, Does.MEET), (Clk.FIRST_CONTACT, Does.START)),
        notice=notices.SIGNED,
    ),
    Step(
        St.DISPATCHED,
        Act.DISPATCH,
        St.DISPATCHED,
        Perm.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        requires=(Fld.UNIT,),
        clocks=_TO_UNIT,
        notice=notices.DISPATCHED,
    ),
    *requests.RETURNS,
    *requests.RULINGS,
    Step(
        St.RETURNING,
        Act.ACCEPT_RETURN,
        St.ACCEPTED,
        Perm.CASE_DISPATCH,
        clocks=(
            (Clk.RETURN_DECISION, Does.MEET),
            (Clk.FIRST_CONTACT, Does.CANCEL),
            (Clk.DISPATCH, Does.START),
        ),
        notice=None,  # a matter between units; the citizen is told when it is with the next one
        decides=ApprovalKind.RETURN,
        is_public=False,
    ),
    Step(
        St.RETURNING,
        Act.REFUSE_RETURN,
        St.HANDLING,  # refused means signed (rulebook §2.2)
        Perm.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        clocks=((Clk.RETURN_DECISION, Does.MEET), (Clk.FIRST_CONTACT, Does.START)),
        decides=ApprovalKind.RETURN,
        is_public=False,
    ),
    Step(
        St.RETURNING,
        Act.ADJUDICATE,
        St.ADJUDICATING,
        Perm.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        decides=ApprovalKind.RETURN,
        is_public=False,
    ),
    Step(
        St.ADJUDICATING,
        Act.RULE,
        St.DISPATCHED,
        Perm.CASE_RULE,
        Words.NOTE_REQUIRED,
        requires=(Fld.UNIT,),
        clocks=((Clk.RETURN_DECISION, Does.MEET), *_TO_UNIT),
        notice=notices.DISPATCHED,
    ),
    Step(
        St.HANDLING,
        Act.ASSIGN,
        St.HANDLING,
        Perm.CASE_HANDLE,
        requires=(Fld.HANDLER,),
        is_public=False,
    ),
    Step(
        St.HANDLING,
        Act.CONTACT,
        St.HANDLING,
        Perm.CASE_HANDLE,
        Words.NOTE_REQUIRED,
        clocks=((Clk.FIRST_CONTACT, Does.MEET),),
        is_public=False,
    ),
    Step(
        St.HANDLING,
        Act.ASK_CITIZEN,
        St.WAITING_CITIZEN,
        Perm.CASE_HANDLE,
        Words.PUBLIC,
        clocks=((Clk.FIRST_CONTACT, Does.MEET),),
        notice=notices.QUESTION,
    ),
    Step(St.WAITING_CITIZEN, Act.ANSWER_QUESTION, St.HANDLING, Perm.CASE_OWN, Words.PUBLIC),
    Step(St.WAITING_CITIZEN, Act.GO_ON, St.HANDLING, Perm.CASE_HANDLE, Words.NOTE_REQUIRED),
    *requests.IN_HAND,
    Step(
        St.SUSPENDED,
        Act.RESUME,
        St.HANDLING,
        Perm.CASE_HANDLE,
        clocks=((Clk.RESOLVE, Does.RESUME),),
        notice=notices.RESUMED,
    ),
    Step(
        St.REPLIED,
        Act.APPROVE_REPLY,
        St.CALLING_BACK,
        Perm.CASE_REVIEW,
        clocks=((Clk.RESOLVE, Does.MEET), (Clk.REVIEW, Does.MEET), (Clk.CALLBACK, Does.START)),
        notice=notices.REPLIED,
    ),
    Step(
        St.REPLIED,
        Act.RETURN_REPLY,
        St.HANDLING,
        Perm.CASE_REVIEW,
        Words.NOTE_REQUIRED,
        clocks=((Clk.REVIEW, Does.MEET),),
        is_public=False,
    ),
    Step(
        St.CALLING_BACK,
        Act.CLOSE,
        St.CLOSED,
        Perm.CASE_CLOSE,
        requires=(Fld.CALLBACK_RESULT,),
        clocks=((Clk.CALLBACK, Does.MEET),),
        notice=notices.CLOSED,
    ),
    Step(
        St.CALLING_BACK,
        Act.REWORK,
        St.HANDLING,
        Perm.CASE_CALLBACK,
        Words.NOTE_REQUIRED,
        clocks=((Clk.CALLBACK, Does.MEET), (Clk.RESOLVE, Does.NEW_ROUND)),
        notice=notices.REWORK,
    ),
    Step(
        St.CLOSED,
        Act.REOPEN,
        St.HANDLING,
        Perm.CASE_OWN,
        Words.PUBLIC,
        clocks=((Clk.RESOLVE, Does.NEW_ROUND),),
        guard=Guard.REOPEN_FRESH,
    ),
    Step(
        St.CLOSED,
        Act.REQUEST_REOPEN,
        St.CLOSED,
        Perm.CASE_OWN,
        Words.PUBLIC,
        guard=Guard.REOPEN_LATE,
        asks_approval=ApprovalKind.REOPEN,
    ),
    Step(
        St.CLOSED,
        Act.GRANT_REOPEN,
        St.HANDLING,
        Perm.CASE_SUPERVISE,
        Words.NOTE_REQUIRED,
        clocks=((Clk.RESOLVE, Does.NEW_ROUND),),
        notice=notices.REWORK,
        guard=Guard.REOPEN_PENDING,
        decides=ApprovalKind.REOPEN,
    ),
    Step(
        St.CLOSED,
        Act.REFUSE_REOPEN,
        St.CLOSED,
        Perm.CASE_SUPERVISE,
        Words.PUBLIC,
        notice=notices.NOT_REOPENED,
        guard=Guard.REOPEN_PENDING,
        decides=ApprovalKind.REOPEN,
    ),
    *callbacks.BY_CITIZEN,
    *callbacks.CHECKS,
    *passing.STEPS,
    *_WITHDRAWALS,
    *merging.STEPS,
)
