"""Gathers what the pages about accounts show; changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts import labels, queries
from app.accounts.deps import Visit, Work, limits_from
from app.accounts.models import Appointment, Staff
from app.accounts.rules import APPOINTABLE, Permission, Scope
from app.accounts.service import sessions
from app.admin.frame import language_of, show
from app.departments.queries import list_choices, names_of


def today(visit: Visit, work: Work) -> date:
    """The day it is in the hall."""
    return work.now.astimezone(limits_from(visit.edge.settings).zone).date()


def listed(
    visit: Visit, work: Work, rows: Sequence[Row[*tuple[Any, ...]]]
) -> dict[str, list[dict[str, Any]]]:
    """The rows of a list of accounts."""
    held = queries.roles_of(work.session, [row.id for row in rows], on=today(visit, work))
    people = [
        {
            "id": row.id,
            "username": row.username,
            "name": row.display_name,
            "unit": row.unit,
            "roles": [labels.ROLES[role] for role in dict.fromkeys(held.get(row.id, []))],
            "is_active": row.is_active,
            "last_sign_in_at": row.last_sign_in_at,
        }
        for row in rows
    ]
    return {"people": people}


def new(
    request: Request,
    visit: Visit,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> Response:
    """The form for a new account."""
    with visit.reading() as work:
        work.actor.require(Permission.ACCOUNT_MANAGE)
        context = {
            "values": typed,
            "errors": errors,
            "units": list_choices(work.session, language=language_of(request)),
        }
    return show(request, work.actor, "admin/staff_new", context, status=status)


def one_time(request: Request, visit: Visit, staff_id: int, password: str) -> Response:
    """The one page that shows a one-time password."""
    with visit.reading() as work:
        work.actor.require(Permission.ACCOUNT_MANAGE)
        staff = queries.get_staff(work.session, staff_id)
        context = {
            "staff_id": staff.id,
            "username": staff.username,
            "name": staff.display_name,
            "password": password,
        }
    return show(request, work.actor, "admin/staff_password", context)


def one(
    request: Request,
    visit: Visit,
    staff_id: int,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> Response:
    """One account: who, where, which roles, which browsers."""
    with visit.reading() as work:
        work.actor.require(Permission.ACCOUNT_MANAGE)
        staff = queries.get_staff(work.session, staff_id)
        day = today(visit, work)
        defaults = {
            "display_name": staff.display_name,
            "unit_id": str(staff.unit_id),
            "seat_id": str(staff.unit_id),
            "scope": str(Scope.UNIT),
            "valid_from": day.isoformat(),
        }
        context = {
            "staff": _told(visit, work, staff),
            "values": {**defaults, **typed},
            "errors": errors,
            "units": list_choices(work.session, language=language_of(request)),
            "roles": [(role, labels.ROLES[role]) for role in APPOINTABLE],
            "scopes": list(labels.SCOPES.items()),
            "seats": _seats(work, staff_id, day),
        }
    return show(request, work.actor, "admin/staff_one", context, status=status)


def _told(visit: Visit, work: Work, staff: Staff) -> dict[str, Any]:
    limits = limits_from(visit.edge.settings)
    living = queries.list_sessions(
        work.session, staff.id, now=work.now, idle_since=work.now - limits.idle
    )
    return {
        "id": staff.id,
        "username": staff.username,
        "name": staff.display_name,
        "version": staff.version,
        "is_active": staff.is_active,
        "is_self": staff.id == work.actor.id,
        "must_change_password": staff.must_change_password,
        "last_sign_in_at": staff.last_sign_in_at,
        "created_at": staff.created_at,
        "is_blocked": queries.is_blocked(
            work.session, sessions.digest(staff.username), now=work.now
        ),
        "sessions": len(living),
    }


def _seats(work: Work, staff_id: int, day: date) -> list[dict[str, Any]]:
    held = queries.list_appointments(work.session, staff_id)
    names = names_of(work.session, [seat.unit_id for seat in held])
    return [
        {
            "id": seat.id,
            "role": labels.ROLES[seat.role],
            "unit": names[seat.unit_id],
            "scope": labels.SCOPES[seat.scope],
            "may_see_confidential": seat.may_see_confidential,
            "valid_from": seat.valid_from,
            "valid_to": seat.valid_to,
            "has_ended": _has_ended(seat, day),
        }
        for seat in held
    ]


def _has_ended(seat: Appointment, day: date) -> bool:
    return seat.valid_to is not None and seat.valid_to < day
