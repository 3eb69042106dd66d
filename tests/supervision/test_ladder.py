"""The ladder of supervision and the life of an order, as tables: every line, every way."""

from datetime import timedelta
from itertools import product

import pytest

from app.cases.kinds import Action, DoerKind
from app.supervision.labels import ACTS, ORDER_STATES, SHOWS, WHYS
from app.supervision.queries.orders import Show
from app.supervision.rules.ladder import (
    Rung,
    Why,
    next_for_orders,
    reached_at,
    wrong_in,
)
from app.supervision.rules.orders import (
    ENDS,
    MOVES,
    Act,
    Deed,
    NoSuchMoveError,
    OrderState,
    Side,
    has_handled,
    is_overdue,
    move_for,
    open_moves,
)
from tests.support.clock import MONDAY_9AM

BY_SYSTEM = {Act.ISSUE, Act.PROPOSE, Act.ENDED, Act.PASSED_ON}
ME, HANDLER = 7, 8


def a_rung(number: int, after: int | None, order: int | None = None) -> Rung:
    return Rung(number, f"r{number}", number, after, True, False, False, order)


LADDER = (
    a_rung(1, None),
    a_rung(2, 0),
    a_rung(3, 2, order=3),
    a_rung(4, 5, order=3),
    a_rung(5, 10),
    a_rung(6, 10, order=2),
)


def test_warning_limit_and_later_rungs_are_told_apart() -> None:
    assert [rung.id for rung in reached_at(LADDER, is_warning=True)] == [1]
    assert [rung.id for rung in reached_at(LADDER, is_warning=False)] == [2]
    assert [rung.why for rung in LADDER[:3]] == [Why.WARN, Why.OVERDUE, Why.LATER]


@pytest.mark.parametrize(("here", "above"), [(3, 4), (4, 6), (6, None), (1, None), (99, None)])
def test_an_overdue_order_is_proposed_the_next_level_that_takes_orders(
    here: int, above: int | None
) -> None:
    found = next_for_orders(LADDER, here)

    assert (found and found.id) == above


@pytest.mark.parametrize(
    ("after", "order", "tells", "name", "wrong"),
    [
        (None, None, True, "提醒", set()),
        (0, 3, False, "督办", set()),
        (-1, None, True, "x", {"after_workdays"}),
        (251, None, True, "x", {"after_workdays"}),
        (1, 0, True, "x", {"order_workdays"}),
        (1, 251, True, "x", {"order_workdays"}),
        (1, None, False, "x", {"tells_handler"}),
        (1, None, True, " ", {"name"}),
    ],
)
def test_what_is_wrong_with_a_level_is_said_by_field(
    after: int | None,
    order: int | None,
    tells: bool,  # noqa: FBT001  # a row of the table
    name: str,
    wrong: set[str],
) -> None:
    found = wrong_in(after_workdays=after, order_workdays=order, tells=tells, names={"name": name})

    assert set(found) == wrong


def test_every_state_of_an_order_is_reached_and_every_open_one_has_a_way_out() -> None:
    reached = {OrderState.ISSUED} | {move.target for move in MOVES if move.target}
    with_ways = {move.source for move in MOVES if move.target not in (None, move.source)}

    assert reached == set(OrderState)
    assert with_ways == set(OrderState) - ENDS
    assert {move.act for move in MOVES} == set(Act) - BY_SYSTEM


def test_every_stored_word_has_a_label() -> None:
    assert set(ORDER_STATES) == set(OrderState)
    assert set(ACTS) == set(Act)
    assert set(WHYS) == set(Why)
    assert set(SHOWS) == set(Show)


@pytest.mark.parametrize(("state", "act"), list(product(OrderState, Act)))
def test_an_act_is_possible_exactly_where_the_table_has_a_line(state: OrderState, act: Act) -> None:
    lines = [m for m in MOVES if m.source is state and m.act is act]

    for is_proposed in (False, True):
        able = [m for m in lines if is_proposed or not m.needs_proposal]
        assert [m for m in open_moves(state, is_proposed=is_proposed) if m.act is act] == able
        if able:
            assert move_for(state, act, is_proposed=is_proposed) is able[0]
        else:
            with pytest.raises(NoSuchMoveError):
                move_for(state, act, is_proposed=is_proposed)


def test_the_unit_signs_and_answers_and_only_the_supervisor_judges() -> None:
    sides = {move.act: move.side for move in MOVES}

    assert {act for act, side in sides.items() if side is Side.UNIT} == {Act.SIGN, Act.ANSWER}


@pytest.mark.parametrize(
    ("deed", "handled"),
    [
        (Deed(Action.SIGN, DoerKind.STAFF, ME, {}), True),
        (Deed(Action.REPLY, DoerKind.STAFF, ME, {}), True),
        (Deed(Action.ACCEPT_HAND_OVER, DoerKind.STAFF, ME, {}), True),
        (Deed(Action.CONCLUDE, DoerKind.STAFF, ME, {}), True),
        (Deed(Action.START_REVIEW, DoerKind.STAFF, ME, {}), True),
        (Deed(Action.REFUSE, DoerKind.STAFF, ME, {}), True),
        (Deed(Action.SIGN, DoerKind.STAFF, HANDLER, {}), False),
        (Deed(Action.ASSIGN, DoerKind.STAFF, HANDLER, {"handler_id": ME}), True),
        (Deed(Action.ASSIGN, DoerKind.STAFF, ME, {"handler_id": HANDLER}), False),
        (Deed(Action.NOTE, DoerKind.STAFF, ME, {}), False),
        (Deed(Action.SIGN, DoerKind.SYSTEM, None, {}), False),
    ],
)
def test_who_handles_a_matter_or_did_is_known_from_its_history(deed: Deed, handled: bool) -> None:  # noqa: FBT001  # a row of the table
    assert has_handled(ME, None, [deed]) is handled
    assert has_handled(ME, ME, [])


@pytest.mark.parametrize("state", OrderState)
def test_an_order_is_overdue_while_the_unit_owes_something_after_the_due_second(
    state: OrderState,
) -> None:
    owes = state in (OrderState.ISSUED, OrderState.SIGNED)
    second = timedelta(seconds=1)

    assert is_overdue(state, MONDAY_9AM, MONDAY_9AM + second) is owes
    assert not is_overdue(state, MONDAY_9AM, MONDAY_9AM + second / 2)
    assert not is_overdue(state, None, MONDAY_9AM)
