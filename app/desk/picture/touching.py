"""The last times a citizen and the house were in touch, by whatever way, in one list.

Conversations come from the log, what went through the portal from the history of the
matters, notices from the outbox, ratings from their table; nothing is stored twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Action, Channel
from app.cases.labels import LABELS
from app.citizens.sealing import unseal
from app.desk.picture import queries
from app.desk.picture.labels import DEEDS, SENT
from app.desk.picture.views import Contacted, Rated
from app.interactions import queries as log
from app.interactions.labels import MEDIA, MISSED
from app.interactions.queries import Said
from app.interactions.rules import Direction, TalkState
from app.interactions.service.talking import SUMMARY
from app.kernel import outbox
from app.kernel.messages import mark
from app.kernel.vault import vault_of

_PORTAL: Final = LABELS[Channel][Channel.PORTAL]
_OUT: Final = frozenset({Action.CONTACT, Action.CLOSE})
_NEAR: Final = 10  # matters whose history is looked into


@dataclass(frozen=True, slots=True)
class Matters:
    """The matters the list may speak of: numbers by key, and the newest rows."""

    numbers: Mapping[int, str]
    recent: Sequence[Row[*tuple[Any, ...]]]

    @property
    def near(self) -> list[int]:
        """Those whose history is worth a look: the newest, and what is still open."""
        newest = [row.id for row in self.recent[:_NEAR]]
        waiting = [row.id for row in self.recent if row.closed_at is None]
        return list(dict.fromkeys(newest + waiting[:_NEAR]))


def last_contacts(
    session: Session, actor: Actor, citizen_id: int, matters: Matters, ratings: Sequence[Rated]
) -> list[Contacted]:
    """The newest five, newest first."""
    said = log.contacts_of(session, actor, citizen_id, most=queries.CONTACTS_MOST)
    found = [
        *(_talk(session, actor, list(one)) for _, one in groupby(said, key=lambda row: row.id)),
        *_opened(matters, {row.case_id for row in said}),
        *_through_matters(session, matters),
        *_rated(ratings),
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)[: queries.CONTACTS_MOST]


def may_read(actor: Actor, *, unit_id: int, unit_path: str, region: str, staff_id: int) -> bool:
    """Whether somebody reads what colleagues of that unit wrote down about a contact."""
    if staff_id == actor.id:
        return True
    return actor.covers(
        Permission.CITIZEN_READ,
        unit_id=unit_id,
        unit_path=unit_path,
        region_code=region,
        handler_id=staff_id,
    )


def _talk(session: Session, actor: Actor, lines: Sequence[Said]) -> Contacted:
    """One conversation, told of in as many lines as it has matters."""
    said = lines[0]
    is_ours = may_read(
        actor,
        unit_id=said.unit_id,
        unit_path=said.unit_path,
        region=said.region_code,
        staff_id=said.staff_id,
    )
    # Words about a matter somebody may not know of would tell of it.
    is_open = is_ours and all(row.is_visible for row in lines if row.case_id is not None)
    is_missed = said.state is TalkState.ENDED and said.taken_at is None
    return Contacted(
        at=said.began_at,
        way=MEDIA[said.medium],
        deed=MISSED if is_missed else "",
        is_out=said.direction is Direction.OUT,
        words=unseal(vault_of(session), SUMMARY, said.summary, said.place) if is_open else "",
        who=said.staff_name,
        numbers=[row.number for row in lines if row.number and row.is_visible],
    )


def _opened(matters: Matters, linked: set[int | None]) -> Iterable[Contacted]:
    for row in matters.recent[: queries.CONTACTS_MOST]:
        if row.id not in linked:
            way = LABELS[Channel][row.channel]
            yield Contacted(row.opened_at, way, mark("brought a matter"), numbers=(row.number,))


def _through_matters(session: Session, matters: Matters) -> Iterable[Contacted]:
    near = matters.near
    for row in queries.touches(session, near) if near else ():
        number = matters.numbers[row.case_id]
        if row.action is None:
            way = SENT[outbox.Channel(row.channel)]
            yield Contacted(row.at, way, row.msgid, row.params, is_out=True, numbers=(number,))
        else:
            yield _step(row, number)


def _step(row: Row[*tuple[Any, ...]], number: str) -> Contacted:
    action = Action(row.action)
    is_out = action in _OUT
    return Contacted(
        at=row.at,
        way=LABELS[Channel][Channel.PHONE] if is_out else _PORTAL,
        deed=DEEDS[action],
        is_out=is_out,
        who=row.staff_name or "" if is_out else "",
        numbers=(number,),
    )


def _rated(ratings: Iterable[Rated]) -> Iterable[Contacted]:
    for rated in ratings:
        yield Contacted(rated.at, _PORTAL, rated.label, numbers=(rated.number,))
