"""Prints messages where the server runs, in the demo city, which sends nothing to anybody.

The number is masked even there; the words are shown whole, a code can be typed from them.
"""

import structlog

from app.kernel.outbox import Channel, Fate, Letter, Outcome
from app.kernel.text import mask_email, mask_phone

_log = structlog.get_logger("demo")


class Console:
    """The way out of the demo city."""

    def carry(self, letter: Letter, /) -> Outcome:
        """Show the message to whoever runs the demonstration."""
        mask = mask_phone if letter.channel is Channel.SMS else mask_email
        _log.info("demo message", to=mask(letter.address), text=letter.text)
        return Outcome(Fate.SENT)
