"""Tables of citizens: who they are, how to reach them, who acts for whom.

What identifies a person is stored only encrypted; indexes are keyed digests (stack.md §5).
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.citizens.rules import (
    CitizenState,
    ContactKind,
    Ground,
    IdentifierKind,
    MarkKind,
    PartyKind,
    Visibility,
)
from app.kernel.db import BigInt, Key, Model, Ref

# What a sealed value is bound to. It goes with the row when people are merged, so that
# a value opens under its new owner too, and never in a place it was copied to alone.
PLACE_LENGTH = 40


class Citizen(Model):
    """A party: a person or an organisation. The name is stored only encrypted.

    `version` guards the whole picture of the party: contacts, documents and marks are
    edited under it.
    """

    __tablename__ = "citizens"

    id: Mapped[Key]
    kind: Mapped[PartyKind] = mapped_column(default=PartyKind.PERSON)
    name: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    # How the name is read where the dictionary errs (单田芳 is Shan, not Dan), sealed too.
    reading: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    birth_year: Mapped[int | None] = mapped_column(default=None)
    preferred_channel: Mapped[ContactKind | None] = mapped_column(default=None)
    preferred_times: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(12), default="zh-CN")
    do_not_contact: Mapped[bool] = mapped_column(default=False)
    state: Mapped[CitizenState] = mapped_column(default=CitizenState.ACTIVE)
    merged_into_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("citizens.id"), index=True, default=None
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class Identifier(Model):
    """One identity document. No two living rows of a kind hold the same number."""

    __tablename__ = "identifiers"
    __table_args__ = (Index("uq_identifiers_exact", "kind", "exact_index", unique=True),)

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[IdentifierKind]
    value: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    exact_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    issued_by: Mapped[str] = mapped_column(String(60), default="")
    valid_until: Mapped[date | None] = mapped_column(default=None)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]


class Contact(Model):
    """One number or address: ciphertext, a keyed index to find it exactly, one for its tail.

    Families share a telephone, so the same number may stand at several people.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_exact", "exact_index"),
        Index("ix_contacts_tail", "tail_index"),
    )

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[ContactKind]
    value: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    exact_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    tail_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None)
    # An address in its parts (province … room) as sealed JSON; the region in clear, down
    # to the street or community only (GB/T 2260 and 10114), for counts by street.
    parts: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    region_code: Mapped[str] = mapped_column(String(12), default="")
    is_preferred: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    failed_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class Representation(Model):
    """One acts for another: who, on what ground, until when."""

    __tablename__ = "representations"

    id: Mapped[Key]
    principal_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    agent_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    ground: Mapped[Ground]
    document: Mapped[str] = mapped_column(String(120), default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)


class Mark(Model):
    """A reason for special care, with what it rests on."""

    __tablename__ = "citizen_marks"

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[MarkKind]
    basis: Mapped[str] = mapped_column(String(120), default="")
    valid_until: Mapped[date | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)


class Tag(Model):
    """A short word staff hang on a citizen, never a judgement of the person."""

    __tablename__ = "citizen_tags"
    __table_args__ = (Index("ix_citizen_tags_word", "word", "citizen_id"),)

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    word: Mapped[str] = mapped_column(String(30))
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.EVERYONE)
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class Note(Model):
    """What a colleague should know before the next talk; sealed like a name."""

    __tablename__ = "citizen_notes"

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    text: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.UNIT)
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
