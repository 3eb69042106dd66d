"""Conversations: begun, put on hold, gone on with, written down; who it is, what came of it.

At most one of somebody's conversations is open; the others wait on hold.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.citizens import service as citizens
from app.citizens.models import Citizen
from app.citizens.queries import getting
from app.citizens.rules import PartyKind, read_number
from app.citizens.sealing import NAME, new_place, seal, unseal
from app.citizens.service import Person
from app.interactions import queries
from app.interactions.models import Interaction, InteractionCase
from app.interactions.rules import (
    MAY_TALK,
    MOST_AT_ONCE,
    MOVES,
    Deed,
    Direction,
    Medium,
    TalkState,
)
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.ids import TOKEN_LENGTH
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.kernel.vault import vault_of

SUMMARY: Final = "interactions.summary"
LONGEST: Final = 2000
_LEADS_TO: Final = {deed: target for (_, deed), target in MOVES.items()}


@dataclass(frozen=True, slots=True)
class NewTalk:
    """How somebody came, and who it is where that is known."""

    medium: Medium
    direction: Direction = Direction.IN
    citizen_id: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Somebody with a telephone number, by name in clear text; callers mask it."""

    citizen_id: int
    kind: PartyKind
    name: str


def require_talker(actor: Actor) -> None:
    """Refuse whose work it is not to talk with citizens.

    Raises:
        ForbiddenError: neither takes matters in nor calls back.
    """
    if not any(map(actor.may, MAY_TALK)):
        raise ForbiddenError(mark("Your role does not include this."))


def start(session: Session, actor: Actor, new: NewTalk, *, now: datetime) -> Interaction:
    """Begin a conversation; the one somebody is in goes on hold.

    Raises:
        ForbiddenError: it is not this person's work.
        InvalidError: too many are under way.
    """
    require_talker(actor)
    if queries.count_under_way(session, actor.id) >= MOST_AT_ONCE:
        raise InvalidError(mark("Nine conversations are under way. End one first."))
    _hold_the_open_one(session, actor, now=now)
    talk = Interaction(
        ref=token_hex(TOKEN_LENGTH // 2),
        citizen_id=new.citizen_id,
        medium=new.medium,
        direction=new.direction,
        staff_id=actor.id,
        unit_id=actor.unit_id,
        state=TalkState.OPEN,
        began_at=now,
        taken_at=now,
        place=new_place(),
    )
    session.add(talk)
    session.flush()
    return talk


def get_talk(session: Session, actor: Actor, ref: str) -> Interaction:
    """A conversation of one's own.

    Raises:
        ForbiddenError: it is not this person's work.
        NotFoundError: there is none, or it is a colleague's.
    """
    require_talker(actor)
    talk = queries.find_talk(session, ref, actor.id)
    if talk is None:
        raise NotFoundError(mark("There is no such conversation of yours."))
    return talk


def do(session: Session, actor: Actor, talk: Interaction, deed: Deed, *, now: datetime) -> None:
    """Take, hold, go on; the conversation somebody is in goes on hold for another.

    A button pressed twice does nothing the second time.

    Raises:
        ConflictError: it has moved on meanwhile.
    """
    if talk.state is _LEADS_TO[deed]:
        return
    if deed in {Deed.TAKE, Deed.RESUME}:
        _hold_the_open_one(session, actor, now=now)
    talk.move(deed, now=now)
    session.flush()


def write_down(session: Session, talk: Interaction, summary: str, *, now: datetime) -> None:
    """End a conversation with a few words on what it was about.

    A matter taken in says that already; then the words may be left out.

    Raises:
        InvalidError: no words and no matter, or too many words.
        ConflictError: it was ended before.
    """
    words = summary.strip()
    if len(words) > LONGEST:
        raise InvalidError(fields={"summary": mark("This is too long. Shorten it.")})
    if not words and not queries.cases_of(session, talk.id):
        raise InvalidError(fields={"summary": mark("Say in a few words what it was about.")})
    talk.move(Deed.END, now=now)
    if words:
        talk.summary = seal(vault_of(session), SUMMARY, words, talk.place)
    session.flush()


def settle_who(session: Session, talk: Interaction, citizen_id: int) -> None:
    """Say which citizen this is."""
    talk.citizen_id = citizen_id
    session.flush()


def citizen_numbered(session: Session, actor: Actor, typed: str) -> int:
    """The citizen a typed number stands for, or whom they became part of.

    Raises:
        InvalidError: nobody has this number.
    """
    found = None
    citizen_id = read_number(typed)
    while citizen_id is not None:
        wanted = getting.visible_to(actor).where(Citizen.id == citizen_id)
        found = session.scalars(wanted).one_or_none()
        citizen_id = found.merged_into_id if found else None
    if found is None:
        raise InvalidError(fields={"citizen": mark("Nobody has this number.")})
    return found.id


def register_caller(session: Session, talk: Interaction, person: Person, *, now: datetime) -> None:
    """Register somebody not known yet, and say that it is they.

    Raises:
        InvalidError: no name.
    """
    if not person.name:
        raise InvalidError(fields={"name": mark("Enter the name.")})
    settle_who(session, talk, citizens.register(session, person, now=now))


def link_case(session: Session, talk: Interaction, case: Case) -> None:
    """A matter was taken in or spoken about; its citizen is whom one talks to, if nobody was known.

    Linking twice changes nothing.
    """
    link = insert(session, InteractionCase).values(interaction_id=talk.id, case_id=case.id)
    session.execute(link.on_conflict_do_nothing())
    if talk.citizen_id is None and case.citizen_id is not None:
        settle_who(session, talk, case.citizen_id)


def who_has(session: Session, number: str) -> list[Written]:
    """Who has this telephone number now, who gave it last first; families share one."""
    vault = vault_of(session)
    found = queries.holders(session, vault.blind.candidates("phone", number))
    return [
        Written(one.citizen_id, one.kind, unseal(vault, NAME, one.name, one.place)) for one in found
    ]


def _hold_the_open_one(session: Session, actor: Actor, *, now: datetime) -> None:
    for other in queries.open_one(session, actor.id):
        other.move(Deed.HOLD, now=now)
    session.flush()
