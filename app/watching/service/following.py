"""Somebody begins to watch a matter, confirms it by the link, and stops.

Nobody who is not signed in is told anything before they confirmed: anybody can type an address.
Callers own the transaction and have made sure that the matter may be known.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.citizens.rules import ContactKind
from app.citizens.rules.phones import read_email, read_phone
from app.citizens.sealing import contact_key, contact_purpose, new_place, seal, unseal
from app.kernel import outbox
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.outbox import Channel
from app.kernel.vault import vault_of
from app.notifications.service.writing import write_code
from app.watching import queries
from app.watching.models import Watcher
from app.watching.rules import Why

SUBJECT: Final = "watcher"
ADDRESS: Final = "watchers.address"
CONFIRM: Final = mark(
    "You wish to hear how the report %(number)s goes on. Please confirm that on this page, or "
    "leave it and hear nothing more:"
)
CHANNELS: Final = {ContactKind.MOBILE: Channel.SMS, ContactKind.EMAIL: Channel.MAIL}
_NO_WAY: Final = mark(
    "We cannot send messages this way. Leave the field empty, or give another address."
)


@dataclass(frozen=True, slots=True, repr=False)  # an address in clear
class Reach:
    """Where somebody is told."""

    kind: ContactKind
    value: str


def read_reach(typed: str) -> Reach | None:
    """The mobile number or e-mail address somebody typed; None for nothing.

    Raises:
        InvalidError: nobody can be written to there; the sentence says why.
    """
    if not typed.strip():
        return None
    if "@" in typed:
        return _reachable(Reach(ContactKind.EMAIL, read_email(typed)))
    found = read_phone(typed)
    if found.kind is not ContactKind.MOBILE:
        raise InvalidError(mark("Messages go to mobile numbers only. Give one, or an e-mail."))
    return _reachable(Reach(ContactKind.MOBILE, found.number))


def _reachable(reach: Reach) -> Reach:
    if not outbox.has_way(CHANNELS[reach.kind]):
        raise InvalidError(_NO_WAY)
    return reach


def watch(
    session: Session,
    case: Case,
    why: Why,
    *,
    citizen_id: int | None = None,
    reach: Reach | None = None,
    browser: str = "",
    locale: str = "zh_CN",
    now: datetime,
) -> Watcher:
    """Let somebody watch; who does so already stays one voice, and may add an address later.

    A citizen signed in is told without more, at the contacts they gave; an address gets a link
    to confirm by.
    """
    if citizen_id is not None:  # an address typed besides may be somebody else's, who follows too
        reach = None
    known = [_digest(session, case, said) for said in _named(citizen_id, reach, browser)]
    row = queries.find_same(session, case.id, known)
    if row is None:
        row = Watcher(case_id=case.id, why=why, place=new_place(), locale=locale, watched_at=now)
        row.told_seq = case.event_seq
        session.add(row)
    row.who, row.locale = known[0] if known else None, locale
    row.why = Why.ME_TOO if Why.ME_TOO in (row.why, why) else why
    row.citizen_id = citizen_id or row.citizen_id
    if row.ended_at is not None:  # who stopped says yes again: anybody could have typed this
        row.ended_at = row.confirmed_at = None
    session.flush()
    is_asked = row.citizen_id is None and reach is not None and _is_new(session, row, reach)
    if is_asked and reach is not None:
        _reach_at(session, row, reach, now=now)
    elif row.citizen_id is not None:
        row.confirmed_at = row.confirmed_at or now
    row.token_digest = vault_of(session).signer.digest(token_of(session, row))
    if is_asked:
        _ask_to_confirm(session, case, row, now=now)
    session.flush()
    return row


def _named(citizen_id: int | None, reach: Reach | None, browser: str) -> list[str]:
    """By what somebody is known again, the surest first."""
    said = [f"citizen {citizen_id}"] if citizen_id is not None else []
    if reach is not None:
        said.append(f"{contact_purpose(reach.kind)} {contact_key(reach.kind, reach.value)}")
    return [*said, f"browser {browser}"] if browser else said


def _digest(session: Session, case: Case, said: str) -> bytes:
    # With the matter in it: nobody can tell from two rows that they are the same person's.
    return vault_of(session).signer.digest(f"watcher {case.id} {said}")


def _is_new(session: Session, row: Watcher, reach: Reach) -> bool:
    is_same = row.kind is reach.kind and address_of(session, row) == reach.value
    return not is_same or row.confirmed_at is None


def _reach_at(session: Session, row: Watcher, reach: Reach, *, now: datetime) -> None:
    row.kind, row.confirmed_at, row.watched_at = reach.kind, None, now
    row.address = seal(vault_of(session), ADDRESS, reach.value, row.place)


def _ask_to_confirm(session: Session, case: Case, row: Watcher, *, now: datetime) -> None:
    if row.kind is None:
        return
    write_code(
        session,
        (SUBJECT, row.id),
        channel=CHANNELS[row.kind],
        msgid=CONFIRM,
        params={"number": case.number},
        locale=row.locale,
        now=now,
    )


def address_of(session: Session, row: Watcher) -> str:
    """Where they are told, in clear; empty for none, or once it was forgotten."""
    return unseal(vault_of(session), ADDRESS, row.address, row.place)


def token_of(session: Session, row: Watcher) -> str:
    """What the link of this watcher ends with; made of the key and the row, stored nowhere.

    It hangs on the address too: a browser that watched before an address was typed into it does
    not know the link that is sent there, and cannot say yes in the name of whoever reads it.
    """
    said = (row.id, row.place, address_of(session, row)) if row.address else (row.id, row.place)
    return vault_of(session).signer.token("watcher", *said)


def get_by_token(session: Session, token: str) -> Watcher:
    """Whom a link belongs to.

    Raises:
        NotFoundError: nobody, or nobody any more.
    """
    found = queries.find_by_digest(session, vault_of(session).signer.digest(token))
    if found is None:
        raise NotFoundError(mark("This link leads nowhere any more."))
    return found


def confirm(row: Watcher, *, now: datetime) -> None:
    """They opened the link and said yes; said twice it changes nothing."""
    row.confirmed_at, row.ended_at = row.confirmed_at or now, None


def stop(row: Watcher, *, now: datetime) -> None:
    """They want to hear nothing more; that it troubles them too still counts."""
    row.ended_at = row.ended_at or now


def stop_own(session: Session, people: tuple[int, ...], watcher_id: int, *, now: datetime) -> None:
    """The same from one's own page; what is not theirs is left alone."""
    row = session.get(Watcher, watcher_id)
    if row is not None and row.citizen_id in people:
        stop(row, now=now)
