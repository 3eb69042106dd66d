"""What is broken, how, whether it is dangerous; and whom to call before anything else.

A danger that needs a call never ends the report: it is saved, and goes before all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.facilities import queries as facilities
from app.facilities.rules import TypeView
from app.kernel.text import tokens, whole_number
from app.portal.pages.home import emergencies_in
from app.portal.pages.repair import CALL, address, onward, walk_of
from app.portal.pages.report import Choice, Walk
from app.portal.repairing import writing as repairing
from app.portal.repairing.draft import NONE_OF_THEM, RepairStep
from app.portal.repairing.forms import CHOOSE_DANGER, CHOOSE_FORM, CHOOSE_TYPE
from app.portal.repairing.writing import RepairWriting
from app.web.deps import EdgeDep
from app.web.forms import FormDep
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter()

WHAT: Final = address(RepairStep.WHAT)
DANGER: Final = address(RepairStep.DANGER)
OTHER: Final = "_other"
_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class RepairWhatPage:
    """Groups of types to open, the types of one, or those that fit some words."""

    walk: Walk
    groups: tuple[Choice, ...]
    group: Choice | None
    choices: tuple[Choice, ...]
    looked_for: str
    chosen: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get(WHAT, include_in_schema=False)
def what(request: Request, edge: EdgeDep, group: str = "") -> Response:
    """Ask what is broken."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        page = _what_page(request, session, writing, group)
    return render(request, "portal/repair_what", page)


@router.post(WHAT, include_in_schema=False)
def set_what(request: Request, edge: EdgeDep, form: FormDep, group: str = "") -> Response:
    """Keep the type, or look for one by words."""
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        if form.text("go") == "search":
            words = form.text("looked_for")[:60]
            repairing.keep(session, writing, edge.now(), looked_for=words)
            return see_other(f"{WHAT}#found")
        chosen = whole_number(form.text("type"))
        if chosen not in {one.id for one in facilities.types_for_report(session)}:
            page = _what_page(request, session, writing, group, {"type": CHOOSE_TYPE})
            return render(request, "portal/repair_what", page, status=422)
        goal = onward(session, repairing.keep(session, writing, edge.now(), type_id=chosen))
    return see_other(goal)


def suggest(session: Session, words: str) -> list[TypeView]:
    """Types somebody may mean by code, initials or words; else those most pairs of signs fit."""
    offered = {one.category_id: one for one in facilities.types_for_report(session)}
    if not words:
        return []
    found = catalogue.find_categories(session, words, kind=CaseKind.REPAIR, limit=_MOST)
    hits = [offered[entry.id] for entry in found if entry.id in offered]
    if hits:
        return hits
    asked = set(tokens(words))
    scored = [(_shared(one, asked), one) for one in offered.values()]
    fitting = sorted((hit for hit in scored if hit[0]), key=lambda hit: (-hit[0], hit[1].code))
    return [one for _, one in fitting[:_MOST]]


def _shared(one: TypeView, asked: set[str]) -> int:
    name = set(tokens(f"{one.name.zh} {one.name.en}"))
    told = " ".join((one.hint.zh, one.hint.en, *(form.label.zh for form in one.forms)))
    return 2 * len(asked & name) + len(asked & set(tokens(told)))


def _what_page(
    request: Request,
    session: Session,
    writing: RepairWriting,
    group_code: str,
    errors: Mapping[str, str] | None = None,
) -> RepairWhatPage:
    language = str(locale_of(request))
    types = facilities.types_for_report(session)
    groups = _groups(types, language)
    group = next((each for each in groups if each.code == group_code), None)
    looked_for = "" if group else writing.draft.looked_for
    named = [one for one in types if group and one.group.within(language) == group.name]
    found = named or suggest(session, looked_for)
    return RepairWhatPage(
        walk=walk_of(writing, RepairStep.WHAT),
        groups=groups,
        group=group,
        choices=tuple(
            Choice(one.id, one.code, one.name.within(language), one.hint.within(language))
            for one in found
        ),
        looked_for=looked_for,
        chosen=writing.kind.name.within(language) if writing.kind else "",
        values={"type": str(writing.draft.type_id or ""), "looked_for": looked_for},
        errors=errors or {},
    )


def _groups(types: Sequence[TypeView], language: str) -> tuple[Choice, ...]:
    """The classes of types, each with a few of its names so that people find their own."""
    named: dict[str, list[TypeView]] = {}
    for one in types:
        named.setdefault(one.group.within(language), []).append(one)
    comma = "、" if language.startswith("zh") else ", "
    return tuple(
        Choice(some[0].id, some[0].code[:-2], name, comma.join(t.name.within(language)
                                                                for t in some[:4]))
        for name, some in named.items()
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DangerPage:
    """How it is broken, and the plain questions whether it is dangerous."""

    walk: Walk
    name: str
    forms: tuple[tuple[str, str], ...]
    dangers: tuple[tuple[str, str], ...]
    ticked: Sequence[str]
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get(DANGER, include_in_schema=False)
def danger(request: Request, edge: EdgeDep) -> Response:
    """Ask how it is broken and whether that is dangerous."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        if writing.kind is None:
            return see_other(WHAT)
        page = _danger_page(request, writing, writing.draft.chosen)
    return render(request, "portal/repair_danger", page)


@router.post(DANGER, include_in_schema=False)
def set_danger(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep what was ticked."""
    ticked = (form.text("how"), *form.lists.get("danger", ()))
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        if writing.kind is None:
            return see_other(WHAT)
        errors = _missing(writing.kind, ticked)
        if errors:
            page = _danger_page(request, writing, ticked, errors)
            return render(request, "portal/repair_danger", page, status=422)
        chosen = _known(writing.kind, ticked)
        writing = repairing.keep(session, writing, edge.now(), chosen=chosen, has_danger=True)
        goal = onward(session, writing)
    return see_other(goal)


def _missing(kind: TypeView, ticked: Sequence[str]) -> dict[str, str]:
    errors = {}
    if kind.forms and ticked[0] not in {*(one.key for one in kind.forms), OTHER}:
        errors["how"] = CHOOSE_FORM
    if kind.dangers and not {NONE_OF_THEM, *(one.key for one in kind.dangers)} & set(ticked[1:]):
        errors["danger"] = CHOOSE_DANGER
    return errors


def _known(kind: TypeView, ticked: Sequence[str]) -> tuple[str, ...]:
    keys = {*(one.key for one in kind.forms), *(one.key for one in kind.dangers)}
    real = tuple(key for key in ticked if key in keys)
    has_danger = any(one.key in ticked for one in kind.dangers)
    # Where something was ticked, "none of them" was a slip.
    return real if has_danger else (*real, NONE_OF_THEM)


def _danger_page(
    request: Request,
    writing: RepairWriting,
    ticked: Sequence[str],
    errors: Mapping[str, str] | None = None,
) -> DangerPage:
    language, kind = str(locale_of(request)), writing.kind
    forms = [(one.key, one.label.within(language)) for one in kind.forms] if kind else []
    dangers = [(one.key, one.label.within(language)) for one in kind.dangers] if kind else []
    chosen = next((key for key, _ in forms if key in ticked), "")
    if not chosen and (writing.draft.has_danger or OTHER in ticked):
        chosen = OTHER
    return DangerPage(
        walk=walk_of(writing, RepairStep.DANGER),
        name=kind.name.within(language) if kind else "",
        forms=tuple(forms),
        dangers=tuple(dangers),
        ticked=ticked,
        values={"how": chosen},
        errors=errors or {},
    )


@dataclass(frozen=True, slots=True)
class CallPage:
    """Call now: what is dangerous, the numbers that fit first, then the others, what to do."""

    walk: Walk
    words: tuple[str, ...]
    advice: tuple[str, ...]
    first: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


@router.get(CALL, include_in_schema=False)
def call(request: Request, edge: EdgeDep) -> Response:
    """Say whom to call now; the report is kept and can still be sent."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        goal = onward(session, writing)
    if goal != CALL:
        return see_other(goal)
    return render(request, "portal/repair_call", _call_page(writing, str(locale_of(request))))


@router.post(CALL, include_in_schema=False)
def called(request: Request, edge: EdgeDep, _form: FormDep) -> Response:
    """The numbers were seen; go on with the report."""
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        known = (*writing.draft.warned_of, *writing.unwarned)
        writing = repairing.keep(session, writing, edge.now(), warned_of=known)
        goal = onward(session, writing)
    return see_other(goal)


def _call_page(writing: RepairWriting, language: str) -> CallPage:
    everybody = emergencies_in(language)
    found = writing.words_found
    first = {one.number: one.whom.within(language) for d in writing.stoppers for one in d.call}
    first |= {number: whose for number, whose in everybody if number in found.numbers}
    advice = (one.advice.within(language) for one in writing.stoppers)
    return CallPage(
        walk=walk_of(writing, RepairStep.DANGER),
        words=(*(one.label.within(language) for one in writing.stoppers), *found.words),
        advice=tuple(dict.fromkeys(filter(None, advice))),
        first=tuple(first.items()),
        others=tuple(each for each in everybody if each[0] not in first),
    )
