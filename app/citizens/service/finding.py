"""Finds people and organisations from what was typed or scanned into the one box.

Answers masked; whoever was here today or lately comes first. Matters and visits belong to
features above, which hand in who they know to be recent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.citizens.queries import finding as queries
from app.citizens.queries.finding import Shown
from app.citizens.rules import CitizenState, ContactKind, PartyKind, number_of, sought
from app.citizens.rules.forms import UNREAD, initials_of, is_character
from app.citizens.rules.matching import fits, is_mixed, lookups, part_forms, wider
from app.citizens.rules.phones import base_of
from app.citizens.rules.sought import Sought
from app.citizens.sealing import (
    CONTACT,
    IDENTIFIER_PURPOSE,
    NAME,
    READING,
    TAIL,
    contact_purpose,
    unseal,
)
from app.citizens.service.parties import masked_contact, masked_name
from app.citizens.service.tokens import NAMES, TAILS, candidates
from app.kernel import audit
from app.kernel.messages import mark
from app.kernel.text import identifier
from app.kernel.vault import Vault, vault_of

SHOWN: Final = 20
CAP: Final = 100  # more than so many are not counted
_TAIL_MOST: Final = 1_000  # telephones of one tail, of ten million people
_READ: Final = 100  # names opened to see whether they fit what was typed beyond any form

TOO_LITTLE: Final = mark("Type a little more: four digits of the telephone, a name, or a number.")
TAIL_ALONE: Final = mark(
    "Nobody who was at this unit lately has a telephone ending so. Add the surname or its first "
    "letter, for example 8812 w: in the whole city many numbers end alike."
)


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One line of the answer, masked (rulebook §7)."""

    id: int
    number: str
    kind: PartyKind
    name: str
    phone: str
    birth_year: int | None
    is_recent: bool
    is_restricted: bool
    phone_fits: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """Who was found, best first; how many there are up to `CAP`; what would help further."""

    people: tuple[FoundPerson, ...] = ()
    total: int = 0
    needs_more: str | None = None

    @property
    def is_capped(self) -> bool:
        """There are more than were counted."""
        return self.total >= CAP


def find(
    session: Session,
    typed: str | Sought,
    *,
    actor: Actor,
    now: datetime,
    recent: Sequence[int] = (),
    ip: str = "",
) -> Findings:
    """The parties somebody may mean; `recent` are those last here, the latest first.

    Whoever is restricted is found by a whole number alone, and only that they are is told:
    otherwise they would be registered a second time (ADR 0013).

    Every search by a telephone, or its last digits, is written down: who, and how many were
    found (stack.md §5). For those (`Sought.is_logged`) the session must be one that may write.

    Raises:
        ForbiddenError: the actor may not look for citizens.
    """
    actor.require(Permission.CITIZEN_READ)
    wanted = sought.read(typed) if isinstance(typed, str) else typed
    lately = {citizen_id: at for at, citizen_id in enumerate(dict.fromkeys(recent))}
    found = _Search(session, vault_of(session), wanted, lately).run()
    if wanted.is_logged:
        audit.note(
            session,
            actor.author(ip=ip),
            "citizen:find_by_tail" if wanted.tail or wanted.ending else "citizen:find_by_number",
            ("staff", actor.id),
            at=now,
            details={"hits": found.total, "with_name": bool(wanted.words)},
        )
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    """One search: finds ids, ranks them, opens what is shown of the first.

    `lately` says of each party lately here how many were here after it.
    """

    session: Session
    vault: Vault
    wanted: Sought
    lately: Mapping[int, int]

    def run(self) -> Findings:
        """The answer, by the surest thing that was given."""
        wanted = self.wanted
        if wanted.citizen_id is not None:
            return self._listed(queries.by_id(self.session, wanted.citizen_id))
        if wanted.email or wanted.numbers:
            return self._by_number()
        if wanted.tail:
            return self._by_tail_and_name() if wanted.words else self._by_tail_alone()
        return self._by_name() if wanted.words else Findings(needs_more=TOO_LITTLE)

    def _by_number(self) -> Findings:
        blind, numbers = self.vault.blind, self.wanted.numbers
        documents = [i for number in numbers for i in blind.candidates(IDENTIFIER_PURPOSE, number)]
        contacts = [i for number in numbers for i in blind.candidates("phone", number)]
        if self.wanted.email:
            purpose = contact_purpose(ContactKind.EMAIL)
            contacts += blind.candidates(purpose, self.wanted.email)
        ids = queries.by_document(self.session, documents, CAP)
        ids += queries.by_contact(self.session, contacts, CAP)
        if self.wanted.ending:
            ids += [row.id for row in self._free(self._ending_so())]
        return self._listed(ids)

    def _ending_so(self) -> list[int]:
        """Whoever has a telephone with these last digits: among all of one tail, by reading it."""
        ending = self.wanted.ending
        indexes = self.vault.blind.candidates("phone tail", ending[-TAIL:])
        found = queries.with_tail(self.session, indexes, _TAIL_MOST)
        return [
            citizen_id
            for citizen_id, value, place in found
            if identifier(base_of(unseal(self.vault, CONTACT, value, place))).endswith(ending)
        ]

    def _by_tail_alone(self) -> Findings:
        indexes = self.vault.blind.candidates("phone tail", self.wanted.tail)
        found = queries.with_tail_among(self.session, indexes, list(self.lately))
        free = self._free(found)
        places = {citizen_id: at for at, citizen_id in enumerate(found)}
        return self._answer(free, places) if free else Findings(needs_more=TAIL_ALONE)

    def _by_tail_and_name(self) -> Findings:
        name = self.wanted.name
        tokens = [
            token
            for initial in initials_of(name) or (UNREAD,)
            for token in candidates(self.vault, TAILS, self.wanted.tail + initial)
        ]
        ids = [each for each, _ in queries.newest_with(self.session, tokens, CAP)]
        rows = self._free(list(dict.fromkeys(ids)))
        if len(name) > 1 or is_character(name):  # one letter is the token itself
            rows = [row for row in rows if self._has_name(row, name)]
        return self._answer(rows, {row.id: 0 for row in rows})

    def _by_name(self) -> Findings:
        name = self.wanted.name
        places = self._stored_under(lookups(name), CAP)
        parts = [candidates(self.vault, NAMES, form) for form in part_forms(name)]
        for citizen_id in queries.with_all(self.session, parts, CAP) if parts else ():
            places.setdefault(citizen_id, CAP)
        if places and not is_mixed(name):
            ids = sorted(places, key=lambda one: self._rank(one, places))
            return self._answer(self._free(ids[:SHOWN]), places, total=len(ids))
        if not places and (form := wider(name)):
            places = self._stored_under([form], _READ)
        rows = self._free(list(places)[:_READ])
        return self._answer([row for row in rows if self._has_name(row, name)], places)

    def _stored_under(self, forms: Sequence[str], most: int) -> dict[int, int]:
        """Whoever has one of these forms, each with the place of the best one."""
        tokens: list[int] = []
        place: list[int] = []
        for at, form in enumerate(forms):
            stored = candidates(self.vault, NAMES, form)
            tokens += stored
            place += [at] * len(stored)
        pairs = queries.newest_with(self.session, tokens, most)
        if len(pairs) >= most:  # the newest only, perhaps: whoever was here lately must be in it
            pairs += queries.among(self.session, tokens, list(self.lately))
        return _best((citizen_id, place[at]) for citizen_id, at in pairs)

    def _has_name(self, row: Shown, name: str) -> bool:
        said = unseal(self.vault, NAME, row.name, row.place)
        reading = unseal(self.vault, READING, row.reading, row.place)
        return fits(name, said, reading, row.kind)

    def _rank(self, citizen_id: int, places: Mapping[int, int]) -> tuple[int, int, int]:
        """Who was here last, then whole names before beginnings, then the newest."""
        lately = self.lately.get(citizen_id, len(self.lately))
        return lately, places[citizen_id], -citizen_id

    def _free(self, ids: Sequence[int]) -> list[Shown]:
        """Those of them who may be looked for; the restricted are only known by a whole number."""
        rows = queries.shown(self.session, ids)
        return [row for row in rows if row.state is not CitizenState.RESTRICTED]

    def _listed(self, ids: Iterable[int]) -> Findings:
        """In the order found; those of the name that was given with the number first."""
        unique = {citizen_id: at for at, citizen_id in enumerate(dict.fromkeys(ids))}
        rows = queries.shown(self.session, list(unique))
        if name := self.wanted.name:
            unique = {
                row.id: unique[row.id] + (0 if self._has_name(row, name) else CAP) for row in rows
            }
        return self._answer(rows, unique)

    def _answer(
        self, rows: Sequence[Shown], places: Mapping[int, int], *, total: int | None = None
    ) -> Findings:
        best = sorted(rows, key=lambda row: self._rank(row.id, places))[:SHOWN]
        people = tuple(map(self._person, best))
        return Findings(people, min(len(rows) if total is None else total, CAP))

    def _person(self, row: Shown) -> FoundPerson:
        phones = [base_of(unseal(self.vault, CONTACT, value, at)) for value, at in row.phones]
        fitting = [number for number in phones if self._is_asked_for(number)]
        shown = next(iter([*fitting, *phones]), "")
        is_restricted = row.state is CitizenState.RESTRICTED  # only stored and secured (art. 47)
        return FoundPerson(
            id=row.id,
            number=number_of(row.id),
            kind=row.kind,
            name="" if is_restricted else self._masked(row),
            phone="" if is_restricted or not shown else masked_contact(ContactKind.MOBILE, shown),
            birth_year=None if is_restricted else row.birth_year,
            is_recent=row.id in self.lately,
            is_restricted=is_restricted,
            phone_fits=bool(fitting),
        )

    def _masked(self, row: Shown) -> str:
        return masked_name(unseal(self.vault, NAME, row.name, row.place), row.kind)

    def _is_asked_for(self, number: str) -> bool:
        plain, wanted = identifier(number), self.wanted
        last = wanted.tail or wanted.ending
        return plain in wanted.numbers or bool(last and plain.endswith(last))


def _best(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for citizen_id, at in pairs:
        found[citizen_id] = min(at, found.get(citizen_id, at))
    return found
