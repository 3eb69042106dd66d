"""The last times a citizen and the house were in touch, by whatever way, in one list.

Conversations come from the log, what went through the portal from the history of the
matters, notices from the outbox, ratings from their table; nothing is stored twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from app.kernel.messages import mark
from app.kernel.outbox import MessageStatus
from app.kernel.vault import vault_of

_PORTAL: Final = LABELS[Channel][Channel.PORTAL]
_OUT: Final = frozenset({Action.CONTACT, Action.CLOSE})
_NEAR: Final = 10  # matters whose history is looked into
_NOT_SENT: Final = frozenset({MessageStatus.FAILED, MessageStatus.OFF})


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
    said = log.contacts_of(session, citizen_id, most=queries.CONTACTS_MOST)
    links = log.links_of(session, actor, [one.id for one in said]) if said else ()
    talked = [_talk(session, actor, one, links) for one in said]
    linked = {row.case_id for row in links}
    found = [
        *talked,
        *_opened(matters, linked),
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


def _talk(
    session: Session, actor: Actor, said: Said, links: Iterable[Row[*tuple[Any, ...]]]
) -> Contacted:
    own = [row for row in links if row.interaction_id == said.id]
    is_ours = may_read(
        actor,
        unit_id=said.unit_id,
        unit_path=said.unit_path,
        region=said.region_code,
        staff_id=said.staff_id,
    )
    # Words about a matter somebody may not know of would tell of it.
    is_open = is_ours and all(row.is_visible for row in own)
    is_missed = said.state is TalkState.ENDED and said.taken_at is None
    return Contacted(
        at=said.began_at,
        way=MEDIA[said.medium],
        deed=MISSED if is_missed else "",
        is_out=said.direction is Direction.OUT,
        words=unseal(vault_of(session), SUMMARY, said.summary, said.place) if is_open else "",
        who=said.staff_name,
        numbers=[row.number for row in own if row.is_visible],
    )


def _opened(matters: Matters, linked: set[int]) -> Iterable[Contacted]:
    for row in matters.recent[: queries.CONTACTS_MOST]:
        if row.id not in linked:
            way = LABELS[Channel][row.channel]
            yield Contacted(row.opened_at, way, mark("brought a matter"), numbers=(row.number,))


def _through_matters(session: Session, matters: Matters) -> Iterable[Contacted]:
    near = matters.near
    if not near:
        return
    for row in queries.events(session, near):
        yield Contacted(
            at=row.at,
            way=LABELS[Channel][Channel.PHONE] if row.action in _OUT else _PORTAL,
            deed=DEEDS[row.action],
            is_out=row.action in _OUT,
            who=row.staff_name if row.action in _OUT and row.staff_name else "",
            numbers=(matters.numbers[row.case_id],),
        )
    for row in queries.messages(session, near):
        if row.status not in _NOT_SENT:
            number = matters.numbers[row.case_id]
            yield Contacted(
                row.created_at, SENT[row.channel], row.msgid, row.params, True, numbers=(number,)
            )


def _rated(ratings: Iterable[Rated]) -> Iterable[Contacted]:
    for rated in ratings:
        yield Contacted(rated.at, _PORTAL, rated.label, numbers=(rated.number,))
