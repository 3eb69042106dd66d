"""Pages for messages to citizens: what did not arrive, when and how often anybody is written to.

Who administers the house reads no matters: the list names a matter by its number, and shows
neither the citizen's address nor the words.
"""

from collections.abc import Mapping
from datetime import time
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Actor, Permission
from app.admin.frame import sent, show
from app.kernel import audit, outbox
from app.kernel.messages import mark
from app.notifications.labels import STATES, WAYS
from app.notifications.queries import ledger, sending
from app.notifications.rules.deciding import Policy
from app.notifications.rules.quiet import Stretch
from app.notifications.rules.trouble import plainly
from app.notifications.service import editing
from app.web.forms import FormDep
from app.web.templating import see_other

HOME: Final = "/admin/notices"
TABS: Final = (
    (mark("Did not arrive"), HOME),
    (mark("Words of notices"), f"{HOME}/words"),
    (mark("Quiet hours and limits"), f"{HOME}/policy"),
)

router = APIRouter(prefix=HOME)


class PolicyForm(BaseModel):
    """What is typed about writing to citizens."""

    quiet_from: Annotated[time, Field(title=mark("Quiet from"))]
    quiet_until: Annotated[time, Field(title=mark("Quiet until"))]
    most_a_day: Annotated[int, Field(title=mark("At most a day"))]
    only_verified: bool = False
    signature: Annotated[str, Field(title=mark("Signature"))] = ""
    signature_en: Annotated[str, Field(title=mark("Signature in English"))] = ""
    version: int = 0

    def policy(self) -> Policy:
        return Policy(
            Stretch(self.quiet_from, self.quiet_until),
            self.most_a_day,
            self.only_verified,
            self.signature.strip(),
            # Letters follow a bracket after a blank.
            f"{self.signature_en.strip()} " if self.signature_en.strip() else "",
        )


@router.get("")
def show_open(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """Messages that failed or perhaps did not arrive, and nobody has decided about."""
    with visit.reading() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        found = ledger.list_open(work.session, cursor=cursor or None)
    context = {"messages": found, "states": STATES, "ways": WAYS, "plainly": plainly}
    return show_tab(request, work.actor, "admin/notices", context)


@router.post("/{message_id}/send")
def send_again(visit: VisitDep, message_id: int, _form: FormDep) -> Response:
    """Decide that it goes out again, once more after asking whether it may; logged."""
    with visit.writing() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        outbox.send_again(work.session, message_id, now=work.now)
        audit.note(work.session, work.author, "message:send", ("message", message_id), at=work.now)
    return see_other(HOME)


@router.post("/{message_id}/leave")
def leave(visit: VisitDep, message_id: int, _form: FormDep) -> Response:
    """Decide that it is left at that; logged."""
    with visit.writing() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        outbox.leave(work.session, message_id, now=work.now)
        audit.note(work.session, work.author, "message:leave", ("message", message_id), at=work.now)
    return see_other(HOME)


@router.get("/policy")
def show_policy(request: Request, visit: VisitDep) -> Response:
    """When and how often citizens may be written to."""
    return _policy(request, visit, None, {})


@router.post("/policy")
def change_policy(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Change it; holds for what still waits, too."""

    def do(work: Work, value: PolicyForm) -> None:
        work.actor.require(Permission.SETTINGS_MANAGE)
        editing.decide_policy(
            work.session, value.policy(), version=value.version, by=work.author, now=work.now
        )

    back = partial(_policy, request, visit)
    return sent(visit, form, PolicyForm, do, back=back, to=f"{HOME}/policy")


def show_tab(
    request: Request, actor: Actor, page: str, context: Mapping[str, object], *, status: int = 200
) -> Response:
    """A page about messages with its tabs."""
    path = request.url.path
    here = max((href for _, href in TABS if path.startswith(href)), key=len, default=HOME)
    tabs = [(label, href, href == here) for label, href in TABS]
    return show(request, actor, page, {"tabs": tabs, **context}, status=status)


def _policy(
    request: Request, visit: VisitDep, typed: Mapping[str, str] | None, errors: Mapping[str, str]
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.SETTINGS_MANAGE)
        row = sending.find_policy(work.session)
        values = _values(sending.policy(work.session)) if typed is None else typed
        version = str(row.version if row else 0)
    context = {"values": {"version": version, **values}, "errors": errors}
    return show_tab(
        request, work.actor, "admin/notice_policy", context, status=422 if errors else 200
    )


def _values(policy: Policy) -> dict[str, str]:
    return {
        "quiet_from": policy.quiet.begins.isoformat("minutes"),
        "quiet_until": policy.quiet.ends.isoformat("minutes"),
        "most_a_day": str(policy.most_a_day),
        "only_verified": "true" if policy.only_verified else "",
        "signature": policy.signature,
        "signature_en": policy.signature_en.strip(),
    }
