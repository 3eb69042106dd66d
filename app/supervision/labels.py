"""What people read for the stored words of supervision."""

from collections.abc import Mapping
from typing import Final

from app.kernel.messages import mark
from app.supervision.queries.orders import Show
from app.supervision.rules.ladder import Why
from app.supervision.rules.orders import Act, OrderState

ORDER_STATES: Final[Mapping[OrderState, str]] = {
    OrderState.ISSUED: mark("To sign for"),
    OrderState.SIGNED: mark("Being worked on"),
    OrderState.ANSWERED: mark("Answered, to be judged"),
    OrderState.ACCEPTED: mark("Accepted, closed"),
    OrderState.WITHDRAWN: mark("Withdrawn"),
}
ACTS: Final[Mapping[Act, str]] = {
    Act.ISSUE: mark("Supervision order issued"),
    Act.SIGN: mark("Sign for the order"),
    Act.ANSWER: mark("Answer the order"),
    Act.ACCEPT: mark("Accept the answer and close the order"),
    Act.SEND_BACK: mark("Send the answer back"),
    Act.RAISE: mark("Raise to the next level"),
    Act.LEAVE: mark("Leave it at this level"),
    Act.WITHDRAW: mark("Withdraw the order"),
    Act.PASSED_ON: mark("Order passed on with the matter"),
    Act.ENDED: mark("Order ended with the matter"),
    Act.PROPOSE: mark("A higher level is proposed"),
}
WHYS: Final[Mapping[Why, str]] = {
    Why.WARN: mark("Limit near"),
    Why.OVERDUE: mark("Overdue"),
    Why.LATER: mark("Long overdue"),
    Why.URGE: mark("Urged by the citizen"),
    Why.REMIND: mark("Reminded from above"),
}
SHOWS: Final[Mapping[Show, str]] = {
    Show.OPEN: mark("All open"),
    Show.UNIT: mark("For my unit to do"),
    Show.MINE: mark("Issued by me"),
    Show.JUDGE: mark("To judge"),
    Show.LATE: mark("Overdue"),
    Show.RAISE: mark("Proposed to raise"),
    Show.ENDED: mark("Ended orders"),
}
