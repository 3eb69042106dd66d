"""Questions asked, handed on, accepted or not, answered; slow offers reminded of.

Whoever was asked first owns the question until the next one accepts it.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission
from app.citizens.sealing import new_place, seal, unseal
from app.departments import queries as departments
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.notifications.service import staff as inbox
from app.questions import queries, rules
from app.questions.models import Question, QuestionMove
from app.questions.rules import Deed, QuestionState, Terms

LIST: Final = "/desk/questions"
_OFFERED: Final = mark("A question is handed on to you. Please accept it, or say why not.")
_ACCEPTED: Final = mark("A question you handed on was accepted.")
_REFUSED: Final = mark("A question you handed on was not accepted. It is still yours.")
_SLOW: Final = mark("A question waits to be accepted. It belongs to its owner until then.")
_COLUMN: Final = "first_questions."


@dataclass(frozen=True, slots=True, repr=False)  # what somebody said
class NewQuestion:
    """What was asked, and how whoever asked can be reached, if they are to be."""

    words: str
    reach: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """To whom a question is handed on: one person, or a unit."""

    staff_id: int | None = None
    unit_id: int | None = None


@cache
def terms() -> Terms:
    """The numbers as the data file has them."""
    file = Path(__file__).parent / "data" / "terms.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return Terms(timedelta(minutes=data["accept_minutes"]), timedelta(days=data["kept_days"]))


def ask(
    session: Session, actor: Actor, new: NewQuestion, target: Target | None, *, now: datetime
) -> Question:
    """Write down what one was asked; it is one's own, also while it is handed on.

    Raises:
        ForbiddenError: not somebody who talks with citizens.
        InvalidError: no words, or nobody there to hand it on to.
    """
    actor.require(Permission.CASE_INTAKE)
    words = rules.checked(new.words, "words")
    vault, place = vault_of(session), new_place()
    question = Question(
        ref=random_token(),
        unit_id=actor.unit_id,
        first_id=actor.id,
        owner_id=actor.id,
        words=seal(vault, f"{_COLUMN}words", words, place),
        reach=seal(vault, f"{_COLUMN}reach", new.reach.strip(), place) if new.reach else None,
        place=place,
        asked_at=now,
    )
    session.add(question)
    session.flush()
    _note(session, question, Deed.ASK, actor.id, now=now)
    if target is not None:
        offer(session, question, actor, target, now=now)
    return question


def offer(
    session: Session, question: Question, actor: Actor, target: Target, *, now: datetime
) -> None:
    """Hand it on; it stays one's own until it is accepted.

    Raises:
        ForbiddenError: somebody else's question.
        ConflictError: it was answered meanwhile.
        InvalidError: nobody there, or oneself.
    """
    _require(question, Deed.OFFER, actor)
    checked = _target(session, actor, target)
    question.move(Deed.OFFER)
    question.offered_staff_id, question.offered_unit_id = checked.staff_id, checked.unit_id
    question.offered_at, question.reminded_at, question.note = now, None, None
    _note(session, question, Deed.OFFER, actor.id, to=checked, now=now)
    _tell_next(session, question, _OFFERED, now=now)


def accept(session: Session, question: Question, actor: Actor, *, now: datetime) -> None:
    """Take it over: from now on it is one's own.

    Raises:
        ForbiddenError: it is not offered to this person.
        ConflictError: it has moved on.
    """
    _require(question, Deed.ACCEPT, actor)
    before = question.owner_id
    question.move(Deed.ACCEPT)
    question.owner_id, question.hands = actor.id, question.hands + 1
    _no_offer(question)
    _note(session, question, Deed.ACCEPT, actor.id, now=now)
    inbox.tell(session, [before], _ACCEPTED, link=f"{LIST}/{question.ref}", now=now)


def refuse(session: Session, question: Question, actor: Actor, why: str, *, now: datetime) -> None:
    """Say why not; it stays with its owner.

    Raises:
        ForbiddenError: it is not offered to this person.
        ConflictError: it has moved on.
        InvalidError: no reason.
    """
    _require(question, Deed.REFUSE, actor)
    said = rules.checked(why, "why")
    question.move(Deed.REFUSE)
    question.note = seal(vault_of(session), f"{_COLUMN}note", said, question.place)
    _no_offer(question)
    _note(session, question, Deed.REFUSE, actor.id, now=now)
    link = f"{LIST}/{question.ref}"
    inbox.tell(session, [question.owner_id], _REFUSED, link=link, now=now)


def answer(
    session: Session, question: Question, actor: Actor, words: str, *, now: datetime
) -> None:
    """Write down what was answered; the question is done.

    Raises:
        ForbiddenError: somebody else's question.
        ConflictError: it was answered meanwhile.
        InvalidError: no words.
    """
    _require(question, Deed.ANSWER, actor)
    said = rules.checked(words, "answer")
    question.move(Deed.ANSWER)
    question.answer = seal(vault_of(session), f"{_COLUMN}answer", said, question.place)
    question.answered_at = now
    _no_offer(question)
    _note(session, question, Deed.ANSWER, actor.id, now=now)


def take_over(session: Session, question: Question, actor: Actor, *, now: datetime) -> None:
    """Take an open question over with the shift of its owner, who handed the list over."""
    owner = question.owner_id
    if question.state is QuestionState.ANSWERED or owner == actor.id:
        return
    if question.state is QuestionState.HELD:
        question.move(Deed.OFFER)
        to = Target(staff_id=actor.id)
        _note(session, question, Deed.OFFER, owner, to=to, now=now)
    question.offered_staff_id, question.offered_unit_id = actor.id, None
    accept(session, question, actor, now=now)


def remind(session: Session, *, now: datetime) -> int:
    """Remind of offers that wait longer than they should: the next one and the owner, once."""
    found = queries.slow_offers(session, before=now - terms().accept_within)
    for question_id in found:
        question = session.get_one(Question, question_id)
        question.reminded_at = now
        _note(session, question, Deed.REMIND, None, now=now)
        _tell_next(session, question, _SLOW, now=now)
        inbox.tell(session, [question.owner_id], _SLOW, link=f"{LIST}/{question.ref}", now=now)
    return len(found)


def forget(session: Session, *, now: datetime) -> None:
    """Take away the words of questions answered long ago; who handed what on stays counted."""
    old = Question.answered_at < now - terms().kept
    session.execute(
        update(Question)
        .where(old, Question.words.is_not(None))
        .values(words=None, reach=None, answer=None, note=None)
    )


def words_in(session: Session, question: Question, column: str) -> str:
    """What was said, in clear; empty where nothing was, or it was forgotten."""
    sealed: bytes | None = getattr(question, column)
    return unseal(vault_of(session), f"{_COLUMN}{column}", sealed, question.place)


def _require(question: Question, deed: Deed, actor: Actor) -> None:
    rules.after(question.state, deed)
    standing = queries.standing_of(question)
    if not rules.may(standing, deed, actor.id, queries.unit_ids_of(actor)):
        raise ForbiddenError(mark("This question is with somebody else."))


def _target(session: Session, actor: Actor, target: Target) -> Target:
    wrong = InvalidError(fields={"to": mark("Choose to whom it is handed on.")})
    if target.staff_id is not None:
        person = session.get(Staff, target.staff_id)
        if person is None or person.id == actor.id or not person.is_active:
            raise wrong
        return Target(staff_id=person.id)
    if target.unit_id is None or not accounts.is_open_unit(session, target.unit_id):
        raise wrong
    return Target(unit_id=departments.get_unit(session, target.unit_id).id)


def _tell_next(session: Session, question: Question, msgid: str, *, now: datetime) -> None:
    link = f"{LIST}/{question.ref}"
    if question.offered_staff_id is not None:
        inbox.tell(session, [question.offered_staff_id], msgid, link=link, now=now)
    elif question.offered_unit_id is not None:
        unit, needs = question.offered_unit_id, Permission.CASE_READ
        inbox.tell_unit(session, unit, needs, msgid, link=link, now=now)


def _no_offer(question: Question) -> None:
    question.offered_staff_id = question.offered_unit_id = None
    question.offered_at = question.reminded_at = None


def _note(
    session: Session,
    question: Question,
    deed: Deed,
    by_id: int | None,
    *,
    to: Target | None = None,
    now: datetime,
) -> None:
    session.add(
        QuestionMove(
            question_id=question.id,
            deed=deed,
            at=now,
            by_id=by_id,
            to_unit_id=to.unit_id if to else None,
            to_staff_id=to.staff_id if to else None,
        )
    )
    session.flush()
