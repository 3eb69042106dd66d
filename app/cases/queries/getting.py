"""Fetches one case, by whatever key the asker legitimately holds.

Staff come by number through `visible_to`, citizens by token or by number and code.
"""

import hmac
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.complaint_models import CaseRecusal
from app.cases.kinds import ApproverLevel
from app.cases.models import Approval, Attachment, Case, CaseAccused
from app.cases.queries.applying import application_of
from app.cases.queries.inquiring import inquiry_of, recused_from
from app.cases.queries.merging import back_to
from app.cases.queries.repairing import standing_of
from app.cases.queries.visibility import visible_to
from app.cases.rules import Situation
from app.departments import queries as departments
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.vault import Vault, vault_of

_CASE = "case"


def get_case(session: Session, case_id: int, actor: Actor) -> Case:
    """One case by its key.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    return _one(session.scalars(_by_id(actor), {"key": case_id}).one_or_none())


def get_by_number(session: Session, number: str, actor: Actor) -> Case:
    """One case by its number, as typed or scanned.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    asked = {"key": number.strip().upper()}
    return _one(session.scalars(_by_number(actor), asked).one_or_none())


@lru_cache(maxsize=512)
def _by_id(actor: Actor) -> Select[Case]:
    return visible_to(actor).where(Case.id == bindparam("key"))


@lru_cache(maxsize=512)
def _by_number(actor: Actor) -> Select[Case]:
    return visible_to(actor).where(Case.number == bindparam("key"))


def get_by_token(session: Session, token: str) -> Case:
    """The case a citizen's token stands for; an older generation opens nothing.

    Raises:
        NotFoundError: the token is unknown or revoked.
    """
    digest = vault_of(session).signer.digest(token)
    return _one(session.scalars(select(Case).where(Case.token_digest == digest)).one_or_none())


def get_taken_in(session: Session, number: str) -> Case:
    """The matter a form has opened, for whoever holds the form's token; theirs to read or not.

    Raises:
        NotFoundError: no form opened it.
    """
    return _one(session.scalars(select(Case).where(Case.number == number)).one_or_none())


def find_by_number_and_code(session: Session, number: str, code: str) -> Case | None:
    """The case whose number and query code a citizen typed; None teaches a guesser nothing."""
    case = session.scalars(select(Case).where(Case.number == number.upper())).one_or_none()
    if case is None:
        return None
    right = query_code(vault_of(session), case)
    return case if hmac.compare_digest(right.encode(), code.upper().encode()) else None


def public_token(vault: Vault, case: Case) -> str:
    """What the citizen's own page is called by; derived, so that it can be printed again."""
    return token_for(vault, case.id, case.token_generation)


def token_for(vault: Vault, case_id: int, generation: int) -> str:
    """The same from key and generation, for a case that is not a row yet."""
    return vault.signer.token(_CASE, case_id, generation)


def query_code(vault: Vault, case: Case) -> str:
    """Eight signs that go with the number."""
    return vault.signer.query_code(_CASE, case.id, case.token_generation)


def situation_of(session: Session, case: Case) -> Situation:
    """What the rules need to know of the case."""
    standing = rows(session, _STANDING, case_id=case.id)[0]
    kind, asked_by, level, about_unit, about_staff, has_recused = standing
    unit = departments.view_of(session, case.unit_id)
    return Situation(
        status=case.status,
        unit_id=case.unit_id,
        unit_path=unit.path,
        region_code=case.region_code,
        handler_id=case.handler_id,
        pending=kind,
        pending_by=asked_by,
        pending_level=level or ApproverLevel.UNIT,
        handing_to_id=case.handing_to_id,
        is_unit_ending=unit.is_ending,
        return_barred=case.return_barred,
        return_count=case.return_count,
        returns_until=case.returns_until,
        due_at=case.due_at,
        accused_unit_id=about_unit,
        accused_staff_id=about_staff,
        replied_by=case.replied_by,
        closed_at=case.closed_at,
        merged_from=back_to(session, case),
        follows=case.master_id is not None,
        callback_result=case.callback_result,
        is_drawn=case.is_drawn,
        recused=frozenset(recused_from(session, case.id)) if has_recused else frozenset(),
        inquiry=inquiry_of(session, case),
        application=application_of(session, case),
        repair=standing_of(session, case),
    )


# Built once: on every step and every page of a case the building would cost as much as the asking.
_PENDING: Final = select(Approval).where(
    Approval.case_id == bindparam("case_id"), Approval.decided_at.is_(None)
)
_STANDING: Final = (
    select(
        Approval.kind,
        Approval.requested_by,
        Approval.level,
        CaseAccused.unit_id,
        CaseAccused.staff_id,
        exists().where(CaseRecusal.case_id == bindparam("case_id")),
    )
    .select_from(Case)
    .outerjoin(Approval, and_(Approval.case_id == Case.id, Approval.decided_at.is_(None)))
    .outerjoin(CaseAccused, CaseAccused.case_id == Case.id)
    .where(Case.id == bindparam("case_id"))
)


_FILES: Final = (
    select(Attachment)
    .where(Attachment.case_id == bindparam("case_id"), Attachment.is_sealed.is_(False))
    .order_by(Attachment.id)
)
_NUMBERS: Final = select(Case.id, Case.number).where(Case.id.in_(bindparam("ids", expanding=True)))
_PUBLIC_FILES: Final = _FILES.where(Attachment.is_public)


def find_pending(session: Session, case: Case) -> Approval | None:
    """The request that waits for a decision; there is never more than one."""
    return session.scalars(_PENDING, {"case_id": case.id}).one_or_none()


def list_attachments(session: Session, case_id: int, *, public_only: bool) -> list[Attachment]:
    """The files of a case, oldest first."""
    wanted = _PUBLIC_FILES if public_only else _FILES
    return list(session.scalars(wanted, {"case_id": case_id}))


def numbers_of(session: Session, case_ids: Sequence[int]) -> dict[int, str]:
    """The numbers of matters by their keys, for a log that names them and shows nothing else."""
    found = rows(session, _NUMBERS, ids=list(case_ids))
    return {row.id: row.number for row in found}


def _one(case: Case | None) -> Case:
    if case is None:
        raise NotFoundError(mark("There is no such matter, or it is not yours to see."))
    return case
