"""One-time codes: asked for, sent, tried, and what a right one opens.

A wrong try is answered, not raised, so that it is counted. Whether a number is known
here shows in nothing but the message that does or does not arrive.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from app.citizens.rules import ContactKind
from app.citizens.sealing import (
    IDENTIFIER,
    NAME,
    contact_key,
    contact_purpose,
    new_place,
    seal,
    unseal,
)
from app.kernel import outbox
from app.kernel.ids import Signer, random_token
from app.kernel.messages import mark
from app.kernel.outbox import Channel
from app.kernel.text import digits
from app.kernel.vault import vault_of
from app.mypage import queries
from app.mypage.models import ContactCode
from app.mypage.rules import (
    CODE_DIGITS,
    CODE_GOOD_FOR,
    ID_TAIL,
    MOST_TRIES,
    PROOF_GOOD_FOR,
    Goal,
    is_id_tail,
    same_name,
)
from app.notifications.service.writing import write_code

SUBJECT: Final = "contact_code"
VALUE: Final = "contact_codes.value"
_MESSAGE: Final = mark(
    "%(code)s is your code for Civic Window, good until %(until)s. "
    "Tell it to nobody: our staff never ask for it."
)
CHANNELS: Final = {ContactKind.MOBILE: Channel.SMS, ContactKind.EMAIL: Channel.MAIL}


class Verdict(StrEnum):
    """What came of one try."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"  # too late, too often, or used


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with the contact; the name in clear text, for comparing only."""

    citizen_id: int
    contact_id: int
    name: str
    verified_at: datetime | None


def can_send(kind: ContactKind) -> bool:
    """Whether this installation has a way to send codes to such a contact."""
    return outbox.has_way(CHANNELS[kind])


def ask(
    session: Session,
    kind: ContactKind,
    value: str,
    *,
    goal: Goal = Goal.SIGN_IN,
    citizen_id: int | None = None,
    locale: str,
    until: str,
    now: datetime,
) -> str:
    """Have a code sent; gives the token by which the browser finds its own code again.

    `until` is the end of its time as the message says it. To a number nobody here has,
    nothing is sent.
    """
    vault = vault_of(session)
    ref, place = random_token(), new_place()
    is_known = goal is Goal.ADD or bool(holders_of(session, kind, value))
    code = ContactCode(
        ref_digest=vault.signer.digest(ref),
        goal=goal,
        citizen_id=citizen_id,
        kind=kind,
        value=seal(vault, VALUE, value, place),
        place=place,
        code_digest=_digest(vault.signer, place, _derived(vault.signer, place)),
        is_known=is_known,
        locale=locale,
        created_at=now,
        expires_at=now + CODE_GOOD_FOR,
    )
    session.add(code)
    session.flush()
    if is_known:
        write_code(
            session,
            (SUBJECT, code.id),
            channel=CHANNELS[kind],
            msgid=_MESSAGE,
            params={"until": until},
            locale=locale,
            now=now,
        )
    return ref


def _derived(signer: Signer, place: str) -> str:
    """The code itself: made of the key and a random place, so that it is stored nowhere."""
    number = int.from_bytes(signer.digest(f"contact code {place}"), "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _digest(signer: Signer, place: str, code: str) -> bytes:
    return signer.digest(f"contact code {place} {code}")


def find(session: Session, ref: str) -> ContactCode | None:
    """The code this browser asked for, to show where it was sent."""
    return queries.look_at_code(session, vault_of(session).signer.digest(ref)) if ref else None


def address_of(session: Session, code: ContactCode) -> str:
    """The number or address it was sent to."""
    return unseal(vault_of(session), VALUE, code.value, code.place)


def words_of(session: Session, code: ContactCode) -> str:
    """The six digits, for the one message that carries them."""
    return _derived(vault_of(session).signer, code.place)


def is_over(code: ContactCode, now: datetime) -> bool:
    """Whether nothing can be done with it any more."""
    return code.used_at is not None or now >= code.expires_at or code.tries >= MOST_TRIES


def attempt(
    session: Session, ref: str, typed: str, *, goal: Goal = Goal.SIGN_IN, now: datetime
) -> tuple[Verdict, ContactCode | None]:
    """Compare one try and count it; a code opens only what it was asked for."""
    signer = vault_of(session).signer
    code = queries.find_code(session, signer.digest(ref)) if ref else None
    if code is None or is_over(code, now) or code.goal is not goal:
        return Verdict.OVER, None
    code.tries += 1
    is_right = hmac.compare_digest(_digest(signer, code.place, typed), code.code_digest)
    if is_right and code.is_known:
        code.checked_at = now
        return Verdict.RIGHT, code
    return (Verdict.OVER if code.tries >= MOST_TRIES else Verdict.WRONG), code


def find_checked(session: Session, ref: str, *, now: datetime) -> ContactCode | None:
    """The code this browser typed rightly, for ten minutes and until it has opened something."""
    code = queries.find_code(session, vault_of(session).signer.digest(ref)) if ref else None
    if code is None or code.goal is not Goal.SIGN_IN or code.used_at is not None:
        return None
    if code.checked_at is None:
        return None
    is_late = now >= code.checked_at + CODE_GOOD_FOR or code.name_tries >= MOST_TRIES
    return None if is_late else code


def holders_of(session: Session, kind: ContactKind, value: str) -> list[Holder]:
    """Who has this contact, under any key still in use."""
    vault = vault_of(session)
    indexes = vault.blind.candidates(contact_purpose(kind), contact_key(kind, value))
    return [
        Holder(
            row.citizen_id,
            row.contact_id,
            unseal(vault, NAME, row.name, row.place),
            row.verified_at,
        )
        for row in queries.holders(session, indexes, kind)
    ]


def is_plain(holders: Sequence[Holder], *, now: datetime) -> bool:
    """Whether the contact alone says who it is.

    One person, who proved it lately or whose name nobody knows. A number that was only ever
    typed into a form may be mistyped, one proved long ago may have a new owner: then the
    name is asked.
    """
    people = {holder.citizen_id for holder in holders}
    return len(people) == 1 and all(_is_proved(holder, now) for holder in holders)


def _is_proved(holder: Holder, now: datetime) -> bool:
    if not holder.name:
        return True
    return holder.verified_at is not None and now - holder.verified_at <= PROOF_GOOD_FOR


def named(session: Session, code: ContactCode, typed: str) -> list[Holder]:
    """Those of the contact's holders who are meant by a name, or by the end of an identity number.

    Counts the try. Nobody's name is told; a name that fits nobody gives nothing.
    """
    code.name_tries += 1
    everybody = holders_of(session, code.kind, address_of(session, code))
    if not is_id_tail(typed):
        return [holder for holder in everybody if same_name(typed, holder.name)]
    vault, tail = vault_of(session), digits(typed).upper()
    ids = [holder.citizen_id for holder in everybody]
    fitting = {
        row.citizen_id
        for row in queries.numbers_of(session, ids)
        if unseal(vault, IDENTIFIER, row.value, row.place)[-ID_TAIL:] == tail
    }
    # Two people of one family may share a tail; then only the name can tell.
    return [h for h in everybody if h.citizen_id in fitting] if len(fitting) == 1 else []
