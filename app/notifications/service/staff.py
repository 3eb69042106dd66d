"""Tells staff something inside the application: an entry in the inbox of each of them.

Sends nothing outside. What is said twice before it was read stands there once, anew.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.cases.queries.sparing import who_may_be_told
from app.kernel.writing import write_all
from app.notifications.models import StaffEntry
from app.notifications.queries import inbox


def tell(
    session: Session,
    staff_ids: Iterable[int],
    msgid: str,
    *,
    params: Mapping[str, Any] | None = None,
    link: str = "",
    now: datetime,
) -> int:
    """Put one entry into the inbox of each of these people who still work here; gives how many.

    `msgid` is a marked sentence whose places `params` fill, without personal data;
    `link` is an address of ours, such as that of the case.
    """
    people = inbox.active_among(session, staff_ids)
    values = dict(params or {})
    if people and "number" in values:
        # Nobody hears of a matter that is about them.
        people = who_may_be_told(session, values["number"], people)
    if not people:
        return 0
    known = inbox.unread_about(session, people, msgid, link)
    for entry in known:
        entry.params, entry.created_at = values, now
    told = {entry.staff_id for entry in known}
    new = [
        StaffEntry(staff_id=one, msgid=msgid, params=values, link=link, created_at=now)
        for one in people
        if one not in told
    ]
    if new:
        write_all(session, new)
    return len(people)


def tell_unit(
    session: Session,
    unit_id: int,
    permission: Permission,
    msgid: str,
    *,
    params: Mapping[str, Any] | None = None,
    link: str = "",
    now: datetime,
) -> int:
    """As `tell`, for everybody who holds the right at this unit.

    Where nobody holds it there, whoever does at the nearest unit above is told instead, then
    whoever does over all units, so that nothing falls on the floor; 0 means there is nobody.
    """
    today = calendars.load(session).statutory.local_date(now)
    people = inbox.holders_near(session, unit_id, permission, on=today)
    return tell(session, people, msgid, params=params, link=link, now=now)


def read(session: Session, staff_id: int, entry_id: int, *, now: datetime) -> str:
    """Mark one entry of one's own as read; gives where it leads.

    Raises:
        NotFoundError: there is no such entry in this person's inbox.
    """
    entry = inbox.get_entry(session, staff_id, entry_id)
    entry.read_at = entry.read_at or now
    return entry.link


def read_all(session: Session, staff_id: int, *, up_to: int, now: datetime) -> None:
    """Mark as read what was on the screen: one's own entries up to this one."""
    for entry in inbox.unread_up_to(session, staff_id, up_to):
        entry.read_at = now


def forget_read(session: Session, *, before: datetime) -> None:
    """Take entries out of all inboxes that were read before this instant."""
    session.execute(delete(StaffEntry).where(StaffEntry.read_at < before))
