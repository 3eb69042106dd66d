"""The part of the order's life in which citizens say whether it is solved, and checks say so too.

A citizen answers by link or on their own page; silent closures that were drawn are looked at again.
"""

from typing import Final

from app.accounts.rules import Permission as Perm
from app.cases.kinds import Action as Act
from app.cases.kinds import Status as St
from app.cases.rules import CaseClock as Clk
from app.cases.rules import ClockDoes as Does
from app.cases.rules import Field as Fld
from app.cases.rules import Guard, Step, Words
from app.cases.workflows import notices

BY_CITIZEN: Final[tuple[Step, ...]] = (
    Step(
        St.CALLING_BACK,
        Act.CONFIRM,
        St.CLOSED,
        Perm.CASE_OWN,
        Words.NOTE,
        requires=(Fld.CALLBACK_RESULT,),
        clocks=((Clk.CALLBACK, Does.MEET),),
        notice=None,  # the citizen did it and sees it at once
    ),
    Step(
        St.CALLING_BACK,
        Act.DISPUTE,
        St.HANDLING,
        Perm.CASE_OWN,
        Words.PUBLIC,
        clocks=((Clk.CALLBACK, Does.MEET), (Clk.RESOLVE, Does.NEW_ROUND)),
        notice=None,  # the citizen did it and sees it at once
    ),
    # Who followed another's matter to its end is asked as well.
    Step(
        St.CLOSED,
        Act.CONFIRM,
        St.CLOSED,
        Perm.CASE_OWN,
        Words.NOTE,
        requires=(Fld.CALLBACK_RESULT,),
        notice=None,  # the citizen did it and sees it at once
        guard=Guard.CALLBACK_OWED,
    ),
    Step(
        St.CLOSED,
        Act.DISPUTE,
        St.HANDLING,
        Perm.CASE_OWN,
        Words.PUBLIC,
        clocks=((Clk.RESOLVE, Does.NEW_ROUND),),
        notice=None,  # the citizen did it and sees it at once
        guard=Guard.CALLBACK_OWED,
    ),
)

CHECKS: Final[tuple[Step, ...]] = (
    Step(
        St.CLOSED,
        Act.UPHOLD,
        St.CLOSED,
        Perm.CASE_SAMPLE,
        Words.NOTE_REQUIRED,
        guard=Guard.DRAWN,
        notice=None,  # nothing changes for the citizen
        is_public=False,
    ),
    Step(
        St.CLOSED,
        Act.OVERTURN,
        St.HANDLING,
        Perm.CASE_SAMPLE,
        Words.NOTE_REQUIRED,
        clocks=((Clk.RESOLVE, Does.NEW_ROUND),),
        notice=notices.REWORK,
        guard=Guard.DRAWN,
    ),
)
