"""What the desk asks all day: conversations under way, who has a number, what is promised.

Statements are built once; each answers from an index, whatever the log holds.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cases.models import Case
from app.citizens.models import Citizen, Contact
from app.citizens.rules import CitizenState, PartyKind
from app.interactions.models import IncomingCall, Interaction, InteractionCase, Promise
from app.interactions.rules import MOST_AT_ONCE, RING_FOR, TalkState
from app.kernel.db import rows

HELD_MOST: Final = 2 * MOST_AT_ONCE
_HOLDERS_MOST: Final = 9
_RECENT: Final = 20
_PROMISES: Final = 50

# Of somebody whose processing is restricted not even the name is told (个人信息保护法 art. 47).
_NAME: Final = case((Citizen.state == CitizenState.ACTIVE, Citizen.name)).label("name")
_LINE: Final = (
    select(
        Interaction.ref,
        Interaction.medium,
        Interaction.direction,
        Interaction.state,
        Interaction.began_at,
        Interaction.taken_at,
        Interaction.held_at,
        Interaction.ended_at,
        Interaction.citizen_id,
        Citizen.kind,
        _NAME,
        Citizen.place,
        IncomingCall.number,
        IncomingCall.place,
    )
    .outerjoin(Citizen, Citizen.id == Interaction.citizen_id)
    .outerjoin(IncomingCall, IncomingCall.interaction_id == Interaction.id)
    .where(Interaction.staff_id == bindparam("staff_id"))
)
_GOES_ON: Final = Interaction.state != TalkState.ENDED
_UNDER_WAY: Final = (
    _LINE.where(
        _GOES_ON,
        or_(Interaction.state != TalkState.RINGING, Interaction.began_at > bindparam("since")),
    )
    .order_by(Interaction.id)
    .limit(HELD_MOST)
)
_RECENT_ONES: Final = (
    _LINE.where(Interaction.state == TalkState.ENDED).order_by(Interaction.id.desc()).limit(_RECENT)
)
_ONE: Final = _LINE.where(Interaction.ref == bindparam("ref"))
_COUNT: Final = select(func.count()).where(
    Interaction.staff_id == bindparam("staff_id"),
    Interaction.state.in_((TalkState.OPEN, TalkState.HELD)),
)
_TALK: Final = select(Interaction).where(
    Interaction.ref == bindparam("ref"), Interaction.staff_id == bindparam("staff_id")
)
_OPEN_ONE: Final = select(Interaction).where(
    Interaction.staff_id == bindparam("staff_id"), Interaction.state == TalkState.OPEN
)
_CALL: Final = (
    select(Interaction)
    .join(IncomingCall, IncomingCall.interaction_id == Interaction.id)
    .where(IncomingCall.call_digest == bindparam("digest"))
)
_NUMBER: Final = select(IncomingCall.number, IncomingCall.place).where(
    IncomingCall.interaction_id == bindparam("interaction_id")
)
_HOLDERS: Final = (
    select(Citizen.id, Citizen.kind, _NAME, Citizen.place)
    .join(Contact, Contact.citizen_id == Citizen.id)
    .where(
        Contact.exact_index.in_(bindparam("indexes", expanding=True)),
        Contact.ended_at.is_(None),
        Citizen.state == CitizenState.ACTIVE,  # restricted data are only stored (art. 47)
    )
    .order_by(Contact.id.desc())
    .limit(_HOLDERS_MOST)
)
_STAFF: Final = select(Staff.id, Staff.unit_id).where(
    Staff.username == bindparam("username"), Staff.is_active
)
_CASES: Final = (
    select(Case.number)
    .join(InteractionCase, InteractionCase.case_id == Case.id)
    .where(InteractionCase.interaction_id == bindparam("interaction_id"))
    .order_by(Case.id)
    .limit(_RECENT)
)
_WAITING: Final = (
    select(
        Promise.id,
        Promise.text,
        Promise.place,
        Promise.due_at,
        Promise.interaction_id,
        Promise.citizen_id,
        Citizen.kind,
        _NAME,
        Citizen.place.label("citizen_place"),
    )
    .outerjoin(Citizen, Citizen.id == Promise.citizen_id)
    .where(Promise.kept_at.is_(None), Promise.staff_id == bindparam("staff_id"))
    .order_by(Promise.due_at, Promise.id)
    .limit(_PROMISES)
)
_BROKEN: Final = select(func.count()).where(
    Promise.staff_id == bindparam("staff_id"),
    Promise.kept_at.is_(None),
    Promise.broken_at.is_not(None),
)
_PROMISE: Final = select(Promise).where(
    Promise.id == bindparam("promise_id"), Promise.staff_id == bindparam("staff_id")
)


class Waiting(NamedTuple):
    """One conversation as a chip or a line shows it; name and number as stored."""

    ref: str
    medium: str
    direction: str
    state: TalkState
    began_at: datetime
    taken_at: datetime | None
    held_at: datetime | None
    ended_at: datetime | None
    citizen_id: int | None
    kind: PartyKind | None
    name: bytes | None
    place: str | None
    number: bytes | None
    number_place: str | None


class Holder(NamedTuple):
    """Somebody with a telephone number; the name as stored."""

    citizen_id: int
    kind: PartyKind
    name: bytes | None
    place: str


def under_way(session: Session, staff_id: int, *, now: datetime) -> list[Waiting]:
    """Somebody's conversations that go on, oldest first; calls that rang out are left out."""
    found = rows(session, _UNDER_WAY, staff_id=staff_id, since=now - RING_FOR)
    return [Waiting(*row) for row in found]


def recent_talks(session: Session, staff_id: int) -> list[Waiting]:
    """The conversations somebody ended last, newest first."""
    return [Waiting(*row) for row in rows(session, _RECENT_ONES, staff_id=staff_id)]


def one_talk(session: Session, staff_id: int, ref: str) -> list[Waiting]:
    """One conversation of somebody's own, as lists show it."""
    return [Waiting(*row) for row in rows(session, _ONE, staff_id=staff_id, ref=ref)]


def count_under_way(session: Session, staff_id: int) -> int:
    """How many conversations somebody has open or on hold."""
    return int(rows(session, _COUNT, staff_id=staff_id)[0][0])


def find_talk(session: Session, ref: str, staff_id: int) -> Interaction | None:
    """A conversation of this person's own."""
    return session.scalars(_TALK, {"ref": ref, "staff_id": staff_id}).one_or_none()


def open_one(session: Session, staff_id: int) -> Sequence[Interaction]:
    """The conversation somebody is in; never more than one, unless two began at once."""
    return session.scalars(_OPEN_ONE, {"staff_id": staff_id}).all()


def call_known(session: Session, digest: bytes) -> Interaction | None:
    """The contact a telephone system's call was written down as."""
    return session.scalars(_CALL, {"digest": digest}).one_or_none()


def call_number(session: Session, interaction_id: int) -> tuple[bytes, str] | None:
    """The caller's number as stored and the place it opens in; None if withheld or no call."""
    found = rows(session, _NUMBER, interaction_id=interaction_id)
    return (found[0].number, found[0].place) if found and found[0].number else None


def holders(session: Session, indexes: Sequence[bytes]) -> list[Holder]:
    """Who has one of these numbers now, who gave it last first."""
    found = {row.id: Holder(*row) for row in rows(session, _HOLDERS, indexes=indexes)}
    return list(found.values())


def staff_named(session: Session, username: str) -> Row[Any] | None:
    """Id and unit of the active member of staff with this account name."""
    found = rows(session, _STAFF, username=username)
    return found[0] if found else None


def cases_of(session: Session, interaction_id: int) -> list[str]:
    """The numbers of the matters of one's own conversation."""
    return [row.number for row in rows(session, _CASES, interaction_id=interaction_id)]


def promises_waiting(session: Session, staff_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What somebody promised and has not kept yet, the most pressing first."""
    return rows(session, _WAITING, staff_id=staff_id)


def count_broken(session: Session, staff_id: int) -> int:
    """How many promises of somebody's own are past their day and not kept."""
    return int(rows(session, _BROKEN, staff_id=staff_id)[0][0])


def promise_of(session: Session, promise_id: int, staff_id: int) -> Promise | None:
    """A promise of this person's own."""
    asked = {"promise_id": promise_id, "staff_id": staff_id}
    return session.scalars(_PROMISE, asked).one_or_none()
