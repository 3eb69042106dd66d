"""The first three administrators of an empty installation, made from the command line.

Refuses as soon as anybody exists: from then on a security administrator opens accounts.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.rules import Role, Scope
from app.accounts.service.appointing import AppointmentDraft, add_appointment
from app.accounts.service.staff import NewPassword, StaffDraft, add_staff, check_draft
from app.departments import service as departments
from app.departments.queries import find_by_code
from app.departments.rules import UnitKind
from app.departments.service import UnitDraft
from app.kernel import audit
from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError
from app.kernel.messages import mark

ROOT_CODE: Final = "ROOT"
DEFAULT_NAMES: Final[Mapping[Role, str]] = {
    Role.ADMIN: "sysadmin",
    Role.SECURITY: "secadmin",
    Role.AUDITOR: "auditadmin",
}


def create_first_administrators(
    session: Session,
    *,
    unit_name: str,
    passwords: Mapping[Role, NewPassword],
    today: date,
    now: datetime,
    usernames: Mapping[Role, str] = DEFAULT_NAMES,
) -> dict[Role, str]:
    """One system, one security and one audit administrator in the root unit; their account names.

    Raises:
        ConflictError: somebody has an account already.
        InvalidError: an account name is malformed.
    """
    if queries.count_staff(session):
        raise ConflictError(mark("There are accounts already; a security administrator adds more."))
    root = find_by_code(session, ROOT_CODE) or departments.found_unit(
        session,
        UnitDraft(code=ROOT_CODE, name=unit_name, kind=UnitKind.BUREAU),
        by=MACHINE,
        now=now,
    )
    for role, username in usernames.items():
        draft = StaffDraft(username, username, root.id)
        check_draft(session, draft)
        staff = add_staff(session, draft, passwords[role], now=now)
        audit.note(session, MACHINE, "account:open", ("staff", staff.id), at=now)
        seat = AppointmentDraft(role, root.id, Scope.ALL, valid_from=today)
        add_appointment(session, staff.id, seat, by=MACHINE, now=now)
    return dict(usernames)
