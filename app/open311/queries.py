"""Finds what came in by GeoReport, and what the public may be told beside `publishing.queries`.

A request somebody can name is found before it is released; of its words nothing leaves here
but to the program that brought it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import bindparam, false, func, or_, select
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.models import Case
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.kernel.db import rows
from app.open311.models import ONLY_ROW, GeoChangeset, GeoRequest, GeoUpdate
from app.publishing.models import PublishedUpdate
from app.publishing.queries import case_of


@dataclass(frozen=True, slots=True)
class Brought:
    """A request a program brought in, as it stands; only that program may read its words."""

    request_id: str
    key_id: int
    category_id: int | None
    status: Status
    body: str
    place: str
    lon: Decimal | None
    lat: Decimal | None
    is_withheld: bool
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """One thing the public was told of a publication (its key)."""

    publication_id: int
    status: Status
    words: str
    happened_at: datetime
    published_at: datetime


# Data of a person that may only be stored (PIPL art. 47) go to nobody, whoever brought them.
_IS_RESTRICTED: Final = Citizen.state == CitizenState.RESTRICTED
_BROUGHT: Final = (
    select(
        GeoRequest.request_id,
        GeoRequest.key_id,
        Case.category_id,
        Case.status,
        Case.body,
        Case.place,
        Case.lon,
        Case.lat,
        or_(Case.is_confidential, func.coalesce(_IS_RESTRICTED, false())),
        Case.opened_at,
        Case.closed_at,
    )
    .join(Case, Case.id == GeoRequest.case_id)
    .outerjoin(Citizen, Citizen.id == Case.citizen_id)
    .where(GeoRequest.request_id.in_(bindparam("names", expanding=True)))
    .order_by(GeoRequest.id.desc())
)
_CASE_BROUGHT: Final = (
    select(Case)
    .join(GeoRequest, GeoRequest.case_id == Case.id)
    .where(GeoRequest.request_id == bindparam("name"))
)
_TOLD: Final = (
    select(
        PublishedUpdate.publication_id,
        PublishedUpdate.status,
        PublishedUpdate.words,
        PublishedUpdate.happened_at,
        PublishedUpdate.published_at,
    )
    .where(PublishedUpdate.publication_id.in_(bindparam("ids", expanding=True)))
    .order_by(PublishedUpdate.happened_at, PublishedUpdate.id)
)
_ANSWERS: Final = _TOLD.where(PublishedUpdate.words != "")
_UPDATE: Final = select(GeoUpdate).where(
    GeoUpdate.key_id == bindparam("key_id"), GeoUpdate.client_id == bindparam("client_id")
)


def brought(session: Session, names: Sequence[str]) -> list[Brought]:
    """The requests of these names that came in by GeoReport, released or not, newest first."""
    return [Brought(*row) for row in rows(session, _BROUGHT, names=list(names))] if names else []


def get_case(session: Session, name: str) -> Case:
    """The matter a program means by this name: one it was told, or one it can read.

    Raises:
        NotFoundError: no program can know such a name.
    """
    found = session.scalars(_CASE_BROUGHT, {"name": name}).one_or_none()
    return found or case_of(session, name)


def told(session: Session, ids: Sequence[int], *, only_answers: bool) -> dict[int, list[Told]]:
    """What the public was told of these publications, by their keys, the oldest first."""
    statement = _ANSWERS if only_answers else _TOLD
    found: dict[int, list[Told]] = {}
    for row in rows(session, statement, ids=list(ids)) if ids else ():
        found.setdefault(row.publication_id, []).append(Told(*row))
    return found


def get_update(session: Session, key_id: int, client_id: str) -> GeoUpdate:
    """The update a key brought under this name; it is known to be there."""
    return session.scalars(_UPDATE, {"key_id": key_id, "client_id": client_id}).one()


def find_changeset(session: Session) -> GeoChangeset | None:
    """Since when the services are what they are, if anybody ever asked."""
    return session.get(GeoChangeset, ONLY_ROW)
