"""What a clerk does at a counter, in both worlds at once: the number moves, the talk goes along.

A number that carries a citizen begins a conversation when it is called, and ends it when it
is done; what was typed meanwhile becomes the entry of the log.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.service import drafts
from app.desk.talks import draft_of
from app.interactions import queries as talks
from app.interactions import service as log
from app.interactions.rules import MOST_AT_ONCE, Medium, TalkState
from app.interactions.service import NewTalk
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.queueing import service
from app.queueing.models import Ticket
from app.queueing.queries import halls
from app.queueing.rules import AT_COUNTER, spelt
from app.queueing.service import Onward
from app.web.i18n import gettext

_SERVED: Final = mark("At the counter: %(service)s, number %(number)s.")
_AWAY: Final = mark("Number %(number)s was called, nobody came.")


def call_next(session: Session, actor: Actor, *, seen: int | None, now: datetime) -> Ticket | None:
    """Finish with whoever is there and call the next; a known citizen's conversation begins.

    Raises:
        InvalidError: not signed on to a counter, or it is paused.
    """
    called = service.call_next(session, actor, seen=seen, now=now)
    if called.finished is not None:
        _end_talk(session, actor, called.finished, _SERVED, now=now)
    if called.ticket is not None:
        _begin_talk(session, actor, called.ticket, now=now)
    return called.ticket


def finish(session: Session, actor: Actor, ticket_id: int, *, now: datetime) -> None:
    """Done, and nobody is called yet.

    Raises:
        InvalidError: not signed on to a counter.
        ConflictError: the number has moved on.
    """
    ticket = service.finish(session, actor, ticket_id, now=now)
    _end_talk(session, actor, ticket, _SERVED, now=now)


def pass_over(session: Session, actor: Actor, ticket_id: int, *, now: datetime) -> None:
    """Nobody came.

    Raises:
        InvalidError: not signed on to a counter, or called fewer than three times.
        ConflictError: the number has moved on.
    """
    ticket = service.pass_over(session, actor, ticket_id, now=now)
    _end_talk(session, actor, ticket, _AWAY, now=now)


def transfer(
    session: Session, actor: Actor, ticket_id: int, onward: Onward, *, now: datetime
) -> None:
    """Send somebody on; the next counter begins a conversation of its own.

    Raises:
        InvalidError: not signed on, or no way to go.
        ConflictError: the number has moved on.
    """
    where = service.where_of(session, actor, now=now)
    if where and where[1] and where[1].id == ticket_id:
        _end_talk(session, actor, where[1], _SERVED, now=now)
    service.transfer(session, actor, ticket_id, onward, now=now)


def settle_who(
    session: Session, actor: Actor, ticket_id: int, citizen: str, *, now: datetime
) -> str:
    """Say whose number it is; their picture opens with a conversation, whose name is returned.

    Raises:
        InvalidError: nobody has this number, or too many conversations are under way.
        ConflictError: the ticket is no longer at this counter.
    """
    where = service.where_of(session, actor, now=now)
    ticket = where[1] if where else None
    if ticket is None or ticket.id != ticket_id or ticket.state not in AT_COUNTER:
        raise ConflictError(mark("This number has moved on meanwhile."))
    citizen_id = log.citizen_numbered(session, actor, citizen)
    linked = service.link(session, ticket_id, citizen_id, now=now)
    talk = talks.find_talk(session, ticket.talk_ref, actor.id) if ticket.talk_ref else None
    if talk is not None and talk.state is not TalkState.ENDED:
        log.settle_who(session, talk, citizen_id)
        return talk.ref
    _begin_talk(session, actor, linked, now=now)
    if not linked.talk_ref:
        raise InvalidError(mark("Nine conversations are under way. End one first."))
    return linked.talk_ref


def _begin_talk(session: Session, actor: Actor, ticket: Ticket, *, now: datetime) -> None:
    is_under_way = bool(ticket.talk_ref)
    if ticket.citizen_id is None or is_under_way:
        return
    # A number is called whatever else is under way; then its conversation is begun by hand.
    if talks.count_under_way(session, actor.id) < MOST_AT_ONCE:
        new = NewTalk(Medium.WINDOW, citizen_id=ticket.citizen_id)
        ticket.talk_ref = log.start(session, actor, new, now=now).ref
        session.flush()


def _end_talk(session: Session, actor: Actor, ticket: Ticket, words: str, *, now: datetime) -> None:
    talk = talks.find_talk(session, ticket.talk_ref, actor.id) if ticket.talk_ref else None
    ticket.talk_ref = ""
    if talk is None or talk.state is TalkState.ENDED:
        return
    owner = drafts.owner_of_staff(actor.id)
    kept = drafts.find(session, owner, draft_of(talk.ref))
    typed = str(kept.data.get("summary", "")).strip() if kept else ""
    said = typed or gettext(
        words, service=_service_name(session, ticket), number=spelt(ticket.prefix, ticket.number)
    )
    log.write_down(session, talk, said, now=now)
    drafts.remove(session, owner, draft_of(talk.ref))


def _service_name(session: Session, ticket: Ticket) -> str:
    offered = halls.services_of(session, ticket.hall_id)
    return next((one.name for one in offered if one.id == ticket.service_id), "")
