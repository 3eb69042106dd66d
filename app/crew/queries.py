"""What the crew's pages look up themselves: one repair, its files and words, who else is there.

Lists of a crew and the stock come from `repairs`; no citizen is named by anything here.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.models import OPEN_AND_PLACED, Attachment, Case, CaseEvent, CaseText
from app.cases.queries import visible_clause
from app.crew.rules import IN_HAND, SAME_SITE_M
from app.departments import queries as departments
from app.departments.queries.shelf import UnitView
from app.departments.rules import UnitKind
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.geo import cells_around, distance_m
from app.kernel.messages import mark
from app.repairs.models import ClientAction, Repair, RepairPhoto
from app.repairs.queries import BOARD_COLUMNS

_LATEST_WORDS: Final = 6
_MOST_FILES: Final = 60


def crews_of(session: Session, actor: Actor) -> list[UnitView]:
    """The crews the actor works in."""
    ids = {grant.unit_id for grant in actor.grants_for(Permission.REPAIR_FIELD)}
    return [unit for unit in departments.views_of(session, ids) if unit.kind is UnitKind.CREW]


@lru_cache(maxsize=256)
def _one(actor: Actor) -> Select[*tuple[Any, ...]]:
    mine = Repair.crew_id.in_(bindparam("crews", expanding=True))
    return (
        select(
            *BOARD_COLUMNS,
            Case.body,
            Case.event_seq,
            Case.closed_at,
            Repair.dangers,
            Repair.rework_count,
        )
        .join(Repair, Repair.case_id == Case.id)
        .where(Case.number == bindparam("number"), or_(mine, visible_clause(actor)))
    )


def get_job(
    session: Session, number: str, actor: Actor, crews: Collection[int]
) -> Row[*tuple[Any, ...]]:
    """One repair that the actor's crew has, or that the actor may see anyway.

    Raises:
        NotFoundError: there is none.
    """
    found = rows(session, _one(actor), number=number.strip().upper(), crews=sorted(crews))
    if not found:
        raise NotFoundError(mark("There is no such matter, or it is not yours to see."))
    return found[0]


# Held until the answer is written: sent again before that, it waits and is known as sent.
_KEY: Final = select(Case.id).where(Case.number == bindparam("number")).with_for_update()
_SENT: Final = select(ClientAction.id).where(ClientAction.client_id == bindparam("client_id"))


def key_of(session: Session, number: str) -> int:
    """The key of a matter for whoever sends something to it; whether they may is asked there.

    Raises:
        NotFoundError: there is no such matter.
    """
    found = rows(session, _KEY, number=number.strip().upper())
    if not found:
        raise NotFoundError(mark("There is no such matter, or it is not yours to see."))
    return int(found[0].id)


def was_sent(session: Session, client_id: str) -> bool:
    """Whether an action with this id has arrived before: its photos are here already."""
    return bool(rows(session, _SENT, client_id=client_id))


_FILES: Final = (
    select(
        Attachment.id,
        Attachment.content_type,
        Attachment.at,
        RepairPhoto.stage,
        RepairPhoto.taken_at,
    )
    .outerjoin(RepairPhoto, RepairPhoto.attachment_id == Attachment.id)
    .where(
        Attachment.case_id == bindparam("case_id"),
        Attachment.is_sealed.is_(False),
        Attachment.content_type.startswith("image/"),
    )
    .order_by(Attachment.id)
    .limit(_MOST_FILES)
)


def photos_of(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The photos of a repair, those of the report among them, oldest first."""
    return rows(session, _FILES, case_id=case_id)


def find_file(session: Session, case_id: int, file_id: int) -> Attachment:
    """One file of a repair whose card the actor may open.

    Raises:
        NotFoundError: it has no such file, or it is sealed.
    """
    file = session.get(Attachment, file_id)
    if file is None or file.case_id != case_id or file.is_sealed:
        raise NotFoundError(mark("There is no such file."))
    return file


_WORDS: Final = (
    select(CaseEvent.at, CaseEvent.action, CaseText.internal_text)
    .join(CaseText, CaseText.event_id == CaseEvent.id)
    .where(CaseEvent.case_id == bindparam("case_id"), CaseText.internal_text != "")
    .order_by(CaseEvent.seq.desc())
    .limit(_LATEST_WORDS)
)


def words_of(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What staff wrote to each other about it lately, newest first: why it came back."""
    return rows(session, _WORDS, case_id=case_id)


_NEIGHBOURS: Final = (
    select(Case.id, Case.number, Case.lon, Case.lat, Repair.crew_id, Repair.asset_id)
    .join(Repair, Repair.case_id == Case.id)
    .where(
        Case.status.in_(IN_HAND),
        Repair.crew_id.is_not(None),
        Repair.crew_id.not_in(bindparam("crews", expanding=True)),
    )
    .limit(500)
)
_IN_CELLS: Final = _NEIGHBOURS.where(
    OPEN_AND_PLACED, Case.cell.in_(bindparam("cells", expanding=True))
)
_ON_ASSETS: Final = _NEIGHBOURS.where(Repair.asset_id.in_(bindparam("assets", expanding=True)))


def others_at(
    session: Session, jobs: Sequence[Row[*tuple[Any, ...]]], crews: Collection[int]
) -> Mapping[int, Sequence[int]]:
    """Other crews with work at the same place, by the key of our own repair.

    The same place: the same facility, or within 50 m. Two statements, however many jobs.
    """
    placed = {job.id: (float(job.lon), float(job.lat)) for job in jobs if job.lon is not None}
    cells = {cell for at in placed.values() for cell in cells_around(*at, SAME_SITE_M)}
    assets = {job.asset_id for job in jobs if job.asset_id is not None}
    asked = {"crews": sorted(crews)}
    near = rows(session, _IN_CELLS, cells=sorted(cells), **asked) if cells else ()
    same = rows(session, _ON_ASSETS, assets=sorted(assets), **asked) if assets else ()
    return {job.id: _at(job, placed.get(job.id), near, same) for job in jobs}


def _at(
    job: Row[*tuple[Any, ...]],
    at: tuple[float, float] | None,
    near: Sequence[Row[*tuple[Any, ...]]],
    same: Sequence[Row[*tuple[Any, ...]]],
) -> Sequence[int]:
    found = {one.crew_id for one in same if one.asset_id == job.asset_id and one.id != job.id}
    for one in near:
        if at and distance_m(at, (float(one.lon), float(one.lat))) <= SAME_SITE_M:
            found.add(one.crew_id)
    return sorted(found)
