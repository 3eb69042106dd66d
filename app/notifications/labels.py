"""What the ways and the states of messages are called on the screens of staff."""

from typing import Final

from app.kernel.messages import mark
from app.kernel.outbox import Channel, MessageStatus

WAYS: Final = {Channel.SMS: mark("Text message"), Channel.MAIL: mark("E-mail")}
# Each state of a message: the lamp beside it and its words.
STATES: Final = {
    MessageStatus.PENDING: ("paused", mark("waiting to be sent")),
    MessageStatus.SENDING: ("paused", mark("being sent")),
    MessageStatus.SENT: ("done", mark("sent")),
    MessageStatus.DELIVERED: ("ok", mark("delivered")),
    MessageStatus.FAILED: ("bad", mark("not sent")),
    MessageStatus.UNKNOWN: ("warn", mark("perhaps sent, please check")),
    MessageStatus.OFF: ("paused", mark("not sent: no channel is set up")),
    MessageStatus.SUPPRESSED: ("paused", mark("not sent")),
}
