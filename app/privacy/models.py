"""Tables of the rights of the person: notices, consents, requests, retention, holds, tombstones.

What a person wrote to us is sealed; what proves a deed is written once and holds ids only.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.rules import CaseKind
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref
from app.privacy.rules import (
    BatchState,
    IdentityProof,
    ItemState,
    RefusalGround,
    RequestKind,
    RequestStatus,
    RuleSubject,
    Source,
    Told,
    TombstoneGround,
)

PLACE_LENGTH = 40
_NOT_LIFTED = text("lifted_at IS NULL")
_NO_TEXT = text("''")


class PrivacyNotice(Model):
    """One version of the privacy notice, published for good; a mistake is mended by the next.

    `title` and `parts` hold the texts by language, the parts by `rules.Part` first.
    """

    __tablename__ = "privacy_notices"

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[datetime]
    title: Mapped[JsonDict]
    parts: Mapped[JsonDict]
    is_sample: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)


class NoticeSeen(Model):
    """Which version somebody was shown before they gave us their data, and when."""

    __tablename__ = "privacy_notices_seen"

    id: Mapped[Key]
    notice_id: Mapped[Ref] = mapped_column(ForeignKey("privacy_notices.id"))
    case_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("cases.id"), index=True, default=None
    )
    citizen_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("citizens.id"), index=True, default=None
    )
    source: Mapped[Source]
    at: Mapped[datetime]


class ConsentKind(Model):
    """An extra beyond our duty that somebody may agree to; refusing it costs them nothing."""

    __tablename__ = "consent_kinds"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    purpose: Mapped[str] = mapped_column(String(300))
    purpose_en: Mapped[str] = mapped_column(String(400), default="")
    is_active: Mapped[bool] = mapped_column(default=True)


class Consent(Model):
    """A consent given or withdrawn: written once, the latest line of a kind holds.

    For a child under 14 `guardian_id` says who gave it (个人信息保护法 art. 31).
    """

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_citizen", "citizen_id", "kind_code", "id"),)

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"))
    kind_code: Mapped[str] = mapped_column(String(32), ForeignKey("consent_kinds.code"))
    is_given: Mapped[bool]
    source: Mapped[Source]
    guardian_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    at: Mapped[datetime]


class RightsLimit(Model):
    """How long an answer to a kind of request may take, in working days, and on what ground."""

    __tablename__ = "rights_limits"

    kind: Mapped[RequestKind] = mapped_column(primary_key=True)
    work_days: Mapped[int]
    more_days: Mapped[int]  # the most an extension may add
    basis_text: Mapped[str] = mapped_column(String(300))
    basis_text_en: Mapped[str] = mapped_column(String(400), default="", server_default=_NO_TEXT)
    is_sample: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class DataRequest(Model):
    """Something a person asks about the data held of them; its clock belongs to it.

    What they wrote and what they were answered is sealed to `place`; the package made for
    them lies sealed in the file store until `package_until`.
    """

    __tablename__ = "data_requests"
    __table_args__ = (
        Index("ix_data_requests_status", "status", "id"),
        Index("ix_data_requests_citizen", "citizen_id", "id"),
    )

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"))
    kind: Mapped[RequestKind]
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.OPEN)
    source: Mapped[Source]
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    text: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    extension: Mapped[bytes | None] = mapped_column(
        LargeBinary, default=None
    )  # why it takes longer
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    identified_at: Mapped[datetime | None] = mapped_column(default=None)
    identified_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    identified_how: Mapped[IdentityProof | None] = mapped_column(default=None)
    proposed_at: Mapped[datetime | None] = mapped_column(default=None)
    proposed_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    refusal_ground: Mapped[RefusalGround | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    # How the person learns, or learned, of the answer; None: nobody has told them yet.
    told_how: Mapped[Told | None] = mapped_column(default=None)
    told_on: Mapped[date | None] = mapped_column(default=None)
    told_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    package_name: Mapped[str | None] = mapped_column(String(64), default=None)
    package_key: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    package_until: Mapped[datetime | None] = mapped_column(default=None)
    handed_over_at: Mapped[datetime | None] = mapped_column(default=None)
    handed_over_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    def propose(self, *, by_id: int | None, now: datetime) -> None:
        """Lay an erasure before a second person."""
        self.status, self.proposed_at, self.proposed_by_id = RequestStatus.PROPOSED, now, by_id

    def send_back(self) -> None:
        """The second person did not agree, or the first took it back."""
        self.status, self.proposed_at, self.proposed_by_id = RequestStatus.OPEN, None, None
        self.told_how = self.told_on = self.told_by_id = None  # what was told did not happen

    def end(self, status: RequestStatus, *, by_id: int | None, now: datetime) -> None:
        """Nothing more is to be done."""
        self.status, self.closed_at, self.closed_by_id = status, now, by_id


class RetentionRule(Model):
    """How many months after its end a matter of this category and kind keeps its content.

    Or, by `subject`, a conversation that belongs to no person and to no matter.
    """

    __tablename__ = "retention_rules"
    __table_args__ = (UniqueConstraint("category_id", "case_kind"),)

    id: Mapped[Key]
    subject: Mapped[RuleSubject] = mapped_column(default=RuleSubject.CASE, server_default="case")
    category_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("categories.id"), default=None
    )
    case_kind: Mapped[CaseKind | None] = mapped_column(default=None)
    months: Mapped[int]
    basis_text: Mapped[str] = mapped_column(String(300))
    basis_text_en: Mapped[str] = mapped_column(String(400), default="", server_default=_NO_TEXT)
    is_sample: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class RetentionBatch(Model):
    """Matters to be erased: proposed by one, decided by another, worked off in the background."""

    __tablename__ = "retention_batches"

    id: Mapped[Key]
    state: Mapped[BatchState] = mapped_column(default=BatchState.PROPOSED)
    as_of: Mapped[datetime]
    proposed_by_id: Mapped[Ref]
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class RetentionItem(Model):
    """One matter of a batch, or a person or conversation without any; what became of it.

    `talk_id` is an id of `interactions`, which stand beside this package.
    """

    __tablename__ = "retention_items"
    __table_args__ = (
        UniqueConstraint("batch_id", "case_id"),
        Index("ix_retention_items_state", "batch_id", "state", "id"),
    )

    id: Mapped[Key]
    batch_id: Mapped[Ref] = mapped_column(ForeignKey("retention_batches.id"))
    case_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("cases.id"), index=True, default=None
    )
    citizen_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("citizens.id"), index=True, default=None
    )
    talk_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("interactions.id"), index=True, default=None
    )
    rule_id: Mapped[Ref] = mapped_column(ForeignKey("retention_rules.id"))
    state: Mapped[ItemState] = mapped_column(default=ItemState.WAITING)


class LegalHold(Model):
    """Forbids erasing a matter or a person, whatever a rule or a request says, until lifted."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        Index(
            "ix_legal_holds_case", "case_id", postgresql_where=_NOT_LIFTED, sqlite_where=_NOT_LIFTED
        ),
        Index(
            "ix_legal_holds_citizen",
            "citizen_id",
            postgresql_where=_NOT_LIFTED,
            sqlite_where=_NOT_LIFTED,
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("cases.id"), default=None)
    citizen_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("citizens.id"), default=None)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[date | None] = mapped_column(default=None)
    placed_at: Mapped[datetime]
    placed_by_id: Mapped[Ref]
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)


class Tombstone(Model):
    """That something was erased, when and why; written once, without a word of what it said.

    `digest` is the seal of a matter's last line: its history can still be proved against it.
    """

    __tablename__ = "tombstones"
    __table_args__ = (
        Index("ix_tombstones_at", "at", "id"),
        Index("uq_tombstones_talk", "talk_id", unique=True),
    )

    id: Mapped[Key]
    case_id: Mapped[int | None] = mapped_column(BigInt, unique=True, default=None)
    citizen_id: Mapped[int | None] = mapped_column(BigInt, unique=True, default=None)
    talk_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    number: Mapped[str] = mapped_column(String(40))
    case_kind: Mapped[CaseKind | None] = mapped_column(default=None)
    category_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    ground: Mapped[TombstoneGround]
    rule_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    batch_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    request_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
