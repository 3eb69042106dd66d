"""Tables of supervision: the ladder of levels, who is told what, orders (督办单) and their course.

The ladder is data (rulebook §10); an order's course is written once.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref
from app.supervision.rules.ladder import Why
from app.supervision.rules.orders import Act, OrderState

_OPEN = text("closed_at IS NULL")
_LASTS = text("ended_at IS NULL")
_UNTOLD = text("told_at IS NULL")


class SupervisionLevel(Model):
    """One rung: when it is reached, who is told, and whether an order may be issued at it.

    `after_workdays` counts from the limit; None is the warning before it. `order_workdays` is
    the time an order of this level gives the unit; None: no order of this level.
    """

    __tablename__ = "supervision_levels"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    after_workdays: Mapped[int | None] = mapped_column(default=None)
    tells_handler: Mapped[bool] = mapped_column(default=False)
    tells_head: Mapped[bool] = mapped_column(default=False)
    tells_supervisor: Mapped[bool] = mapped_column(default=False)
    order_workdays: Mapped[int | None] = mapped_column(default=None)
    is_sample: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class Reminder(Model):
    """Something staff are told about a matter, once; to whom follows from their seats as they read.

    `ref` names what it is about, so that telling twice tells once. It lasts until what it is
    about has ended.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_open", "id", postgresql_where=_LASTS, sqlite_where=_LASTS),
        Index("ix_reminders_untold", "id", postgresql_where=_UNTOLD, sqlite_where=_UNTOLD),
        Index("ix_reminders_case", "case_id"),
        Index("ix_reminders_clock", "clock_id"),
    )

    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(60), unique=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    why: Mapped[Why]
    level_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("supervision_levels.id"), default=None
    )
    clock_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("clocks.id"), default=None)
    clock_kind: Mapped[str] = mapped_column(String(24), default="")
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    tells_handler: Mapped[bool] = mapped_column(default=False)
    tells_head: Mapped[bool] = mapped_column(default=False)
    tells_supervisor: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(default=None)  # in the inbox's digest
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class ReminderSeen(Model):
    """How far somebody has read their reminders."""

    __tablename__ = "reminders_seen"

    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), primary_key=True)
    last_id: Mapped[int] = mapped_column(BigInt)
    at: Mapped[datetime]


class SupervisionOrder(Model):
    """One order of a supervisor to the unit in charge of a matter; at most one open on each."""

    __tablename__ = "supervision_orders"
    __table_args__ = (
        Index(
            "uq_supervision_orders_open",
            "case_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index(
            "ix_supervision_orders_unit",
            "unit_id",
            "id",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_supervision_orders_case", "case_id"),
        Index("ix_supervision_orders_by", "issued_by", "id"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(String(24), unique=True)
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    level_id: Mapped[Ref] = mapped_column(ForeignKey("supervision_levels.id"))
    state: Mapped[OrderState] = mapped_column(default=OrderState.ISSUED)
    reason: Mapped[str] = mapped_column(Text)
    demand: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
    issued_by: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    proposed_level_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("supervision_levels.id"), default=None
    )
    on_time: Mapped[bool | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    def move(self, state: OrderState) -> None:
        """Take the state an act leads to."""
        self.state = state


class SupervisionAct(Model):
    """One thing done with an order: who, when, which; written once.

    Its words lie with the line of the matter's history, where they can be erased.
    """

    __tablename__ = "supervision_acts"
    __table_args__ = (Index("ix_supervision_acts_order", "order_id", "id"),)

    id: Mapped[Key]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("supervision_orders.id"))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    act: Mapped[Act]
    event_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("case_events.id"), default=None)
