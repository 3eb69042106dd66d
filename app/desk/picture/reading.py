"""Puts the picture of a citizen together for one reader.

Of cases only what the reader may see; of colleagues' words only what reaches them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.labels import label
from app.catalogue import queries as catalogue
from app.citizens.rules import CitizenState, PartyKind, number_of
from app.citizens.sealing import NAME, unseal
from app.citizens.service.parties import masked_name
from app.desk.picture import queries, summary
from app.desk.picture.summary import LATELY, Known, Part, Redress
from app.desk.picture.things import Things
from app.desk.picture.touching import Matters, last_contacts, may_read
from app.desk.picture.views import Matter, Picture, Promised, Rated, Short, Who
from app.desk.times import ended_light, light
from app.interactions import queries as log
from app.interactions.labels import PROMISES
from app.interactions.rules import PromiseState, promise_state
from app.interactions.service.promising import TEXT
from app.kernel.errors import NotFoundError
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


@dataclass(frozen=True, slots=True)
class Moment:
    """When, on what day of the hall, and in which language somebody looks."""

    now: datetime
    today: date
    english: bool


def picture_of(session: Session, actor: Actor, citizen_id: int, *, at: Moment) -> Picture:
    """The whole picture; of somebody restricted only the number (个人信息保护法 art. 47).

    Raises:
        NotFoundError: there is no such citizen, or the reader may see them in a matter only.
    """
    if not actor.may(_READ):
        raise NotFoundError(mark("There is no such citizen."))
    row = queries.who(session, citizen_id)
    who = _who(session, actor, row)
    if who.merged_into or _is_closed(actor, row.state):
        return Picture(who, (), (), (), (), (), (), (), False, (), (), (), (), (), ())
    of = _Reading.of(session, actor, citizen_id, at=at)
    matters = Matters({row.id: row.number for row in (*of.recent, *of.waiting)}, of.recent)
    things = Things.of(session, actor, citizen_id, today=at.today)
    return Picture(
        who=who,
        marks=things.marks(row.birth_year),
        tags=things.tags,
        notes=things.notes,
        ways=things.ways,
        papers=things.papers,
        line=of.line(),
        matters=of.matters(_OPEN),
        has_more=len(of.waiting) > _OPEN,
        last=[of.matter(row) for row in of.recent[:_LAST]],
        contacts=last_contacts(session, actor, citizen_id, matters, of.ratings),
        promises=of.promises,
        ratings=of.ratings[:_SHORT],
        topics=of.topics(session),
        others=things.others,
    )


def short_of(session: Session, actor: Actor, citizen_id: int, *, at: Moment) -> Short:
    """The picture in short, also for who sees this citizen only through a matter.

    Raises:
        NotFoundError: there is no such citizen.
    """
    row = queries.who(session, citizen_id)
    who = _who(session, actor, row)
    if _is_closed(actor, row.state):
        return Short(who.number, who.name, (), True, (), (), (), actor.may(_READ))
    of = _Reading.of(session, actor, citizen_id, at=at)
    things = Things.of(session, actor, citizen_id, today=at.today)
    return Short(
        number=who.number,
        name=who.name,
        marks=things.marks(row.birth_year),
        do_not_contact=row.do_not_contact,
        line=of.line(),
        matters=of.matters(_SHORT),
        promises=[one for one in of.promises if one.state in _NOT_KEPT][:_SHORT],
        is_linked=actor.may(_READ),
    )


def _who(session: Session, actor: Actor, row: Row[*tuple[Any, ...]]) -> Who:
    is_closed = _is_closed(actor, row.state)
    name = "" if is_closed else unseal(vault_of(session), NAME, row.name, row.place)
    return Who(
        number=number_of(row.id),
        name=masked_name(name, row.kind) if name else "",
        is_organisation=row.kind is PartyKind.ORGANISATION,
        state=row.state,
        merged_into=number_of(row.merged_into_id) if row.merged_into_id else "",
        do_not_contact=row.do_not_contact,
        times=row.preferred_times,
        language=row.language,
    )


def _is_closed(actor: Actor, state: CitizenState) -> bool:
    return state is CitizenState.RESTRICTED and not actor.may(Permission.PRIVACY_MANAGE)


_READ: Final = Permission.CITIZEN_READ
_NOT_KEPT: Final = frozenset({PromiseState.OPEN, PromiseState.BROKEN})


@dataclass(frozen=True, slots=True)
class _Reading:
    """What both pictures are made of."""

    recent: Sequence[Row[*tuple[Any, ...]]]
    waiting: Sequence[Row[*tuple[Any, ...]]]
    ratings: list[Rated]
    promises: list[Promised]
    at: Moment

    @classmethod
    def of(cls, session: Session, actor: Actor, citizen_id: int, *, at: Moment) -> "_Reading":
        recent = queries.recent(session, actor, citizen_id)
        return cls(
            recent,
            queries.waiting(session, actor, citizen_id, recent),
            _ratings(recent),
            _promises(session, actor, citizen_id, at.now),
            at,
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
                now=self.at.now,
            )
        )
        return Matter(
            number=row.number,
            title=row.title,
            state=label(row.status),
            unit=row.unit_name_en if self.at.english and row.unit_name_en else row.unit_name,
            light=lit,
            opened_at=row.opened_at,
            is_urgent=row.urgency in ("critical", "urgent"),
        )

    def topics(self, session: Session) -> Sequence[tuple[str, int]]:
        """What came up most, in the language of the reader."""
        entries = catalogue.snapshot(session).categories if self.at.english else {}
        named = (
            entries[row.category_id].name.within("en")
            if row.category_id in entries
            else row.category_name
            for row in self.recent
            if row.category_name
        )
        return Counter(named).most_common(_TOPICS)

    def line(self) -> Sequence[Part]:
        since = self.at.now - LATELY
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


def _ratings(recent: Sequence[Row[*tuple[Any, ...]]]) -> list[Rated]:
    """The ratings of these matters, the last first."""
    found = (_rating(row) for row in recent if row.rating is not None)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _rating(row: Row[*tuple[Any, ...]]) -> Rated:
    level = Level(row.rating)
    became = _REDRESSED[summary.redress(row.rated_at, row.closed_at)] if level.is_bad else ""
    return Rated(row.rated_at, LEVELS[level], level.is_bad, row.number, became)


def _promises(session: Session, actor: Actor, citizen_id: int, now: datetime) -> list[Promised]:
    return [
        _promise(session, actor, row, now) for row in log.promises_of(session, actor, citizen_id)
    ]


def _promise(session: Session, actor: Actor, row: Row[*tuple[Any, ...]], now: datetime) -> Promised:
    state = promise_state(row.due_at, row.kept_at, now=now)
    is_ours = may_read(
        actor,
        unit_id=row.unit_id,
        unit_path=row.path,
        region=row.region_code,
        staff_id=row.staff_id,
    )
    # Words about a matter somebody may not know of would tell of it.
    is_open = is_ours and row.is_visible
    text = unseal(vault_of(session), TEXT, row.text, row.place) if is_open else ""
    return Promised(text, row.staff_name, row.due_at, str(state), PROMISES[state])
