"""What the ends of all reports share: how to be reached, the notice shown, the slip."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries import public_token
from app.kernel.text import whole_number
from app.kernel.vault import vault_of
from app.portal.forms import ContactForm
from app.portal.pages.report import Walk
from app.privacy.service import notices
from app.settings import Settings
from app.web.forms import RawForm
from app.web.proof import admit
from app.web.ratelimit import Limit

_WINDOW: Final = timedelta(hours=1)
_MOST: Final = 12  # times the threshold: beyond, even a proof does not help


@dataclass(frozen=True, slots=True)
class ContactPage:
    """Name and number, or anonymous where the category allows it."""

    walk: Walk
    may_be_anonymous: bool
    may_be_secret: bool
    has_category: bool
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    action: str = "/report/contact"
    back: str = "/report/details"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastLook:
    """A check of all answers, under the privacy notice of this version."""

    notice: int
    has_new_notice: bool = False


LastLookT = TypeVar("LastLookT", bound=LastLook)


def reached_by(form: ContactForm) -> dict[str, Any]:
    """How to reach the visitor, as a draft keeps it: of the anonymous nothing."""
    is_anonymous = form.anonymous == "yes"
    return {
        "has_contact": True,
        "is_anonymous": is_anonymous,
        "name": "" if is_anonymous else form.name,
        "phone": "" if is_anonymous else form.phone,
    }


def refuse(request: Request, session: Session, form: RawForm, *, now: datetime) -> Response | None:
    """Ask whoever sends very many reports to wait or to prove themselves; None for all others."""
    settings: Settings = request.app.state.settings
    free = settings.pow_threshold
    limit = Limit("report", _WINDOW, free=free, most=free * _MOST)
    return admit(request, session, form, limit, now=now)


def with_new_notice(page: LastLookT, form: RawForm) -> LastLookT | None:
    """The check once more, where another version is in force than the one that was shown."""
    shown = whole_number(form.text("notice")) or 0
    return None if page.notice == shown else replace(page, has_new_notice=True)


def slip_of(session: Session, case: Case, *, now: datetime) -> str:
    """Write down under which notice the matter came in; the address of its slip."""
    version = notices.version_in_force(session, now=now)
    notices.acknowledge(session, version, case_id=case.id, now=now)
    return f"/c/{public_token(vault_of(session), case)}/slip?new=1"
