"""Reads of questions handed on: whose they are, which wait, how many of each.

Starts from what the person may see: their own, those offered to them, those of their hall.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.rules import Actor, Grant, Permission, Scope
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page
from app.questions.models import Question, QuestionMove
from app.questions.rules import QuestionState, Standing

Rows = Sequence[Row[*tuple[Any, ...]]]
_ORDER: Final = Order.by(Question.id, descending=True)
_OWNER: Final = aliased(Staff)
_FIRST: Final = aliased(Staff)
_TO: Final = aliased(Staff)
_TO_UNIT: Final = aliased(Unit)
_MOVES: Final = (
    select(
        QuestionMove.deed,
        QuestionMove.at,
        Staff.display_name.label("by"),
        _TO.display_name.label("to_staff"),
        _TO_UNIT.name.label("to_unit"),
        _TO_UNIT.name_en.label("to_unit_en"),
    )
    .outerjoin(Staff, Staff.id == QuestionMove.by_id)
    .outerjoin(_TO, _TO.id == QuestionMove.to_staff_id)
    .outerjoin(_TO_UNIT, _TO_UNIT.id == QuestionMove.to_unit_id)
    .where(QuestionMove.question_id == bindparam("question_id"))
    .order_by(QuestionMove.id)
)
_SLOW: Final = select(Question.id).where(
    Question.state == QuestionState.OFFERED,
    Question.offered_at < bindparam("before"),
    Question.reminded_at.is_(None),
)
_MINE_OPEN: Final = (
    select(Question.id, Question.ref, Question.state)
    .where(Question.owner_id == bindparam("staff_id"), Question.answered_at.is_(None))
    .order_by(Question.id)
)


class Which(StrEnum):
    """Which questions a list shows."""

    MINE = "mine"
    TO_ME = "to_me"
    OPEN = "open"
    SLOW = "slow"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each: a figure for each list."""

    mine: int = 0
    to_me: int = 0
    open: int = 0
    slow: int = 0
    answered: int = 0


def unit_ids_of(actor: Actor) -> frozenset[int]:
    """The units in whose name this person accepts."""
    return frozenset({actor.unit_id, *(grant.unit_id for grant in actor.appointments)})


def standing_of(question: Question) -> Standing:
    """What decides who may do what."""
    return Standing(
        question.state,
        question.owner_id,
        question.offered_staff_id,
        question.offered_unit_id,
    )


@lru_cache(maxsize=256)
def visible_to(actor: Actor) -> ColumnElement[bool]:
    """One's own, those one was asked first, those offered to one, those of halls one watches."""
    mine = or_(Question.owner_id == actor.id, Question.first_id == actor.id, _to(actor))
    watched = [_reach(grant) for grant in actor.grants_for(Permission.QUEUE_WATCH)]
    return or_(mine, *watched)


def get_question(session: Session, ref: str, actor: Actor) -> Question:
    """One question the person may see.

    Raises:
        NotFoundError: there is none for them.
    """
    wanted = select(Question).where(Question.ref == ref, visible_to(actor))
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such question."))
    return found


def list_of(
    session: Session, actor: Actor, which: Which, *, slow_before: datetime, cursor: str | None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of them, the newest first."""
    wanted = _listed().where(visible_to(actor), _which(actor, which, slow_before))
    return list_page(session, wanted, _ORDER, cursor=cursor)


def counts_of(session: Session, actor: Actor, *, slow_before: datetime, since: datetime) -> Counts:
    """How many each list holds; answered since the given instant."""
    waits = Question.state == QuestionState.OFFERED
    is_open = Question.answered_at.is_(None)
    wanted = select(
        _sum(is_open, Question.owner_id == actor.id),
        _sum(_to(actor)),
        _sum(is_open),
        _sum(waits, Question.offered_at < slow_before),
        _sum(Question.answered_at >= since),
    ).where(visible_to(actor), or_(is_open, Question.answered_at >= since))
    found = session.execute(wanted).one()
    return Counts(*(value or 0 for value in found))


def moves_of(session: Session, question_id: int) -> Rows:
    """The way of a question, the first step first."""
    return rows(session, _MOVES, question_id=question_id)


def open_of(session: Session, staff_id: int) -> Rows:
    """The open questions somebody owns."""
    return rows(session, _MINE_OPEN, staff_id=staff_id)


def by_refs(session: Session, refs: Sequence[str]) -> Sequence[Question]:
    """These questions, for whoever takes a list over."""
    wanted = select(Question).where(Question.ref.in_(refs)).order_by(Question.id)
    return session.scalars(wanted).all()


def slow_offers(session: Session, *, before: datetime) -> list[int]:
    """Offers nobody has accepted and nobody was reminded of."""
    return [row.id for row in rows(session, _SLOW, before=before)]


def _to(actor: Actor) -> ColumnElement[bool]:
    named = Question.offered_staff_id == actor.id
    unit = and_(
        Question.offered_staff_id.is_(None),
        Question.offered_unit_id.in_(sorted(unit_ids_of(actor))),
    )
    return and_(
        Question.state == QuestionState.OFFERED, Question.owner_id != actor.id, or_(named, unit)
    )


def _which(actor: Actor, which: Which, slow_before: datetime) -> ColumnElement[bool]:
    is_open = Question.answered_at.is_(None)
    return {
        Which.MINE: and_(is_open, Question.owner_id == actor.id),
        Which.TO_ME: _to(actor),
        Which.OPEN: is_open,
        Which.SLOW: and_(
            Question.state == QuestionState.OFFERED, Question.offered_at < slow_before
        ),
        Which.ANSWERED: Question.answered_at.is_not(None),
    }[which]


def _sum(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))


def _reach(grant: Grant) -> ColumnElement[bool]:
    match grant.scope:
        case Scope.ALL | Scope.REGION:
            return true()
        case Scope.SUBTREE:
            subtree = select(Unit.id).where(Unit.path.startswith(grant.unit_path))
            return Question.unit_id.in_(subtree)
        case _:
            return Question.unit_id == grant.unit_id


@lru_cache(maxsize=1)
def _listed() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Question.id,
            Question.ref,
            Question.words,
            Question.place,
            Question.state,
            Question.asked_at,
            Question.offered_at,
            Question.answered_at,
            Question.hands,
            _FIRST.display_name.label("first"),
            _OWNER.display_name.label("owner"),
            _TO.display_name.label("to_staff"),
            _TO_UNIT.name.label("to_unit"),
            _TO_UNIT.name_en.label("to_unit_en"),
        )
        .join(_FIRST, _FIRST.id == Question.first_id)
        .join(_OWNER, _OWNER.id == Question.owner_id)
        .outerjoin(_TO, _TO.id == Question.offered_staff_id)
        .outerjoin(_TO_UNIT, _TO_UNIT.id == Question.offered_unit_id)
    )
