"""A row of a list becomes a citizen: checked, compared with those we know, written down.

Every row stands or falls alone; what is wrong with it is said for each column at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.rules import Actor
from app.citizens.models import Citizen, CitizenSource
from app.citizens.queries import duplicates as asked
from app.citizens.rules import CitizenState, ContactKind, IdentifierKind, PartyKind
from app.citizens.rules.identity import Identity, contradiction
from app.citizens.rules.likeness import are_similar
from app.citizens.rules.names import key_of, read_name
from app.citizens.service import contacts, duplicates, enrolling, identities
from app.citizens.service.contacts import GivenContact
from app.citizens.service.duplicates import Somebody
from app.citizens.service.enrolling import NewParty
from app.citizens.service.enrolling_many import Checked, enrol_many
from app.citizens.service.identities import GivenIdentity
from app.imports.people.fates import Existing, Fate, Taken, refused
from app.imports.people.mapping import CitizenMapping
from app.imports.rules import Cells, UnfitError
from app.kernel.errors import DomainError, InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line, digits

_LONGEST_ID: Final = 64
_EARLIEST: Final = 1850
_REACHES: Final = (
    ("phone", ContactKind.MOBILE),
    ("phone2", ContactKind.MOBILE),
    ("email", ContactKind.EMAIL),
    ("address", ContactKind.ADDRESS),
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, repr=False)  # a person's data does not belong in a traceback
class Incoming:
    """A row that may be taken over."""

    key: str
    party: NewParty
    documents: tuple[Identity, ...]
    reaches: tuple[tuple[ContactKind, str], ...]

    def checked(self) -> Checked:
        """As it is registered together with others."""
        party = self.party
        return Checked(party.name, party.kind, party.birth_year, self.documents, self.reaches)

    def somebody(self) -> Somebody:
        """As it is compared with those we know."""
        return Somebody(
            name=self.party.name,
            kind=self.party.kind,
            birth_year=self.party.birth_year,
            reaches=self.reaches,
            documents=self.documents,
        )


class Citizens:
    """Takes over a list of citizens by one mapping."""

    def __init__(self, mapping: CitizenMapping, existing: Existing) -> None:
        self._mapping, self._existing = mapping, existing

    def known_keys(self, session: Session, keys: list[str]) -> set[str]:
        """Those of the other system's keys that are citizens here already."""
        return asked.known_sources(session, self._mapping.source, keys)

    def key_of(self, number: int, cells: Cells) -> str:
        """The row's own key; its number, where the list has none.

        Raises:
            UnfitError: the row has none, or it is too long.
        """
        column = self._mapping.id
        if not column:
            return str(number)
        key = clean_line(cells[column])
        if not key:
            raise UnfitError(column, mark("The row has no key."))
        if len(key) > _LONGEST_ID:
            raise UnfitError(column, mark("This is too long. Shorten it."))
        return key

    def foresee(self, session: Session, key: str, cells: Cells, *, today: date) -> Taken:
        """What would become of the row; nothing is written."""
        made = self._read(key, cells, today)
        if isinstance(made, list):
            return refused(*made)
        holder = self._holder(session, made)
        if holder is not None:
            return self._foresee_known(session, holder, made)
        alike = duplicates.look_for(session, made.somebody())
        return Taken(Fate.LIKELY if alike else Fate.NEW, tuple(alike))

    def take(
        self, session: Session, key: str, cells: Cells, *, actor: Actor, today: date, now: datetime
    ) -> Taken:
        """Write the row down, in the caller's savepoint.

        Raises:
            DomainError: a rule of citizens refuses it.
        """
        made = self._read(key, cells, today)
        if isinstance(made, list):
            return refused(*made)
        holder = self._holder(session, made)
        if holder is not None:
            taken = self._foresee_known(session, holder, made)
            if taken.fate is Fate.UPDATED:
                self._update(session, holder, made, actor=actor, now=now)
        else:
            holder = enrolling.enrol(session, made.party, actor=actor, ip="", now=now)
            alike = duplicates.compare(session, holder, now=now)
            taken = Taken(Fate.LIKELY if alike else Fate.NEW, (holder,))
        if taken.fate is not Fate.REFUSED:
            self._remember(session, key, holder, now)
        return taken

    def take_together(
        self,
        session: Session,
        rows: Sequence[tuple[str, Cells]],
        *,
        actor: Actor,
        today: date,
        now: datetime,
    ) -> dict[str, Taken]:
        """Write down all rows that are new and stand by themselves, and say which are unfit.

        Raises:
            IntegrityError: somebody became known under one of the documents meanwhile.
        """
        read = {key: self._read_or_refuse(key, cells, today) for key, cells in rows}
        taken = {key: each for key, each in read.items() if isinstance(each, Taken)}
        new = self._new(session, [each for each in read.values() if isinstance(each, Incoming)])
        ids = enrol_many(session, [each.checked() for each in new], actor=actor, now=now)
        made = dict(zip(ids, new, strict=True))
        somebody = {citizen_id: each.somebody() for citizen_id, each in made.items()}
        alike = duplicates.compare_new(session, somebody, now=now)
        for citizen_id, each in made.items():
            fate = Fate.LIKELY if alike[citizen_id] else Fate.NEW
            taken[each.key] = Taken(fate, (citizen_id,))
            session.add(self._source(each.key, citizen_id, now))
        session.flush()
        return taken

    def _read_or_refuse(self, key: str, cells: Cells, today: date) -> Incoming | Taken:
        try:
            made = self._read(key, cells, today)
        except UnfitError as error:
            return refused(error)
        return refused(*made) if isinstance(made, list) else made

    def _new(self, session: Session, found: Sequence[Incoming]) -> list[Incoming]:
        """Those whose documents nobody has, neither here nor in an earlier row."""
        held = identities.held_already(session, [one for each in found for one in each.documents])
        seen: set[Identity] = set()
        new = []
        for each in found:
            if not any(one in held or one in seen for one in each.documents):
                new.append(each)
            seen.update(each.documents)
        return new

    def said(self, error: DomainError) -> list[UnfitError]:
        """What a rule of citizens refused, at the columns it came from."""
        fields = error.fields if isinstance(error, InvalidError) else {}
        found = [UnfitError(self._mapping.column_of(f), words) for f, words in fields.items()]
        return found or [UnfitError("", error.msgid)]

    def _read(self, key: str, cells: Cells, today: date) -> Incoming | list[UnfitError]:
        problems: list[UnfitError] = []
        said = self._mapping.read(cells)

        def attempt(field: str, make: Callable[[], T]) -> T | None:
            try:
                return make()
            except InvalidError as error:
                words = next(iter(error.fields.values()), error.msgid)
                problems.append(UnfitError(self._mapping.column_of(field), words))
                return None

        kind = attempt("kind", lambda: _kind(said["kind"]))
        name = attempt("name", lambda: read_name(said["name"], kind or PartyKind.PERSON))
        given = [GivenContact(k, said[field]) for field, k in _REACHES if said[field]]
        fields = [field for field, _ in _REACHES if said[field]]
        read = (attempt(f, _reading(each)) for f, each in zip(fields, given, strict=True))
        reaches = tuple(each for each in read if each is not None)
        year = attempt("birth_year", lambda: _year(said["birth_year"], kind, today))
        papers = _papers(said)
        found = (attempt("document", _checking(paper, today)) for paper in papers)
        documents = tuple(each for each in found if each is not None)
        if (sentence := contradiction(kind or PartyKind.PERSON, documents, year)) and not problems:
            problems.append(UnfitError(self._mapping.column_of("document"), sentence))
        if problems or name is None or kind is None:
            return problems
        party = NewParty(
            name=name,
            kind=kind,
            birth_year=year,
            identities=papers,
            contacts=tuple(dict.fromkeys(given)),
        )
        return Incoming(key, party, documents, reaches)

    def _holder(self, session: Session, made: Incoming) -> int | None:
        holders = (identities.find_holder(session, each) for each in made.documents)
        return next((each for each in holders if each is not None), None)

    def _foresee_known(self, session: Session, holder: int, made: Incoming) -> Taken:
        # One number and two names: somebody typed one of them wrong, and a clerk must look.
        other, mine = duplicates.read_many(session, [holder])[holder], made.somebody()
        is_same = key_of(other.name) == key_of(mine.name) or not other.name
        if not is_same and not are_similar(other.likeable(), mine.likeable()):
            column = self._mapping.column_of("document")
            sentence = mark("This document is already known, with a citizen of another name.")
            return Taken(Fate.REFUSED, (holder,), (UnfitError(column, sentence),))
        may_change = other.state is CitizenState.ACTIVE and self._existing is Existing.UPDATE
        has_news = bool(set(made.reaches) - set(other.reaches)) or not other.name
        return Taken(Fate.UPDATED if may_change and has_news else Fate.KNOWN, (holder,))

    def _update(
        self, session: Session, holder: int, made: Incoming, *, actor: Actor, now: datetime
    ) -> None:
        citizen = session.get_one(Citizen, holder, with_for_update=True)
        citizen.updated_at = now
        flag_modified(citizen, "updated_at")
        for contact in made.party.contacts:
            contacts.add(session, citizen, contact, now=now)
        enrolling.settle(session, citizen, "citizen:import", actor=actor, ip="", now=now)

    def _remember(self, session: Session, key: str, citizen_id: int, now: datetime) -> None:
        session.add(self._source(key, citizen_id, now))
        session.flush()

    def _source(self, key: str, citizen_id: int, now: datetime) -> CitizenSource:
        return CitizenSource(
            source=self._mapping.source, source_id=key, citizen_id=citizen_id, taken_at=now
        )


def _kind(said: str) -> PartyKind:
    try:
        return PartyKind(said or PartyKind.PERSON)
    except ValueError:
        raise InvalidError(mark("Write 个人 or 单位, or leave it empty.")) from None


def _year(said: str, kind: PartyKind | None, today: date) -> int | None:
    typed = digits(said)
    if not typed:
        return None
    if not typed.isdecimal() or not _EARLIEST <= int(typed[:4]) <= today.year or len(typed) > 4:  # noqa: PLR2004  # digits of a year
        raise InvalidError(mark("Enter a year of birth such as 1956."))
    enrolling.check_year(int(typed), kind or PartyKind.PERSON, today)
    return int(typed)


def _papers(said: dict[str, str]) -> tuple[GivenIdentity, ...]:
    if not said["document"]:
        return ()
    kind = IdentifierKind(said["document_kind"]) if said["document_kind"] else None
    return (GivenIdentity(said["document"], kind),)


def _reading(given: GivenContact) -> Callable[[], tuple[ContactKind, str]]:
    return lambda: contacts.read_given(given)


def _checking(paper: GivenIdentity, today: date) -> Callable[[], Identity]:
    return lambda: identities.read_given(paper, today=today)
