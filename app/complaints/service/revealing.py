"""Who may see a confidential complainant, and the looking itself; both leave a line each.

Everybody else finds nobody behind the matter.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Actor
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.queries.identity import citizen_behind, may_know
from app.cases.rules import is_accused, staff
from app.cases.service.confiding import confide
from app.cases.service.recording import Entry, record
from app.citizens.rules.access import AccessField
from app.citizens.service import revealing
from app.citizens.service.revealing import Ask
from app.complaints import rules
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark


def name_confidant(
    session: Session, case: Case, account: str, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Let one more person see who complains.

    Raises:
        ForbiddenError: neither the unit's head nor the supervisor.
        InvalidError: nobody has this account, they must not see the matter, or no reason.
    """
    situation = situation_of(session, case)
    if not rules.may_confide(actor, situation):
        raise ForbiddenError(mark("The unit's head or the supervisor decides who may see it."))
    found = accounts.find_by_username(session, account.strip()) if account.strip() else None
    wrong: dict[str, str] = {}
    if found is None:
        wrong["account"] = mark("Nobody here has this account.")
    elif found.id in situation.recused or found.id == situation.accused_staff_id:
        wrong["account"] = mark("This person must not see the matter.")
    if not reason.strip():
        wrong["reason"] = mark("Say in a few words why.")
    if wrong or found is None:
        raise InvalidError(fields=wrong)
    confide(session, case, found.id, reason=reason.strip(), doer=staff(actor), now=now)


def reveal(
    session: Session, case: Case, reason: str, *, actor: Actor, ip: str, now: datetime
) -> int:
    """Show the citizen behind a matter in clear for a minute; returns the leave to look.

    A confidential complainant's name is not tied to the matter in the log of looks either:
    the matter's own history says who looked.

    Raises:
        NotFoundError: nobody's name is on the matter.
        ForbiddenError: the complainant is confidential and the actor not named.
    """
    citizen_id = citizen_behind(session, case)
    if citizen_id is None:
        raise NotFoundError(mark("This matter was reported without a name."))
    if not case.is_identity_secret:
        ask = Ask(AccessField.CONTACT, reason=reason, case_id=case.id)
        return revealing.reveal(session, citizen_id, ask, actor=actor, ip=ip, now=now)
    if is_accused(situation_of(session, case), actor) or not may_know(session, case, actor.id):
        raise ForbiddenError(
            mark("Who complains is confidential, and you are not named to see it.")
        )
    ask = Ask(AccessField.CONTACT, reason=reason, has_open_case=True)
    access_id = revealing.reveal(session, citizen_id, ask, actor=actor, ip=ip, now=now)
    record(session, case, Entry(Action.REVEAL, staff(actor), now, is_public=False))
    return access_id
