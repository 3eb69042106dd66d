"""What every page of the privacy officer has: its tabs, who may come in, and names masked.

Clear names are nowhere on these pages; a package is opened only to be handed over.
"""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.accounts.deps import Visit, Work
from app.accounts.rules import Permission
from app.citizens import service as citizens
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.kernel.text import mask_name
from app.web.forms import RawForm, parse
from app.web.templating import render
from app.web.ui import locale_of

TABS: Final = (
    (mark("Requests"), "/privacy"),
    (mark("Notice"), "/privacy/notices"),
    (mark("Extras with consent"), "/privacy/extras"),
    (mark("Time of keeping"), "/privacy/retention"),
    (mark("Legal holds"), "/privacy/holds"),
    (mark("Register of erasures"), "/privacy/register"),
)
PAGE: Final = 50


def require(work: Work, *also: Permission) -> None:
    """Let in whoever looks after privacy, or holds one of these permissions.

    Raises:
        ForbiddenError: neither.
    """
    if not any(work.actor.may(each) for each in (Permission.PRIVACY_MANAGE, *also)):
        raise ForbiddenError(mark("Your role does not include this."))


def show(
    request: Request, page: str, context: Mapping[str, object], *, status: int = 200
) -> Response:
    """A page of the privacy officer, with its tabs."""
    path = request.url.path
    tabs = [(label, href, _is_here(path, href)) for label, href in TABS]
    return render(
        request, f"privacy/{page}", {"tabs": tabs, "errors": {}, **context}, status=status
    )


def _is_here(path: str, href: str) -> bool:
    if href == TABS[0][1]:
        return path == href or path.startswith(("/privacy/requests", "/privacy/citizens"))
    return path.startswith(href)


def tried(visit: Visit, do: Callable[[Work], object], *also: Permission) -> dict[str, str]:
    """Do it in one transaction; the sentences by field if what was typed is refused."""
    try:
        with visit.writing() as work:
            require(work, *also)
            do(work)
    except InvalidError as error:
        return error.said
    return {}


def language_of(request: Request) -> str:
    """The language of the page."""
    return str(locale_of(request))


def masked(session: Session, citizen_id: int) -> str:
    """The name as lists show it, empty if never told or erased."""
    return mask_name(citizens.name_of(session, citizen_id))


class _Seen(BaseModel):
    version: int


def version_of(form: RawForm) -> int:
    """The version the person saw; one that fits nothing when it is missing."""
    parsed = parse(_Seen, form)
    return parsed.value.version if parsed.value else -1
