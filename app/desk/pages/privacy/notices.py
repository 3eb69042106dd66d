"""Writing the privacy notice: every part the law asks for, a preview, and publishing for good.

The system administrator may write it too; they see nothing else here.
"""

from datetime import datetime, time

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.desk.pages.privacy.frame import language_of, require, show, tried
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.privacy import queries
from app.privacy.labels import PARTS
from app.privacy.rules import LANGUAGES, NoticeText, Part
from app.privacy.service import notices
from app.web.forms import FormDep, RawForm
from app.web.templating import see_other
from app.web.ui import local, zone_of

router = APIRouter(prefix="/privacy/notices")

_ALSO = Permission.SETTINGS_MANAGE


@router.get("")
def versions(request: Request, visit: VisitDep) -> Response:
    """Every version, the newest first, and which one is in force."""
    language = language_of(request)
    with visit.reading() as work:
        require(work, _ALSO)
        session = work.session
        now_in_force = notices.current(session, now=work.now)
        rows = [
            {
                "version": notice.version,
                "title": notices.text_of(notice).heading(language),
                "valid_from": notice.valid_from,
                "is_sample": notice.is_sample,
                "is_in_force": now_in_force is not None and notice.id == now_in_force.id,
                "is_coming": notice.valid_from > work.now,
            }
            for notice in queries.list_notices(session)
        ]
    return show(request, "notices", {"rows": rows})


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """A form filled with the latest version: mostly a sentence changes."""
    with visit.reading() as work:
        require(work, _ALSO)
        latest = queries.list_notices(work.session)[:1]
        values = _values(notices.text_of(latest[0])) if latest else {}
        values["seen"] = str(latest[0].version if latest else 0)
        values["valid_from"] = _today(work, visit)
    return _form(request, values, {}, None)


@router.post("")
def publish(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Show how it will read, or publish it for good."""
    text = notices.read_parts(form.values)
    if form.text("go") != "publish":
        with visit.reading() as work:
            require(work, _ALSO)
        errors = notices.check(text)
        return _form(request, form.values, errors, None if errors else text)
    errors = tried(visit, lambda work: _publish(work, visit, text, form), _ALSO)
    if errors:
        return _form(request, form.values, errors, None)
    return see_other("/privacy/notices")


def _publish(work: Work, visit: Visit, text: NoticeText, form: RawForm) -> None:
    notices.publish(
        work.session,
        text,
        valid_from=_valid_from(work, visit, form.text("valid_from")),
        seen=whole_number(form.text("seen")) or 0,
        by=work.author,
        now=work.now,
    )


def _valid_from(work: Work, visit: Visit, typed: str) -> datetime:
    zone = zone_of(visit.edge.settings.zone)
    try:
        day = datetime.fromisoformat(typed.strip()).date()
    except ValueError as error:
        raise InvalidError(fields={"valid_from": mark("Enter a day, as 2026-03-01.")}) from error
    # From today on means from now on; a later day begins at its midnight.
    if day == local(work.now, zone).date():
        return work.now
    return datetime.combine(day, time(), zone)


@router.get("/{version}")
def show_version(request: Request, visit: VisitDep, version: int) -> Response:
    """One version as people read it."""
    language = language_of(request)
    with visit.reading() as work:
        require(work, _ALSO)
        notice = queries.get_notice(work.session, version)
        text = notices.text_of(notice)
    context = {
        "version": notice.version,
        "valid_from": notice.valid_from,
        "is_sample": notice.is_sample,
        "title": text.heading(language),
        "parts": [(PARTS[part], words) for part, words in text.within(language)],
    }
    return show(request, "notice", context)


def _form(
    request: Request, values: dict[str, str], errors: dict[str, str], preview: NoticeText | None
) -> Response:
    language = language_of(request)
    context = {
        "values": values,
        "errors": errors,
        "fields": [(str(part), label) for part, label in PARTS.items()],
        "preview_title": preview.heading(language) if preview else "",
        "preview": [(PARTS[part], words) for part, words in preview.within(language)]
        if preview
        else [],
    }
    return show(request, "notice_form", context, status=422 if errors else 200)


def _values(text: NoticeText) -> dict[str, str]:
    values = {f"title_{language}": text.title.get(language, "") for language in LANGUAGES}
    for part in Part:
        for language in LANGUAGES:
            values[f"{part}_{language}"] = text.parts.get(part, {}).get(language, "")
    return values


def _today(work: Work, visit: Visit) -> str:
    return local(work.now, zone_of(visit.edge.settings.zone)).date().isoformat()
