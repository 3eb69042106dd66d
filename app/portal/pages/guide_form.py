"""The questions of a service item, answered at home: checked, and printed to bring along.

Nothing typed here is kept; who applies says it again at the window, with the sheet in hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.service_items import queries
from app.service_items.rules import ItemVersion, Question, check_answers
from app.service_items.showing import said, told
from app.web.deps import EdgeDep
from app.web.forms import FormDep
from app.web.i18n import gettext
from app.web.templating import render
from app.web.ui import local, locale_of, zone_of

router = APIRouter(prefix="/guide")

_FIELD = "q_"


@dataclass(frozen=True, slots=True)
class FormPage:
    """The questions with what was typed, or, all being well, the answers to print."""

    name: str
    path: str
    questions: Sequence[Question]
    values: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    errors: Mapping[str, str]
    told: Mapping[str, str]  # the same for the summary, each question named
    sheet: Sequence[tuple[str, str]]
    day: date


@router.get("/{code}/form", include_in_schema=False)
def guide_form(request: Request, edge: EdgeDep, code: str) -> Response:
    """All questions of the item's newest version.

    Raises:
        NotFoundError: no published item has this code.
    """
    return _page(request, edge, code, {})


@router.post("/{code}/form", include_in_schema=False)
def guide_form_filled(request: Request, edge: EdgeDep, code: str, form: FormDep) -> Response:
    """The answers as a sheet to print, or what is wrong with them.

    Raises:
        NotFoundError: no published item has this code.
    """
    return _page(request, edge, code, form.lists)


def _page(
    request: Request, edge: EdgeDep, code: str, lists: Mapping[str, Sequence[str]]
) -> Response:
    language = locale_of(request).tag
    today = local(edge.now(), zone_of(edge.settings.zone)).date()
    with edge.reading() as session:
        entry = queries.latest_by_code(session, code, day=today)
        version = queries.get_version(session, entry.version_id)
    is_sent = request.method == "POST"
    asked = version.content.questions
    typed = {one.key: lists.get(f"{_FIELD}{one.key}", ()) for one in asked} if is_sent else {}
    checked = check_answers(asked, typed, today=today)
    errors = {f"{_FIELD}{key}": words for key, words in checked.errors.items()} if is_sent else {}
    page = FormPage(
        name=version.content.name.within(language),
        path=f"/guide/{version.code}",
        questions=asked,
        values={name: values[0] for name, values in lists.items() if values},
        lists=lists,
        errors=errors,
        told=told(
            errors, {f"{_FIELD}{one.key}": one.label.within(language) for one in asked}, gettext
        ),
        sheet=_sheet(version, checked.answers, language) if is_sent and not errors else (),
        day=today,
    )
    return render(request, "portal/guide_form", page, status=422 if errors else 200)


def _sheet(
    version: ItemVersion, answers: Mapping[str, str | bool | list[str]], language: str
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.label.within(language), said(one, answers[one.key], language, gettext))
        for one in version.content.questions
        if one.key in answers
    )
