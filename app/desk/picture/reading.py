"""Puts the picture of a citizen together for one reader.

Of cases only what the reader may see; of colleagues' words only what reaches them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.cases.labels import label
from app.citizens.queries import getting
from app.citizens.rules import CitizenState, ContactKind, MarkKind, number_of
from app.citizens.rules.care import marks_by_age
from app.citizens.sealing import NAME, unseal
from app.citizens.service import parties
from app.citizens.service.parties import Party, masked_name
from app.desk.picture import labels, queries, summary
from app.desk.picture.summary import LATELY, Known, Part, Redress
from app.desk.picture.touching import Matters, last_contacts, may_read
from app.desk.picture.views import Matter, Other, Picture, Promised, Rated, Short
from app.desk.times import ended_light, light
from app.interactions import queries as log
from app.interactions.labels import PROMISES
from app.interactions.rules import PromiseState, promise_state
from app.interactions.service.promising import TEXT
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.ratings.labels import LEVELS
from app.ratings.rules import Level

_LAST: Final = 5
_OPEN: Final = 6
_TOPICS: Final = 3
_SHORT: Final = 3
_REDRESSED: Final = {
    Redress.WAITING: mark("not put right yet"),
    Redress.UNDER_WAY: mark("being put right"),
    Redress.DONE: mark("rectified"),
}
_VERIFIED: Final = mark("verified")
_PREFERRED: Final = mark("preferred")
_FAILED: Final = mark("did not work last time")
_EXPIRED: Final = mark("expired")


def picture_of(
    session: Session, actor: Actor, citizen_id: int, *, english: bool, now: datetime
) -> Picture:
    """The whole picture.

    Raises:
        NotFoundError: there is no such citizen.
    """
    party = parties.picture_of(session, citizen_id, viewer=actor, now=now)
    if party.state is CitizenState.RESTRICTED and not actor.may(Permission.PRIVACY_MANAGE):
        return _closed(party)
    of = _Reading.of(session, actor, citizen_id, english=english, now=now)
    matters = Matters({row.id: row.number for row in (*of.recent, *of.waiting)}, of.recent)
    return Picture(
        party=party,
        marks=[labels.MARKS[one.kind] for one in party.marks],
        ways=[_way(one.kind, one.value, one) for one in party.contacts],
        papers=[
            (
                labels.PAPERS[one.kind],
                one.value,
                _said((_VERIFIED, one.verified_at), (_EXPIRED, one.is_expired)),
            )
            for one in party.identities
        ],
        line=of.line(),
        matters=of.matters(_OPEN),
        has_more=len(of.waiting) > _OPEN,
        last=[of.matter(row) for row in of.recent[:_LAST]],
        contacts=last_contacts(session, actor, citizen_id, matters, of.ratings),
        promises=of.promises,
        ratings=of.ratings[:_SHORT],
        topics=Counter(row.category_name for row in of.recent if row.category_name).most_common(
            _TOPICS
        ),
        others=_others(session, party),
    )


def short_of(
    session: Session, actor: Actor, citizen_id: int, *, english: bool, now: datetime
) -> Short:
    """The picture in short, also for who sees this citizen only through a matter."""
    row = queries.who(session, citizen_id)
    today = calendars.load(session).statutory.local_date(now)
    is_restricted = row.state is CitizenState.RESTRICTED
    name = unseal(vault_of(session), NAME, row.name, row.place)
    of = _Reading.of(session, actor, citizen_id, english=english, now=now)
    return Short(
        number=number_of(row.id),
        name=masked_name(name, row.kind) if name else "",
        marks=() if is_restricted else _marks(session, row, today),
        do_not_contact=row.do_not_contact or is_restricted,
        line=of.line(),
        matters=of.matters(_SHORT),
        promises=[one for one in of.promises if one.state in _NOT_KEPT][:_SHORT],
        is_linked=actor.may(Permission.CITIZEN_READ),
    )


_NOT_KEPT: Final = frozenset({PromiseState.OPEN, PromiseState.BROKEN})


@dataclass(frozen=True, slots=True)
class _Reading:
    """What both pictures are made of."""

    recent: Sequence[Row[*tuple[Any, ...]]]
    waiting: Sequence[Row[*tuple[Any, ...]]]
    ratings: list[Rated]
    promises: list[Promised]
    english: bool
    now: datetime

    @classmethod
    def of(
        cls, session: Session, actor: Actor, citizen_id: int, *, english: bool, now: datetime
    ) -> "_Reading":
        recent = queries.recent(session, actor, citizen_id)
        return cls(
            recent,
            queries.waiting(session, actor, citizen_id),
            _ratings(session, recent),
            _promises(session, actor, citizen_id, now),
            english,
            now,
        )

    def matters(self, most: int) -> list[Matter]:
        return [self.matter(row) for row in self.waiting[:most]]

    def matter(self, row: Row[*tuple[Any, ...]]) -> Matter:
        lit = (
            ended_light(on_time=row.on_time)
            if row.closed_at is not None
            else light(
                due_at=row.due_at,
                warn_at=row.warn_at,
                paused=row.is_paused,
                provisional=row.is_provisional,
                now=self.now,
            )
        )
        return Matter(
            number=row.number,
            title=row.title,
            state=label(row.status),
            unit=row.unit_name_en if self.english and row.unit_name_en else row.unit_name,
            light=lit,
            opened_at=row.opened_at,
            is_urgent=row.urgency in ("critical", "urgent"),
        )

    def line(self) -> Sequence[Part]:
        since = self.now - LATELY
        lately = sum(row.opened_at >= since for row in self.recent)
        bad = next((one for one in self.ratings if one.is_bad), None)
        return summary.line(
            Known(
                lately=lately,
                is_capped=lately == queries.RECENT_MOST,
                open=len(self.waiting),
                is_open_capped=len(self.waiting) == queries.OPEN_MOST,
                overdue=sum(one.light.state == "bad" for one in self.matters(len(self.waiting))),
                redress=_STATES[bad.redress] if bad else None,
                broken=sum(one.state == PromiseState.BROKEN for one in self.promises),
            )
        )


_STATES: Final = {words: state for state, words in _REDRESSED.items()}


def _closed(party: Party) -> Picture:
    return Picture(party, (), (), (), (), (), False, (), (), (), (), (), ())


def _ratings(session: Session, recent: Sequence[Row[*tuple[Any, ...]]]) -> list[Rated]:
    matters = {row.id: row for row in recent}
    found = queries.ratings(session, list(matters)) if matters else ()
    return [_rating(row, matters[row.case_id]) for row in found]


def _rating(row: Row[*tuple[Any, ...]], matter: Row[*tuple[Any, ...]]) -> Rated:
    level = Level(row.level)
    became = _REDRESSED[summary.redress(row.at, matter.closed_at)] if level.is_bad else ""
    return Rated(row.at, LEVELS[level], level.is_bad, matter.number, became)


def _promises(session: Session, actor: Actor, citizen_id: int, now: datetime) -> list[Promised]:
    return [_promise(session, actor, row, now) for row in log.promises_of(session, citizen_id)]


def _promise(session: Session, actor: Actor, row: Row[*tuple[Any, ...]], now: datetime) -> Promised:
    state = promise_state(row.due_at, row.kept_at, now=now)
    is_ours = may_read(
        actor,
        unit_id=row.unit_id,
        unit_path=row.path,
        region=row.region_code,
        staff_id=row.staff_id,
    )
    text = unseal(vault_of(session), TEXT, row.text, row.place) if is_ours else ""
    return Promised(text, row.staff_name, row.due_at, str(state), PROMISES[state])


def _marks(session: Session, row: Row[*tuple[Any, ...]], today: date) -> Sequence[str]:
    told = [
        one.kind
        for one in getting.marks_of(session, row.id)
        if one.valid_until is None or one.valid_until >= today
    ]
    by_age: Iterable[MarkKind] = marks_by_age(row.birth_year, year=today.year)
    return [labels.MARKS[kind] for kind in dict.fromkeys((*by_age, *told))]


def _way(
    kind: ContactKind, value: str, one: parties.KnownContact
) -> tuple[str, str, Sequence[str]]:
    remarks = _said(
        (_PREFERRED, one.is_preferred), (_VERIFIED, one.verified_at), (_FAILED, one.failed_at)
    )
    return labels.WAYS[kind], value, remarks


def _said(*remarks: tuple[str, object]) -> Sequence[str]:
    return [words for words, is_true in remarks if is_true]


def _others(session: Session, party: Party) -> list[Other]:
    acting = [
        *(Other(one.number, one.name, labels.ACTS_FOR[one.ground]) for one in party.acts_for),
        *(Other(one.number, one.name, labels.ACTED_BY[one.ground]) for one in party.acted_by),
    ]
    vault = vault_of(session)
    beside = []
    for row in queries.beside(session, party.id):
        name = masked_name(unseal(vault, NAME, row.name, row.place), row.kind)
        how = labels.SHARES[ContactKind(row.way)] if row.way else labels.SAME_PRINCIPAL
        beside.append(Other(number_of(row.id), name, how))
    return list({(one.number, one.how): one for one in (*acting, *beside)}.values())
