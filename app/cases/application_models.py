"""Tables of what applications have besides: how far they have come, and the limits of their item.

Columns only. The papers of an application are in `app.service_requests`.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.calendars.rules import LimitUnit
from app.cases.kinds import Admission, Decision, NotAdmitted
from app.catalogue.rules import BasisLevel
from app.kernel.db import BigInt, Key, Model, Ref, StringList
from app.service_items.rules import Delivery

_DECIDED = text("decided_at IS NOT NULL")


class CaseApplication(Model):
    """What is applied for, by the version of the item that held that day, and how far it has come.

    `received_at` is when the papers that are being looked at came in: the day the law counts
    from where nobody tells in time what lacks (行政许可法 art. 32). `papers_open` and
    `papers_promised` count the verdicts on its papers. `answers` are sealed with the key of
    the house: they may name people. `has_clean_credit` is what a look into the register of
    bad credit found before something is granted on a promise. Until `hearing_until` a hearing
    may be asked for; `late_told_at` is when it was said why the promised limit was passed.
    """

    __tablename__ = "case_applications"
    __table_args__ = (
        Index(
            "ix_case_applications_decided",
            "decided_at",
            "case_id",
            postgresql_where=_DECIDED,
            sqlite_where=_DECIDED,
        ),
    )

    case_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cases.id"), primary_key=True)
    item_version_id: Mapped[Ref] = mapped_column(ForeignKey("service_item_versions.id"), index=True)
    item_name: Mapped[str] = mapped_column(String(120))
    deciding_unit_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("units.id"), default=None
    )
    agent_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("citizens.id"), index=True, default=None
    )
    place: Mapped[str] = mapped_column(String(16))
    answers: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    is_instant: Mapped[bool] = mapped_column(default=False)
    is_on_promise: Mapped[bool] = mapped_column(default=False)
    is_joint: Mapped[bool] = mapped_column(default=False)
    makes_certificate: Mapped[bool] = mapped_column(default=True)
    procedures: Mapped[list[str]] = mapped_column(StringList, default=list)
    received_at: Mapped[datetime]
    notified_at: Mapped[datetime | None] = mapped_column(default=None)
    papers_open: Mapped[int] = mapped_column(default=0)
    papers_promised: Mapped[int] = mapped_column(default=0)
    admission: Mapped[Admission | None] = mapped_column(default=None)
    not_admitted: Mapped[NotAdmitted | None] = mapped_column(default=None)
    refer_to: Mapped[str] = mapped_column(String(120), default="")
    extended_by: Mapped[int] = mapped_column(default=0)  # in the unit its limits count in
    decision: Mapped[Decision | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    remedies: Mapped[str] = mapped_column(Text, default="")
    wanted_delivery: Mapped[Delivery] = mapped_column(default=Delivery.WINDOW)
    delivery: Mapped[Delivery | None] = mapped_column(default=None)
    tracking_no: Mapped[str] = mapped_column(String(60), default="")
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    was_true: Mapped[bool | None] = mapped_column(default=None)
    has_clean_credit: Mapped[bool | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    late_told_at: Mapped[datetime | None] = mapped_column(default=None)
    hearing_until: Mapped[date | None] = mapped_column(default=None)
    hearing_asked_at: Mapped[datetime | None] = mapped_column(default=None)
    hearing_at: Mapped[datetime | None] = mapped_column(default=None)
    hearing_held_at: Mapped[datetime | None] = mapped_column(default=None)


class CaseLimit(Model):
    """A limit a matter brought along from what is applied for; copied, never edited."""

    __tablename__ = "case_limits"
    __table_args__ = (UniqueConstraint("case_id", "clock_kind"),)

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    clock_kind: Mapped[str] = mapped_column(String(24))
    code: Mapped[str] = mapped_column(String(48))
    unit: Mapped[LimitUnit]
    value: Mapped[int]
    minutes: Mapped[int] = mapped_column(default=0)
    basis_text: Mapped[str] = mapped_column(String(300))
    basis_level: Mapped[BasisLevel]
    is_sample: Mapped[bool] = mapped_column(default=False)
