"""The stock of materials: used for repairs, come in, corrected; never below zero.

Two who use the last of it in the same moment: the database lets one of them.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.models import Case
from app.cases.rules.repairing import Brought
from app.departments import queries as departments
from app.departments.rules import is_within
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.repairs.models import MaterialUse, StockChange, StockItem

_MOST: Final = Decimal(1_000_000)


def use(
    session: Session,
    case: Case,
    materials: Sequence[tuple[int, Decimal]],
    *,
    by_id: int | None,
    now: datetime,
) -> None:
    """Book materials out of the stock on to a repair.

    Raises:
        InvalidError: no such item, a quantity that makes no sense, or not enough is on hand.
    """
    for item_id, quantity in materials:
        item = session.get(StockItem, item_id)
        if item is None or not item.is_active:
            raise _wrong(mark("This material is not on the list any more."))
        if not 0 < quantity <= _MOST:
            raise _wrong(mark("Enter how much was used, more than zero."))
        left = _take(session, item, quantity)
        session.add(
            MaterialUse(
                case_id=case.id,
                item_id=item.id,
                name=item.name,
                measure=item.measure,
                quantity=quantity,
                cost=_cost(item.price, quantity),
                round=case.round,
                at=now,
            )
        )
        session.add(
            StockChange(
                item_id=item.id,
                change=-quantity,
                on_hand=left,
                case_id=case.id,
                at=now,
                by_id=by_id,
            )
        )


def note_brought(
    session: Session, case: Case, brought: Sequence[Brought], *, now: datetime
) -> None:
    """Write down on a repair what came from no stock of ours; its price is in the other cost.

    Raises:
        InvalidError: it has no name, or a quantity that makes no sense.
    """
    for one in brought:
        name = clean_line(one.name)[:80]
        if not name:
            raise _wrong(mark("Name the material."))
        if not 0 < one.quantity <= _MOST:
            raise _wrong(mark("Enter how much was used, more than zero."))
        session.add(
            MaterialUse(
                case_id=case.id,
                name=name,
                measure=clean_line(one.measure)[:16],
                quantity=one.quantity,
                round=case.round,
                at=now,
            )
        )


def _take(session: Session, item: StockItem, quantity: Decimal) -> Decimal:
    session.flush()
    taken = session.execute(
        update(StockItem)
        .where(StockItem.id == item.id, StockItem.on_hand >= quantity)
        .values(on_hand=StockItem.on_hand - quantity, version=StockItem.version + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(item)
    if taken.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise _wrong(mark("There is not that much on hand. Correct the quantity or the stock."))
    return item.on_hand


def _cost(price: int | None, quantity: Decimal) -> int | None:
    return None if price is None else int((price * quantity).to_integral_value())


def _wrong(sentence: str) -> InvalidError:
    return InvalidError(fields={"materials": sentence})


def _held(session: Session, item_id: int, actor: Actor) -> StockItem:
    item = session.scalars(
        select(StockItem).where(StockItem.id == item_id).with_for_update()
    ).one_or_none()
    if item is None or not may_keep(session, item.unit_id, actor):
        raise NotFoundError(mark("There is no such material, or it is not yours to see."))
    return item


def may_keep(session: Session, unit_id: int, actor: Actor) -> bool:
    """Whether the stock of this unit is the actor's to look after."""
    path = departments.view_of(session, unit_id).path
    grants = actor.grants_for(Permission.STOCK_MANAGE)
    return any(is_within(path, grant.unit_path) for grant in grants)


def add_item(
    session: Session,
    unit_id: int,
    *,
    name: str,
    measure: str,
    price: int | None,
    on_hand: Decimal,
    actor: Actor,
    now: datetime,
) -> StockItem:
    """Put a material on the list of a unit or crew.

    Raises:
        ForbiddenError: not the actor's unit.
        InvalidError: no name, no measure, or the unit has one of this name.
    """
    if not may_keep(session, unit_id, actor):
        raise ForbiddenError(mark("Your role does not include this."))
    name, measure = clean_line(name)[:80], clean_line(measure)[:16]
    wrong = {}
    if not name:
        wrong["name"] = mark("Name the material.")
    if not measure:
        wrong["measure"] = mark("Say what it is counted in.")
    if not 0 <= on_hand <= _MOST:
        wrong["on_hand"] = mark("Enter how much is there, zero or more.")
    same = select(StockItem.id).where(StockItem.unit_id == unit_id, StockItem.name == name)
    if name and session.scalars(same).first() is not None:
        wrong["name"] = mark("This unit has a material of this name already.")
    if wrong:
        raise InvalidError(fields=wrong)
    item = StockItem(unit_id=unit_id, name=name, measure=measure, price=price, on_hand=on_hand)
    session.add(item)
    session.flush()
    _note(session, item, on_hand, "", actor, now)
    return item


def correct(
    session: Session, item_id: int, *, on_hand: Decimal, why: str, actor: Actor, now: datetime
) -> StockItem:
    """Set what is on hand to what was counted or came in, with the reason.

    Raises:
        NotFoundError: none, or not the actor's unit.
        InvalidError: below zero, or no reason.
    """
    item = _held(session, item_id, actor)
    wrong = {}
    if not 0 <= on_hand <= _MOST:
        wrong["on_hand"] = mark("Enter how much is there, zero or more.")
    if not why.strip():
        wrong["why"] = mark("Say why: counted, came in, broken.")
    if wrong:
        raise InvalidError(fields=wrong)
    change, item.on_hand = on_hand - item.on_hand, on_hand
    _note(session, item, change, clean_line(why)[:200], actor, now)
    session.flush()
    return item


def _note(
    session: Session, item: StockItem, change: Decimal, why: str, actor: Actor, now: datetime
) -> None:
    session.add(
        StockChange(
            item_id=item.id, change=change, on_hand=item.on_hand, why=why, at=now, by_id=actor.id
        )
    )
