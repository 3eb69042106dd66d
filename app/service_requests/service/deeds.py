"""What is written down about an application beside its steps: late, heard, revoked.

Each deed leaves a line for the applicant. None moves the matter; the steps do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.application_models import CaseApplication
from app.cases.kinds import Action, Decision
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import CITIZEN, Doer, Situation, is_accused, staff
from app.cases.service.recording import Entry, record
from app.kernel.errors import ForbiddenError
from app.kernel.messages import mark
from app.notifications.service.writing import write_about
from app.service_items import queries as items
from app.service_requests import queries
from app.service_requests.rules.deeds import Deed, Said, check_said
from app.service_requests.service import hearings, issuing
from app.service_requests.service.issuing import Writing
from app.sla.rules import ClockKind, is_late

LATE: Final = mark(
    "Your application %(number)s takes longer than we promised. Why, and what happens now, is on "
    "its page."
)
REVOKED: Final = mark(
    "What was granted on your application %(number)s is revoked. The reasons and how you can "
    "object are on its page."
)
_ACTIONS: Final[Mapping[Deed, Action]] = {
    Deed.EXPLAIN_LATE: Action.EXPLAIN_LATE,
    Deed.TELL_HEARING: Action.TELL_HEARING,
    Deed.ASK_HEARING: Action.ASK_HEARING,
    Deed.CALL_HEARING: Action.CALL_HEARING,
    Deed.HOLD_HEARING: Action.HOLD_HEARING,
    Deed.REVOKE: Action.REVOKE,
}


@dataclass(frozen=True, slots=True)
class _Looked:
    """An application, somebody, and now."""

    session: Session
    case: Case
    row: CaseApplication
    situation: Situation
    actor: Actor
    now: datetime

    def reaches(self, need: Permission) -> bool:
        here = self.situation
        return not is_accused(here, self.actor) and self.actor.covers(
            need,
            unit_id=here.unit_id,
            unit_path=here.unit_path,
            region_code=here.region_code,
            handler_id=here.handler_id,
        )


def open_deeds(session: Session, case: Case, actor: Actor, *, now: datetime) -> tuple[Deed, ...]:
    """What this person may write down about the application now."""
    row = session.get(CaseApplication, case.id)
    if row is None:
        return ()
    looked = _Looked(session, case, row, situation_of(session, case), actor, now)
    return tuple(deed for deed in Deed if _OPEN.get(deed, _of_hearing)(looked, deed))


def do(
    session: Session, case: Case, deed: Deed, said: Said, *, actor: Actor, now: datetime
) -> None:
    """Write it down, tell the applicant, and let run what follows.

    Raises:
        ForbiddenError: not theirs, or it is not the time.
        InvalidError: something was left out, or a date the law does not allow.
    """
    if deed not in open_deeds(session, case, actor, now=now):
        raise ForbiddenError(
            mark("Your role does not allow this on this matter, or it is not the time.")
        )
    check_said(deed, said)
    _write(session, case, deed, said, staff(actor), now)


def may_ask_hearing(session: Session, case: Case, *, now: datetime) -> bool:
    """Whether the applicant can ask for a hearing now."""
    row = session.get(CaseApplication, case.id)
    return row is not None and hearings.is_possible(session, case, row, now) is Deed.ASK_HEARING


def ask_hearing(session: Session, case: Case, words: str, *, now: datetime) -> None:
    """The applicant asks for a hearing on their own page.

    Raises:
        ForbiddenError: nobody was told of the right, or the five days are over.
        InvalidError: no words.
    """
    if not may_ask_hearing(session, case, now=now):
        raise ForbiddenError(mark("A hearing can no longer be asked for."))
    said = Said(words)
    check_said(Deed.ASK_HEARING, said)
    _write(session, case, Deed.ASK_HEARING, said, CITIZEN, now)


def _write(session: Session, case: Case, deed: Deed, said: Said, doer: Doer, now: datetime) -> None:
    row = session.get_one(CaseApplication, case.id)
    if deed in hearings.DOES:
        hearings.DOES[deed](session, case, row, said, now=now)
    payload = {"at": said.at.isoformat()} if said.at is not None else {}
    entry = Entry(_ACTIONS[deed], doer, now, public_text=said.words.strip(), payload=payload)
    record(session, case, entry)
    if deed is Deed.EXPLAIN_LATE:
        row.late_told_at = now
        write_about(session, case, LATE, now=now)
    elif deed is Deed.REVOKE:
        row.revoked_at, row.remedies = now, said.remedies.strip()
        item = items.get_version(session, row.item_version_id)
        writing = Writing(session, case, row, item, said.words.strip(), now)
        issuing.revocation(writing, basis=said.basis, remedies=said.remedies, doer=doer)
        write_about(session, case, REVOKED, now=now)
    session.flush()


def _is_late(looked: _Looked, _deed: Deed) -> bool:
    # Whoever works on it or answers for the unit says why; once (优化营商环境条例 art. 35).
    if looked.row.late_told_at is not None or not _is_theirs(looked):
        return False
    standing = queries.standing_of(looked.session, looked.case)
    clock = standing.clocks.get(ClockKind.RESOLVE) if standing else None
    if clock is None or clock.due_at is None:
        return False
    if not clock.is_open:
        return clock.on_time is False
    return is_late(clock.due_at, looked.now, provisional=clock.provisional)


def _is_theirs(looked: _Looked) -> bool:
    return looked.reaches(Permission.CASE_HANDLE) or looked.reaches(Permission.CASE_CONCLUDE)


def _is_false(looked: _Looked, _deed: Deed) -> bool:
    row = looked.row
    was_granted = row.decision is Decision.GRANTED and row.revoked_at is None
    if not was_granted or row.was_true is not False:
        return False
    # Four eyes: whoever found the promise false does not draw the consequence alone.
    is_own = looked.actor.id in queries.verified_by(looked.session, looked.case.id)
    return looked.reaches(Permission.CASE_CONCLUDE) and not is_own


def _of_hearing(looked: _Looked, deed: Deed) -> bool:
    possible = hearings.is_possible(looked.session, looked.case, looked.row, looked.now)
    return possible is deed and looked.reaches(hearings.NEEDS)


_OPEN: Final[Mapping[Deed, Callable[[_Looked, Deed], bool]]] = {
    Deed.EXPLAIN_LATE: _is_late,
    Deed.REVOKE: _is_false,
}
