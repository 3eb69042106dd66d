"""The end of a repair report: questions of its type, details, contact, a look at all, sending once.

Nothing about owner, time or state comes from the form; the draft on the server is what is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.kernel.messages import mark
from app.portal import queries
from app.portal.forms import ContactForm
from app.portal.pages.ending import (
    ContactPage,
    LastLook,
    reached_by,
    refuse,
    slip_of,
    with_new_notice,
)
from app.portal.pages.repair import ROOT, address, onward, walk_of
from app.portal.pages.report import Walk
from app.portal.repairing import writing as repairing
from app.portal.repairing.draft import RepairStep
from app.portal.repairing.forms import FEW_WORDS, MoreForm
from app.portal.repairing.writing import Expected, RepairWriting, labels_of
from app.portal.rules import MAX_BODY, MIN_BODY, WHOLE_CITY
from app.portal.views import FileLink, file_link
from app.privacy.service import notices
from app.service_items.rules import NO, YES, Checked, Question
from app.service_items.rules.content import chosen
from app.web.deps import EdgeDep
from app.web.forms import FormDep, RawForm, parse
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter()

MORE: Final = address(RepairStep.MORE)
CONTACT: Final = address(RepairStep.CONTACT)
CHECK: Final = address(RepairStep.CHECK)
YES_NO: Final = {YES: mark("Yes"), NO: mark("No")}
_QUESTION: Final = "q_"
_MOST_KEPT: Final = 4 * MAX_BODY  # of a text that is too long, to be shortened
_LONGEST_ANSWER: Final = 1000


@dataclass(frozen=True, slots=True)
class MorePage:
    """The type's own questions, and room for words."""

    walk: Walk
    name: str
    questions: tuple[Question, ...]
    has_said: bool
    values: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get(MORE, include_in_schema=False)
def more(request: Request, edge: EdgeDep) -> Response:
    """Ask what else there is to say."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
    if writing.kind is None:
        return see_other(address(RepairStep.WHAT))
    return render(request, "portal/repair_more", _more_page(request, writing))


@router.post(f"{ROOT}/keep", include_in_schema=False)
def keep(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep the words as they are typed; asked by the script, answered with nothing."""
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        body, answers = _typed(form)
        repairing.keep(session, writing, edge.now(), body=body, answers=answers, has_more=False)
    return Response(status_code=204)


@router.post(MORE, include_in_schema=False)
def set_more(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep words and answers."""
    parsed = parse(MoreForm, form)
    with edge.writing() as session:
        now = edge.now()
        writing = repairing.open_writing(session, visitor(request))
        body, answers = _typed(form)
        writing = repairing.keep(session, writing, now, body=body, answers=answers, has_more=False)
        checked = repairing.checked_answers(session, writing, now=now)
        errors = dict(parsed.errors) | _missing(writing, checked)
        if not errors:
            writing = repairing.keep(session, writing, now, has_more=True)
        goal = onward(session, writing)
    if errors:
        page = _more_page(request, writing, errors)
        return render(request, "portal/repair_more", page, status=422)
    return see_other(goal)


def _typed(form: RawForm) -> tuple[str, dict[str, list[str]]]:
    answers = {
        name.removeprefix(_QUESTION): [value[:_LONGEST_ANSWER] for value in given]
        for name, given in form.lists.items()
        if name.startswith(_QUESTION)
    }
    return form.text("body")[:_MOST_KEPT], answers


def _has_said(writing: RepairWriting) -> bool:
    """Whether what was ticked says enough by itself."""
    draft, kind = writing.draft, writing.kind
    return kind is not None and len(labels_of(kind, draft, "zh_CN")) > 1


def _missing(writing: RepairWriting, checked: Checked) -> dict[str, str]:
    errors = {f"{_QUESTION}{key}": sentence for key, sentence in checked.errors.items()}
    if len(writing.draft.body.strip()) < MIN_BODY and not _has_said(writing):
        errors["body"] = FEW_WORDS
    return errors


def _more_page(
    request: Request, writing: RepairWriting, errors: Mapping[str, str] | None = None
) -> MorePage:
    draft, kind = writing.draft, writing.kind
    answers = {f"{_QUESTION}{key}": given for key, given in draft.answers.items()}
    first = {name: given[0] for name, given in answers.items() if given}
    return MorePage(
        walk=walk_of(writing, RepairStep.MORE),
        name=kind.name.within(str(locale_of(request))) if kind else "",
        questions=kind.questions if kind else (),
        has_said=_has_said(writing),
        values={"body": draft.body, **first},
        lists=answers,
        errors=errors or {},
    )


@router.get(CONTACT, include_in_schema=False)
def contact(request: Request, edge: EdgeDep) -> Response:
    """Ask how to reach the visitor."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
    draft = writing.draft
    is_anonymous = draft.is_anonymous and writing.may_be_anonymous
    values = {"anonymous": "yes" if is_anonymous else "no", "name": draft.name,
              "phone": draft.phone}  # fmt: skip
    return render(request, "portal/contact", _contact_page(writing, values))


@router.post(CONTACT, include_in_schema=False)
def set_contact(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep how to reach the visitor."""
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        if form.text("anonymous") != "yes" or not writing.may_be_anonymous:
            form.values["anonymous"] = "no"
        parsed = parse(ContactForm, form)
        if parsed.value is None:
            page = _contact_page(writing, parsed.values, parsed.errors)
            return render(request, "portal/contact", page, status=422)
        writing = repairing.keep(session, writing, edge.now(), **reached_by(parsed.value))
        goal = onward(session, writing)
    return see_other(goal)


def _contact_page(
    writing: RepairWriting, values: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> ContactPage:
    return ContactPage(
        walk_of(writing, RepairStep.CONTACT),
        writing.may_be_anonymous,
        may_be_secret=False,
        has_category=writing.category is not None,
        values=values,
        errors=errors or {},
        action=CONTACT,
        back=MORE,
    )


@dataclass(frozen=True, slots=True)
class RepairCheckPage(LastLook):
    """Every answer with a way back to it; the token makes sending it twice harmless."""

    walk: Walk
    token: str
    region: str
    is_whole_city: bool
    place: str
    plate: str
    has_position: bool
    what: tuple[str, ...]
    is_danger: bool
    answers: tuple[tuple[str, tuple[str, ...]], ...]
    body: str
    files: tuple[FileLink, ...]
    is_anonymous: bool
    name: str
    phone: str
    expected: Expected | None


@router.get(CHECK, include_in_schema=False)
def check(request: Request, edge: EdgeDep) -> Response:
    """Show every answer before it is sent."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        goal = onward(session, writing)
        if goal != CHECK:
            return see_other(goal)
        page = _check_page(session, writing, str(locale_of(request)), edge.now())
    return render(request, "portal/repair_check", page)


@router.post(CHECK, include_in_schema=False)
def send(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Open the repair, and show its slip. Sent twice, it is the same slip."""
    with edge.writing() as session:
        now = edge.now()
        if (refusal := refuse(request, session, form, now=now)) is not None:
            return refusal
        if (page := _new_notice(request, session, form, now)) is not None:
            return render(request, "portal/repair_check", page, status=422)
        case = repairing.send(session, visitor(request), form.text("idempotency"), now=now)
        goal = slip_of(session, case, now=now)
    return see_other(goal)


def _new_notice(
    request: Request, session: Session, form: RawForm, now: datetime
) -> RepairCheckPage | None:
    writing = repairing.open_writing(session, visitor(request))
    if writing.next_step is not RepairStep.CHECK:
        return None
    page = _check_page(session, writing, str(locale_of(request)), now)
    return with_new_notice(page, form)


def _check_page(
    session: Session, writing: RepairWriting, language: str, now: datetime
) -> RepairCheckPage:
    draft, kind, asset = writing.draft, writing.kind, writing.asset
    place = queries.find_place(session, writing.region_code)
    checked = repairing.checked_answers(session, writing, now=now)
    return RepairCheckPage(
        walk=walk_of(writing, RepairStep.CHECK),
        token=draft.token,
        region=place.name.within(language) if place else "",
        is_whole_city=draft.region == WHOLE_CITY,
        place=draft.place or (asset.place if asset else ""),
        plate=(asset.plate or asset.code) if asset else "",
        has_position=writing.point is not None,
        what=labels_of(kind, draft, language) if kind else (),
        is_danger=kind is not None and kind.is_danger(draft.chosen),
        answers=_said(kind.questions if kind else (), checked, language),
        body=draft.body,
        files=tuple(file_link(f"{ROOT}/files/{file.id}", file) for file in writing.files),
        is_anonymous=draft.is_anonymous,
        name=draft.name,
        phone=draft.phone,
        expected=repairing.expected(session, writing, language=language, now=now),
        notice=notices.version_in_force(session, now=now),
    )


def _said(
    questions: Sequence[Question], checked: Checked, language: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The answers in words, by question; yes and no are msgids."""
    said: list[tuple[str, tuple[str, ...]]] = []
    for one in questions:
        answer = checked.answers.get(one.key)
        if answer is None:
            continue
        named = {option.value: option.label.within(language) for option in one.options} | YES_NO
        words = tuple(named.get(value, value) for value in chosen(answer))
        said.append((one.label.within(language), words))
    return tuple(said)
