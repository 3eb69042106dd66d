"""The answer of the find box as the page prints it: people with their open matters, a matter.

Reads only, but for the line a search by telephone leaves in the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.deps import Work
from app.accounts.rules import Actor
from app.cases.labels import label
from app.citizens.rules import PartyKind
from app.citizens.rules.sought import Sought
from app.citizens.service import finding
from app.citizens.service.finding import FoundPerson
from app.desk.finding import queries
from app.desk.finding.lately import lately_at
from app.desk.times import Light, light

_WORST: Final = ("bad", "warn", "paused", "ok", "done")  # done: no limit runs


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line: the person masked, how many matters are open, and the most pressing of them."""

    person: FoundPerson
    open_count: int
    light: Light | None

    @property
    def is_organisation(self) -> bool:
        """Not a natural person."""
        return self.person.kind is PartyKind.ORGANISATION


@dataclass(frozen=True, slots=True)
class MatterLine:
    """The matter whose number was typed."""

    number: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Who and what was found."""

    people: Sequence[PersonLine] = ()
    total: int = 0
    is_capped: bool = False
    needs_more: str | None = None
    matter: MatterLine | None = None

    @property
    def only_number(self) -> str:
        """The one person's number, where there is no doubt who is meant; else empty."""
        return self.people[0].person.number if self.total == 1 else ""


def search(work: Work, wanted: Sought) -> Answer:
    """Look for the person or the matter that was meant."""
    if wanted.matter:
        return _by_matter(work, wanted.matter)
    # Four digits alone are looked for among these only: then nobody may be missing.
    is_alone = bool(wanted.tail and not wanted.words)
    lately = lately_at(work.session, work.actor, now=work.now, is_fresh=is_alone)
    found = finding.find(
        work.session, wanted, actor=work.actor, now=work.now, recent=lately, ip=work.ip
    )
    lines = lines_of(work.session, work.actor, found.people, now=work.now)
    return Answer(lines, found.total, found.is_capped, found.needs_more)


def lines_of(
    session: Session, actor: Actor, people: Sequence[FoundPerson], *, now: datetime
) -> list[PersonLine]:
    """The people with the lamps of what they have open, as far as the actor may see it."""
    lights: dict[int, list[Light]] = {}
    told = [person.id for person in people if not person.is_restricted]
    for row in queries.open_matters(session, actor, told):
        lit = light(
            due_at=row.next_due_at,
            warn_at=row.next_warn_at,
            paused=row.is_paused,
            provisional=row.is_provisional,
            now=now,
        )
        lights.setdefault(row.citizen_id, []).append(lit)
    return [_line(person, lights.get(person.id, [])) for person in people]


def _line(person: FoundPerson, lights: Sequence[Light]) -> PersonLine:
    worst = min(lights, key=lambda one: _WORST.index(one.state), default=None)
    return PersonLine(person, len(lights), worst)


def _by_matter(work: Work, number: str) -> Answer:
    row = queries.matter(work.session, work.actor, number)
    if row is None:
        return Answer()
    shown = MatterLine(row.number, row.title, label(row.status))
    if row.citizen_id is None:
        return Answer(matter=shown)
    found = finding.find(
        work.session, Sought(citizen_id=row.citizen_id), actor=work.actor, now=work.now
    )
    lines = lines_of(work.session, work.actor, found.people, now=work.now)
    return Answer(lines, found.total, matter=shown)
