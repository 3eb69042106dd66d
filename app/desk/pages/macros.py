"""Macros: the list of one's own and the unit's, the form, and using one on a matter.

Using one fills in the step's own form and shows what the citizen would read; a person presses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.cases.kinds import Action, CallbackResult, Outcome
from app.cases.labels import LABELS, label
from app.cases.queries import get_by_number, situation_of
from app.cases.rules import check_may_take, staff
from app.cases.workflows import step_for
from app.catalogue.rules import render_reply
from app.citizens import service as citizens
from app.departments import queries as departments
from app.desk.bulk import macros, queries
from app.desk.bulk.macros import MacroDraft
from app.desk.bulk.rules import MACRO_ACTIONS
from app.desk.casepage import Typed, places_of
from app.desk.models import Macro
from app.desk.pages.cases import again
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import mask_free_text
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter()

_LIST: Final = "/desk/macros"
_Words = Annotated[str, Field(max_length=5000)]
_OK: Final = 200


class MacroForm(BaseModel):
    """What is typed about a macro."""

    version: int = 0
    name: Annotated[str, Field(max_length=60, title=mark("Name"))] = ""
    action: Action | None = None
    text: Annotated[_Words, Field(title=mark("For the citizen"))] = ""
    note: Annotated[_Words, Field(title=mark("Internal note"))] = ""
    outcome: Outcome | None = None
    callback_result: CallbackResult | None = None
    amount: Annotated[int | None, Field(ge=1, le=400)] = None
    evidence: Annotated[str, Field(max_length=300, title=mark("What it rests on"))] = ""
    is_shared: bool = False

    def draft(self) -> MacroDraft:
        """The form as the service takes it."""
        facts = {
            str(ask): "" if (value := getattr(self, ask)) is None else str(value)
            for ask in macros.FACTS
        }
        return MacroDraft(self.name, self.action, self.text, self.note, facts, self.is_shared)


@dataclass(frozen=True, slots=True)
class MacroLine:
    """One macro in the list."""

    id: int
    name: str
    step: str
    unit: str
    who: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class MacrosPage:
    """Everything one may use."""

    rows: list[MacroLine]


@dataclass(frozen=True, slots=True)
class MacroPage:
    """The form of one macro."""

    id: int | None
    version: int
    actions: list[tuple[str, str]]
    outcomes: list[tuple[str, str]]
    results: list[tuple[str, str]]
    may_share: bool
    unit: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get(_LIST)
def show_list(request: Request, visit: VisitDep) -> Response:
    """One's own and those of one's units."""
    english = locale_of(request).tag == "en"
    with visit.reading() as work:
        work.actor.require(Permission.CASE_READ)
        rows = [
            MacroLine(
                row.id,
                row.name,
                label(row.action),
                ((row.unit_en if english else "") or row.unit or ""),
                row.who,
                macros.may_edit_of(work.session, row.staff_id, row.unit_id, work.actor),
            )
            for row in queries.list_macros(work.session, work.actor)
        ]
    return render(request, "desk/macros", MacrosPage(rows))


@router.get(f"{_LIST}/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form."""
    return _form(request, visit, None, {}, {})


@router.post(_LIST)
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Keep a new macro."""
    parsed = parse(MacroForm, form)
    errors = dict(parsed.errors)
    try:
        if parsed.value is not None:
            with visit.writing() as work:
                work.actor.require(Permission.CASE_READ)
                macros.add_macro(work.session, work.actor, parsed.value.draft(), now=work.now)
            return see_other(_LIST)
    except InvalidError as refusal:
        errors = refusal.fields or {"": refusal.msgid}
    return _form(request, visit, None, parsed.values, errors)


@router.get(f"{_LIST}/{{macro_id}}")
def show_one(request: Request, visit: VisitDep, macro_id: int) -> Response:
    """One macro, to be changed."""
    return _form(request, visit, macro_id, None, {})


@router.post(f"{_LIST}/{{macro_id}}")
def change(request: Request, visit: VisitDep, macro_id: int, form: FormDep) -> Response:
    """Change a macro."""
    parsed = parse(MacroForm, form)
    errors = dict(parsed.errors)
    try:
        if parsed.value is not None:
            value = parsed.value
            with visit.writing() as work:
                macros.change_macro(
                    work.session,
                    work.actor,
                    macro_id,
                    value.draft(),
                    seen=value.version,
                    now=work.now,
                )
            return see_other(_LIST)
    except InvalidError as refusal:
        errors = refusal.fields or {"": refusal.msgid}
    return _form(request, visit, macro_id, parsed.values, errors)


@router.post(f"{_LIST}/{{macro_id}}/remove")
def remove(visit: VisitDep, macro_id: int, _form: FormDep) -> Response:
    """Forget a macro."""
    with visit.writing() as work:
        macros.remove_macro(work.session, work.actor, macro_id, now=work.now)
    return see_other(_LIST)


@router.post("/cases/{number}/macros")
def use(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Fill the step's form in with the macro, and show what the citizen would read."""
    typed = form.text("macro")
    with visit.reading() as work:
        case = get_by_number(work.session, number, work.actor)
        macro_id = int(typed) if typed.isdecimal() and len(typed) < len(str(2**63)) else 0
        macro = queries.get_macro(work.session, macro_id, work.actor)
        situation = situation_of(work.session, case)
        step = step_for(case.kind, situation, macro.action)
        check_may_take(step, situation, staff(work.actor), work.now)
        values = {name: str(value) for name, value in macro.facts.items()}
        person = citizens.person_of(work.session, case.citizen_id) if case.citizen_id else None
        unit = departments.view_of(work.session, case.unit_id)
        places = places_of(work.session, case, person, unit, "zh", work.now)
        text = render_reply(macro.text, places) if macro.text else ""
        values |= {"text": text, "note": macro.note}
        filled = Typed(str(macro.action), values, {}, mask_free_text(text))
    return again(request, visit, number, filled, _OK)


def _form(
    request: Request,
    visit: Visit,
    macro_id: int | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CASE_READ)
        macro = queries.get_macro(work.session, macro_id, work.actor) if macro_id else None
        page = _page(request, work, macro, typed, errors)
    return render(request, "desk/macro_form", page, status=422 if errors else _OK)


def _page(
    request: Request,
    work: Work,
    macro: Macro | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> MacroPage:
    unit = departments.view_of(work.session, work.actor.unit_id)
    english = locale_of(request).tag == "en"
    return MacroPage(
        id=macro.id if macro else None,
        version=macro.version if macro else 0,
        actions=[(str(one), label(one)) for one in MACRO_ACTIONS],
        outcomes=[(str(one), text) for one, text in LABELS[Outcome].items()],
        results=[(str(one), text) for one, text in LABELS[CallbackResult].items()],
        may_share=macros.leads(work.session, work.actor.unit_id, work.actor),
        unit=unit.name_en if english and unit.name_en else unit.name,
        values=_values(macro) if typed is None and macro else (typed or {}),
        errors=errors,
    )


def _values(macro: Macro) -> dict[str, str]:
    return {name: str(value) for name, value in macro.facts.items()} | {
        "name": macro.name,
        "action": str(macro.action),
        "text": macro.text,
        "note": macro.note,
        "is_shared": "true" if macro.unit_id else "",
    }
