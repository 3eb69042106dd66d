"""Pages for the security administrator: who is signed in, whose sign-in must wait."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import queries
from app.accounts.deps import VisitDep, Work, limits_from
from app.accounts.rules import Permission
from app.accounts.service import sessions
from app.accounts.service import staff as service
from app.admin.frame import show
from app.web.forms import FormDep
from app.web.templating import see_other

router = APIRouter(prefix="/admin/security")


@router.get("")
def overview(request: Request, visit: VisitDep) -> Response:
    """Living sessions and blocked names."""
    settings = visit.edge.settings
    limits = limits_from(settings)
    with visit.reading() as work:
        work.actor.require(Permission.SECURITY_MANAGE)
        living = queries.list_living_sessions(
            work.session, now=work.now, idle_since=work.now - limits.idle
        )
        context = {
            "living": [row._mapping for row in living],  # noqa: SLF001  # SQLAlchemy's public name for it
            "blocks": _blocks(work),
            "idle_minutes": settings.staff_idle_minutes,
            "session_hours": settings.staff_session_hours,
            "is_single": settings.staff_single_session,
            "password_days": settings.password_max_days,
        }
    return show(request, work.actor, "admin/security", context)


@router.post("/sign-out/{staff_id}")
def sign_out(visit: VisitDep, staff_id: int, _form: FormDep) -> Response:
    """Sign somebody out everywhere."""
    with visit.writing() as work:
        service.revoke_sessions(work.session, work.actor, staff_id, by=work.author, now=work.now)
    return see_other("/admin/security")


@router.post("/unblock/{staff_id}")
def unblock(visit: VisitDep, staff_id: int, _form: FormDep) -> Response:
    """Let an account be tried again at once."""
    with visit.writing() as work:
        service.unblock(work.session, work.actor, staff_id, by=work.author, now=work.now)
    return see_other("/admin/security")


def _blocks(work: Work) -> list[dict[str, object]]:
    blocks = queries.list_blocks(work.session, now=work.now)
    if not blocks:
        return []
    # Only digests of names are stored; the accounts that exist can still be recognised.
    known = {
        sessions.digest(row.username): (row.id, row.username)
        for row in queries.list_usernames(work.session)
    }
    nobody: tuple[int, str] = (0, "")
    return [
        {
            "staff_id": known.get(block.name_digest, nobody)[0],
            "username": known.get(block.name_digest, nobody)[1],
            "failures": block.failures,
            "until": block.blocked_until,
            "is_everywhere": block.source_digest == b"",
        }
        for block in blocks
    ]
