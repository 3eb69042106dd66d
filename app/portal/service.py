"""What a visitor can do: write a report over several pages, send it once, act on their own matter.

Callers own the transaction; files arrive here already stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from app.cases import service as cases
from app.cases.kinds import Action, Channel, DoerKind, SubjectKind
from app.cases.models import Attachment, Case
from app.cases.rules import CITIZEN, StepInput
from app.cases.service import NewCase, drafts
from app.cases.service.confiding import About
from app.cases.service.files import StoredFile, keep_files
from app.catalogue.rules import ABOUT_SOMEBODY, CaseKind, CategoryEntry, Urgency
from app.catalogue.rules.dangers import dangers, urgency_of
from app.citizens.service import Person
from app.kernel import idempotency
from app.kernel.ids import random_token
from app.portal import queries
from app.portal.models import Notice
from app.portal.rules import Report, StepName, next_step
from app.portal.sending import send_once

FORM: Final = "report"


@dataclass(frozen=True, slots=True)
class Writing:
    """A report being written: whose, what so far, the category as the catalogue has it now."""

    owner: str
    report: Report
    category: CategoryEntry | None = None
    draft_id: int | None = None
    files: tuple[Attachment, ...] = ()

    @property
    def may_be_anonymous(self) -> bool:
        """Whether the category allows it; without one we must be able to ask."""
        return self.category is not None and self.category.may_be_anonymous

    @property
    def next_step(self) -> StepName:
        """Where to go on."""
        return next_step(self.report, may_be_anonymous=self.may_be_anonymous)


def open_report(session: Session, visitor: str) -> Writing:
    """What this browser has written so far; an empty report if nothing."""
    owner = drafts.owner_of_visitor(session, visitor)
    kept = drafts.find(session, owner, FORM)
    if kept is None:
        return Writing(owner, Report())
    report = Report.from_data(kept.data)
    category = queries.find_category(session, report.category_id)
    if report.category_id is not None and category is None:  # taken off the portal meanwhile
        report = replace(report, category_id=None, has_category=False)
    files = tuple(drafts.files_of(session, kept.id))
    return Writing(owner, report, category, kept.id, files)


def keep_report(
    session: Session,
    writing: Writing,
    now: datetime,
    **changes: Any,  # noqa: ANN401  # members of Report
) -> Writing:
    """Store the report with these members changed."""
    report = replace(writing.report, **changes)
    if not report.token:
        report = replace(report, token=random_token())
    draft_id = drafts.save(session, writing.owner, FORM, report.to_data(), now=now)
    category = queries.find_category(session, report.category_id)
    return replace(writing, report=report, category=category, draft_id=draft_id)


def forget_report(session: Session, visitor: str) -> None:
    """Throw away what was written, uploads included."""
    drafts.remove(session, drafts.owner_of_visitor(session, visitor), FORM)


def send_report(session: Session, visitor: str, token: str, *, now: datetime) -> Case:
    """Open the case; whoever sends the same form again gets the same case.

    Raises:
        InvalidError: answers are missing, and it was not sent before either.
    """
    writing = open_report(session, visitor)
    return send_once(
        session,
        token,
        owner=writing.owner,
        form=FORM,
        region_code=writing.report.region_code,
        is_ready=writing.next_step is StepName.CHECK,
        open_with=lambda reserved: cases.open_case(
            session, replace(_new_case(writing), reserved=reserved), doer=CITIZEN, now=now
        ),
        now=now,
    )


def add_report(
    session: Session, writing: Writing, case: Case, token: str, *, now: datetime
) -> None:
    """Add what was written to a matter of theirs, instead of a new one; sent twice, once.

    Raises:
        StepNotAllowedError: the matter has ended meanwhile.
    """
    scope, answer = f"{FORM}:{writing.owner}", {"case_id": case.id}
    if idempotency.once(session, token, scope, now, answer=answer) is not None:
        return
    files = [file.id for file in writing.files]
    cases.supplement(session, case, writing.report.body, attachment_ids=files, now=now)
    drafts.remove(session, writing.owner, FORM)


def _new_case(writing: Writing) -> NewCase:
    report = writing.report
    person = None if report.is_anonymous else Person(name=report.name, phone=report.phone)
    return NewCase(
        body=report.body,
        channel=Channel.PORTAL,
        kind=CaseKind(report.kind),
        category_id=report.category_id,
        place=report.place,
        region_code=report.region_code,
        lon=Decimal(report.lon) if report.lon else None,
        lat=Decimal(report.lat) if report.lat else None,
        urgency=_urgency(writing),
        is_anonymous=report.is_anonymous,
        person=person,
        attachment_ids=[file.id for file in writing.files],
        about=_about(report),
        is_identity_secret=report.is_secret and report.kind in ABOUT_SOMEBODY,
    )


def _about(report: Report) -> About | None:
    """What a complaint is about, in the visitor's words; whom that means staff say."""
    if report.kind != CaseKind.COMPLAINT or not (report.subject_kind or report.subject_name):
        return None
    kind = SubjectKind(report.subject_kind) if report.subject_kind else None
    if kind is SubjectKind.BUSINESS and not report.subject_name:
        return None  # which one, staff ask or find in the text when they accept it
    return About(kind, report.subject_name)


def _urgency(writing: Writing) -> Urgency | None:
    said = urgency_of(dangers().found_in(writing.report.body))
    usual = writing.category.default_urgency if writing.category else None
    known = [each for each in (said, usual) if each is not None]
    return min(known, key=lambda each: each.rank, default=None)


def add_files(
    session: Session,
    files: Sequence[StoredFile],
    *,
    now: datetime,
    draft_id: int | None = None,
    case_id: int | None = None,
) -> tuple[int, ...]:
    """Rows for files a citizen sent, tied to their draft or case; they may see them again."""
    return keep_files(
        session,
        files,
        DoerKind.CITIZEN,
        case_id=case_id,
        draft_id=draft_id,
        is_public=True,
        now=now,
    )


def take_own_step(
    session: Session,
    case: Case,
    action: Action,
    *,
    text: str = "",
    note: str = "",
    files: Sequence[StoredFile] = (),
    now: datetime,
) -> Case:
    """A step the citizen takes; the page has made sure that they saw the latest public line.

    Internal lines written meanwhile are no conflict: the citizen could not see them.

    Raises: as `cases.service.take_step`.
    """
    ids = add_files(session, files, case_id=case.id, now=now)
    given = StepInput(action, case.version, note=note, text=text, attachment_ids=ids)
    return cases.take_step(session, case, given, doer=CITIZEN, now=now).case


def supplement(
    session: Session, case: Case, text: str, files: Sequence[StoredFile], *, now: datetime
) -> None:
    """Words and photos added to one's own matter.

    Raises: as `cases.service.supplement`.
    """
    ids = add_files(session, files, case_id=case.id, now=now)
    cases.supplement(session, case, text, attachment_ids=ids, now=now)


def add_notices(session: Session, rows: Sequence[Mapping[str, str]], *, now: datetime) -> None:
    """Put notices on the front page, the first one on top."""
    session.add_all(Notice(shown_from=now, **row) for row in reversed(rows))
    session.flush()
