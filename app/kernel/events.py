"""Tells whoever subscribed that something happened, inside the same transaction.

Upward effects travel this way so that a lower feature never imports a higher
one. The table of subscribers is literal and lives in `app/wiring.py`; this
module only holds it while the process runs.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

Subscriber = Callable[[Session, Any], None]

_subscribers: dict[type, tuple[Subscriber, ...]] = {}


def wire(table: Mapping[type, Sequence[Subscriber]]) -> None:
    """Replace the table of subscribers; called once at start by the wiring."""
    _subscribers.clear()
    _subscribers.update({kind: tuple(subscribers) for kind, subscribers in table.items()})


def publish(session: Session, event: object) -> None:
    """Call every subscriber of the event's exact type, in order, in this transaction.

    A subscriber that raises takes the whole transaction with it: an effect that
    was promised is never silently lost.
    """
    for subscriber in _subscribers.get(type(event), ()):
        subscriber(session, event)
