"""The life of a tip: that of an order, with a guard against the accused.

Who it is about is named at acceptance; from then on neither they nor anybody under them
sees it, gets it or decides on it (rulebook §2.3.6). Where those who dispatch are themselves
concerned, the supervisor names the unit that looks into it.
"""

from dataclasses import replace
from typing import Final

from app.accounts.rules import Permission as Perm
from app.cases.kinds import Action as Act
from app.cases.kinds import Status as St
from app.cases.rules import CaseClock as Clk
from app.cases.rules import ClockDoes as Does
from app.cases.rules import Field as Fld
from app.cases.rules import Guard, Step, Words
from app.cases.workflows import notices, order

NAMED: Final = (Fld.SUBJECT_KIND, Fld.SUBJECT_NAME, Fld.ACCUSED_UNIT, Fld.ACCUSED_STAFF)

RULED_AT_ONCE: Final = Step(
    St.ACCEPTED,
    Act.RULE,
    St.DISPATCHED,
    Perm.CASE_RULE,
    Words.NOTE_REQUIRED,
    requires=(Fld.UNIT,),
    clocks=((Clk.DISPATCH, Does.MEET), (Clk.SIGN, Does.START)),
    notice=notices.DISPATCHED,
    guard=Guard.ABOUT_SOMEBODY,
)

STEPS: Final[tuple[Step, ...]] = (
    *(
        replace(step, offers=(*step.offers, *NAMED)) if step.action is Act.ACCEPT else step
        for step in order.STEPS
    ),
    RULED_AT_ONCE,
)
