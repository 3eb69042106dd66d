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
from app.kernel.messages import mark

_STOP_ALL: Final = tuple((clock, Does.CANCEL) for clock in Clk)
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

_ACCEPTED = mark("Your matter %(number)s has been accepted and is being passed on.")
_DISPATCHED = mark("Your matter %(number)s is now with %(unit)s.")
_SIGNED = mark("%(unit)s has taken on your matter %(number)s.")
_ANSWERED = mark("Your matter %(number)s has been answered. The answer is on its page.")
_DECLINED = mark("Your matter %(number)s could not be accepted. The reason is on its page.")
_REFERRED = mark("Your matter %(number)s belongs elsewhere. Its page says where to turn to.")
_MERGED = mark("Your matter %(number)s is handled together with the same matter of others.")
_QUESTION = mark("There is a question about your matter %(number)s. Please answer on its page.")
_EXTENDED = mark("Your matter %(number)s needs more time. Reason and new date are on its page.")
_SUSPENDED = mark("Your matter %(number)s is suspended. Reason and date are on its page.")
_RESUMED = mark("Work on your matter %(number)s goes on.")
_TERMINATED = mark("Handling of your matter %(number)s has ended. The reason is on its page.")
_REPLIED = mark("Your matter %(number)s has a reply. Please read it on its page.")
_CLOSED = mark("Your matter %(number)s is closed. Please tell us how satisfied you are.")
_REWORK = mark("Your matter %(number)s is being handled again.")

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
            offers=(Fld.OUTCOME,),
            clocks=_DONE_AT_INTAKE,
            notice=_ANSWERED,
        ),
        Step(
            source,
            Act.DECLINE,
            St.DECLINED,
            Perm.CASE_ACCEPT,
            Words.PUBLIC,
            requires=(Fld.DECLINE_REASON,),
            clocks=_STOP_ALL,
            notice=_DECLINED,
        ),
        Step(
            source,
            Act.REFER,
            St.REFERRED,
            Perm.CASE_ACCEPT,
            Words.PUBLIC,
            requires=(Fld.REFER_TO,),
            clocks=_STOP_ALL,
            notice=_REFERRED,
        ),
        Step(
            source,
            Act.MERGE,
            St.MERGED,
            Perm.CASE_ACCEPT,
            Words.NOTE_REQUIRED,
            requires=(Fld.MASTER,),
            clocks=_STOP_ALL,
            notice=_MERGED,
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
        clocks=_STOP_ALL,
        notice=None,  # the citizen did it and sees it at once
    )
    for source in (St.SUBMITTED, St.ACCEPTED, St.DISPATCHED, St.HANDLING, St.WAITING_CITIZEN)
)

_IN_HAND: Final = tuple(
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
            clocks=((Clk.FIRST_CONTACT, Does.MEET), (Clk.REVIEW, Does.START)),
            notice=None,  # nobody has reviewed it yet; the citizen reads it once it is approved
            guard=Guard.NOTHING_PENDING,
            is_public=False,
        ),
        Step(
            source,
            Act.REQUEST_EXTENSION,
            source,
            Perm.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            requires=(Fld.AMOUNT,),
            guard=Guard.NOTHING_PENDING,
            asks_approval=ApprovalKind.EXTENSION,
            is_public=False,
        ),
        Step(
            source,
            Act.APPROVE_EXTENSION,
            source,
            Perm.CASE_APPROVE,
            Words.PUBLIC,
            clocks=((Clk.RESOLVE, Does.EXTEND),),
            notice=_EXTENDED,
            guard=Guard.EXTENSION_PENDING,
            decides=ApprovalKind.EXTENSION,
        ),
        Step(
            source,
            Act.REFUSE_EXTENSION,
            source,
            Perm.CASE_APPROVE,
            Words.NOTE_REQUIRED,
            guard=Guard.EXTENSION_PENDING,
            decides=ApprovalKind.EXTENSION,
            is_public=False,
        ),
        Step(
            source,
            Act.REQUEST_SUSPENSION,
            source,
            Perm.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            requires=(Fld.GROUND, Fld.UNTIL),
            guard=Guard.NOTHING_PENDING,
            asks_approval=ApprovalKind.SUSPENSION,
            is_public=False,
        ),
        Step(
            source,
            Act.APPROVE_SUSPENSION,
            St.SUSPENDED,
            Perm.CASE_APPROVE,
            Words.PUBLIC,
            requires=(Fld.DOCUMENT_NO,),
            clocks=((Clk.RESOLVE, Does.PAUSE),),
            notice=_SUSPENDED,
            guard=Guard.SUSPENSION_PENDING,
            decides=ApprovalKind.SUSPENSION,
        ),
        Step(
            source,
            Act.REFUSE_SUSPENSION,
            source,
            Perm.CASE_APPROVE,
            Words.NOTE_REQUIRED,
            guard=Guard.SUSPENSION_PENDING,
            decides=ApprovalKind.SUSPENSION,
            is_public=False,
        ),
        Step(
            source,
            Act.REQUEST_TERMINATION,
            source,
            Perm.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            guard=Guard.NOTHING_PENDING,
            asks_approval=ApprovalKind.TERMINATION,
            is_public=False,
        ),
        Step(
            source,
            Act.APPROVE_TERMINATION,
            St.TERMINATED,
            Perm.CASE_APPROVE,
            Words.PUBLIC,
            clocks=_STOP_ALL,
            notice=_TERMINATED,
            guard=Guard.TERMINATION_PENDING,
            decides=ApprovalKind.TERMINATION,
        ),
        Step(
            source,
            Act.REFUSE_TERMINATION,
            source,
            Perm.CASE_APPROVE,
            Words.NOTE_REQUIRED,
            guard=Guard.TERMINATION_PENDING,
            decides=ApprovalKind.TERMINATION,
            is_public=False,
        ),
    )
)

_RETURNS: Final = tuple(
    Step(
        source,
        Act.REQUEST_RETURN,
        St.RETURNING,
        needs,
        Words.NOTE_REQUIRED,
        requires=(Fld.SUGGESTED_UNIT,),
        # The resolve clock runs on while units argue; only a short clock is added.
        clocks=((Clk.SIGN, Does.MEET), (Clk.RETURN_DECISION, Does.START)),
        guard=Guard.RETURN_ALLOWED,
        asks_approval=ApprovalKind.RETURN,
        is_public=False,
    )
    for source, needs in ((St.DISPATCHED, Perm.CASE_SIGN), (St.HANDLING, Perm.CASE_HANDLE))
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
        notice=_ACCEPTED,
    ),
    *_AT_INTAKE,
    Step(
        St.ACCEPTED,
        Act.DISPATCH,
        St.DISPATCHED,
        Perm.CASE_DISPATCH,
        requires=(Fld.UNIT,),
        clocks=((Clk.DISPATCH, Does.MEET), (Clk.SIGN, Does.START)),
        notice=_DISPATCHED,
    ),
    Step(
        St.DISPATCHED,
        Act.SIGN,
        St.HANDLING,
        Perm.CASE_SIGN,
        clocks=((Clk.SIGN, Does.MEET), (Clk.FIRST_CONTACT, Does.START)),
        notice=_SIGNED,
    ),
    Step(
        St.DISPATCHED,
        Act.DISPATCH,
        St.DISPATCHED,
        Perm.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        requires=(Fld.UNIT,),
        clocks=_TO_UNIT,
        notice=_DISPATCHED,
    ),
    *_RETURNS,
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
        notice=_DISPATCHED,
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
        notice=_QUESTION,
    ),
    Step(St.WAITING_CITIZEN, Act.ANSWER_QUESTION, St.HANDLING, Perm.CASE_OWN, Words.PUBLIC),
    Step(St.WAITING_CITIZEN, Act.GO_ON, St.HANDLING, Perm.CASE_HANDLE, Words.NOTE_REQUIRED),
    *_IN_HAND,
    Step(
        St.SUSPENDED,
        Act.RESUME,
        St.HANDLING,
        Perm.CASE_HANDLE,
        clocks=((Clk.RESOLVE, Does.RESUME),),
        notice=_RESUMED,
    ),
    Step(
        St.REPLIED,
        Act.APPROVE_REPLY,
        St.CALLING_BACK,
        Perm.CASE_REVIEW,
        clocks=((Clk.RESOLVE, Does.MEET), (Clk.REVIEW, Does.MEET), (Clk.CALLBACK, Does.START)),
        notice=_REPLIED,
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
        Perm.CASE_CALLBACK,
        requires=(Fld.CALLBACK_RESULT,),
        clocks=((Clk.CALLBACK, Does.MEET),),
        notice=_CLOSED,
    ),
    Step(
        St.CALLING_BACK,
        Act.REWORK,
        St.HANDLING,
        Perm.CASE_CALLBACK,
        Words.NOTE_REQUIRED,
        clocks=((Clk.CALLBACK, Does.MEET), (Clk.RESOLVE, Does.NEW_ROUND)),
        notice=_REWORK,
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
        notice=_REWORK,
        guard=Guard.REOPEN_PENDING,
        decides=ApprovalKind.REOPEN,
    ),
    Step(
        St.CLOSED,
        Act.REFUSE_REOPEN,
        St.CLOSED,
        Perm.CASE_SUPERVISE,
        Words.PUBLIC,
        notice=_CLOSED,
        guard=Guard.REOPEN_PENDING,
        decides=ApprovalKind.REOPEN,
    ),
    *_WITHDRAWALS,
)
