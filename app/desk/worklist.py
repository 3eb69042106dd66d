"""Makes the workbench's list ready: rows as the page prints them, chips with their counts.

Reads only. Counts are kept per person for some seconds: they are a guide, and
counting ten lists would cost more than drawing the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries import lists
from app.cases.queries.lists import Filter
from app.citizens import service as citizens
from app.citizens.rules import CitizenState
from app.desk import queries
from app.desk.times import Light, ended_light, light
from app.desk.views import Chip, chips_for, filter_of
from app.kernel import search
from app.kernel.messages import mark
from app.kernel.paging import Page
from app.privacy import queries as privacy

PAGE_SIZE: Final = 30
_KEPT_SECONDS: Final = 20
_COUNTED_TO: Final = 300  # of what a search finds: nobody leafs further, and each costs a look
_TAIL_DIGITS: Final = 4
_PHONE_DIGITS: Final = range(7, 13)


class RowView(NamedTuple):
    """One line of the list, everything in it ready to print."""

    number: str
    title: str
    state: str
    unit: str
    category: str
    kind: str
    due_at: datetime | None
    light: Light
    is_urgent: bool
    is_confidential: bool
    urge_count: int


@dataclass(frozen=True, slots=True)
class ChipView:
    """A chip with its count; the count is "" while nobody has counted."""

    key: str
    label: str
    count: str
    is_here: bool


def row_view(row: Row[*tuple[Any, ...]], now: datetime, *, english: bool) -> RowView:
    """A list row made ready."""
    lit = (
        ended_light(on_time=row.on_time)
        if row.closed_at is not None
        else light(
            due_at=row.next_due_at,
            warn_at=row.next_warn_at,
            paused=row.is_paused,
            provisional=row.is_provisional,
            now=now,
        )
    )
    return RowView(
        number=row.number,
        title=row.title,
        state=label(row.status),
        unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        category=row.category_name,
        kind=label(row.kind),
        due_at=row.closed_at or row.next_due_at,
        light=lit,
        is_urgent=row.urgency in ("critical", "urgent"),
        is_confidential=row.is_confidential,
        urge_count=row.urge_count,
    )


def page_of(
    session: Session,
    actor: Actor,
    wanted: Filter,
    *,
    cursor: str | None,
    english: bool,
    now: datetime,
) -> Page[RowView]:
    """One page of the list."""
    page = lists.worklist(session, actor, wanted, now=now, cursor=cursor, size=PAGE_SIZE)
    return page.map(lambda row: row_view(row, now, english=english))


@dataclass(slots=True)
class Counts:
    """The counts of everybody's chips in this process, each kept for some seconds."""

    _lock: Lock
    _kept: dict[int, tuple[datetime, dict[str, str]]]

    def of(self, session: Session, actor: Actor, *, now: datetime) -> dict[str, str]:
        """The counts of the chips with an end to work towards."""
        with self._lock:
            kept = self._kept.get(actor.id)
        if kept and abs((now - kept[0]).total_seconds()) < _KEPT_SECONDS:
            return kept[1]
        chips = [chip for chip in chips_for(actor) if chip.key not in ("open", "ended")]
        wanted = tuple(filter_of(chip, actor) for chip in chips)
        found = lists.count_all(session, actor, wanted, now=now)
        counted = {chip.key: str(one) for chip, one in zip(chips, found, strict=True)}
        with self._lock:
            self._kept[actor.id] = (now, counted)
        return counted

    def forget_all(self) -> None:
        """Count everything anew; for whoever changed what many lists show."""
        with self._lock:
            self._kept.clear()

    def forget(self, actor: Actor) -> None:
        """Count anew next time: this person has just changed something."""
        with self._lock:
            self._kept.pop(actor.id, None)


counts: Final = Counts(Lock(), {})


def chip_views(
    session: Session, actor: Actor, here: Chip | None, *, now: datetime
) -> list[ChipView]:
    """The chips that concern the person, with how much is in each."""
    counted = counts.of(session, actor, now=now)
    return [
        ChipView(chip.key, chip.label, counted.get(chip.key, ""), chip is here)
        for chip in chips_for(actor)
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought: rows, how many there are, or why it was not made."""

    rows: list[RowView]
    total: str = ""
    refused: str | None = None
    by_tail: bool = False
    advice: str = mark("Check the number, or try fewer or other words.")


def may_be_phone(words: str) -> bool:
    """Whether this is as long as a telephone number or its tail, and nothing but digits."""
    digits = _digits(words)
    is_number = digits == words.replace(" ", "").replace("-", "")
    return is_number and (len(digits) == _TAIL_DIGITS or len(digits) in _PHONE_DIGITS)


_NOT_IN_HAND: Final = mark(
    "Nobody whose matter is open here has a telephone ending so. Type the whole number, or "
    "the number of the matter: in the whole city many numbers end alike."
)
_OVER: Final = Case.number + " " + Case.title + " " + Case.body + " " + Case.place


def _digits(words: str) -> str:
    return "".join(c for c in words if c.isdigit())


def find(session: Session, actor: Actor, words: str, *, english: bool, now: datetime) -> Found:
    """Search cases: by number, by telephone number or its tail for those who may, by words.

    A telephone search is for staff who may see contacts at all; the caller writes the
    audit line. In the whole city many numbers end alike, so a tail is looked for only
    among the people whose matters this person has in hand.
    """
    if may_be_phone(words) and actor.may(Permission.CONTACT_REVEAL):
        digits = _digits(words)
        if len(digits) == _TAIL_DIGITS:
            among = queries.people_in_hand(actor)
            ids = citizens.ids_by_phone_tail(session, digits, among=among)
            found = _of_citizens(session, actor, ids, english=english, now=now, is_open=True)
            return found if found.rows else Found([], total="0", by_tail=True, advice=_NOT_IN_HAND)
        ids = citizens.ids_by_phone(session, digits)
        return _of_citizens(session, actor, ids, english=english, now=now)
    base = queries.visible_ids(actor)
    hits = search.search_ids(
        session, words, base=base, limit=PAGE_SIZE, over=_OVER, most=_COUNTED_TO
    )
    rows = lists.rows_by_ids(session, actor, list(hits.ids))
    return Found(
        [row_view(row, now, english=english) for row in rows],
        total=f"{hits.most}+" if hits.is_capped else str(hits.total_capped),
        refused=hits.refused,
    )


def _of_citizens(
    session: Session,
    actor: Actor,
    ids: Iterable[int],
    *,
    english: bool,
    now: datetime,
    is_open: bool | None = None,
) -> Found:
    found = list(ids)
    if not actor.may(Permission.PRIVACY_MANAGE):  # restricted data are only stored (art. 47)
        states = privacy.states_of(session, found)
        found = [each for each in found if states.get(each) is not CitizenState.RESTRICTED]
    wanted = Filter(is_open=is_open, citizen_ids=tuple(found))
    page = lists.worklist(session, actor, wanted, now=now, size=PAGE_SIZE)
    rows = [row_view(row, now, english=english) for row in page.items]
    return Found(rows, total=str(len(rows)), by_tail=True)
