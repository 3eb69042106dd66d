"""How a matter passes from hand to hand: inside its unit, and from a unit that is being closed.

A suspension that is renewed before its day stands here too: it changes nothing but the day.
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
from app.cases.workflows import notices, requests

# Until the next person accepts, the first keeps it: nobody's hands are no hands (首问负责).
HAND_OVERS: Final = tuple(
    step
    for source in (St.HANDLING, St.WAITING_CITIZEN)
    for step in (
        Step(
            source,
            Act.HAND_OVER,
            source,
            Perm.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            requires=(Fld.HANDLER,),
            is_public=False,
        ),
        Step(
            source,
            Act.ACCEPT_HAND_OVER,
            source,
            Perm.CASE_HANDLE,
            Words.NOTE,
            guard=Guard.HANDED_OVER,
            is_public=False,
        ),
        Step(
            source,
            Act.REFUSE_HAND_OVER,
            source,
            Perm.CASE_HANDLE,
            Words.NOTE_REQUIRED,
            guard=Guard.HANDED_OVER,
            is_public=False,
        ),
    )
)

_AGAIN_TO_SIGN: Final = (
    (Clk.SIGN, Does.CANCEL),
    (Clk.FIRST_CONTACT, Does.CANCEL),
    (Clk.SIGN, Does.START),
)


def redistributed(source: St, target: St) -> Step:
    """Out of the hands of a unit that is being closed: to be signed for, or as it stands."""
    return Step(
        source,
        Act.REDISTRIBUTE,
        target,
        Perm.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        requires=(Fld.UNIT,),
        clocks=_AGAIN_TO_SIGN if target is St.DISPATCHED else (),
        notice=notices.DISPATCHED,
        guard=Guard.UNIT_ENDING,
    )


# A unit abolished in the middle: what it had in hand is signed for by the next one; what is
# suspended or only has to be reviewed and called back stays where it stands.
REDISTRIBUTION: Final = (
    redistributed(St.HANDLING, St.DISPATCHED),
    redistributed(St.WAITING_CITIZEN, St.DISPATCHED),
    redistributed(St.SUSPENDED, St.SUSPENDED),
    redistributed(St.REPLIED, St.REPLIED),
    redistributed(St.CALLING_BACK, St.CALLING_BACK),
)

# A suspension ends by itself after its day; whoever needs longer asks again before it.
RENEWALS: Final = (
    requests.asked(
        St.SUSPENDED,
        Act.REQUEST_SUSPENSION,
        Guard.NOTHING_PENDING,
        ApprovalKind.SUSPENSION,
        requires=(Fld.GROUND, Fld.UNTIL),
    ),
    Step(
        St.SUSPENDED,
        Act.APPROVE_SUSPENSION,
        St.SUSPENDED,
        Perm.CASE_APPROVE,
        Words.PUBLIC,
        requires=(Fld.DOCUMENT_NO,),
        notice=notices.SUSPENDED,
        guard=Guard.SUSPENSION_PENDING,
        decides=ApprovalKind.SUSPENSION,
    ),
    requests.refused(
        St.SUSPENDED, Act.REFUSE_SUSPENSION, Guard.SUSPENSION_PENDING, ApprovalKind.SUSPENSION
    ),
)

STEPS: Final = (*HAND_OVERS, *REDISTRIBUTION, *RENEWALS)
