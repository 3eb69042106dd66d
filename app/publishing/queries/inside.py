"""One publication as staff and the checks read it: by its matter, by its files.

Who may ask was found out before; the public reads `released`.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.cases.models import Case, CaseEvent
from app.cases.repair_models import Repair
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.facilities import queries as facilities
from app.publishing.models import Publication, PublishedPhoto, PublishedUpdate
from app.publishing.queries.released import get_released


def find_publication(session: Session, case_id: int) -> Publication | None:
    """What was ever released of a matter, taken back or not; for staff who see the matter."""
    return session.scalars(_OF_CASE, {"case_id": case_id}).one_or_none()


def files_known(session: Session, names: Sequence[str]) -> set[str]:
    """Which of these files are photos that were released."""
    wanted = select(PublishedPhoto.sha256).where(PublishedPhoto.sha256.in_(names))
    return set(session.scalars(wanted))


def files_of(session: Session, case_id: int) -> list[str]:
    """The content hashes of the photos that were released of a matter."""
    wanted = select(PublishedPhoto.sha256).join(
        Publication, Publication.id == PublishedPhoto.publication_id
    )
    return list(session.scalars(wanted.where(Publication.case_id == case_id)))


def case_of(session: Session, public_no: str) -> Case:
    """The matter behind a released repair, for following it; nothing of it goes to the public.

    Raises:
        NotFoundError: never released, or taken back.
    """
    shown = get_released(session, public_no)
    wanted = select(Case).join(Publication, Publication.case_id == Case.id)
    return session.scalars(wanted.where(Publication.id == shown.id)).one()


_OF_CASE: Final = select(Publication).where(Publication.case_id == bindparam("case_id"))
_LINES: Final = (
    select(CaseEvent).where(CaseEvent.case_id == bindparam("case_id")).order_by(CaseEvent.seq)
)


def lines_of(session: Session, case_id: int) -> list[CaseEvent]:
    """The history of a matter; what of it the public is told is the service's to say."""
    return list(session.scalars(_LINES, {"case_id": case_id}))


def events_told(session: Session, publication_id: int) -> set[int | None]:
    """The lines of history the public has been told already."""
    wanted = select(PublishedUpdate.event_id).where(
        PublishedUpdate.publication_id == publication_id
    )
    return set(session.scalars(wanted))


def last_answer(session: Session, publication_id: int) -> PublishedUpdate | None:
    """The words a person released as our answer."""
    wanted = select(PublishedUpdate).where(
        PublishedUpdate.publication_id == publication_id, PublishedUpdate.event_id.is_(None)
    )
    return session.scalars(wanted.order_by(PublishedUpdate.id.desc()).limit(1)).first()


def is_restricted(session: Session, case: Case) -> bool:
    """Whether the data of whoever brought the matter may only be stored (PIPL art. 47)."""
    if case.citizen_id is None:
        return False
    wanted = select(Citizen.state).where(Citizen.id == case.citizen_id)
    return session.scalars(wanted).one() is CitizenState.RESTRICTED


def is_at_a_home(session: Session, case: Case) -> bool:
    """Whether a type of the matter, reported or as filed, stands at or in somebody's dwelling."""
    row = session.get(Repair, case.id)
    reported = row.type_id if row is not None else None
    return any(
        kind.is_home
        for kind in facilities.list_types(session)
        if kind.category_id == case.category_id or kind.id == reported
    )


def exact_of_type(session: Session, type_id: int, category_id: int) -> Sequence[Publication]:
    """What was released of a type with its exact position, taken back or not."""
    wanted = (
        select(Publication)
        .outerjoin(Repair, Repair.case_id == Publication.case_id)
        .where(
            or_(Publication.category_id == category_id, Repair.type_id == type_id),
            Publication.is_coarse.is_(False),
        )
        .order_by(Publication.id)
    )
    return session.scalars(wanted).all()
