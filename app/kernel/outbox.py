"""Messages to the outside: written down in the business transaction, carried after its commit.

A message keeps a reference to whom it is for and a sentence with harmless
values, never a name, a number or a finished text. What became of it is always
said: an unknown outcome stays unknown until a person decides, it is not resent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import jobs
from app.kernel.db import JsonDict, Key, Model, Ref
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.ids import random_token
from app.kernel.jobs import MAX_ATTEMPTS, Errand, Payload
from app.kernel.messages import mark
from app.kernel.writing import write

JOB = "kernel:deliver_message"
_OPEN_STATES = ("pending", "sending")


class Channel(StrEnum):
    """By what way a message goes out."""

    SMS = "sms"
    MAIL = "mail"


class MessageStatus(StrEnum):
    """What became of a message."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # certainly not sent, and not tried any more
    UNKNOWN = "unknown"  # perhaps sent: the line broke before the answer
    OFF = "off"  # not sent, because no such channel is set up
    SUPPRESSED = "suppressed"  # not sent, because it may not be: `trouble` holds the reason's code
    DELIVERED = "delivered"  # the way out said afterwards that it arrived


class Message(Model):
    """One message to one person about one thing; `ref` is its stable name outside."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_subject", "subject_type", "subject_id", "id"),
        Index("ix_messages_status", "status", "id"),
    )

    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(43), unique=True)
    channel: Mapped[Channel]
    contact_id: Mapped[Ref]
    subject_type: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[Ref]
    msgid: Mapped[str] = mapped_column(Text)
    params: Mapped[JsonDict]
    locale: Mapped[str] = mapped_column(String(8))
    status: Mapped[MessageStatus] = mapped_column(default=MessageStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    send_after: Mapped[datetime | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    # A person has looked at a message that failed and let it be.
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    trouble: Mapped[str] = mapped_column(String(120), default="")

    def set_out(self) -> None:
        """From here on it may have arrived."""
        self.status, self.attempts = MessageStatus.SENDING, self.attempts + 1

    def settle(self, outcome: "Outcome", *, now: datetime) -> None:
        """Write down what became of this attempt."""
        self.status = _SETTLED[outcome.fate]
        if outcome.fate is Fate.NOT_NOW and self.attempts >= MAX_ATTEMPTS:
            self.status = MessageStatus.FAILED
        self.trouble = outcome.trouble[:120]
        self.settled_at = None if self.status is MessageStatus.PENDING else now

    def try_afresh(self) -> None:
        """Let it go out again, under the same name outside."""
        self.status, self.attempts, self.settled_at = MessageStatus.PENDING, 0, None
        self.left_at = self.send_after = None

    def confirm(self, *, arrived: bool, trouble: str, now: datetime) -> None:
        """Write down what the way out said afterwards; what has arrived stays arrived."""
        if self.status in _NEVER_OUT or self.status is MessageStatus.DELIVERED:
            return
        if arrived:
            self.status, self.delivered_at, self.trouble = MessageStatus.DELIVERED, now, ""
        else:
            self.status, self.trouble = MessageStatus.FAILED, trouble[:120]
        self.settled_at = self.settled_at or now


class Fate(StrEnum):
    """What a carrier can say about one attempt."""

    SENT = "sent"
    NOT_NOW = "not_now"  # certainly not sent; may work later
    REFUSED = "refused"  # certainly not sent; will not work later
    UNKNOWN = "unknown"
    OFF = "off"
    HELD = "held"  # it may not be sent to this person


_UNDER_WAY = frozenset({MessageStatus.SENDING})
_NEVER_OUT = frozenset({MessageStatus.OFF, MessageStatus.SUPPRESSED})
_SETTLED = {
    Fate.SENT: MessageStatus.SENT,
    Fate.NOT_NOW: MessageStatus.PENDING,
    Fate.REFUSED: MessageStatus.FAILED,
    Fate.UNKNOWN: MessageStatus.UNKNOWN,
    Fate.OFF: MessageStatus.OFF,
    Fate.HELD: MessageStatus.SUPPRESSED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; `trouble` is a technical word without personal data."""

    fate: Fate
    trouble: str = ""


@dataclass(frozen=True, slots=True, repr=False)  # a printed letter would be a leak
class Letter:
    """A message made ready: the only place where address and text stand in clear, in memory.

    `path` is where on the portal it leads; whoever knows the portal's address puts it in.
    """

    ref: str
    channel: Channel
    address: str
    text: str
    path: str = ""


_NO_CHANNEL = Outcome(Fate.OFF, "no such channel is set up")


class Carrier(Protocol):
    """Takes letters to the outside; answers instead of raising, within a minute."""

    def carry(self, letter: Letter, /) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Wait:
    """The message may not go out before this instant."""

    until: datetime


Carriers = Mapping[Channel, Carrier]
Ready = Letter | Outcome | Wait | None
Compose = Callable[[Session, Message, datetime], Ready]


def post(
    session: Session,
    subject: tuple[str, int],
    *,
    channel: Channel,
    contact_id: int,
    msgid: str,
    params: Mapping[str, Any] | None = None,
    locale: str = "zh_CN",
    send_after: datetime | None = None,
    held: str = "",
    now: datetime,
) -> Message:
    """Have a message sent about this thing, if and only if this transaction commits.

    `msgid` is a marked sentence, `params` fill its places and hold no personal
    data: they are kept for as long as the thing itself. With `held`, the code of a
    reason, it is only written down that nothing was sent. Whether a citizen may be
    written to is decided in `notifications`, which alone calls this for citizens.
    """
    message = Message(
        ref=random_token(),
        channel=channel,
        contact_id=contact_id,
        subject_type=subject[0],
        subject_id=subject[1],
        msgid=msgid,
        params=dict(params or {}),
        locale=locale,
        created_at=now,
        send_after=send_after,
    )
    is_wired = channel in _wired[-1].carriers
    if held:
        message.settle(Outcome(Fate.HELD, held), now=now)
    elif not is_wired:  # a hall without such a channel needs no job for every message
        message.settle(_NO_CHANNEL, now=now)
    write(session, message)
    if is_wired and not held:
        _enqueue(session, message, run_at=send_after or now)
    return message


def has_way(channel: Channel) -> bool:
    """Whether this installation can send anything by this channel."""
    return channel in _wired[-1].carriers


def send_again(session: Session, message_id: int, *, now: datetime) -> None:
    """A person decided that a message whose outcome is failed, unknown or off shall go out again.

    Raises:
        NotFoundError: there is no such message.
        ConflictError: it was sent, or is on its way.
    """
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotFoundError(mark("There is no such message."))
    if message.status not in {MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.OFF}:
        raise ConflictError(mark("This message was sent or is on its way."))
    message.try_afresh()
    _enqueue(session, message, run_at=now)


def leave(session: Session, message_id: int, *, now: datetime) -> None:
    """A person decided that a message that failed, or perhaps did not arrive, is left at that.

    Raises:
        NotFoundError: there is no such message.
        ConflictError: it did not fail.
    """
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotFoundError(mark("There is no such message."))
    if message.status not in {MessageStatus.FAILED, MessageStatus.UNKNOWN}:
        raise ConflictError(mark("This message was sent or is on its way."))
    message.left_at = now


def confirm(
    session: Session, ref: str, *, arrived: bool, trouble: str = "", now: datetime
) -> Message | None:
    """What the way out says afterwards of the message it knows by this name; None if unknown.

    Said twice it changes nothing, and that something arrived is never taken back.
    """
    wanted = select(Message).where(Message.ref == ref).with_for_update()
    message = session.scalars(wanted).one_or_none()
    if message is not None:
        message.confirm(arrived=arrived, trouble=trouble, now=now)
    return message


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is done about a message; a channel without a carrier is off.

    `compose` finds the address and the words; or says why nothing may go, that it must
    wait, or None where the person can no longer be reached.
    """

    carriers: Carriers
    compose: Compose

    def prepare(self, session: Session, payload: Payload, now: datetime) -> Letter | None:
        """Make the message ready to go; None when there is nothing to do any more."""
        message = session.get(Message, payload["message"], with_for_update=True)
        if message is None or message.status not in _OPEN_STATES:
            return None
        ready = self._made_ready(session, message, now)
        if isinstance(ready, Letter):
            message.set_out()
            return ready
        if isinstance(ready, Wait):
            message.send_after = ready.until
            _enqueue(session, message, run_at=ready.until)
        else:
            message.settle(ready, now=now)
        return None

    def _made_ready(
        self, session: Session, message: Message, now: datetime
    ) -> Letter | Outcome | Wait:
        if message.status is MessageStatus.SENDING:
            return Outcome(Fate.UNKNOWN, "worker vanished")
        if message.channel not in self.carriers:
            return _NO_CHANNEL
        ready = self.compose(session, message, now)
        return ready or Outcome(Fate.REFUSED, "no address any more")

    def go(self, letter: Letter) -> Outcome:
        """Hand it to its carrier."""
        return self.carriers[letter.channel].carry(letter)

    def settle(self, session: Session, payload: Payload, outcome: Outcome, now: datetime) -> None:
        """Write down what became of it, and when to try again if that makes sense."""
        message = session.get_one(Message, payload["message"], with_for_update=True)
        if message.status not in _UNDER_WAY:
            return  # a receipt was quicker than the answer
        message.settle(outcome, now=now)
        if message.status is MessageStatus.PENDING:
            _enqueue(session, message, run_at=now + jobs.back_off(message.id, message.attempts))


_wired: list[Delivery] = [Delivery({}, lambda _session, _message, _now: None)]


def _prepare(session: Session, payload: Payload, now: datetime) -> Letter | None:
    return _wired[-1].prepare(session, payload, now)


def _go(letter: Letter) -> Outcome:
    return _wired[-1].go(letter)


def _settle(session: Session, payload: Payload, outcome: Outcome, now: datetime) -> None:
    _wired[-1].settle(session, payload, outcome, now)


# What goes into the table of jobs under the name `JOB`.
ERRAND = Errand(_prepare, _go, _settle)


def wire(delivery: Delivery) -> None:
    """Say what ways out this process has; called once at start by the wiring."""
    _wired[:] = [delivery]


def _enqueue(session: Session, message: Message, *, run_at: datetime) -> None:
    jobs.enqueue(
        session, JOB, {"message": message.id}, run_at=run_at, dedup=f"message:{message.id}"
    )
