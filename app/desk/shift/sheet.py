"""Writes the sheet of a hand-over: a numbered document with counts and numbers, no citizen in it.

What the next one has to know stays with the list, sealed; it is not printed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.departments import queries as departments
from app.desk.shift.rules import Item, ItemKind
from app.documents.models import Document
from app.documents.rules import DocumentKind
from app.documents.service import issuing

# The sheet is in the language of the house, whoever prints it.
_NAMES: Final[Mapping[ItemKind, str]] = {
    ItemKind.TALK: "未结束的接谈",
    ItemKind.TICKET: "窗口上的号",
    ItemKind.QUESTION: "未答复或未接手的首问",
    ItemKind.DRAFT: "草稿",
    ItemKind.PAPERS: "当天收件、未办结的办件",
}
# What has a number somebody else can look for.
_NAMED: Final = frozenset({ItemKind.TICKET, ItemKind.QUESTION, ItemKind.PAPERS})


def write(
    session: Session,
    items: Sequence[Item],
    *,
    hall_id: int,
    counter: int,
    to_id: int | None,
    actor: Actor,
    now: datetime,
) -> Document:
    """The document of one hand-over, numbered in the hall's series."""
    taker = session.get(Staff, to_id) if to_id else None
    counts = {kind: sum(1 for one in items if one.kind is kind) for kind in ItemKind}
    return issuing.issue(
        session,
        DocumentKind.HAND_OVER,
        {
            "hall": departments.view_of(session, hall_id).name,
            "counter": f"{counter} 号窗口",
            "from_name": actor.name,
            "to_name": taker.display_name if taker else "",
            "at": now,
            "figures": [{"name": _NAMES[kind], "value": count} for kind, count in counts.items()],
            "open": [
                {"number": one.ref, "what": _NAMES[one.kind]} for one in items if one.kind in _NAMED
            ],
        },
        unit_id=hall_id,
        case=None,
        actor=actor,
        now=now,
    )
