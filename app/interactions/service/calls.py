"""Calls as the telephone system tells of them: one rings, one is hung up, one rang out.

Whether the message is genuine was found out before; every call leaves an entry, missed ones too.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.citizens.rules.phones import read_phone
from app.citizens.sealing import new_place, seal, unseal
from app.interactions import queries
from app.interactions.models import IncomingCall, Interaction
from app.interactions.rules import RING_FOR, Deed, Direction, Medium, TalkState
from app.interactions.service.talking import who_has
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.ids import TOKEN_LENGTH
from app.kernel.messages import mark
from app.kernel.text import phone
from app.kernel.vault import vault_of

NUMBER: Final = "incoming_calls.number"
_SCOPE: Final = "telephone"
_BATCH: Final = 200
_LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Ring:
    """A call as told: the telephone system's own name for it, whose telephone rings, who calls.

    `number` is empty where the caller withholds it.
    """

    call: str
    username: str
    number: str = ""


def ring(session: Session, told: Ring, *, now: datetime) -> str:
    """Write the call down and return its opaque name; the same call again has the same name.

    A number that one citizen alone has brings that citizen along; one that several
    share leaves the choice to whoever takes the call.

    Raises:
        InvalidError: nobody here has this account.
    """
    vault = vault_of(session)
    digest = vault.signer.digest(f"call:{told.call}")
    known = queries.call_known(session, digest)
    if known is not None:
        return known.ref
    # Of two tellings at the same moment the second waits here for the first.
    earlier = idempotency.once(session, digest.hex(), _SCOPE, now)
    if earlier is not None:
        return str(earlier["ref"])
    staff = queries.staff_named(session, told.username.strip().lower())
    if staff is None:
        raise InvalidError(fields={"extension": mark("Nobody here has this account.")})
    number = _in_one_spelling(told.number)
    having = who_has(session, number) if number else []
    talk = Interaction(
        ref=token_hex(TOKEN_LENGTH // 2),
        citizen_id=having[0].citizen_id if len(having) == 1 else None,
        medium=Medium.PHONE,
        direction=Direction.IN,
        staff_id=staff.id,
        unit_id=staff.unit_id,
        state=TalkState.RINGING,
        began_at=now,
        place=new_place(),
    )
    session.add(talk)
    session.flush()
    place = new_place()
    session.add(
        IncomingCall(
            interaction_id=talk.id,
            number=seal(vault, NUMBER, number, place) if number else None,
            place=place,
            call_digest=digest,
        )
    )
    idempotency.remember(session, digest.hex(), _SCOPE, {"ref": talk.ref})
    return talk.ref


def hang_up(session: Session, call: str, *, now: datetime) -> str | None:
    """The caller is gone: an untaken call is missed; one that was taken stays open for its notes.

    Returns the opaque name, or None for a call never told of.
    """
    talk = queries.call_known(session, vault_of(session).signer.digest(f"call:{call}"))
    if talk is None:
        return None
    if talk.state is TalkState.RINGING:
        talk.move(Deed.END, now=now)
    return talk.ref


def end_missed_calls(session: Session, _payload: dict[str, Any], /, *, now: datetime) -> None:
    """The job that ends calls nobody took and nobody hung up; running it twice is harmless."""
    wanted = (
        select(Interaction)
        .where(Interaction.state == TalkState.RINGING, Interaction.began_at <= now - RING_FOR)
        .order_by(Interaction.began_at)
        .limit(_BATCH)
    )
    for talk in session.scalars(wanted).all():
        talk.move(Deed.END, now=now)


def number_of_call(session: Session, interaction_id: int) -> str:
    """The caller's number in clear text, for finding and registering; empty if withheld."""
    stored = queries.call_number(session, interaction_id)
    return unseal(vault_of(session), NUMBER, *stored) if stored else ""


def _in_one_spelling(told: str) -> str:
    # A switchboard may send anything; what is no number is kept as it came, to be read again.
    try:
        return read_phone(told).number
    except InvalidError:
        return phone(told)[:_LONGEST]
