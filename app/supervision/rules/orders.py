"""The life of a supervision order (督办单): who may do what from where, and four eyes.

Pure. The table below is the specification; pages, service and tests read it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from app.cases.kinds import Action, DoerKind
from app.kernel.errors import ConflictError
from app.kernel.messages import mark


class OrderState(StrEnum):
    """Where an order stands."""

    ISSUED = "issued"
    SIGNED = "signed"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


ENDS: Final = frozenset({OrderState.ACCEPTED, OrderState.WITHDRAWN})


class Act(StrEnum):
    """What is done with an order."""

    ISSUE = "issue"
    SIGN = "sign"
    ANSWER = "answer"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    RAISE = "raise"
    LEAVE = "leave"  # the proposed next level is not taken
    WITHDRAW = "withdraw"
    PASSED_ON = "passed_on"  # the matter went to another unit, and the order with it
    ENDED = "ended"  # the matter ended before the order was answered
    PROPOSE = "propose"  # by the system, once the order is overdue


class Side(StrEnum):
    """Who does it: the unit supervised, or whoever supervises."""

    UNIT = "unit"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Move:
    """One act from one state; `target` None leaves the state alone."""

    source: OrderState
    act: Act
    side: Side
    target: OrderState | None
    needs_words: bool = True
    needs_proposal: bool = False


_S: Final = OrderState
MOVES: Final = (
    Move(_S.ISSUED, Act.SIGN, Side.UNIT, _S.SIGNED, needs_words=False),
    Move(_S.SIGNED, Act.ANSWER, Side.UNIT, _S.ANSWERED),
    Move(_S.ANSWERED, Act.ACCEPT, Side.SUPERVISOR, _S.ACCEPTED, needs_words=False),
    Move(_S.ANSWERED, Act.SEND_BACK, Side.SUPERVISOR, _S.SIGNED),
    *(
        move
        for source in (_S.ISSUED, _S.SIGNED)
        for move in (
            Move(source, Act.RAISE, Side.SUPERVISOR, _S.ISSUED, needs_proposal=True),
            Move(source, Act.LEAVE, Side.SUPERVISOR, None, needs_proposal=True),
        )
    ),
    *(
        Move(source, Act.WITHDRAW, Side.SUPERVISOR, _S.WITHDRAWN)
        for source in (_S.ISSUED, _S.SIGNED, _S.ANSWERED)
    ),
)


class NoSuchMoveError(ConflictError):
    """The order does not allow this from where it stands."""

    code = "order_act_not_possible"


def move_for(state: OrderState, act: Act, *, is_proposed: bool) -> Move:
    """The line of the table.

    Raises:
        NoSuchMoveError: there is none from here.
    """
    for move in open_moves(state, is_proposed=is_proposed):
        if move.act is act:
            return move
    raise NoSuchMoveError(mark("This is not possible from where the order stands."))


def open_moves(state: OrderState, *, is_proposed: bool) -> tuple[Move, ...]:
    """Every line open from here, whoever may take it."""
    return tuple(
        move for move in MOVES if move.source is state and (is_proposed or not move.needs_proposal)
    )


# Whoever did one of these had the matter in hand (rulebook §2.3.7).
_HANDLED: Final = frozenset(
    {
        Action.SIGN,
        Action.CONTACT,
        Action.ASK_CITIZEN,
        Action.GO_ON,
        Action.REPLY,
        Action.RESUME,
        Action.ANSWER_ON_SPOT,
        Action.ANSWER_URGE,
        Action.REQUEST_RETURN,
        Action.REQUEST_RULING,
        Action.REQUEST_EXTENSION,
        Action.REQUEST_SUSPENSION,
        Action.REQUEST_TERMINATION,
        Action.ACCEPT_HAND_OVER,
        # A complaint …
        Action.INVESTIGATE,
        Action.INQUIRE,
        Action.CONCLUDE,
        Action.LAY_DOWN,
        Action.PROVE,
        # … and an application.
        Action.JUDGE_PAPERS,
        Action.NOTIFY_DEFECTS,
        Action.ADMIT,
        Action.NOT_ADMIT,
        Action.DECIDE_AT_ONCE,
        Action.START_REVIEW,
        Action.REQUEST_PROCEDURE,
        Action.END_PROCEDURE,
        Action.GRANT,
        Action.REFUSE,
    }
)


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of a matter's history, as far as it says who handled it."""

    action: Action
    by: DoerKind
    staff_id: int | None
    payload: dict[str, Any]


def has_handled(staff_id: int, handler_id: int | None, deeds: Iterable[Deed]) -> bool:
    """Whether this person handles the matter or ever did: then somebody else supervises it.

    Source: rulebook §2.3.7, the supervisor of an order may not be its handler.
    """
    if handler_id == staff_id:
        return True
    return any(
        (deed.action in _HANDLED and deed.by is DoerKind.STAFF and deed.staff_id == staff_id)
        or (deed.action is Action.ASSIGN and deed.payload.get("handler_id") == staff_id)
        for deed in deeds
    )


def is_overdue(state: OrderState, due_at: datetime | None, now: datetime) -> bool:
    """Whether the unit owes an answer it should have given; one that waits to be judged does not.

    The due second is on time to its end, as everywhere.
    """
    if state in ENDS or state is OrderState.ANSWERED or due_at is None:
        return False
    return now.replace(microsecond=0) > due_at
