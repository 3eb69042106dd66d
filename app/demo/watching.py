"""Neighbours of the demo city who said "me too": a few reports trouble several, one many.

Goes through the service a page would call; browsers only, so that nobody is written to.
"""

from datetime import datetime, timedelta
from typing import Final

from app.demo import queries
from app.demo.town import Town
from app.watching.rules import VOICES, Why
from app.watching.service import following

_SINCE: Final = timedelta(days=60)
_MOST: Final = 12
_VOICES: Final = (VOICES + 1, 2, 1, 3, 1)


def found(town: Town, *, now: datetime) -> None:
    """Let the latest open reports trouble more than whoever reported them."""
    recent = queries.placed_repairs(town.session, since=now - _SINCE, most=_MOST)
    still_open = [case for case in recent if case.closed_at is None]
    for case, people in zip(still_open, _VOICES, strict=False):
        for number in range(people):
            browser = f"demo-{case.id}-{number}"
            following.watch(town.session, case, Why.ME_TOO, browser=browser, now=now)
