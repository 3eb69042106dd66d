"""Supervision orders (督办单): issued, signed for, answered, accepted or sent back, raised.

Every act is a line of the matter's history too; its words lie there. Whoever handles a
matter, or did, never supervises it (rulebook §2.3.7).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.calendars.rules import LimitUnit
from app.cases import service as cases
from app.cases.kinds import FINAL, Action
from app.cases.models import Case, CaseEvent
from app.cases.queries import get_case
from app.cases.rules import OwnWorkError, StepNotAllowedError, staff
from app.cases.service.recording import Entry, record
from app.catalogue.rules import BasisLevel, ChosenLimit
from app.departments import queries as departments
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.ids import case_number
from app.kernel.messages import mark
from app.sla import queries as clocks
from app.sla import service as sla
from app.sla.models import Clock
from app.sla.rules import ClockKind, Subject
from app.supervision import queries
from app.supervision.labels import ORDER_STATES
from app.supervision.models import SupervisionAct, SupervisionLevel, SupervisionOrder
from app.supervision.queries import orders
from app.supervision.queries.orders import Found
from app.supervision.rules.orders import Act, Move, Side, has_handled, move_for
from app.supervision.service import proposing, telling

PREFIX: Final = "DB"
_REGION_DIGITS: Final = 6
_OWN: Final = mark("You handle this matter or did; somebody else supervises it.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What an order says."""

    level_id: int | None
    reason: str
    demand: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One act on one order: by whom, when, in which words."""

    session: Session
    found: Found
    actor: Actor
    words: str
    now: datetime

    @property
    def order(self) -> SupervisionOrder:
        return self.found.order


def why_not(session: Session, case: Case, actor: Actor) -> str:
    """Why this person may not issue an order on this matter now; "" if they may."""
    if not cases.supervises(session, case, actor):
        return mark("Your role does not allow this step on this matter.")
    if case.status in FINAL:
        return mark("This matter has ended; there is nothing left to supervise.")
    if has_handled(actor.id, case.handler_id, orders.deeds_of(session, case.id)):
        return _OWN
    if orders.find_open(session, case.id) is not None:
        return mark("A supervision order is open on this matter already.")
    return ""


def issue(
    session: Session, case_id: int, wish: Wish, *, actor: Actor, now: datetime
) -> SupervisionOrder:
    """Issue an order on a matter to the unit in charge; its own clock begins.

    Raises:
        NotFoundError: no such case in the actor's sight.
        ForbiddenError: the person does not supervise it.
        OwnWorkError: they handle it, or did.
        ConflictError: an order is open on it already, or it has ended.
        InvalidError: level, reason or demand are missing.
    """
    case = get_case(session, case_id, actor)
    _refuse(session, case, actor)
    level = _level_for(session, wish)
    today = calendars.load(session).statutory.local_date(now)
    region = (departments.home_region(session) or "0" * _REGION_DIGITS)[:_REGION_DIGITS]
    number = case_number(session, PREFIX, region, today)
    # The matter first: of two who press at once the second finds it changed.
    payload = {"order": number, "level": level.code}
    words = f"{wish.reason.strip()}\n{wish.demand.strip()}"
    event = record(session, case, _entry(Action.SUPERVISE, actor, now, words, payload))
    order = SupervisionOrder(
        number=number,
        case_id=case.id,
        unit_id=case.unit_id,
        level_id=level.id,
        reason=wish.reason.strip(),
        demand=wish.demand.strip(),
        issued_at=now,
        issued_by=actor.id,
    )
    session.add(order)
    session.flush()
    _begin_clock(session, order, case, level, now)
    _write(session, order, Act.ISSUE, actor, event, now)
    telling.unit_of(session, order, case, telling.ISSUED, now=now)
    return order


def act(
    session: Session,
    order_id: int,
    deed: Act,
    words: str,
    *,
    seen: int,
    actor: Actor,
    now: datetime,
) -> SupervisionOrder:
    """Do one thing with an order, as its table allows.

    Raises:
        NotFoundError: no such order in the actor's sight.
        ConflictError: it has moved on, or this is not possible from where it stands.
        ForbiddenError: it is not this person's side to do it.
        OwnWorkError: four eyes.
        InvalidError: words are missing.
    """
    found = orders.get_order(session, order_id, actor)
    order = found.order
    if order.version != seen:
        raise ConflictError(
            mark("Somebody changed this order while you were looking at it."),
            stored={mark("Where it stands now"): ORDER_STATES[order.state]},
            fresh={"version": str(order.version)},
        )
    move = move_for(order.state, deed, is_proposed=order.proposed_level_id is not None)
    check_side(session, found, move, actor)
    if move.needs_words and not words.strip():
        raise InvalidError(fields={"words": mark("Say it in a few words.")})
    payload = {"order": order.number, "did": str(deed)}
    event = record(
        session, found.case, _entry(Action.SUPERVISION, actor, now, words.strip(), payload)
    )
    _EFFECTS.get(deed, _nothing)(Deed(session, found, actor, words, now))
    if move.target is not None:
        order.move(move.target)
    _write(session, order, deed, actor, event, now)
    session.flush()
    if deed is Act.SEND_BACK:
        proposing.propose_if_late(session, order, found.case, now=now)
    telling.after(session, order, found.case, deed, now=now)
    return order


def may(session: Session, found: Found, move: Move, actor: Actor) -> bool:
    """Whether the button is shown; the command asks the same."""
    try:
        check_side(session, found, move, actor)
    except ForbiddenError:
        return False
    return True


def check_side(session: Session, found: Found, move: Move, actor: Actor) -> None:
    """Refuse who stands on the other side of the order.

    Raises:
        ForbiddenError: the person neither has the matter in hand nor supervises it.
        OwnWorkError: they would judge their own work, or answer their own order.
    """
    order, case = found.order, found.case
    if move.side is Side.UNIT:
        if not cases.answers_for(session, case, actor):
            raise ForbiddenError(mark("Only the unit the order is addressed to does this."))
        if order.issued_by == actor.id:
            raise OwnWorkError(mark("You issued this order; the unit answers it."))
        return
    if not cases.supervises(session, case, actor):
        raise ForbiddenError(mark("Only whoever supervises the matter does this."))
    handled = has_handled(actor.id, case.handler_id, orders.deeds_of(session, case.id))
    if handled or orders.acted_for_unit(session, order.id, actor.id):
        raise OwnWorkError(_OWN)


def _refuse(session: Session, case: Case, actor: Actor) -> None:
    why = why_not(session, case, actor)
    if why == _OWN:
        raise OwnWorkError(why)
    if why and not cases.supervises(session, case, actor):
        raise ForbiddenError(why)
    if why and case.status in FINAL:
        raise StepNotAllowedError(why)
    if why:
        raise ConflictError(why)


def _level_for(session: Session, wish: Wish) -> SupervisionLevel:
    wrong = {
        name: sentence
        for name, value, sentence in (
            ("level_id", wish.level_id, mark("Choose the level of the order.")),
            ("reason", wish.reason.strip(), mark("Say why the matter is supervised.")),
            ("demand", wish.demand.strip(), mark("Say what the unit is to do.")),
        )
        if not value
    }
    able = {level.id: level for level in queries.order_levels(session)}
    if wish.level_id is not None and wish.level_id not in able:
        wrong["level_id"] = mark("No order can be issued at this level.")
    if wrong or wish.level_id is None:
        raise InvalidError(fields=wrong)
    return able[wish.level_id]


def _begin_clock(
    session: Session,
    order: SupervisionOrder,
    case: Case,
    level: SupervisionLevel,
    now: datetime,
) -> None:
    limit = ChosenLimit(
        code=f"supervision.{level.code}"[:48],
        unit=LimitUnit.WORK_DAY,
        value=level.order_workdays or 1,
        close_of_business=False,
        basis_text=level.name,
        basis_level=BasisLevel.SYSTEM,
        is_sample=level.is_sample,
        region_code=case.region_code,
    )
    clock = sla.new_round(
        session,
        Subject.supervision(order.id),
        ClockKind.SUPERVISION,
        limit,
        now=now,
        region_code=case.region_code,
        unit_id=order.unit_id,
    )
    order.due_at = clock.due_at


def _clock_of(session: Session, order: SupervisionOrder) -> Clock | None:
    return clocks.find_open(session, Subject.supervision(order.id), ClockKind.SUPERVISION)


def _entry(
    action: Action, actor: Actor, now: datetime, words: str, payload: Mapping[str, object]
) -> Entry:
    return Entry(
        action,
        staff(actor),
        now,
        internal_text=words,
        payload=payload,
        is_public=False,
        is_quiet=True,  # whoever writes a reply meanwhile need not write it twice
    )


def _write(
    session: Session,
    order: SupervisionOrder,
    deed: Act,
    actor: Actor,
    event: CaseEvent,
    now: datetime,
) -> None:
    session.add(
        SupervisionAct(order_id=order.id, at=now, staff_id=actor.id, act=deed, event_id=event.id)
    )


def _nothing(deed: Deed) -> None:
    """Only the state changes."""


def _answer(deed: Deed) -> None:
    deed.order.answered_at = deed.now


def _accept(deed: Deed) -> None:
    order = deed.order
    order.closed_at, order.proposed_level_id = deed.now, None
    clock = _clock_of(deed.session, order)
    if clock is not None:
        # In time is who answered in time, however long the judging took.
        sla.meet_clock(deed.session, clock, now=deed.now, at=order.answered_at)
        order.on_time = clock.on_time if order.on_time is None else order.on_time


def _send_back(deed: Deed) -> None:
    deed.order.answered_at = None


def _raise(deed: Deed) -> None:
    """The next level: its clock begins anew, and that the one before was missed stays."""
    session, order = deed.session, deed.order
    level = queries.get_level(session, order.proposed_level_id or order.level_id)
    order.level_id, order.proposed_level_id, order.on_time = level.id, None, False
    clock = _clock_of(session, order)
    if clock is not None:
        sla.cancel_clock(session, clock, now=deed.now)
        session.flush()
    _begin_clock(session, order, deed.found.case, level, deed.now)


def _leave(deed: Deed) -> None:
    deed.order.proposed_level_id = None


def _withdraw(deed: Deed) -> None:
    deed.order.closed_at, deed.order.proposed_level_id = deed.now, None
    clock = _clock_of(deed.session, deed.order)
    if clock is not None:
        sla.cancel_clock(deed.session, clock, now=deed.now)


_EFFECTS: Final[Mapping[Act, Callable[[Deed], None]]] = {
    Act.ANSWER: _answer,
    Act.ACCEPT: _accept,
    Act.SEND_BACK: _send_back,
    Act.RAISE: _raise,
    Act.LEAVE: _leave,
    Act.WITHDRAW: _withdraw,
}
