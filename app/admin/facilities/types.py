"""Types of facilities: the list with their limits, what repairs of one are told and asked.

Names, limits and directory are changed in the catalogue; this page leads there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import edit_of
from app.admin.frame import language_of, sent, show, tried_form
from app.cases.labels import LABELS
from app.catalogue import queries as catalogue
from app.catalogue.labels import basis_in
from app.catalogue.queries import Snapshot
from app.catalogue.rules import ChosenLimit, Named, Urgency
from app.facilities import queries, service
from app.facilities.labels import FAMILIES
from app.facilities.rules import Danger, Form, Repeats, TypeView
from app.facilities.rules.lines import (
    danger_lines,
    form_lines,
    question_lines,
    read_dangers,
    read_forms,
    read_question_lines,
)
from app.facilities.service import TypeDraft
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.publishing import service as publishing
from app.service_items.rules import Question
from app.web import i18n
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/admin/facilities")

HOME: Final = "/admin/facilities"
_RESOLVE: Final = "resolve"
Piece = TypeVar("Piece", Form, Danger, Question)
_FLAGS: Final = ("needs_before", "needs_after", "is_public", "is_home", "is_filed_by_rule")


class NewTypeForm(BaseModel):
    """A new type; the class is named where it is new."""

    code: Annotated[str, Field(title=mark("Code"))] = ""
    name: Annotated[str, Field(title=mark("Designation"))] = ""
    name_en: Annotated[str, Field(title=mark("English name"))] = ""
    class_name: Annotated[str, Field(title=mark("Name of the class"))] = ""
    class_name_en: Annotated[str, Field(title=mark("English name of the class"))] = ""


class TypeForm(BaseModel):
    """What is typed about a type; forms, dangers and questions a line each."""

    owner_name: Annotated[str, Field(title=mark("Usual owner"))] = ""
    owner_name_en: Annotated[str, Field(title=mark("English name"))] = ""
    filing: Annotated[str, Field(title=mark("Filing conditions"))] = ""
    filing_en: Annotated[str, Field(title=mark("English explanation"))] = ""
    forms: Annotated[str, Field(title=mark("What can be broken"))] = ""
    dangers: Annotated[str, Field(title=mark("Dangers"))] = ""
    questions: Annotated[str, Field(title=mark("Extra questions"))] = ""
    near_radius_m: Annotated[int, Field(title=mark("Same report within (metres)"))] = 50
    safety_minutes: Annotated[int | None, Field(title=mark("Made safe within (minutes)"))] = None
    repeat_count: Annotated[int, Field(title=mark("Repairs of one facility"))] = 3
    repeat_in_district: Annotated[int, Field(title=mark("Repairs of the type in a district"))] = 20
    repeat_days: Annotated[int, Field(title=mark("Within days"))] = 90
    needs_before: bool = False
    needs_after: bool = False
    is_public: bool = False
    is_home: bool = False
    is_filed_by_rule: bool = False
    version: int = 0

    def draft(self) -> TypeDraft:
        """The form as the service takes it.

        Raises:
            InvalidError: a line cannot be read.
        """
        return TypeDraft(
            owner_name=Named(self.owner_name.strip(), self.owner_name_en.strip()),
            filing=Named(self.filing.strip(), self.filing_en.strip()),
            forms=_read("forms", read_forms, self.forms),
            dangers=_read("dangers", read_dangers, self.dangers),
            questions=_read("questions", read_question_lines, self.questions),
            near_radius_m=self.near_radius_m,
            needs_before=self.needs_before,
            needs_after=self.needs_after,
            safety_minutes=self.safety_minutes,
            repeats=Repeats(self.repeat_count, self.repeat_days, self.repeat_in_district),
            is_public=self.is_public,
            is_home=self.is_home,
            is_filed_by_rule=self.is_filed_by_rule,
        )


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit of a type; `grade` is a msgid, `basis` in the reader's language."""

    grade: str
    limit: ChosenLimit
    basis: str


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A type in the list; `family` is a msgid."""

    kind: TypeView
    name: str
    group: str
    family: str
    owner: str
    limits: list[LimitLine]
    assets: int


@router.get("")
def show_types(request: Request, visit: VisitDep) -> Response:
    """All types with their limits and how many facilities are registered."""
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        kept = catalogue.snapshot(work.session)
        counts = queries.counts_by_type(work.session)
        rows = [
            TypeLine(
                kind=one,
                name=one.name.within(language),
                group=one.group.within(language),
                family=FAMILIES[one.family],
                owner=one.owner.within(language),
                limits=_limits(kept, one, language),
                assets=counts.get(one.id, 0),
            )
            for one in queries.list_types(work.session)
        ]
    return show(request, work.actor, "admin/facility_types", {"rows": rows})


@router.post("/shipped")
def take_shipped(visit: VisitDep, _form: FormDep) -> Response:
    """Add the shipped types that are missing; nothing that is there is changed."""
    with visit.writing() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        service.seed(work.session, now=work.now)
        service.seed_directory(work.session, now=work.now)
    return see_other(HOME)


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form for a new type."""
    return _new(request, visit, {}, {})


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Add a type; its other fields follow."""
    parsed = parse(NewTypeForm, form)

    def do(work: Work, value: NewTypeForm) -> None:
        service.add_type(
            work.session,
            value.code,
            Named(value.name.strip(), value.name_en.strip()),
            class_name=Named(value.class_name.strip(), value.class_name_en.strip()),
            edit=edit_of(work),
        )

    if errors := tried_form(visit, parsed, do):
        return _new(request, visit, parsed.values, errors)
    return see_other(f"{HOME}/{form.text('code').strip().upper()}")


@router.get("/{code}")
def show_type(request: Request, visit: VisitDep, code: str) -> Response:
    """The form of a type."""
    return _type(request, visit, code, None, {})


@router.post("/{code}")
def save(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Save a type; which line cannot be read is said in the editor's language."""

    def do(work: Work, value: TypeForm) -> None:
        kind = queries.get_type_by_code(work.session, code)
        service.save_type(
            work.session, kind.id, value.draft(), version=value.version, edit=edit_of(work)
        )
        if value.is_home:
            publishing.coarsen_type(work.session, kind.id, kind.category_id, now=work.now)

    def back(values: Mapping[str, str], errors: Mapping[str, str]) -> Response:
        return _type(request, visit, code, values, errors)

    return sent(visit, form, TypeForm, do, back=back, to=HOME)


def _new(
    request: Request, visit: VisitDep, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
    context = {"values": values, "errors": errors}
    status = 422 if errors else 200
    return show(request, work.actor, "admin/facility_type_new", context, status=status)


def _type(
    request: Request,
    visit: VisitDep,
    code: str,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        kind = queries.get_type_by_code(work.session, code)
        limits = _limits(catalogue.snapshot(work.session), kind, language)
    context = {
        "kind": kind,
        "name": kind.name.within(language),
        "values": _stored(kind) if typed is None else typed,
        "errors": errors,
        "limits": limits,
    }
    status = 422 if errors else 200
    return show(request, work.actor, "admin/facility_type", context, status=status)


def _limits(kept: Snapshot, kind: TypeView, language: str) -> list[LimitLine]:
    """The limits of the type's own category; where it has none the general ones hold."""
    own = [row for row in kept.limits if row.category_id == kind.category_id]
    graded = [row for row in own if row.clock_kind == _RESOLVE and row.urgency is not None]
    return [
        LimitLine(LABELS[Urgency][row.urgency], row.limit, basis_in(language, row.limit.basis_text))
        for row in sorted(graded, key=lambda row: row.urgency.rank if row.urgency else 0)
        if row.urgency is not None
    ]


def _stored(kind: TypeView) -> dict[str, str]:
    numbers = {
        "near_radius_m": kind.near_radius_m,
        "safety_minutes": kind.safety_minutes,
        "repeat_count": kind.repeats.count,
        "repeat_in_district": kind.repeats.in_district,
        "repeat_days": kind.repeats.days,
        "version": kind.version,
    }
    return {
        "owner_name": kind.owner.zh,
        "owner_name_en": kind.owner.en,
        "filing": kind.filing.zh,
        "filing_en": kind.filing.en,
        "forms": form_lines(kind.forms),
        "dangers": danger_lines(kind.dangers),
        "questions": question_lines(kind.questions),
        **{name: "" if number is None else str(number) for name, number in numbers.items()},
        **{flag: "true" if getattr(kind, flag) else "" for flag in _FLAGS},
    }


def _read(field: str, read: Callable[[str], tuple[Piece, ...]], text: str) -> tuple[Piece, ...]:
    """The pieces of a text area; which line is wrong stands in the sentence beside it."""
    try:
        return read(text)
    except InvalidError as wrong:
        sentence = i18n.gettext(wrong.msgid, **wrong.params)
        raise InvalidError(fields={field: sentence}) from wrong
