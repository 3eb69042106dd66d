"""The life of an order: consultation, help, tip, suggestion, praise.

This table is the specification (architecture §6, rulebook §2.2). Other kinds
use it until their own table arrives with their package.
"""

from typing import Final

from app.accounts.rules import Permission as P
from app.cases.kinds import Action as A
from app.cases.kinds import ApprovalKind
from app.cases.kinds import Status as S
from app.cases.rules import CaseClock as C
from app.cases.rules import ClockDoes as D
from app.cases.rules import Field as F
from app.cases.rules import Guard, Step, Words
from app.kernel.messages import mark

_STOP_ALL: Final = tuple((clock, D.CANCEL) for clock in C)
_DONE_AT_INTAKE: Final = (
    (C.ACCEPT, D.MEET),
    (C.DISPATCH, D.MEET),
    (C.FIRST_CONTACT, D.MEET),
    (C.RESOLVE, D.MEET),
)
_TO_UNIT: Final = ((C.SIGN, D.CANCEL), (C.FIRST_CONTACT, D.CANCEL), (C.SIGN, D.START))

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
    for source in (S.SUBMITTED, S.ACCEPTED)
    for step in (
        Step(
            source,
            A.ANSWER_ON_SPOT,
            S.ANSWERED,
            P.CASE_ACCEPT,
            Words.PUBLIC,
            offers=(F.OUTCOME,),
            clocks=_DONE_AT_INTAKE,
            notice=_ANSWERED,
        ),
        Step(
            source,
            A.DECLINE,
            S.DECLINED,
            P.CASE_ACCEPT,
            Words.PUBLIC,
            requires=(F.DECLINE_REASON,),
            clocks=_STOP_ALL,
            notice=_DECLINED,
        ),
        Step(
            source,
            A.REFER,
            S.REFERRED,
            P.CASE_ACCEPT,
            Words.PUBLIC,
            requires=(F.REFER_TO,),
            clocks=_STOP_ALL,
            notice=_REFERRED,
        ),
        Step(
            source,
            A.MERGE,
            S.MERGED,
            P.CASE_ACCEPT,
            Words.NOTE_REQUIRED,
            requires=(F.MASTER,),
            clocks=_STOP_ALL,
            notice=_MERGED,
        ),
    )
)

_WITHDRAWALS: Final = tuple(
    Step(
        source,
        A.WITHDRAW,
        S.WITHDRAWN,
        P.CASE_OWN,
        Words.NOTE,
        clocks=_STOP_ALL,
        notice=None,  # the citizen did it and sees it at once
    )
    for source in (S.SUBMITTED, S.ACCEPTED, S.DISPATCHED, S.HANDLING, S.WAITING_CITIZEN)
)

_IN_HAND: Final = tuple(
    step
    for source in (S.HANDLING, S.WAITING_CITIZEN)
    for step in (
        Step(
            source,
            A.REPLY,
            S.REPLIED,
            P.CASE_HANDLE,
            Words.PUBLIC,
            requires=(F.OUTCOME,),
            clocks=((C.FIRST_CONTACT, D.MEET), (C.REVIEW, D.START)),
            notice=None,  # nobody has reviewed it yet; the citizen reads it once it is approved
            guard=Guard.NOTHING_PENDING,
            is_public=False,
        ),
        Step(
            source,
            A.REQUEST_EXTENSION,
            source,
            P.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            requires=(F.AMOUNT,),
            guard=Guard.NOTHING_PENDING,
            asks_approval=ApprovalKind.EXTENSION,
            is_public=False,
        ),
        Step(
            source,
            A.APPROVE_EXTENSION,
            source,
            P.CASE_APPROVE,
            Words.PUBLIC,
            clocks=((C.RESOLVE, D.EXTEND),),
            notice=_EXTENDED,
            guard=Guard.EXTENSION_PENDING,
            decides=ApprovalKind.EXTENSION,
        ),
        Step(
            source,
            A.REFUSE_EXTENSION,
            source,
            P.CASE_APPROVE,
            Words.NOTE_REQUIRED,
            guard=Guard.EXTENSION_PENDING,
            decides=ApprovalKind.EXTENSION,
            is_public=False,
        ),
        Step(
            source,
            A.REQUEST_SUSPENSION,
            source,
            P.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            requires=(F.GROUND, F.UNTIL),
            guard=Guard.NOTHING_PENDING,
            asks_approval=ApprovalKind.SUSPENSION,
            is_public=False,
        ),
        Step(
            source,
            A.APPROVE_SUSPENSION,
            S.SUSPENDED,
            P.CASE_APPROVE,
            Words.PUBLIC,
            requires=(F.DOCUMENT_NO,),
            clocks=((C.RESOLVE, D.PAUSE),),
            notice=_SUSPENDED,
            guard=Guard.SUSPENSION_PENDING,
            decides=ApprovalKind.SUSPENSION,
        ),
        Step(
            source,
            A.REFUSE_SUSPENSION,
            source,
            P.CASE_APPROVE,
            Words.NOTE_REQUIRED,
            guard=Guard.SUSPENSION_PENDING,
            decides=ApprovalKind.SUSPENSION,
            is_public=False,
        ),
        Step(
            source,
            A.REQUEST_TERMINATION,
            source,
            P.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            guard=Guard.NOTHING_PENDING,
            asks_approval=ApprovalKind.TERMINATION,
            is_public=False,
        ),
        Step(
            source,
            A.APPROVE_TERMINATION,
            S.TERMINATED,
            P.CASE_APPROVE,
            Words.PUBLIC,
            clocks=_STOP_ALL,
            notice=_TERMINATED,
            guard=Guard.TERMINATION_PENDING,
            decides=ApprovalKind.TERMINATION,
        ),
        Step(
            source,
            A.REFUSE_TERMINATION,
            source,
            P.CASE_APPROVE,
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
        A.REQUEST_RETURN,
        S.RETURNING,
        needs,
        Words.NOTE_REQUIRED,
        requires=(F.SUGGESTED_UNIT,),
        # The resolve clock runs on while units argue; only a short clock is added.
        clocks=((C.SIGN, D.MEET), (C.RETURN_DECISION, D.START)),
        guard=Guard.RETURN_ALLOWED,
        asks_approval=ApprovalKind.RETURN,
        is_public=False,
    )
    for source, needs in ((S.DISPATCHED, P.CASE_SIGN), (S.HANDLING, P.CASE_HANDLE))
)

STEPS: Final[tuple[Step, ...]] = (
    Step(
        S.SUBMITTED,
        A.ACCEPT,
        S.ACCEPTED,
        P.CASE_ACCEPT,
        requires=(F.CATEGORY,),
        offers=(F.URGENCY, F.REGION),
        clocks=((C.ACCEPT, D.MEET), (C.RESOLVE, D.REBASE), (C.DISPATCH, D.START)),
        notice=_ACCEPTED,
    ),
    *_AT_INTAKE,
    Step(
        S.ACCEPTED,
        A.DISPATCH,
        S.DISPATCHED,
        P.CASE_DISPATCH,
        requires=(F.UNIT,),
        clocks=((C.DISPATCH, D.MEET), (C.SIGN, D.START)),
        notice=_DISPATCHED,
    ),
    Step(
        S.DISPATCHED,
        A.SIGN,
        S.HANDLING,
        P.CASE_SIGN,
        clocks=((C.SIGN, D.MEET), (C.FIRST_CONTACT, D.START)),
        notice=_SIGNED,
    ),
    Step(
        S.DISPATCHED,
        A.DISPATCH,
        S.DISPATCHED,
        P.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        requires=(F.UNIT,),
        clocks=_TO_UNIT,
        notice=_DISPATCHED,
    ),
    *_RETURNS,
    Step(
        S.RETURNING,
        A.ACCEPT_RETURN,
        S.ACCEPTED,
        P.CASE_DISPATCH,
        clocks=((C.RETURN_DECISION, D.MEET), (C.FIRST_CONTACT, D.CANCEL), (C.DISPATCH, D.START)),
        notice=None,  # a matter between units; the citizen is told when it is with the next one
        decides=ApprovalKind.RETURN,
        is_public=False,
    ),
    Step(
        S.RETURNING,
        A.REFUSE_RETURN,
        S.HANDLING,  # refused means signed (rulebook §2.2)
        P.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        clocks=((C.RETURN_DECISION, D.MEET), (C.FIRST_CONTACT, D.START)),
        decides=ApprovalKind.RETURN,
        is_public=False,
    ),
    Step(
        S.RETURNING,
        A.ADJUDICATE,
        S.ADJUDICATING,
        P.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        decides=ApprovalKind.RETURN,
        is_public=False,
    ),
    Step(
        S.ADJUDICATING,
        A.RULE,
        S.DISPATCHED,
        P.CASE_RULE,
        Words.NOTE_REQUIRED,
        requires=(F.UNIT,),
        clocks=((C.RETURN_DECISION, D.MEET), *_TO_UNIT),
        notice=_DISPATCHED,
    ),
    Step(
        S.HANDLING,
        A.ASSIGN,
        S.HANDLING,
        P.CASE_HANDLE,
        requires=(F.HANDLER,),
        is_public=False,
    ),
    Step(
        S.HANDLING,
        A.CONTACT,
        S.HANDLING,
        P.CASE_HANDLE,
        Words.NOTE_REQUIRED,
        clocks=((C.FIRST_CONTACT, D.MEET),),
        is_public=False,
    ),
    Step(
        S.HANDLING,
        A.ASK_CITIZEN,
        S.WAITING_CITIZEN,
        P.CASE_HANDLE,
        Words.PUBLIC,
        clocks=((C.FIRST_CONTACT, D.MEET),),
        notice=_QUESTION,
    ),
    Step(S.WAITING_CITIZEN, A.ANSWER_QUESTION, S.HANDLING, P.CASE_OWN, Words.PUBLIC),
    Step(S.WAITING_CITIZEN, A.GO_ON, S.HANDLING, P.CASE_HANDLE, Words.NOTE_REQUIRED),
    *_IN_HAND,
    Step(
        S.SUSPENDED,
        A.RESUME,
        S.HANDLING,
        P.CASE_HANDLE,
        clocks=((C.RESOLVE, D.RESUME),),
        notice=_RESUMED,
    ),
    Step(
        S.REPLIED,
        A.APPROVE_REPLY,
        S.CALLING_BACK,
        P.CASE_REVIEW,
        clocks=((C.RESOLVE, D.MEET), (C.REVIEW, D.MEET), (C.CALLBACK, D.START)),
        notice=_REPLIED,
    ),
    Step(
        S.REPLIED,
        A.RETURN_REPLY,
        S.HANDLING,
        P.CASE_REVIEW,
        Words.NOTE_REQUIRED,
        clocks=((C.REVIEW, D.MEET),),
        is_public=False,
    ),
    Step(
        S.CALLING_BACK,
        A.CLOSE,
        S.CLOSED,
        P.CASE_CALLBACK,
        requires=(F.CALLBACK_RESULT,),
        clocks=((C.CALLBACK, D.MEET),),
        notice=_CLOSED,
    ),
    Step(
        S.CALLING_BACK,
        A.REWORK,
        S.HANDLING,
        P.CASE_CALLBACK,
        Words.NOTE_REQUIRED,
        clocks=((C.CALLBACK, D.MEET), (C.RESOLVE, D.NEW_ROUND)),
        notice=_REWORK,
    ),
    Step(
        S.CLOSED,
        A.REOPEN,
        S.HANDLING,
        P.CASE_OWN,
        Words.PUBLIC,
        clocks=((C.RESOLVE, D.NEW_ROUND),),
        guard=Guard.REOPEN_FRESH,
    ),
    Step(
        S.CLOSED,
        A.REQUEST_REOPEN,
        S.CLOSED,
        P.CASE_OWN,
        Words.PUBLIC,
        guard=Guard.REOPEN_LATE,
        asks_approval=ApprovalKind.REOPEN,
    ),
    Step(
        S.CLOSED,
        A.GRANT_REOPEN,
        S.HANDLING,
        P.CASE_SUPERVISE,
        Words.NOTE_REQUIRED,
        clocks=((C.RESOLVE, D.NEW_ROUND),),
        notice=_REWORK,
        guard=Guard.REOPEN_PENDING,
        decides=ApprovalKind.REOPEN,
    ),
    Step(
        S.CLOSED,
        A.REFUSE_REOPEN,
        S.CLOSED,
        P.CASE_SUPERVISE,
        Words.PUBLIC,
        notice=_CLOSED,
        guard=Guard.REOPEN_PENDING,
        decides=ApprovalKind.REOPEN,
    ),
    *_WITHDRAWALS,
)
