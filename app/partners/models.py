"""The table of keys given out to partners' programs; a key itself is stored nowhere.

Rows are revoked, never deleted: what came in with a key stays traceable to it.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref, StringList
from app.partners.rules import KeyTerms, Right


class PartnerKey(Model):
    """One key. `digest` finds it, `tail` tells people which it is; nobody is named by it."""

    __tablename__ = "partner_keys"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    tail: Mapped[str] = mapped_column(String(4))
    may_read: Mapped[bool]
    may_create: Mapped[bool]
    may_update: Mapped[bool]
    codes: Mapped[list[str]] = mapped_column(StringList)
    hourly: Mapped[int]
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)
    uses: Mapped[Ref] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    @property
    def terms(self) -> KeyTerms:
        """What it was given out for."""
        held = ((self.may_read, Right.READ), (self.may_create, Right.CREATE))
        rights = {right for has, right in (*held, (self.may_update, Right.UPDATE)) if has}
        return KeyTerms(self.name, frozenset(rights), tuple(self.codes), self.hourly)

    def grant(self, terms: KeyTerms) -> None:
        """Have it reach as far as these terms say, from now on."""
        self.name, self.codes, self.hourly = terms.name, list(terms.codes), terms.hourly
        self.may_read = Right.READ in terms.rights
        self.may_create = Right.CREATE in terms.rights
        self.may_update = Right.UPDATE in terms.rights

    def revoke(self, *, now: datetime) -> None:
        """Let nobody in with it any more."""
        self.revoked_at = self.revoked_at or now
