"""The part of a matter's life in which it is the same as another: joined, led, separated (并案).

What the leading matter does to its followers stands in `service/following.py`; here are the
lines it takes. Rulebook §2.5, §2.6; the clock decision is in docs/decisions/0014.
"""

from collections.abc import Mapping
from typing import Final

from app.accounts.rules import Permission as Perm
from app.cases.kinds import Action as Act
from app.cases.kinds import ApprovalKind
from app.cases.kinds import Status as St
from app.cases.rules import CaseClock as Clk
from app.cases.rules import ClockDoes as Does
from app.cases.rules import Field as Fld
from app.cases.rules import Guard, Step, Words
from app.cases.workflows import notices, requests

# From where a matter may be joined to another: nothing of it is answered or being decided on.
JOINABLE: Final = {
    St.SUBMITTED: Perm.CASE_ACCEPT,
    St.ACCEPTED: Perm.CASE_ACCEPT,
    St.DISPATCHED: Perm.CASE_DISPATCH,
    St.HANDLING: Perm.CASE_DISPATCH,
    St.WAITING_CITIZEN: Perm.CASE_DISPATCH,
}


def joined_from(joinable: Mapping[St, Perm]) -> tuple[Step, ...]:
    """From each of these states a matter may be joined to another, and back to it again."""
    merges = tuple(
        Step(
            source,
            Act.MERGE,
            St.MERGED,
            needs,
            Words.NOTE_REQUIRED,
            requires=(Fld.MASTER,),
            # Its own clocks rest; what does that, and gives them back, is the effect of the step.
            notice=notices.MERGED,
            guard=Guard.NOTHING_PENDING,
        )
        for source, needs in joinable.items()
    )
    return (*merges, *(step for source in joinable for step in _separations(source)))


def _separations(source: St) -> tuple[Step, Step]:
    asked = Step(
        St.MERGED,
        Act.UNMERGE,
        source,
        Perm.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        notice=notices.UNMERGED,
        guard=Guard.NOTHING_PENDING,
        goes_back=True,
    )
    granted = Step(
        St.MERGED,
        Act.GRANT_SEPARATION,
        source,
        Perm.CASE_DISPATCH,
        notice=notices.UNMERGED,
        guard=Guard.SEPARATION_PENDING,
        decides=ApprovalKind.SEPARATION,
        goes_back=True,
    )
    return asked, granted


_ASKED: Final = (
    Step(
        St.MERGED,
        Act.CLAIM_DIFFERENT,
        St.MERGED,
        Perm.CASE_OWN,
        Words.PUBLIC,
        guard=Guard.NOTHING_PENDING,
        asks_approval=ApprovalKind.SEPARATION,
    ),
    Step(
        St.MERGED,
        Act.REFUSE_SEPARATION,
        St.MERGED,
        Perm.CASE_DISPATCH,
        Words.PUBLIC,
        notice=notices.STAYS_MERGED,
        guard=Guard.SEPARATION_PENDING,
        decides=ApprovalKind.SEPARATION,
    ),
    Step(
        St.MERGED,
        Act.WITHDRAW,
        St.WITHDRAWN,
        Perm.CASE_OWN,
        Words.NOTE,
        clocks=requests.STOP_ALL,
        notice=None,  # the citizen did it and sees it at once
    ),
)

# What the end of the leading matter is for those who follow it, and what they are told.
_ENDS: Final = {
    St.CLOSED: notices.CLOSED,
    St.ANSWERED: notices.ANSWERED,
    St.DECLINED: notices.DECLINED,
    St.NOT_FILED: notices.NOT_FILED,  # where a repair leads
    St.REFERRED: notices.REFERRED,
    St.TERMINATED: notices.TERMINATED,
}

ENDINGS: Final = {
    end: Step(
        St.MERGED,
        Act.END_WITH,
        end,
        Perm.CASE_CLOSE,
        Words.NONE,
        clocks=requests.STOP_ALL,
        notice=notice,
        guard=Guard.WITH_MASTER,
    )
    for end, notice in _ENDS.items()
}

# Each citizen is asked on their own whether it is settled, and has their own way back.
_CALLED_BACK: Final = (
    Step(
        St.CLOSED,
        Act.CALL_BACK,
        St.CLOSED,
        Perm.CASE_CALLBACK,
        requires=(Fld.CALLBACK_RESULT,),
        guard=Guard.CALLBACK_OWED,
        is_public=False,
    ),
    Step(
        St.CLOSED,
        Act.REWORK,
        St.HANDLING,
        Perm.CASE_CALLBACK,
        Words.NOTE_REQUIRED,
        clocks=((Clk.RESOLVE, Does.NEW_ROUND),),
        notice=notices.REWORK,
        guard=Guard.CALLBACK_UNSOLVED,
    ),
)

WHILE_JOINED: Final = (*_ASKED, *ENDINGS.values())
STEPS: Final = (*joined_from(JOINABLE), *WHILE_JOINED, *_CALLED_BACK)
