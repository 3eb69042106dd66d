"""What was released, as the public may read it; every page, feed and interface reads from here.

Nothing revoked and nothing of a confidential matter ever leaves; staff read one publication
by its matter, after they were let see the matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.models import Case
from app.catalogue.models import Category
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Count, Order, Page, count_capped, list_page
from app.publishing.models import Publication, PublishedPhoto, PublishedUpdate
from app.publishing.rules import PublicState

PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Released:
    """One repair as everybody may read it. `updates` and `photos` are asked for apart."""

    id: int
    public_no: str
    category_code: str
    category_name: str
    category_name_en: str
    unit_name: str
    unit_name_en: str
    region_code: str
    title: str
    words: str
    place: str
    lon: Decimal | None
    lat: Decimal | None
    is_coarse: bool
    status: Status
    requested_at: datetime
    changed_at: datetime
    expected_at: datetime | None
    closed_at: datetime | None

    @property
    def state(self) -> PublicState:
        return PublicState.OPEN if self.closed_at is None else PublicState.CLOSED


@dataclass(frozen=True, slots=True)
class Update:
    """What happened to a released repair, and since when the public could know."""

    id: int
    public_no: str
    status: Status
    words: str
    happened_at: datetime
    published_at: datetime
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which released repairs are asked for; what is None or empty asks nothing.

    Moments are inclusive. `codes` are category codes, `region` the beginning of a region code;
    west, south, east and north go together.
    """

    numbers: tuple[str, ...] | None = None
    codes: tuple[str, ...] | None = None
    state: PublicState | None = None
    requested_from: datetime | None = None
    requested_to: datetime | None = None
    changed_from: datetime | None = None
    changed_to: datetime | None = None
    region: str | None = None
    west: Decimal | None = None
    south: Decimal | None = None
    east: Decimal | None = None
    north: Decimal | None = None

    def values(self) -> dict[str, Any]:
        """What is asked for, by the names of the parameters."""
        return {name: value for name, value in asdict(self).items() if value is not None}


_NEWEST: Final = (Publication.requested_at.desc(), Publication.id.desc())
BY_REQUEST: Final = Order.by(Publication.requested_at, Publication.id, descending=True)
# Checked at every reading, so that a matter found confidential, or a person whose data may
# only be stored, is out of sight the same moment, whoever forgot to revoke.
_IS_OPEN_DATA: Final = or_(Case.citizen_id.is_(None), Citizen.state != CitizenState.RESTRICTED)
IS_PUBLIC: Final = and_(
    Publication.revoked_at.is_(None), Case.is_confidential.is_(False), _IS_OPEN_DATA
)

_RELEASED: Final = (
    select(
        Publication.id,
        Publication.public_no,
        func.coalesce(Category.code, ""),
        func.coalesce(Category.name, ""),
        func.coalesce(Category.name_en, ""),
        Unit.name,
        Unit.name_en,
        Publication.region_code,
        Publication.title,
        Publication.words,
        Publication.place,
        Publication.lon,
        Publication.lat,
        Publication.is_coarse,
        Publication.status,
        Publication.requested_at,
        Publication.changed_at,
        Publication.expected_at,
        Publication.closed_at,
    )
    .join(Case, Case.id == Publication.case_id)
    .outerjoin(Citizen, Citizen.id == Case.citizen_id)
    .join(Unit, Unit.id == Publication.unit_id)
    .outerjoin(Category, Category.id == Publication.category_id)
    .where(IS_PUBLIC)
)
_CONDITIONS: Final[Mapping[str, ColumnElement[bool]]] = {
    "numbers": Publication.public_no.in_(bindparam("numbers", expanding=True)),
    "codes": Category.code.in_(bindparam("codes", expanding=True)),
    "requested_from": Publication.requested_at >= bindparam("requested_from"),
    "requested_to": Publication.requested_at <= bindparam("requested_to"),
    "changed_from": Publication.changed_at >= bindparam("changed_from"),
    "changed_to": Publication.changed_at <= bindparam("changed_to"),
    "region": Publication.region_code.startswith(bindparam("region")),
    "west": Publication.lon >= bindparam("west"),
    "south": Publication.lat >= bindparam("south"),
    "east": Publication.lon <= bindparam("east"),
    "north": Publication.lat <= bindparam("north"),
}
_STATES: Final = {
    PublicState.OPEN: Publication.closed_at.is_(None),
    PublicState.CLOSED: Publication.closed_at.is_not(None),
}
_UPDATES: Final = (
    select(
        PublishedUpdate.id,
        Publication.public_no,
        PublishedUpdate.status,
        PublishedUpdate.words,
        PublishedUpdate.happened_at,
        PublishedUpdate.published_at,
        func.coalesce(Publication.closed_at <= PublishedUpdate.happened_at, False),
    )
    .join(Publication, Publication.id == PublishedUpdate.publication_id)
    .join(Case, Case.id == Publication.case_id)
    .outerjoin(Citizen, Citizen.id == Case.citizen_id)
    .where(IS_PUBLIC)
)
_UPDATES_OF: Final = _UPDATES.where(Publication.id == bindparam("publication_id")).order_by(
    PublishedUpdate.happened_at, PublishedUpdate.id
)
_UPDATES_BETWEEN: Final = (
    _UPDATES.where(
        PublishedUpdate.published_at >= bindparam("since"),
        PublishedUpdate.published_at <= bindparam("until"),
    )
    .order_by(PublishedUpdate.published_at, PublishedUpdate.id)
    .limit(bindparam("most"))
)
_NEWEST_UPDATES: Final = _UPDATES.order_by(
    PublishedUpdate.published_at.desc(), PublishedUpdate.id.desc()
).limit(bindparam("most"))
_PHOTOS: Final = (
    select(PublishedPhoto)
    .where(PublishedPhoto.publication_id.in_(bindparam("ids", expanding=True)))
    .order_by(PublishedPhoto.id)
)


@lru_cache(maxsize=256)
def asking(names: frozenset[str], state: PublicState | None) -> Select[*tuple[Any, ...]]:
    """The select behind every list of what was released; `names` are those of `Wanted`."""
    conditions = [_CONDITIONS[name] for name in sorted(names - {"state"})]
    if state is not None:
        conditions.append(_STATES[state])
    return _RELEASED.where(*conditions)


@lru_cache(maxsize=256)
def _newest(names: frozenset[str], state: PublicState | None) -> Select[*tuple[Any, ...]]:
    asked = asking(names, state).order_by(*_NEWEST)
    return asked.limit(bindparam("most")).offset(bindparam("skipped"))


_BY_ID: Final = _RELEASED.where(Publication.id.in_(bindparam("ids", expanding=True))).order_by(
    *_NEWEST
)


def by_ids(session: Session, ids: Sequence[int]) -> list[Released]:
    """The released repairs of these keys, the newest requests first."""
    return [Released(*row) for row in rows(session, _BY_ID, ids=list(ids))] if ids else []


def list_released(
    session: Session, wanted: Wanted, *, limit: int, offset: int = 0
) -> list[Released]:
    """What was released and is asked for, the newest requests first."""
    values = wanted.values()
    statement = _newest(frozenset(values), wanted.state)
    values.pop("state", None)
    found = rows(session, statement, **values, most=limit, skipped=offset)
    return [Released(*row) for row in found]


def list_changed(session: Session, wanted: Wanted, *, limit: int) -> list[Released]:
    """What is asked for, what changed last first; for feeds."""
    values = wanted.values()
    state = values.pop("state", None)
    asked = asking(frozenset(values), state).params(**values)
    newest = asked.order_by(Publication.changed_at.desc(), Publication.id.desc())
    return [Released(*row) for row in rows(session, newest.limit(limit))]


def find_released(session: Session, public_no: str) -> Released | None:
    """The one of this public number, if it is released just now."""
    found = list_released(session, Wanted(numbers=(public_no,)), limit=1)
    return found[0] if found else None


def get_released(session: Session, public_no: str) -> Released:
    """As `find_released`.

    Raises:
        NotFoundError: never released, or taken back; nobody is told which.
    """
    found = find_released(session, public_no)
    if found is None:
        raise NotFoundError(mark("There is no such report here, or it is no longer shown."))
    return found


def list_updates(session: Session, publication_id: int) -> list[Update]:
    """What happened to one released repair, in the order in which it happened."""
    return [Update(*row) for row in rows(session, _UPDATES_OF, publication_id=publication_id)]


def updates_between(
    session: Session, since: datetime, until: datetime, *, limit: int
) -> list[Update]:
    """What became public between two moments, both inclusive, the oldest first."""
    found = rows(session, _UPDATES_BETWEEN, since=since, until=until, most=limit)
    return [Update(*row) for row in found]


def newest_updates(session: Session, *, limit: int) -> list[Update]:
    """What became public last, the newest first."""
    return [Update(*row) for row in rows(session, _NEWEST_UPDATES, most=limit)]


def photos_of(session: Session, ids: Sequence[int]) -> dict[int, list[PublishedPhoto]]:
    """The released photos of these publications (keys), in the order they were chosen."""
    found: dict[int, list[PublishedPhoto]] = {}
    for photo in session.scalars(_PHOTOS, {"ids": list(ids)}) if ids else ():
        found.setdefault(photo.publication_id, []).append(photo)
    return found


def page_of_released(
    session: Session, wanted: Wanted, *, cursor: str | None, size: int = PAGE
) -> tuple[Page[Released], Count]:
    """One page of what is asked for, the newest requests first, and how many there are.

    Raises:
        InvalidError: the cursor is damaged.
    """
    values = wanted.values()
    state = values.pop("state", None)
    asked = asking(frozenset(values), state).params(**values)
    found = list_page(session, asked, BY_REQUEST, cursor=cursor, size=size)
    keys = len(BY_REQUEST.columns)
    return found.map(lambda row: Released(*row[:-keys])), count_capped(session, asked)


_TYPES: Final = (
    select(Category.code, Category.name, Category.name_en)
    .where(
        Category.id.in_(
            select(Publication.category_id).where(Publication.revoked_at.is_(None)).distinct()
        )
    )
    .order_by(Category.code)
)


def list_types(session: Session) -> list[tuple[str, str, str]]:
    """Code, name and English name of every type of which something is released."""
    return [(row.code, row.name, row.name_en) for row in rows(session, _TYPES)]
