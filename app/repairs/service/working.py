"""Keeps what people at the spot hand in with a step: photos, materials, where it was."""

from sqlalchemy.orm import Session

from app.cases.events import CaseMoved
from app.cases.models import Attachment, Case
from app.cases.rules.repairing import Work
from app.cases.service.belongings import attach
from app.repairs.models import RepairPhoto
from app.repairs.service import stock


def keep(session: Session, case: Case, work: Work, *, event: CaseMoved) -> None:
    """Write photos and materials of a step down; files stay internal until somebody shows them.

    Raises:
        InvalidError: there is not enough of a material.
    """
    keep_photos(session, case, work, event_id=event.event.id)
    stock.use(session, case, work.materials, by_id=event.doer.staff_id, now=event.at)
    stock.note_brought(session, case, work.brought, now=event.at)


def keep_photos(session: Session, case: Case, work: Work, *, event_id: int) -> None:
    """Give the photos to the line that brought them, with what they show; also of a mere note."""
    # The round the work belongs to; sent back, the next one has begun with this very step.
    attach(session, case, [key for _, key in work.photos], event_id=event_id)
    for stage, key in work.photos:
        file = session.get(Attachment, key)
        if file is not None and file.case_id == case.id:  # an id in a form is a claim, not a right
            session.add(
                RepairPhoto(
                    case_id=case.id,
                    attachment_id=key,
                    stage=stage,
                    round=case.round,
                    taken_at=work.taken_at,
                    lon=work.lon,
                    lat=work.lat,
                )
            )
