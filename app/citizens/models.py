"""Tables of citizens: who they are and how to reach them, encrypted column by column.

The kernel of it only: identifiers, representation, marks and merge come with
the citizens package proper.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Key, Model, Ref


class ContactKind(StrEnum):
    """A way to reach a citizen."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    ADDRESS = "address"


class Citizen(Model):
    """A person who asked for something. The name is stored only encrypted."""

    __tablename__ = "citizens"

    id: Mapped[Key]
    name: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class Contact(Model):
    """One number or address: ciphertext, a keyed index to find it exactly, one for its tail."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_exact", "exact_index"),
        Index("ix_contacts_tail", "tail_index"),
    )

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)
    kind: Mapped[ContactKind]
    value: Mapped[bytes] = mapped_column(LargeBinary)
    exact_index: Mapped[bytes] = mapped_column(LargeBinary(16))
    tail_index: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
