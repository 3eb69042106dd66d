"""What follows when a matter moves: call-backs begin and end, checks are recorded, people told.

"Not solved" reaches who handles the matter and who supervises its unit, whoever said it.
"""

from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.cases.events import CaseMoved, CaseMoving
from app.cases.kinds import Action, CallbackResult, DoerKind, Status
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.followups import queries, rules
from app.followups.rules import Way
from app.followups.service.calling import open_callback
from app.kernel.messages import mark
from app.notifications.service import staff as inbox

_CHECKS: Final = frozenset({Action.UPHOLD, Action.OVERTURN})
_SAYING: Final = frozenset({Action.CONFIRM, Action.CALL_BACK, Action.REQUEST_RECHECK})
_SAID: Final = mark("%(number)s is not solved, says the citizen. It is handled again.")
_FOUND: Final = mark("A check found that %(number)s is not really solved. It is handled again.")
# What begins a new round, with what handler and supervisor are told of it.
_AGAIN: Final = {
    Action.REWORK: _SAID,
    Action.DISPUTE: _SAID,
    Action.REOPEN: _SAID,
    Action.GRANT_REOPEN: _SAID,
    Action.OVERTURN: _FOUND,
}


def on_moving(session: Session, event: CaseMoving) -> None:
    """Stop what would make a silence look like an answer, or a check by somebody involved.

    Raises:
        InvalidError: "not reached", and it was not tried often enough.
        InvolvedError: the checker had a part in the matter.
    """
    case, action = event.case, event.given.action
    result = event.given.facts.callback_result
    if action in (Action.CLOSE, Action.CALL_BACK) and result is CallbackResult.UNREACHABLE:
        callback = queries.find_callback(session, case.id, case.round)
        how = catalogue.follow_ups(session)
        rules.check_silent(result, queries.situation_for(callback), how)
    if action in _CHECKS:
        rules.check_uninvolved(event.doer.staff_id, queries.involved_in(session, case.id))


def on_moved(session: Session, event: CaseMoved) -> None:
    """Begin or end the call-back of the round, record a check, tell who must know."""
    action, case = event.step.action, event.case
    if event.step.target is Status.CALLING_BACK or action is Action.END_WITH:
        _begin(session, event)
    elif _was_waiting(event):
        _end(session, event)
    if action in _CHECKS:
        _checked(session, event)
    if action in _AGAIN:
        _tell(session, case, _AGAIN[action], event)


def _begin(session: Session, event: CaseMoved) -> None:
    if event.step.target in (Status.CALLING_BACK, Status.CLOSED):
        open_callback(session, event.case, now=event.at)


def _was_waiting(event: CaseMoved) -> bool:
    # Who followed another matter is asked after the end: then the step begins where it closed.
    was_asked = event.step.action in (_SAYING | _AGAIN.keys())
    return event.step.source is Status.CALLING_BACK or was_asked


def _end(session: Session, event: CaseMoved) -> None:
    case = event.case
    is_again = event.step.action in _AGAIN
    callback = queries.find_callback(session, case.id, case.round - is_again)
    if callback is None or callback.ended_at is not None:
        return
    callback.ended_at = event.at
    callback.result = CallbackResult.NOT_SOLVED if is_again else case.callback_result
    by_citizen = event.event.actor_kind is DoerKind.CITIZEN
    callback.way = Way.LINK if by_citizen else callback.way or Way.DESK
    callback.by_id = event.event.actor_id


def _checked(session: Session, event: CaseMoved) -> None:
    check = queries.find_open_check(session, event.case.id)
    if check is not None:
        check.checked_at, check.by_id = event.at, event.event.actor_id
        check.was_right = event.step.action is Action.UPHOLD


def _tell(session: Session, case: Case, msgid: str, event: CaseMoved) -> None:
    params, link = {"number": case.number}, f"/cases/{case.number}"
    # A matter that followed another has nobody of its own yet: whoever wrote the reply is told.
    handler = case.handler_id or case.replied_by
    if handler is not None:
        inbox.tell(session, [handler], msgid, params=params, link=link, now=event.at)
    inbox.tell_unit(
        session,
        case.unit_id,
        Permission.CASE_SUPERVISE,
        msgid,
        params=params,
        link=link,
        now=event.at,
    )
