"""What the forms about a citizen send, and the words they offer to choose from.

Checked for type here; what is no name, number or address is said by the citizens' own rules.
"""

from datetime import date
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, Field

from app.citizens.rules import (
    ContactKind,
    Ground,
    IdentifierKind,
    MarkKind,
    PartyKind,
    Visibility,
)
from app.citizens.service.contacts import GivenContact
from app.citizens.service.enrolling import Changes, NewParty
from app.citizens.service.identities import GivenIdentity
from app.citizens.service.marks import GivenMark
from app.citizens.service.representing import GivenRepresentation
from app.kernel.messages import mark

_Short = Annotated[str, Field(max_length=120)]
_Name = Annotated[str, Field(max_length=200, title=mark("Name"))]
_NO_DATE: Final = mark("Enter a date such as 2026-03-15.")
_NO_YEAR: Final = mark("Enter a year of birth such as 1956.")

LANGUAGES: Final = (
    ("zh-CN", mark("Chinese")),
    ("en", mark("English")),
    ("bo", mark("Tibetan")),
    ("ug", mark("Uyghur")),
    ("mn", mark("Mongolian")),
    ("kk", mark("Kazakh")),
    ("ko", mark("Korean")),
    ("za", mark("Zhuang")),
    ("sgn", mark("Sign language")),
    ("other", mark("Another language")),
)
GROUNDS: Final = (
    (Ground.AGENT, mark("Authorised to act")),
    (Ground.GUARDIAN, mark("Guardian")),
    (Ground.LEGAL_REPRESENTATIVE, mark("Legal representative")),
    (Ground.CONTACT_PERSON, mark("Contact of the organisation")),
)
VISIBILITIES: Final = (
    (Visibility.UNIT, mark("My unit only")),
    (Visibility.EVERYONE, mark("All staff who serve citizens")),
)
# Age is told by the year of birth.
SETTABLE: Final = tuple(k for k in MarkKind if k not in (MarkKind.SENIOR, MarkKind.MINOR))


class PartyForm(BaseModel):
    """A party registered at a window; everything but the name may be left out."""

    SENTENCES: ClassVar = {
        "birth_year": _NO_YEAR,
        "document_until": _NO_DATE,
        "valid_until": _NO_DATE,
    }

    idempotency: str = ""
    is_new: bool = False
    kind: PartyKind = PartyKind.PERSON
    name: _Name
    reading: Annotated[_Short, Field(title=mark("Read as"))] = ""
    birth_year: int | None = None
    document_kind: IdentifierKind | None = None
    document: Annotated[_Short, Field(title=mark("Number of the document"))] = ""
    document_until: date | None = None
    document_seen: bool = False
    phone: Annotated[_Short, Field(title=mark("Telephone"))] = ""
    phone2: Annotated[_Short, Field(title=mark("Second telephone"))] = ""
    email: Annotated[str, Field(max_length=254, title=mark("E-mail"))] = ""
    address: Annotated[str, Field(max_length=400, title=mark("Address"))] = ""
    region_code: Annotated[str, Field(max_length=12)] = ""
    preferred_channel: ContactKind | None = None
    preferred_times: Annotated[str, Field(max_length=60, title=mark("Best times"))] = ""
    language: Annotated[str, Field(max_length=12)] = "zh-CN"
    do_not_contact: bool = False
    marks: tuple[MarkKind, ...] = ()
    basis: Annotated[_Short, Field(title=mark("What it rests on"))] = ""
    principal: Annotated[str, Field(max_length=20, title=mark("Acts for"))] = ""
    ground: Ground = Ground.AGENT
    valid_until: date | None = None
    proof: Annotated[_Short, Field(title=mark("Proof"))] = ""
    tags: Annotated[str, Field(max_length=200, title=mark("Tags"))] = ""
    note: Annotated[str, Field(max_length=2000, title=mark("Note"))] = ""

    def as_party(self) -> NewParty:
        """The party as the service takes it."""
        return NewParty(
            name=self.name,
            kind=self.kind,
            reading=self.reading,
            birth_year=self.birth_year,
            language=self.language,
            preferred_channel=self.preferred_channel,
            preferred_times=self.preferred_times,
            do_not_contact=self.do_not_contact,
            identities=self._identities(),
            contacts=self._contacts(),
            marks=tuple(GivenMark(kind, self.basis) for kind in self.marks),
        )

    def representation(self, today: date) -> GivenRepresentation:
        """On what ground the party acts for another, from today."""
        return GivenRepresentation(self.ground, today, self.valid_until, self.proof)

    def words(self) -> list[str]:
        """The tags, however they were separated."""
        return [w for w in self.tags.replace("，", ",").replace("、", ",").split(",") if w.strip()]

    def _identities(self) -> tuple[GivenIdentity, ...]:
        if not self.document:
            return ()
        given = GivenIdentity(
            self.document,
            self.document_kind,
            valid_until=self.document_until,
            is_seen=self.document_seen,
        )
        return (given,)

    def _contacts(self) -> tuple[GivenContact, ...]:
        phones = (ContactKind.MOBILE, ContactKind.LANDLINE)
        told = (
            (ContactKind.MOBILE, self.phone, self.preferred_channel in phones),
            (ContactKind.MOBILE, self.phone2, False),
            (ContactKind.EMAIL, self.email, self.preferred_channel is ContactKind.EMAIL),
            (ContactKind.ADDRESS, self.address, self.preferred_channel is ContactKind.ADDRESS),
        )
        return tuple(
            GivenContact(
                kind,
                text,
                self.region_code if kind is ContactKind.ADDRESS else "",
                is_preferred,
            )
            for kind, text, is_preferred in told
            if text
        )


class ChangeForm(BaseModel):
    """What a party is called and how it wants to be reached; empty words stay as they are."""

    SENTENCES: ClassVar = {"birth_year": _NO_YEAR}

    version: int
    name: _Name = ""
    reading: Annotated[_Short, Field(title=mark("Read as"))] = ""
    birth_year: int | None = None
    language: Annotated[str, Field(max_length=12)] = "zh-CN"
    preferred_channel: ContactKind | None = None
    preferred_times: Annotated[str, Field(max_length=60, title=mark("Best times"))] = ""
    do_not_contact: bool = False

    def as_changes(self) -> Changes:
        """As the service takes them."""
        return Changes(**self.model_dump(exclude={"version"}))


class IdentityForm(BaseModel):
    """One more document."""

    SENTENCES: ClassVar = {"document_until": _NO_DATE}

    document_kind: IdentifierKind | None = None
    document: Annotated[_Short, Field(title=mark("Number of the document"))]
    document_until: date | None = None
    document_seen: bool = False


class ContactForm(BaseModel):
    """One more way to reach the party."""

    contact_kind: ContactKind = ContactKind.MOBILE
    contact: Annotated[str, Field(max_length=400, title=mark("Number or address"))]
    region_code: Annotated[str, Field(max_length=12)] = ""
    is_preferred: bool = False


class ActingForm(BaseModel):
    """For whom the party acts."""

    SENTENCES: ClassVar = {"valid_until": _NO_DATE}

    principal: Annotated[str, Field(max_length=20, title=mark("Acts for"))]
    ground: Ground = Ground.AGENT
    valid_until: date | None = None
    proof: Annotated[_Short, Field(title=mark("Proof"))] = ""


class MarkForm(BaseModel):
    """A reason for special care."""

    SENTENCES: ClassVar = {"mark_until": _NO_DATE}

    mark: MarkKind
    basis: Annotated[_Short, Field(title=mark("What it rests on"))] = ""
    mark_until: date | None = None


class TagForm(BaseModel):
    """A word to hang on the party."""

    word: Annotated[str, Field(max_length=60, title=mark("Tag"))]
    visibility: Visibility = Visibility.EVERYONE


class NoteForm(BaseModel):
    """What a colleague should know."""

    text: Annotated[str, Field(max_length=2000, title=mark("Note"))]
    visibility: Visibility = Visibility.UNIT
