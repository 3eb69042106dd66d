"""Tables of citizens: who they are, how to reach them, who acts for whom.

What identifies a person is stored only encrypted; indexes are keyed digests (stack.md §5).
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
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
from app.citizens.rules.access import AccessField, Oddity
from app.citizens.rules.quality import CandidateState, IssueKind
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref

# What a sealed value is bound to. It goes with the row when people are merged, so that
# a value opens under its new owner too, and never in a place it was copied to alone.
PLACE_LENGTH = 40


class Citizen(Model):
    """A party: a person or an organisation. The name is stored only encrypted.

    `version` guards the whole picture of the party: contacts, documents and marks are
    edited under it.
    """

    __tablename__ = "citizens"
    __table_args__ = (
        # Whoever was changed is looked at again by the jobs: what changed last is found at once.
        Index("ix_citizens_changed", "updated_at", "id"),
        Index("ix_citizens_birth_year", "birth_year"),
        # Whoever is not findable yet: normally nobody.
        Index(
            "ix_citizens_unfindable",
            "id",
            postgresql_where=text("tokens IS NULL"),
            sqlite_where=text("tokens IS NULL"),
        ),
    )

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
    # The party's own `citizen_tokens`, so that they can be taken away again; None: not made yet.
    tokens: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, deferred=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class CitizenToken(Model):
    """A keyed digest of one form of a name, to find a party by; kept together by digest.

    Derived, like a search index, so no foreign key is paid for: `Citizen.tokens` lists the
    rows of each party, and services/tokens.py alone writes here.
    """

    __tablename__ = "citizen_tokens"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # SQLAlchemy's own name

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    citizen_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)


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
        Index(
            "ix_contacts_region",
            "region_code",
            "citizen_id",
            postgresql_where=text("region_code != ''"),
            sqlite_where=text("region_code != ''"),
        ),
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
    __table_args__ = (Index("ix_citizen_marks_kind", "kind", "citizen_id"),)

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


class DuplicateCandidate(Model):
    """Two rows that may be one person: why we think so in codes, and what people decided."""

    __tablename__ = "duplicate_candidates"
    __table_args__ = (
        UniqueConstraint("a_id", "b_id"),
        CheckConstraint("a_id <= b_id", name="in_order"),
        Index("ix_duplicate_candidates_list", "state", "score", "id"),
    )

    id: Mapped[Key]
    a_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"))
    b_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    reasons: Mapped[str] = mapped_column(String(160))  # codes of `Reason`, sorted, with blanks
    score: Mapped[int]
    state: Mapped[CandidateState] = mapped_column(default=CandidateState.OPEN)
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)


class CitizenMerge(Model):
    """One merge of two rows into one, with what undoing it needs.

    The survivor's former name is kept here, sealed in its former place, where the
    merge gave it the other's.
    """

    __tablename__ = "citizen_merges"

    id: Mapped[Key]
    survivor_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    merged_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    reason: Mapped[str] = mapped_column(String(300))
    name: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    reading: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH), default="")
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    undo_reason: Mapped[str] = mapped_column(String(300), default="")
    # The data was erased since: nothing is left to go back to.
    is_final: Mapped[bool] = mapped_column(default=False)


class CitizenMergeMove(Model):
    """One cell a merge changed: which row of which table, what it was, what it became (JSON)."""

    __tablename__ = "citizen_merge_moves"

    id: Mapped[Key]
    merge_id: Mapped[Ref] = mapped_column(ForeignKey("citizen_merges.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(63))
    column_name: Mapped[str] = mapped_column(String(63))
    row_key: Mapped[JsonDict]
    before: Mapped[str] = mapped_column(String(200))
    after: Mapped[str] = mapped_column(String(200))


class QualityIssue(Model):
    """Something about a citizen's data that somebody should put right; recomputed on changes."""

    __tablename__ = "quality_issues"

    kind: Mapped[IssueKind] = mapped_column(primary_key=True)
    citizen_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("citizens.id"), primary_key=True, index=True
    )
    since: Mapped[datetime]


class QualityProgress(Model):
    """How far a walk over the citizens has come, and what it counted at the end."""

    __tablename__ = "quality_progress"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    figure: Mapped[int] = mapped_column(BigInt, default=0)


class CitizenSource(Model):
    """Which row of another system a citizen came from, so that an import may be run again."""

    __tablename__ = "citizen_sources"

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    taken_at: Mapped[datetime]


class CitizenAccess(Model):
    """Somebody looked behind the mask: who, at whom, what, why, from where. Written once.

    `reason` is masked before it is kept. While `at` is less than a minute ago, the row is
    also the leave to look.
    """

    __tablename__ = "citizen_accesses"
    __table_args__ = (
        Index("ix_citizen_accesses_staff", "staff_id", "id"),
        Index("ix_citizen_accesses_citizen", "citizen_id", "id"),
        Index("ix_citizen_accesses_at", "at", "id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    on_day: Mapped[date]
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"))
    case_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    field: Mapped[AccessField]
    reason_code: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(String(200), default="")
    ip: Mapped[str] = mapped_column(String(45), default="")
    is_out_of_hours: Mapped[bool]
    is_own_surname: Mapped[bool]
    is_without_case: Mapped[bool]


class AccessReason(Model):
    """A reason that may be chosen; one that was used stays, and is offered no more."""

    __tablename__ = "access_reasons"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)
    is_offered: Mapped[bool] = mapped_column(default=True)


class AccessLimit(Model):
    """From how many on looking counts as unusual."""

    __tablename__ = "access_limits"

    oddity: Mapped[Oddity] = mapped_column(primary_key=True)
    most: Mapped[int]
