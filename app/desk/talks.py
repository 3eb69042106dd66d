"""Makes conversations ready for the screen: the strip on top of every page, the list, one of them.

Reads only. Names and numbers are masked; the words are the house's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.service import drafts
from app.citizens.rules import CitizenState, PartyKind, number_of
from app.citizens.sealing import NAME, unseal
from app.citizens.service.parties import masked_name
from app.desk.picture import Moment, Picture, Short, picture_of, short_of
from app.desk.times import Light, light
from app.interactions import queries
from app.interactions import service as log
from app.interactions.labels import DIRECTIONS, MEDIA, MISSED, TALKS
from app.interactions.models import Interaction
from app.interactions.queries import Waiting
from app.interactions.rules import Medium, TalkState
from app.interactions.service.calls import NUMBER
from app.interactions.service.promising import TEXT
from app.kernel.messages import mark
from app.kernel.text import mask_phone
from app.kernel.vault import vault_of

MEDIUM_CHOICES: Final = tuple((str(medium), words) for medium, words in MEDIA.items())
DIRECTION_CHOICES: Final = tuple((str(one), words) for one, words in DIRECTIONS.items())
_UNKNOWN: Final = mark("somebody not known yet")
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class TalkView:
    """One conversation as a chip or a line: who, by what way, for how long."""

    ref: str
    name: str  # masked, or empty
    unknown: str  # msgid, where there is no name and no number
    way: str
    state: str
    label: str
    minutes: int
    began_at: datetime
    number: str  # of the citizen


@dataclass(frozen=True, slots=True)
class Ringing:
    """A call that waits to be taken, with the picture of who it is, if one alone it can be."""

    talk: TalkView
    short: Short | None
    sharing: int


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands on top of every page of whoever talks with citizens."""

    talks: Sequence[TalkView]
    ringing: Sequence[Ringing]
    broken: int


@dataclass(frozen=True, slots=True)
class TalkList:
    """One's conversations, and a form to begin another."""

    talks: Sequence[TalkView]
    recent: Sequence[TalkView]
    token: str
    media: Sequence[tuple[str, str]] = MEDIUM_CHOICES
    directions: Sequence[tuple[str, str]] = DIRECTION_CHOICES
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise of one's own that waits."""

    id: int
    text: str
    name: str
    number: str
    due_at: datetime
    light: Light


@dataclass(frozen=True, slots=True)
class TalkPage:
    """One conversation with the picture of whom it is with."""

    talk: TalkView
    picture: Picture | None
    sharing: Sequence[tuple[str, str]]
    cases: Sequence[str]
    promises: Sequence[PromiseView]
    may_open: bool
    today: date
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def strip_of(session: Session, actor: Actor, *, at: Moment) -> Strip:
    """The strip; costs three small reads, and a picture in short for each call that rings."""
    found = queries.under_way(session, actor.id, now=at.now)
    return Strip(
        talks=[
            view_of(session, one, at.now) for one in found if one.state is not TalkState.RINGING
        ],
        ringing=[
            _ringing(session, actor, one, at=at) for one in found if one.state is TalkState.RINGING
        ],
        broken=queries.count_broken(session, actor.id),
    )


def talk_list(
    session: Session,
    actor: Actor,
    *,
    token: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    now: datetime,
) -> TalkList:
    """Everything under way, and what ended last."""
    return TalkList(
        talks=[view_of(session, one, now) for one in queries.under_way(session, actor.id, now=now)],
        recent=[view_of(session, one, now) for one in queries.recent_talks(session, actor.id)],
        token=token,
        values=values,
        errors=errors,
    )


def talk_page(
    session: Session,
    actor: Actor,
    talk: Interaction,
    *,
    at: Moment,
    action: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> TalkPage:
    """The conversation, what was begun to be written in it, and whom it is with."""
    kept = drafts.find(session, drafts.owner_of_staff(actor.id), draft_of(talk.ref))
    picture = None
    if talk.citizen_id is not None:
        picture = picture_of(session, actor, talk.citizen_id, at=at)
    (line,) = queries.one_talk(session, actor.id, talk.ref)
    promises = queries.promises_waiting(session, actor.id)
    return TalkPage(
        talk=view_of(session, line, at.now),
        picture=picture,
        sharing=[] if picture else _sharing(session, talk),
        cases=queries.cases_of(session, talk.id),
        promises=[
            promise_view(session, one, at.now) for one in promises if one.interaction_id == talk.id
        ],
        may_open=actor.may(Permission.CASE_INTAKE),
        today=at.today,
        action=action,
        values=values if values is not None else (kept.data if kept else {}),
        errors=errors or {},
    )


def masked_of(session: Session, row: Row[*tuple[Any, ...]]) -> str:
    """The masked name of a citizen's row; empty if never told, or if nothing may be told."""
    if row.state is not CitizenState.ACTIVE:
        return ""
    name = unseal(vault_of(session), NAME, row.name, row.place)
    return masked_name(name, row.kind) if name else ""


def draft_of(ref: str) -> str:
    """Under what name the words of a conversation are kept while they are typed."""
    return f"talk/{ref}"


def view_of(session: Session, one: Waiting, now: datetime) -> TalkView:
    """One conversation made ready."""
    vault = vault_of(session)
    name = unseal(vault, NAME, one.name, one.place or "")
    number = unseal(vault, NUMBER, one.number, one.number_place or "")
    shown = masked_name(name, one.kind or PartyKind.PERSON) if name else ""
    is_missed = one.state is TalkState.ENDED and one.taken_at is None
    since = one.ended_at or one.held_at or one.began_at
    return TalkView(
        ref=one.ref,
        name=shown or (mask_phone(number) if number else ""),
        unknown=_UNKNOWN,
        way=MEDIA[Medium(one.medium)],
        state=str(one.state),
        label=MISSED if is_missed else TALKS[one.state],
        minutes=max(0, int((now - since).total_seconds()) // _MINUTE),
        began_at=one.began_at,
        number=number_of(one.citizen_id) if one.citizen_id else "",
    )


def promise_view(session: Session, row: Row[*tuple[Any, ...]], now: datetime) -> PromiseView:
    """A promise made ready; its lamp turns red when its day has passed."""
    vault = vault_of(session)
    name = unseal(vault, NAME, row.name, row.citizen_place or "")
    return PromiseView(
        id=row.id,
        text=unseal(vault, TEXT, row.text, row.place),
        name=masked_name(name, row.kind) if name else "",
        number=number_of(row.citizen_id) if row.citizen_id else "",
        due_at=row.due_at,
        light=light(due_at=row.due_at, warn_at=None, paused=False, provisional=False, now=now),
    )


def _ringing(session: Session, actor: Actor, one: Waiting, *, at: Moment) -> Ringing:
    short = None
    if one.citizen_id is not None:
        short = short_of(session, actor, one.citizen_id, at=at)
    number = unseal(vault_of(session), NUMBER, one.number, one.number_place or "")
    sharing = len(log.who_has(session, number)) if number and short is None else 0
    return Ringing(view_of(session, one, at.now), short, sharing)


def _sharing(session: Session, talk: Interaction) -> list[tuple[str, str]]:
    number = log.number_of_call(session, talk.id)
    having = log.who_has(session, number) if number else []
    return [
        (number_of(one.citizen_id), masked_name(one.name, one.kind) if one.name else "")
        for one in having
    ]
