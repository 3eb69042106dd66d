"""Reads one repair: its row, photos, materials, answers, and to whom it was lent."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.cases.kinds import Action
from app.cases.models import Attachment, CaseEvent, CaseText
from app.citizens.sealing import unseal
from app.kernel.db import rows
from app.kernel.vault import vault_of
from app.repairs.models import ContractorLink, MaterialUse, Repair, RepairPhoto
from app.repairs.rules import PhotoStage
from app.service_items.rules import Answers

ANSWERS: Final = "repairs.answers"
_STAGES: Final = select(RepairPhoto.stage, RepairPhoto.round).where(
    RepairPhoto.case_id == bindparam("case_id")
)
_PHOTOS: Final = (
    select(
        RepairPhoto.attachment_id,
        RepairPhoto.stage,
        RepairPhoto.round,
        RepairPhoto.taken_at,
        RepairPhoto.lon,
        RepairPhoto.lat,
        Attachment.at,
        Attachment.sha256,
        Attachment.content_type,
        Attachment.width,
        Attachment.height,
        Attachment.is_public,
    )
    .join(Attachment, Attachment.id == RepairPhoto.attachment_id)
    .where(RepairPhoto.case_id == bindparam("case_id"))
    .order_by(RepairPhoto.id)
)
_MATERIALS: Final = (
    select(
        MaterialUse.name,
        MaterialUse.measure,
        MaterialUse.quantity,
        MaterialUse.cost,
        MaterialUse.round,
        MaterialUse.at,
    )
    .where(MaterialUse.case_id == bindparam("case_id"))
    .order_by(MaterialUse.id)
)
_LINKS: Final = (
    select(ContractorLink)
    .where(ContractorLink.case_id == bindparam("case_id"))
    .order_by(ContractorLink.id.desc())
)

# Taken back by whoever checks it; a later round brings its own words.
_SENT_BACK: Final = (
    select(CaseText.internal_text)
    .join(CaseEvent, CaseEvent.id == CaseText.event_id)
    .where(CaseEvent.case_id == bindparam("case_id"), CaseEvent.action == Action.REWORK)
    .order_by(CaseEvent.seq.desc())
    .limit(1)
)


def sent_back(session: Session, case_id: int) -> str:
    """Why the work is to be done again, in the words of who checked it; empty where it is not."""
    return next((row.internal_text for row in rows(session, _SENT_BACK, case_id=case_id)), "")


def repair_of(session: Session, case_id: int) -> Repair | None:
    """The repair beside this matter; None for matters of other kinds."""
    return session.get(Repair, case_id)


def stages_known(session: Session, case_id: int, round_no: int) -> frozenset[PhotoStage]:
    """Of which stages there are photos: before of any round, the others of this one."""
    found = rows(session, _STAGES, case_id=case_id)
    return frozenset(
        row.stage for row in found if row.stage is PhotoStage.BEFORE or row.round == round_no
    )


def photos_of(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The photos of a repair with when and where they were taken, oldest first."""
    return rows(session, _PHOTOS, case_id=case_id)


def materials_of(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was used for a repair, oldest first."""
    return rows(session, _MATERIALS, case_id=case_id)


def links_of(session: Session, case_id: int) -> Sequence[ContractorLink]:
    """To whom a repair was lent, newest first."""
    return session.scalars(_LINKS, {"case_id": case_id}).all()


def answers_of(session: Session, row: Repair) -> Answers:
    """What was answered to the questions of its type."""
    if row.answers is None:
        return {}
    found: Answers = json.loads(unseal(vault_of(session), ANSWERS, row.answers, row.place_key))
    return found
