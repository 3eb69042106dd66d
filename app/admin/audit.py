"""Pages for the audit administrator: the log, filtered, and whether its chain holds."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import Row

from app.accounts import queries as accounts
from app.accounts.deps import Visit, VisitDep, Work, limits_from
from app.accounts.rules import Permission
from app.admin.frame import show
from app.kernel import audit, audit_log
from app.kernel.audit_log import Filter
from app.web.forms import RawForm, parse

router = APIRouter(prefix="/admin/audit")

_FIELDS: Final = ("first", "last", "who", "action", "object_type", "object_id")


class FilterForm(BaseModel):
    """What is asked of the log; everything is optional."""

    first: date | None = None
    last: date | None = None
    who: str = ""
    action: str = ""
    object_type: str = ""
    object_id: str = ""


@router.get("")
def show_log(request: Request, visit: VisitDep, at: str = "") -> Response:
    """The log, newest first."""
    raw = RawForm({name: request.query_params.get(name, "").strip() for name in _FIELDS})
    parsed = parse(FilterForm, raw)
    asked = parsed.value or FilterForm()
    with visit.reading() as work:
        work.actor.require(Permission.AUDIT_READ)
        page = audit_log.list_entries(work.session, _filter(visit, work, asked), cursor=at or None)
        names = accounts.usernames_of(
            work.session, [row.actor_id for row in page.items if row.actor_id]
        )
        context = {
            "entries": [_told(row, names) for row in page.items],
            "values": raw.values,
            "errors": parsed.errors,
            "query": {name: text for name, text in raw.values.items() if text},
            "next": page.next_cursor,
            "previous": page.prev_cursor,
            "chain": audit_log.state_of_chain(work.session),
        }
    return show(request, work.actor, "admin/audit", context, status=422 if parsed.errors else 200)


@router.get("/chain")
def check(request: Request, visit: VisitDep) -> Response:
    """Recompute the whole chain and say whether it holds."""
    with visit.reading() as work:
        work.actor.require(Permission.AUDIT_READ)
        report = audit.verify(work.session)
    return show(request, work.actor, "admin/audit_chain", {"report": report, "at": work.now})


def _filter(visit: Visit, work: Work, asked: FilterForm) -> Filter:
    zone = limits_from(visit.edge.settings).zone
    staff = accounts.find_by_username(work.session, asked.who.lower()) if asked.who else None
    return Filter(
        since=datetime.combine(asked.first, time(), zone) if asked.first else None,
        before=datetime.combine(asked.last + timedelta(days=1), time(), zone)
        if asked.last
        else None,
        # Somebody who does not exist has done nothing.
        actor_id=(staff.id if staff else -1) if asked.who else None,
        action=asked.action,
        object_type=asked.object_type,
        object_id=asked.object_id,
    )


def _told(row: Row[*tuple[Any, ...]], names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "who": names.get(row.actor_id, "") if row.actor_id else "",
        "role": row.role,
        "action": row.action,
        "object": f"{row.object_type} {row.object_id}".strip(),
        "reason": row.reason,
        "ip": row.ip,
        "details": [(name, _plain(value)) for name, value in row.details.items()],
    }


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_plain(inner)}" for name, inner in value.items())
    return "–" if value is None else str(value)
