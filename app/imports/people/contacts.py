"""A row of a list puts one citizen's contact right: the old one ends, the new one is added.

Never guesses whom a shared telephone belongs to: a family has one.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.rules import Actor
from app.citizens.models import Citizen, Contact
from app.citizens.queries.merging import contacts_in_use, current_id
from app.citizens.rules import CitizenState, ContactKind, read_number
from app.citizens.rules.phones import base_of, read_phone
from app.citizens.sealing import CONTACT, PHONES, unseal
from app.citizens.service import contacts, enrolling, ids_by_phone
from app.citizens.service.contacts import GivenContact
from app.citizens.service.quality import STALE_AFTER
from app.imports.people.fates import Fate, Taken, refused
from app.imports.people.mapping import ContactsMapping
from app.imports.rules import Cells, UnfitError
from app.kernel.errors import DomainError, InvalidError
from app.kernel.messages import mark
from app.kernel.vault import vault_of


class NewContacts:
    """Takes over a list of new contacts by one mapping."""

    def __init__(self, mapping: ContactsMapping) -> None:
        self._mapping = mapping

    def known_keys(self, _session: Session, _keys: list[str]) -> set[str]:
        """None: a contact that is known already is only confirmed again."""
        return set()

    def key_of(self, number: int, _cells: Cells) -> str:
        """The row's number."""
        return str(number)

    def foresee(self, session: Session, _key: str, cells: Cells, *, today: date) -> Taken:
        """What would become of the row; nothing is written."""
        del today  # contacts have no date
        try:
            said = self._mapping.read(cells)
            citizen_id = self._whose(session, said)
            for given in self._given(said):
                contacts.read_given(given)
        except InvalidError as error:
            return refused(*self.said(error))
        return Taken(Fate.UPDATED, (citizen_id,))

    def take(
        self, session: Session, _key: str, cells: Cells, *, actor: Actor, today: date, now: datetime
    ) -> Taken:
        """Write the row down, in the caller's savepoint.

        Raises:
            InvalidError: nobody, or several people, are meant, or the new contact is none.
        """
        del today
        said = self._mapping.read(cells)
        citizen = session.get_one(Citizen, self._whose(session, said), with_for_update=True)
        citizen.updated_at = now
        flag_modified(citizen, "updated_at")
        kept = {contacts.add(session, citizen, given, now=now) for given in self._given(said)}
        for contact in contacts_in_use(session, [citizen.id]):
            if contact.id not in kept and self._is_over(session, contact, said, now):
                contacts.end(session, citizen, contact.id, now=now)
        enrolling.settle(session, citizen, "citizen:new_contacts", actor=actor, ip="", now=now)
        return Taken(Fate.UPDATED, (citizen.id,))

    def take_together(
        self,
        _session: Session,
        _rows: Sequence[tuple[str, Cells]],
        *,
        actor: Actor,
        today: date,
        now: datetime,
    ) -> dict[str, Taken]:
        """None: each row changes somebody we know."""
        del actor, today, now
        return {}

    def said(self, error: DomainError) -> list[UnfitError]:
        """What is wrong, at the columns it came from."""
        fields = error.fields if isinstance(error, InvalidError) else {}
        found = [UnfitError(self._mapping.column_of(f), words) for f, words in fields.items()]
        return found or [UnfitError("", error.msgid)]

    def _whose(self, session: Session, said: dict[str, str]) -> int:
        if said["number"]:
            citizen_id = current_id(session, read_number(said["number"]) or 0)
            if citizen_id is None:
                raise InvalidError(fields={"number": mark("There is no citizen with this number.")})
        else:
            citizen_id = self._by_phone(session, said["old_phone"])
        if session.get_one(Citizen, citizen_id).state is not CitizenState.ACTIVE:
            raise InvalidError(mark("The data of this citizen may not be changed."))
        return citizen_id

    def _by_phone(self, session: Session, typed: str) -> int:
        if not typed:
            raise InvalidError(
                fields={"number": mark("Give the citizen's number or the old telephone.")}
            )
        try:
            wanted = base_of(str(read_phone(typed)))
        except InvalidError as error:
            raise InvalidError(fields={"old_phone": error.msgid}) from error
        found = [
            citizen_id
            for citizen_id in ids_by_phone(session, wanted)
            if any(
                self._is(session, each, wanted) for each in contacts_in_use(session, [citizen_id])
            )
        ]
        if not found:
            raise InvalidError(fields={"old_phone": mark("Nobody uses this telephone.")})
        if len(found) > 1:
            sentence = mark("Several people use this telephone. Give the citizen's number.")
            raise InvalidError(fields={"old_phone": sentence})
        return found[0]

    def _given(self, said: dict[str, str]) -> list[GivenContact]:
        kinds = (
            ("phone", ContactKind.MOBILE),
            ("email", ContactKind.EMAIL),
            ("address", ContactKind.ADDRESS),
        )
        given = [GivenContact(kind, said[field]) for field, kind in kinds if said[field]]
        if not given:
            raise InvalidError(fields={"phone": mark("There is no new contact in this row.")})
        return given

    def _is_over(
        self, session: Session, contact: Contact, said: dict[str, str], now: datetime
    ) -> bool:
        """Whether the new contact takes this one's place: the old telephone, or one gone stale."""
        if contact.kind not in self._replaced(said):
            return False
        if contact.kind in PHONES and said["old_phone"]:
            return self._is(session, contact, base_of(str(read_phone(said["old_phone"]))))
        known = (contact.created_at, contact.verified_at, contact.confirmed_at)
        last_good = max(at for at in known if at is not None)
        return contact.failed_at is not None or last_good < now - STALE_AFTER

    def _replaced(self, said: dict[str, str]) -> set[ContactKind]:
        kinds = set(PHONES) if said["phone"] else set()
        kinds |= {ContactKind.EMAIL} if said["email"] else set()
        return kinds | ({ContactKind.ADDRESS} if said["address"] else set())

    def _is(self, session: Session, contact: Contact, number: str) -> bool:
        if contact.kind not in PHONES:
            return False
        return base_of(unseal(vault_of(session), CONTACT, contact.value, contact.place)) == number
