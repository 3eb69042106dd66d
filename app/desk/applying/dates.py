"""The dates an application would get, shown before it is saved, each with its ground.

Counted by the rules of applications; nothing is computed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.accounts.deps import Work
from app.catalogue.labels import basis_in
from app.kernel.messages import mark
from app.service_items.rules import Handling, ItemVersion
from app.service_requests import service as requests
from app.service_requests.rules import limits_of
from app.service_requests.rules.dates import LEGAL, RESOLVE

_NOTICE_BASIS: Final = mark("Permit law art. 32: on the spot or within 5 working days, once")
_ACCEPT_BASIS: Final = mark("As soon as the papers are complete; from the next day the limits run")
_NO_LEGAL: Final = mark("The law sets no limit for this item")


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date with its ground; without a date the words beside it say why."""

    label: str
    at: datetime | None
    basis: str
    is_msgid: bool = False
    is_sample: bool = False
    is_provisional: bool = False
    is_day: bool = True


def of(work: Work, version: ItemVersion, *, language: str) -> Sequence[DateLine]:
    """The dates for this version, were it received and accepted now."""
    found = requests.preview(work.session, version.id, now=work.now)
    limits = limits_of(version)
    is_instant = version.content.handling is Handling.INSTANT
    moves = found.is_provisional
    legal = limits.get(LEGAL)
    return (
        DateLine(
            mark("What lacks is told by"),
            found.notice,
            _NOTICE_BASIS,
            is_msgid=True,
            is_provisional=moves,
        ),
        DateLine(mark("Acceptance"), work.now, _ACCEPT_BASIS, is_msgid=True),
        DateLine(
            mark("Promised by"),
            found.promised,
            basis_in(language, limits[RESOLVE].basis_text),
            is_sample=limits[RESOLVE].is_sample,
            is_provisional=moves,
            is_day=not is_instant,
        ),
        DateLine(
            mark("Legal limit"),
            found.legal,
            basis_in(language, legal.basis_text) if legal else _NO_LEGAL,
            is_msgid=legal is None,
            is_provisional=moves and legal is not None,
        ),
    )
