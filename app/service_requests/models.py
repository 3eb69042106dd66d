"""The table of an application's papers: what was asked for, and what was found of each."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref
from app.service_items.rules import PaperForm
from app.service_requests.rules import Verdict


class ApplicationPaper(Model):
    """One material of the item's version, as it was asked for, with the verdict on it.

    `reason` says what is wrong, in words the applicant reads. `promised_until` is the last day
    on which a paper that is to follow may come (容缺).
    """

    __tablename__ = "application_papers"
    __table_args__ = (UniqueConstraint("case_id", "key"),)

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    form: Mapped[PaperForm]
    copies: Mapped[int] = mapped_column(default=1)
    may_defer: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.OPEN)
    copies_in: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(500), default="")
    promised_until: Mapped[date | None] = mapped_column(default=None)
    judged_at: Mapped[datetime | None] = mapped_column(default=None)
    judged_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
