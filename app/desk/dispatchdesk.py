"""Makes the dispatch queue ready: each matter with who is proposed, why, and who else may be.

Reads only. The directory is asked from its kept copy, so a page costs the same for any number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.labels import label
from app.catalogue.rules import Proposal
from app.departments import queries as departments
from app.desk.times import Light, light
from app.dispatching import queries
from app.dispatching.service.sending import Sent


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One matter that waits for a dispatcher."""

    id: int
    number: str
    version: int
    title: str
    state: str
    unit: str
    category: str
    place: str
    is_urgent: bool
    is_confidential: bool
    urge_count: int
    light: Light
    unit_id: int | None
    unit_choices: tuple[tuple[str, str], ...]
    why: str
    why_params: Mapping[str, object]
    basis: str
    fallback: str
    is_alert: bool
    returned_because: str
    key: str


def queue_row(
    session: Session,
    row: Row[*tuple[Any, ...]],
    *,
    place: int,
    language: str,
    now: datetime,
) -> QueueRow:
    """A row of the queue as the page prints it; the first nine have a key of their own."""
    proposal = queries.proposal_for(session, row)
    choices, first, fallback = _choices(session, row, proposal, language)
    why = (proposal.alert or proposal.why) if proposal else None
    return QueueRow(
        id=row.id,
        number=row.number,
        version=row.version,
        title=row.title,
        state=label(row.status),
        unit=_named(row, language),
        category=row.category_name,
        place=row.place or departments.region_name(session, row.region_code),
        is_urgent=row.urgency in ("critical", "urgent"),
        is_confidential=row.is_confidential,
        urge_count=row.urge_count,
        light=light(
            due_at=row.next_due_at,
            warn_at=row.next_warn_at,
            paused=row.is_paused,
            provisional=row.is_provisional,
            now=now,
        ),
        unit_id=first,
        unit_choices=choices,
        why=why.msgid if why else "",
        why_params=why.params_in(language) if why else {},
        basis=proposal.basis if proposal else "",
        fallback=fallback,
        is_alert=proposal is not None and proposal.alert is not None,
        returned_because=(row.returned_because or "") if row.status is Status.RETURNING else "",
        key=f"Alt+{place}" if place <= 9 else "",  # noqa: PLR2004  # the keyboard has nine digits
    )


def _choices(
    session: Session, row: Row[*tuple[Any, ...]], proposal: Proposal | None, language: str
) -> tuple[tuple[tuple[str, str], ...], int | None, str]:
    """The units to pick from with the one to begin with, and who stands in for nobody."""
    found: dict[int, str] = {}
    first: int | None = None
    if row.status is Status.RETURNING and row.suggested_unit_id:
        first = row.suggested_unit_id
    if proposal is not None and proposal.unit_id is not None:
        first = first or proposal.unit_id
    fallback = ""
    if first is None or (proposal is not None and proposal.unit_id is None):
        instead = queries.fallback_for(session, row.region_code, row.accused_unit_id)
        if instead is not None:
            first = first or instead.id
            fallback = _name_of(session, instead.id, language)
            found[instead.id] = fallback
    offered = [first, proposal.unit_id if proposal else None]
    offered += [other.unit_id for other in proposal.alternatives] if proposal else []
    named = {one: _name_of(session, one, language) for one in offered if one is not None}
    ordered = {**({first: named[first]} if first is not None else {}), **named, **found}
    return tuple((str(one), name) for one, name in ordered.items()), first, fallback


def _name_of(session: Session, unit_id: int, language: str) -> str:
    unit = departments.view_of(session, unit_id)
    return unit.name_en if language == "en" and unit.name_en else unit.name


def _named(row: Row[*tuple[Any, ...]], language: str) -> str:
    name: str = row.unit_name_en if language == "en" and row.unit_name_en else row.unit_name
    return name


@dataclass(frozen=True, slots=True)
class DoneRow:
    """What became of one row of a selection."""

    number: str
    title: str
    to: str
    trouble: str
    params: Mapping[str, object]


def done_row(number: str, title: str, to: str, sent: Sent) -> DoneRow:
    """A result as the page prints it."""
    return DoneRow(number, title, to, sent.trouble, sent.params or {})
