"""Writes down what was found of each paper of an application, and what follows for the whole.

A verdict may be changed as long as the application is not decided; each look leaves a line.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.cases.application_models import CaseApplication
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import CaseClock, is_accused, staff
from app.cases.service import clocks as case_clocks
from app.cases.service.applying import application_row
from app.cases.service.recording import Entry, record
from app.kernel.errors import ForbiddenError
from app.kernel.messages import mark
from app.service_requests import queries
from app.service_requests.models import ApplicationPaper
from app.service_requests.queries.papers import as_paper
from app.service_requests.rules import (
    Judged,
    Verdict,
    check_judged,
    count_open,
    count_promised,
    promise_ends,
    tell_defects,
    terms,
)
from app.sla import queries as clocks
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject

AT_WINDOW: Final = frozenset({Status.RECEIVED, Status.CORRECTING})
IN_HAND: Final = frozenset({Status.ADMITTED, Status.REVIEWING, Status.SPECIAL_PROCEDURE})
_NOT_YOURS: Final = mark("Your role does not allow this on this matter, or it is not the time.")


def may_judge(session: Session, case: Case, actor: Actor) -> bool:
    """Whether this person may look through the papers now: at the window, then who reviews."""
    situation = situation_of(session, case)
    if case.status in AT_WINDOW:
        needed = Permission.CASE_ACCEPT
    elif case.status in IN_HAND:
        needed = Permission.CASE_HANDLE
    else:
        return False
    return not is_accused(situation, actor) and actor.covers(
        needed,
        unit_id=situation.unit_id,
        unit_path=situation.unit_path,
        region_code=situation.region_code,
        handler_id=situation.handler_id,
    )


def judge(
    session: Session, case: Case, judged: Sequence[Judged], *, actor: Actor, now: datetime
) -> None:
    """Write verdicts down; papers not named stay as they were.

    Raises:
        ForbiddenError: not theirs, or it is accepted or decided already.
        InvalidError: a verdict says too little, or promises what may not follow.
    """
    if not may_judge(session, case, actor):
        raise ForbiddenError(_NOT_YOURS)
    row = application_row(session, case.id)
    papers = queries.papers_of(session, case.id)
    was_promised = row.papers_promised
    judge_new(session, row, papers, judged, by_id=actor.id, now=now)
    payload = {"open": row.papers_open, "promised": row.papers_promised}
    is_kept = case.status in IN_HAND and was_promised and not row.papers_promised
    action = Action.KEEP_PROMISE if is_kept else Action.JUDGE_PAPERS
    record(session, case, Entry(action, staff(actor), now, payload=payload, is_public=False))
    if case.status in IN_HAND:
        run_promise(session, case, papers, now=now)


def defects_of(session: Session, case_id: int) -> str:
    """All that lacks of an application, as its one-time notice says it."""
    return tell_defects(as_paper(paper) for paper in queries.papers_of(session, case_id))


def latest_promise(session: Session, *, now: datetime) -> date:
    """The last day on which a paper that is to follow may come."""
    statutory = calendars.load(session).statutory
    return statutory.add(statutory.local_date(now), terms()["late_papers"].days)


def judge_new(
    session: Session,
    row: CaseApplication,
    papers: Sequence[ApplicationPaper],
    judged: Sequence[Judged],
    *,
    by_id: int | None,
    now: datetime,
) -> None:
    """As `judge`, on papers at hand and without a line of their own.

    Raises:
        InvalidError: a verdict says too little, or promises what may not follow.
    """
    today = calendars.load(session).statutory.local_date(now)
    latest = latest_promise(session, now=now)
    known = {paper.key: paper for paper in papers}
    asked = {key: as_paper(paper) for key, paper in known.items()}
    check_judged(asked, judged, today=today, latest=latest)
    for one in judged:
        _write(known[one.key], one, by_id, now)
    seen = [as_paper(paper) for paper in papers]
    row.papers_open, row.papers_promised = count_open(seen), count_promised(seen)


def _write(paper: ApplicationPaper, one: Judged, by_id: int | None, now: datetime) -> None:
    paper.verdict, paper.reason = one.verdict, one.reason.strip()
    is_in = one.verdict in (Verdict.OK, Verdict.DEFECT)
    paper.copies_in = one.copies if one.copies is not None else paper.copies * is_in
    paper.promised_until = one.until if one.verdict is Verdict.PROMISED else None
    paper.judged_at, paper.judged_by = now, by_id


def begin_promise(session: Session, case: Case, *, now: datetime) -> None:
    """It is accepted: the papers that were promised follow from now on.

    Whose day passed before anybody accepted it gets another; the hall's silence costs nothing.
    """
    papers = queries.papers_of(session, case.id)
    today = calendars.load(session).statutory.local_date(now)
    for paper in papers:
        if paper.promised_until is not None and paper.promised_until < today:
            paper.promised_until = latest_promise(session, now=now)
    run_promise(session, case, papers, now=now)


def run_promise(
    session: Session, case: Case, papers: Sequence[ApplicationPaper], *, now: datetime
) -> None:
    """Let the clock of papers that are to follow run until their first day, or end it."""
    ends = promise_ends(as_paper(paper) for paper in papers)
    subject = Subject.case(case.id)
    running = clocks.find_open(session, subject, ClockKind.LATE_PAPERS)
    if ends is None:
        if running is not None:
            sla.meet_clock(session, running, now=now)
    elif running is None or running.due_at != _end_of(session, ends):
        if running is not None:
            sla.cancel_clock(session, running, now=now)
            session.flush()  # two of a kind are never open
        sla.start_until(
            session,
            subject,
            ClockKind(CaseClock.LATE_PAPERS),
            _end_of(session, ends),
            now=now,
            basis_text=terms()["late_papers"].basis,
            region_code=case.region_code,
            unit_id=case.unit_id,
        )
    case_clocks.mirror(session, case)


def _end_of(session: Session, day: date) -> datetime:
    return calendars.load(session).statutory.end_of(day)
