"""The life of a repair: filed, dispatched, on site, repaired, checked by others, closed.

Filing and checking are one centre's duty, dispatching another's (监督, 指挥; rulebook §5). A
matter of this kind that was taken in as an order before there was this table goes on as one
until it is dispatched: `BEFORE` has those steps.
"""

from dataclasses import replace
from typing import Final

from app.accounts.rules import Permission as Perm
from app.cases.kinds import AT_WORK
from app.cases.kinds import Action as Act
from app.cases.kinds import Status as St
from app.cases.rules import CaseClock as Clk
from app.cases.rules import ClockDoes as Does
from app.cases.rules import Field as Fld
from app.cases.rules import Guard, Step, Words
from app.cases.workflows import merging, notices, order, passing, repair_requests, requests

WORKING: Final = tuple(state for state in St if state in AT_WORK)

_FILING: Final = (
    Step(
        St.REPORTED,
        Act.FILE,
        St.VERIFIED,
        Perm.REPAIR_FILE,
        offers=(Fld.CATEGORY, Fld.URGENCY, Fld.REGION),
        clocks=((Clk.ACCEPT, Does.MEET), (Clk.RESOLVE, Does.REBASE), (Clk.DISPATCH, Does.START)),
        notice=notices.FILED,
    ),
    Step(
        St.REPORTED,
        Act.NOT_FILE,
        St.NOT_FILED,
        Perm.REPAIR_FILE,
        Words.PUBLIC,
        requires=(Fld.NOT_FILED,),
        clocks=requests.STOP_ALL,
        notice=notices.NOT_FILED,
    ),
    *(
        Step(
            source,
            Act.REFER,
            St.REFERRED,
            needs,
            Words.PUBLIC,
            requires=(Fld.REFER_TO,),
            clocks=requests.STOP_ALL,
            notice=notices.REFERRED,
        )
        for source, needs in ((St.REPORTED, Perm.REPAIR_FILE), (St.VERIFIED, Perm.CASE_DISPATCH))
    ),
)

_TO_UNIT: Final = ((Clk.SIGN, Does.CANCEL), (Clk.ON_SITE, Does.CANCEL), (Clk.SIGN, Does.START))
_DISPATCHING: Final = (
    Step(
        St.VERIFIED,
        Act.DISPATCH,
        St.DISPATCHED,
        Perm.CASE_DISPATCH,
        requires=(Fld.UNIT,),
        clocks=((Clk.DISPATCH, Does.MEET), (Clk.SIGN, Does.START)),
        notice=notices.DISPATCHED,
    ),
    Step(
        St.VERIFIED,
        Act.COORDINATE,
        St.DISPATCHED,
        Perm.CASE_DISPATCH,
        Words.NOTE_REQUIRED,
        requires=(Fld.UNIT,),
        clocks=((Clk.DISPATCH, Does.MEET), (Clk.SIGN, Does.START)),
        notice=notices.COORDINATED,
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
    Step(
        St.DISPATCHED,
        Act.SIGN,
        St.SIGNED,
        Perm.CASE_SIGN,
        clocks=((Clk.SIGN, Does.MEET), (Clk.ON_SITE, Does.START)),
        notice=notices.SIGNED,
    ),
    Step(
        St.DISPATCHED,
        Act.GRAB,
        St.SIGNED,
        Perm.REPAIR_FIELD,
        requires=(Fld.CREW,),
        clocks=((Clk.SIGN, Does.MEET), (Clk.ON_SITE, Does.START)),
        notice=notices.SIGNED,
        guard=Guard.CREWLESS,
    ),
    Step(
        St.SIGNED,
        Act.GRAB,
        St.SIGNED,
        Perm.REPAIR_FIELD,
        requires=(Fld.CREW,),
        guard=Guard.CREWLESS,
        is_public=False,
    ),
    Step(
        St.DISPATCHED,
        Act.ASSIGN_CREW,
        St.DISPATCHED,
        Perm.REPAIR_ASSIGN,
        requires=(Fld.CREW,),
        is_public=False,
    ),
    *(
        Step(
            source,
            Act.ASSIGN_CREW,
            St.SIGNED,  # the next crew sets out from the beginning
            Perm.REPAIR_ASSIGN,
            requires=(Fld.CREW,),
            is_public=False,
        )
        for source in WORKING
    ),
    *(
        Step(
            source,
            Act.HAND_BACK,
            St.SIGNED if source in AT_WORK else source,
            Perm.REPAIR_FIELD,
            Words.NOTE_REQUIRED,
            guard=Guard.HAS_CREW,
            is_public=False,
        )
        for source in (St.DISPATCHED, *WORKING)
    ),
)

_AT_THE_SPOT: Final = (
    Step(
        St.SIGNED,
        Act.SET_OUT,
        St.ON_WAY,
        Perm.REPAIR_FIELD,
        notice=notices.SET_OUT,
        guard=Guard.NOTHING_PENDING,
    ),
    *(
        Step(
            source,
            Act.ARRIVE,
            St.ON_SITE,
            Perm.REPAIR_FIELD,
            clocks=((Clk.ON_SITE, Does.MEET),),
            notice=None,  # told when somebody set out and when it is repaired
            guard=Guard.NOTHING_PENDING,
        )
        for source in (St.SIGNED, St.ON_WAY)
    ),
    Step(
        St.ON_SITE,
        Act.SECURE,
        St.ON_SITE,
        Perm.REPAIR_FIELD,
        clocks=((Clk.SAFETY, Does.MEET),),
        notice=None,  # seen on its page; the repair itself is still to come
    ),
    Step(
        St.ON_SITE,
        Act.FIX,
        St.REPAIRED,
        Perm.REPAIR_FIELD,
        clocks=((Clk.SAFETY, Does.MEET), (Clk.REVIEW, Does.START)),
        notice=notices.REPAIRED,
        guard=Guard.NOTHING_PENDING,
    ),
    Step(
        St.REPAIRED,
        Act.CHECK,
        St.CHECKED,
        Perm.REPAIR_CHECK,
        # Met at the time it was repaired, once somebody else has seen that it is.
        clocks=((Clk.RESOLVE, Does.MEET), (Clk.REVIEW, Does.MEET)),
        notice=notices.CHECKED,
    ),
    Step(
        St.REPAIRED,
        Act.REWORK,
        St.SIGNED,
        Perm.REPAIR_CHECK,
        Words.NOTE_REQUIRED,
        # The citizen's clock was never met: bad work wins no time.
        clocks=((Clk.REVIEW, Does.MEET), (Clk.ON_SITE, Does.START)),
        notice=notices.CHECKED_AGAIN,
    ),
    Step(
        St.CHECKED,
        Act.CLOSE,
        St.CLOSED,
        Perm.REPAIR_CHECK,
        Words.PUBLIC,
        notice=notices.CLOSED,
    ),
    Step(
        St.CHECKED,
        Act.REWORK,
        St.SIGNED,
        Perm.REPAIR_CHECK,
        Words.NOTE_REQUIRED,
        clocks=((Clk.RESOLVE, Does.NEW_ROUND), (Clk.ON_SITE, Does.START)),
        notice=notices.CHECKED_AGAIN,
    ),
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
    for source in (St.REPORTED, St.VERIFIED, St.DISPATCHED, St.SIGNED)
)

# Its unit is being closed: what it had in hand is signed for by the next one.
_PASSED_ON: Final = (
    *(passing.redistributed(state, St.DISPATCHED) for state in WORKING),
    *(passing.redistributed(state, state) for state in (St.SUSPENDED, St.REPAIRED, St.CHECKED)),
)

# From where a repair may be joined to another: nobody stands at the spot for it yet, or they do.
JOINABLE: Final = {
    St.REPORTED: Perm.REPAIR_FILE,
    St.VERIFIED: Perm.CASE_DISPATCH,
    St.DISPATCHED: Perm.CASE_DISPATCH,
    **dict.fromkeys(WORKING, Perm.CASE_DISPATCH),
}

# Closed, it comes back as an order does, into the hands of the unit that repaired it.
_AFTERWARDS: Final = tuple(
    replace(step, target=St.SIGNED) if step.target is St.HANDLING else step
    for step in order.STEPS
    if step.source is St.CLOSED
)

STEPS: Final[tuple[Step, ...]] = (
    *_FILING,
    *_DISPATCHING,
    *_AT_THE_SPOT,
    *repair_requests.STEPS,
    *_WITHDRAWALS,
    *_PASSED_ON,
    *merging.joined_from(JOINABLE),
    *merging.WHILE_JOINED,
    *_AFTERWARDS,
)

_AS_ORDER: Final = frozenset(
    {
        St.SUBMITTED,
        St.ACCEPTED,
        St.HANDLING,
        St.WAITING_CITIZEN,
        St.REPLIED,
        St.CALLING_BACK,
    }
)
BEFORE: Final[tuple[Step, ...]] = tuple(
    step
    for step in order.STEPS
    if step.source in _AS_ORDER or (step.goes_back and step.target in _AS_ORDER)
)
