"""Tables of what complaints have besides: their subject, who complains, the investigation.

Columns only; what the words in them may be stands in `kinds`.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import Finding, InquiryKind, SubjectKind
from app.kernel.db import BigInt, Key, Model, Ref

_UNPROVED = text("proved_at IS NULL")


class CaseComplaint(Model):
    """What a complaint is about in the complainant's words, and what was found.

    `recheck_until` is the last instant at which the unit above can be asked (复查, 信访工作条例
    art. 35); it checks once.
    """

    __tablename__ = "case_complaints"

    case_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cases.id"), primary_key=True)
    subject_kind: Mapped[SubjectKind | None] = mapped_column(default=None)
    subject_name: Mapped[str] = mapped_column(String(200), default="")
    finding: Mapped[Finding | None] = mapped_column(default=None)
    proposed_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    confirmed_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    recheck_until: Mapped[datetime | None] = mapped_column(default=None)
    rechecked_at: Mapped[datetime | None] = mapped_column(default=None)


class CaseIdentity(Model):
    """Who complains, where that is confidential: `cases.citizen_id` is then empty.

    So no list, search, export, segment or picture can join the two; read by `queries.identity`
    alone, for messages, the complainant's own page and the people named in `case_confidants`.
    """

    __tablename__ = "case_identities"

    case_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cases.id"), primary_key=True)
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    sealed_at: Mapped[datetime]


class CaseConfidant(Model):
    """Who may see the confidential complainant of this matter; each addition is in its history."""

    __tablename__ = "case_confidants"
    __table_args__ = (UniqueConstraint("case_id", "staff_id"),)

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    named_at: Mapped[datetime]
    named_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    reason: Mapped[str] = mapped_column(String(200), default="")


class CaseInquiry(Model):
    """One line of an investigation file; its files hang on the line of history it made."""

    __tablename__ = "case_inquiries"
    __table_args__ = (Index("ix_case_inquiries_case", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    event_id: Mapped[Ref] = mapped_column(ForeignKey("case_events.id"))
    kind: Mapped[InquiryKind]
    with_whom: Mapped[str] = mapped_column(String(200), default="")
    held_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    written_at: Mapped[datetime]


class CaseMeasure(Model):
    """What is to be put right by when, and the proof that it was (整改).

    `late_from` is the end of `due_on` in the hall's own time.
    """

    __tablename__ = "case_measures"
    __table_args__ = (
        Index("ix_case_measures_case", "case_id", "id"),
        Index(
            "ix_case_measures_open",
            "late_from",
            "id",
            postgresql_where=_UNPROVED,
            sqlite_where=_UNPROVED,
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    what: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    late_from: Mapped[datetime]
    laid_down_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    laid_down_at: Mapped[datetime]
    proof: Mapped[str] = mapped_column(Text, default="")
    proved_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    proved_at: Mapped[datetime | None] = mapped_column(default=None)
    proof_event_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("case_events.id"), default=None
    )


class CaseRecusal(Model):
    """Somebody who has an interest in a matter and steps back from it, or was told to (回避).

    From then on they are treated as if it were about them. Written once.
    """

    __tablename__ = "case_recusals"
    __table_args__ = (
        UniqueConstraint("case_id", "staff_id"),
        Index("ix_case_recusals_staff", "staff_id", "case_id"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime]
    ordered_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
