"""The life of an application (办件): received, completed, accepted, reviewed, decided, delivered.

What the law attaches to each step stands in the step (行政许可法 arts. 29-45; rulebook §3). A
matter of this kind that was taken in as an order, by phone or from another system, goes on as
one: `BEFORE` has those steps. Nobody reopens a decision; who disagrees has the remedies told.
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
from app.cases.workflows import notices, order, passing, requests

_ADMITTED: Final = (
    (Clk.ONE_TIME_NOTICE, Does.MEET),
    (Clk.WHILE_WAITING, Does.CANCEL),
    (Clk.RESOLVE, Does.RUN),
    (Clk.LEGAL, Does.RUN),
)
_DECIDED: Final = (
    (Clk.WHILE_WAITING, Does.MEET),
    (Clk.RESOLVE, Does.MEET),
    (Clk.LEGAL, Does.MEET),
    (Clk.DELIVER, Does.START),
)
_BEFORE_DECISION: Final = (St.ADMITTED, St.REVIEWING, St.SPECIAL_PROCEDURE)

_AT_THE_WINDOW: Final = (
    Step(
        St.RECEIVED,
        Act.NOTIFY_DEFECTS,
        St.CORRECTING,
        Perm.CASE_ACCEPT,
        Words.PUBLIC,
        clocks=((Clk.ONE_TIME_NOTICE, Does.MEET), (Clk.WHILE_WAITING, Does.CANCEL)),
        notice=notices.DEFECTS,
        guard=Guard.CORRECTABLE,
    ),
    Step(
        St.RECEIVED,
        Act.ADMIT,
        St.ADMITTED,
        Perm.CASE_ACCEPT,
        clocks=_ADMITTED,
        notice=notices.ADMITTED,
        guard=Guard.PAPERS_SETTLED,
    ),
    Step(
        St.RECEIVED,
        Act.DECIDE_AT_ONCE,
        St.DECIDED,
        Perm.CASE_ACCEPT,
        clocks=(
            (Clk.ONE_TIME_NOTICE, Does.MEET),
            (Clk.RESOLVE, Does.RUN),
            (Clk.LEGAL, Does.RUN),
            *_DECIDED,
        ),
        notice=notices.GRANTED,
        guard=Guard.AT_ONCE,
    ),
    # The law accepts where nobody spoke in time (art. 32); the job takes it at that minute.
    Step(
        St.RECEIVED,
        Act.DEEM_ADMITTED,
        St.ADMITTED,
        Perm.CASE_SUPERVISE,
        clocks=_ADMITTED,
        notice=notices.DEEMED_ADMITTED,
        guard=Guard.NOTICE_LATE,
    ),
    Step(
        St.CORRECTING,
        Act.HAND_IN,
        St.RECEIVED,
        Perm.CASE_OWN,
        Words.PUBLIC,
        clocks=((Clk.ONE_TIME_NOTICE, Does.START),),
        notice=None,  # the citizen did it and sees it at once
    ),
    Step(
        St.CORRECTING,
        Act.TAKE_PAPERS,
        St.RECEIVED,
        Perm.CASE_ACCEPT,
        clocks=((Clk.ONE_TIME_NOTICE, Does.START),),
        notice=notices.PAPERS_TAKEN,
    ),
    *(
        Step(
            source,
            Act.NOT_ADMIT,
            St.NOT_ADMITTED,
            Perm.CASE_ACCEPT,
            Words.PUBLIC,
            requires=(Fld.NOT_ADMITTED, Fld.REMEDIES),
            offers=(Fld.REFER_TO,),
            clocks=((Clk.ONE_TIME_NOTICE, Does.MEET), *requests.STOP_ALL),
            notice=notices.NOT_ADMITTED,
            guard=Guard.NOTICE_IN_TIME,
        )
        for source in (St.RECEIVED, St.CORRECTING)
    ),
)

_IN_REVIEW: Final = (
    Step(
        St.ADMITTED,
        Act.START_REVIEW,
        St.REVIEWING,
        Perm.CASE_HANDLE,
        notice=None,  # inside the unit; the citizen sees it on the page
    ),
    Step(
        St.REVIEWING,
        Act.ASSIGN,
        St.REVIEWING,
        Perm.CASE_HANDLE,
        requires=(Fld.HANDLER,),
        is_public=False,
    ),
    Step(
        St.REVIEWING,
        Act.GRANT,
        St.DECIDED,
        Perm.CASE_CONCLUDE,
        Words.PUBLIC,
        clocks=_DECIDED,
        notice=notices.GRANTED,
        guard=Guard.DECIDABLE,
    ),
    Step(
        St.REVIEWING,
        Act.REFUSE,
        St.DECIDED,
        Perm.CASE_CONCLUDE,
        Words.PUBLIC,
        requires=(Fld.OUTCOME_BASIS, Fld.REMEDIES),
        clocks=((Clk.LATE_PAPERS, Does.CANCEL), *_DECIDED),
        notice=notices.REFUSED,
        guard=Guard.NOTHING_PENDING,
    ),
)

# What is asked for and decided by somebody else: special procedure, extension, ending.
_ASKED_FOR: Final = (
    requests.asked(
        St.REVIEWING,
        Act.REQUEST_PROCEDURE,
        Guard.PROCEDURE_POSSIBLE,
        ApprovalKind.PROCEDURE,
        requires=(Fld.PROCEDURE, Fld.EVIDENCE),
    ),
    Step(
        St.REVIEWING,
        Act.APPROVE_PROCEDURE,
        St.SPECIAL_PROCEDURE,
        Perm.CASE_APPROVE,
        Words.PUBLIC,
        requires=(Fld.DOCUMENT_NO,),
        clocks=((Clk.RESOLVE, Does.PAUSE), (Clk.LEGAL, Does.PAUSE)),
        notice=notices.PROCEDURE,
        guard=Guard.PROCEDURE_PENDING,
        decides=ApprovalKind.PROCEDURE,
    ),
    requests.refused(
        St.REVIEWING, Act.REFUSE_PROCEDURE, Guard.PROCEDURE_PENDING, ApprovalKind.PROCEDURE
    ),
    Step(
        St.SPECIAL_PROCEDURE,
        Act.END_PROCEDURE,
        St.REVIEWING,
        Perm.CASE_HANDLE,
        Words.NOTE_REQUIRED,
        clocks=((Clk.RESOLVE, Does.RESUME), (Clk.LEGAL, Does.RESUME)),
        notice=notices.PROCEDURE_OVER,
    ),
    requests.asked(
        St.REVIEWING,
        Act.REQUEST_EXTENSION,
        Guard.EXTENDABLE,
        ApprovalKind.EXTENSION,
        requires=(Fld.AMOUNT, Fld.EVIDENCE),
    ),
    Step(
        St.REVIEWING,
        Act.APPROVE_EXTENSION,
        St.REVIEWING,
        Perm.CASE_APPROVE,
        Words.PUBLIC,
        requires=(Fld.DOCUMENT_NO,),
        clocks=((Clk.RESOLVE, Does.EXTEND), (Clk.LEGAL, Does.EXTEND)),
        notice=notices.EXTENDED,
        guard=Guard.EXTENSION_PENDING,
        decides=ApprovalKind.EXTENSION,
    ),
    requests.refused(
        St.REVIEWING, Act.REFUSE_EXTENSION, Guard.EXTENSION_PENDING, ApprovalKind.EXTENSION
    ),
    requests.asked(
        St.REVIEWING,
        Act.REQUEST_TERMINATION,
        Guard.NOTHING_PENDING,
        ApprovalKind.TERMINATION,
        requires=(Fld.EVIDENCE,),
    ),
    Step(
        St.REVIEWING,
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
        St.REVIEWING, Act.REFUSE_TERMINATION, Guard.TERMINATION_PENDING, ApprovalKind.TERMINATION
    ),
)

_HANDING_OUT: Final = (
    Step(
        St.DECIDED,
        Act.ISSUE,
        St.ISSUING,
        Perm.CASE_HANDLE,
        notice=None,  # the citizen is told when it is there
        guard=Guard.TO_ISSUE,
    ),
    *(
        Step(
            source,
            Act.DELIVER,
            St.DELIVERED,
            Perm.CASE_ACCEPT,
            requires=(Fld.DELIVERY,),
            offers=(Fld.TRACKING_NO,),
            clocks=((Clk.DELIVER, Does.MEET),),
            notice=notices.DELIVERED,
            guard=guard,
        )
        for source, guard in ((St.DECIDED, Guard.TO_HAND_OUT), (St.ISSUING, None))
    ),
    Step(
        St.DELIVERED,
        Act.ARCHIVE,
        St.CLOSED,
        Perm.CASE_ACCEPT,
        notice=None,  # told when it was delivered
        is_public=False,
    ),
)

_WITHDRAWALS: Final = (
    *(
        step
        for source in (St.RECEIVED, St.CORRECTING, *_BEFORE_DECISION)
        for step in (
            Step(
                source,
                Act.WITHDRAW,
                St.WITHDRAWN,
                Perm.CASE_OWN,
                Words.NOTE,
                clocks=requests.STOP_ALL,
                notice=None,  # the citizen did it and sees it at once
            ),
            Step(
                source,
                Act.TAKE_BACK,
                St.WITHDRAWN,
                Perm.CASE_ACCEPT,
                Words.NOTE_REQUIRED,
                clocks=requests.STOP_ALL,
                notice=notices.TAKEN_BACK,
            ),
        )
    ),
    *(
        Step(
            source,
            Act.DEEM_WITHDRAWN,
            St.WITHDRAWN,
            Perm.CASE_SUPERVISE,
            clocks=((Clk.LATE_PAPERS, Does.MEET), *requests.STOP_ALL),
            notice=notices.DEEMED_WITHDRAWN,
            guard=Guard.PROMISE_BROKEN,
        )
        for source in _BEFORE_DECISION
    ),
)

# Its unit is being closed: whatever was handed in, judged and decided goes with it.
_PASSED_ON: Final = tuple(
    passing.redistributed(state, state)
    for state in (
        St.RECEIVED,
        St.CORRECTING,
        *_BEFORE_DECISION,
        St.DECIDED,
        St.ISSUING,
        St.DELIVERED,
    )
)

STEPS: Final[tuple[Step, ...]] = (
    *_AT_THE_WINDOW,
    *_IN_REVIEW,
    *_ASKED_FOR,
    *_HANDING_OUT,
    *_WITHDRAWALS,
    *_PASSED_ON,
)

BEFORE: Final[tuple[Step, ...]] = tuple(
    step for step in order.STEPS if step.source is not St.CLOSED
)
