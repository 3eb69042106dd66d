"""Reads the papers and the answers of one application."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.cases.application_models import CaseApplication
from app.citizens.sealing import unseal
from app.kernel.db import rows
from app.kernel.vault import vault_of
from app.service_items.rules import Answers
from app.service_requests.models import ApplicationPaper
from app.service_requests.rules import Paper

ANSWERS: Final = "case_applications.answers"
_PAPERS: Final = (
    select(
        ApplicationPaper.key,
        ApplicationPaper.name,
        ApplicationPaper.name_en,
        ApplicationPaper.form,
        ApplicationPaper.copies,
        ApplicationPaper.may_defer,
        ApplicationPaper.verdict,
        ApplicationPaper.copies_in,
        ApplicationPaper.reason,
        ApplicationPaper.promised_until,
        ApplicationPaper.judged_at,
    )
    .where(ApplicationPaper.case_id == bindparam("case_id"))
    .order_by(ApplicationPaper.position)
)
_ENTITIES: Final = (
    select(ApplicationPaper)
    .where(ApplicationPaper.case_id == bindparam("case_id"))
    .order_by(ApplicationPaper.position)
)


def paper_rows(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The papers as a page shows them, in the order of the item."""
    return rows(session, _PAPERS, case_id=case_id)


def papers_of(session: Session, case_id: int) -> list[ApplicationPaper]:
    """The papers to be judged."""
    return list(session.scalars(_ENTITIES, {"case_id": case_id}))


def as_paper(row: ApplicationPaper) -> Paper:
    """The same as the rules know it."""
    return Paper(row.key, row.name, row.may_defer, row.verdict, row.reason, row.promised_until)


def answers_of(session: Session, row: CaseApplication) -> Answers:
    """The answers to the item's extra questions in clear text; empty where they were erased."""
    if row.answers is None:
        return {}
    answers: Answers = json.loads(unseal(vault_of(session), ANSWERS, row.answers, row.place))
    return answers
