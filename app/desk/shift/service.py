"""Leaving a counter with a list of what is open, and taking such a list over.

Questions go over to whoever accepts; conversations and drafts stay with who has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission
from app.cases.service import drafts
from app.citizens.sealing import new_place, seal, unseal
from app.desk.shift import queries
from app.desk.shift.rules import Item, ItemKind, may_accept
from app.desk.shift.sheet import write as write_sheet
from app.desk.shift_models import ShiftHandover, ShiftItem
from app.interactions import queries as talks
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.notifications.service import staff as inbox
from app.questions import queries as questions
from app.questions import service as question_service
from app.questions.models import Question
from app.queueing import service as queue
from app.queueing.rules import spelt
from app.queueing.service.floor import calendar_of, local_day, require_at

LIST: Final = "/desk/shift"
_MOST: Final = 2000
_LEFT: Final = mark("A shift was handed over to you. Please look through the list and accept it.")
_COLUMN: Final = "shift_handovers.note"


@dataclass(frozen=True, slots=True)
class Leaving:
    """To whom the list goes, nobody in particular if empty, and what there is to say."""

    to_id: int | None = None
    note: str = ""


def open_items(session: Session, actor: Actor, *, now: datetime) -> list[Item]:
    """What somebody would leave open now."""
    found = [
        Item(ItemKind.TALK, one.ref, f"/desk/talks/{one.ref}")
        for one in talks.under_way(session, actor.id, now=now)
    ]
    where = queue.where_of(session, actor, now=now)
    hall_id = where[0].hall_id if where else actor.unit_id
    if where and where[1]:
        number = spelt(where[1].prefix, where[1].number)
        found.append(Item(ItemKind.TICKET, number, "/desk/counter"))
    found += [
        Item(ItemKind.QUESTION, row.ref, f"{question_service.LIST}/{row.ref}")
        for row in questions.open_of(session, actor.id)
    ]
    owner = drafts.owner_of_staff(actor.id)
    found += [Item(ItemKind.DRAFT, form) for form in queries.drafts_of(session, owner)]
    calendar = calendar_of(session, hall_id)
    since = calendar.instant(local_day(session, hall_id, now), time(0))
    numbers = queries.papers_since(session, actor.id, since)
    found += [Item(ItemKind.PAPERS, number, f"/cases/{number}") for number in numbers]
    return found


def hand_over(session: Session, actor: Actor, leaving: Leaving, *, now: datetime) -> ShiftHandover:
    """Leave the counter and what is open.

    Raises:
        InvalidError: at no counter, somebody is still there, or nobody such to hand over to.
    """
    where = queue.where_of(session, actor, now=now)
    if where is None:
        raise InvalidError(mark("Sign on to a counter first."))
    counter, ticket = where
    if ticket is not None:
        raise InvalidError(mark("Somebody is still at your counter. Finish with them first."))
    if len(leaving.note) > _MOST:
        raise InvalidError(fields={"note": mark("This is too long.")})
    _check_taker(session, actor, leaving.to_id)
    items = open_items(session, actor, now=now)
    sheet = write_sheet(
        session,
        items,
        hall_id=counter.hall_id,
        counter=counter.number,
        to_id=leaving.to_id,
        actor=actor,
        now=now,
    )
    place, note = new_place(), leaving.note.strip()
    made = ShiftHandover(
        hall_id=counter.hall_id,
        counter=counter.number,
        from_id=actor.id,
        to_id=leaving.to_id,
        note=seal(vault_of(session), _COLUMN, note, place) if note else None,
        place=place,
        document_id=sheet.id,
        made_at=now,
    )
    session.add(made)
    session.flush()
    session.add_all(
        ShiftItem(handover_id=made.id, kind=one.kind, ref=one.ref[:80]) for one in items
    )
    queue.sign_off(session, actor, now=now)
    if leaving.to_id is not None:
        inbox.tell(session, [leaving.to_id], _LEFT, link=LIST, now=now)
    session.flush()
    return made


def accept(session: Session, actor: Actor, handover_id: int, *, now: datetime) -> None:
    """Take a list over; the questions on it are one's own from now on.

    Raises:
        NotFoundError: no such list.
        ForbiddenError: one's own, made out to somebody else, or of another hall.
        ConflictError: somebody has accepted it.
    """
    made = queries.find_handover(session, handover_id)
    if made is None:
        raise NotFoundError(mark("There is no such list."))
    require_at(session, actor, Permission.QUEUE_SERVE, made.hall_id)
    if not may_accept(made.from_id, made.to_id, actor.id):
        raise ForbiddenError(mark("This list is for somebody else."))
    if made.accepted_at is not None:
        raise ConflictError(mark("Somebody has accepted this list already."))
    made.accepted_at, made.accepted_by = now, actor.id
    for question in _questions_on(session, made.id):
        if question.owner_id == made.from_id:
            question_service.take_over(session, question, actor, now=now)
    session.flush()


def note_in(session: Session, note: bytes | None, place: str) -> str:
    """What was said beside a list, in clear."""
    return unseal(vault_of(session), _COLUMN, note, place)


def _questions_on(session: Session, handover_id: int) -> Sequence[Question]:
    refs = [
        row.ref for row in queries.items_of(session, [handover_id]) if row.kind is ItemKind.QUESTION
    ]
    return questions.by_refs(session, refs)


def _check_taker(session: Session, actor: Actor, staff_id: int | None) -> None:
    if staff_id is None:
        return
    person = session.get(Staff, staff_id)
    if person is None or not person.is_active or person.id == actor.id:
        raise InvalidError(fields={"to": mark("Choose a colleague.")})
