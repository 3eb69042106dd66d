"""Pages for the dispatch directory: the ordered lines, and "where would this go?".

What is asked here is only answered; nothing is dispatched from these pages.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import (
    HOME,
    category_choices,
    edit_of,
    entry_context,
    named,
    region_choices,
    show_tab,
    switched,
)
from app.admin.frame import language_of, sent, version_of
from app.admin.trying import Trial, lessons, try_line
from app.catalogue import queries, service
from app.catalogue.models import DispatchRule, RevisedType
from app.catalogue.queries.listing import RuleListing
from app.catalogue.rules import Proposal
from app.catalogue.service import RuleDraft
from app.departments import queries as departments
from app.dispatching.service import alerts
from app.dispatching.views import alert_views
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix=f"{HOME}/directory")

_LIST = f"{HOME}/directory"
_BEGUN = ("category_id", "region_code", "unit_id", "basis")


class RuleForm(BaseModel):
    """What is typed about one line."""

    category_id: int | None = None
    region_code: str = ""
    unit_id: Annotated[int, Field(title=mark("Unit"))]
    basis: Annotated[str, Field(title=mark("Basis"))] = ""
    before_id: int | None = None
    version: int = 0
    note: Annotated[str, Field(title=mark("Note"))] = ""

    def draft(self) -> RuleDraft:
        return RuleDraft(self.category_id, self.region_code, self.unit_id, self.basis)


@router.get("")
def show_list(
    request: Request,
    visit: VisitDep,
    q: str = "",
    category: str = "",
    region: str = "",
) -> Response:
    """The lines in their order; with a category and a place, where that would go and why."""
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        lines = queries.list_rules(work.session)
        context = {
            "rows": [_row(line, language) for line in lines if _fits(line, q.strip(), language)],
            "q": q,
            "asked": {"category": category, "region": region},
            "categories": category_choices(work.session, language),
            "regions": region_choices(work.session, language),
            "answer": _answer(work.session, category, region, language),
            "alerts": alert_views(work.session, language=language, may_mend=True),
            "lessons": lessons(work.session, language=language, now=work.now),
        }
    return show_tab(request, work.actor, "admin/directory", context)


@router.get("/new")
def show_new(request: Request, visit: VisitDep, before: str = "") -> Response:
    """An empty line, at the end or before another; or one begun by what a ruling settled."""
    begun = {name: request.query_params.get(name, "") for name in _BEGUN}
    return _form(request, visit, None, {"before_id": before, **begun}, {})


@router.post("/try")
def try_new(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """What a new line would have done to last month's matters; nothing is saved."""
    return _try(request, visit, form, None)


@router.post("/{rule_id}/try")
def try_change(request: Request, visit: VisitDep, rule_id: int, form: FormDep) -> Response:
    """What a change of a line would have done to last month's matters; nothing is saved."""
    return _try(request, visit, form, rule_id)


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Add a line."""

    def do(work: Work, value: RuleForm) -> None:
        service.add_rule(
            work.session,
            value.draft(),
            edit=edit_of(work, value.note),
            before_id=value.before_id,
        )
        alerts.watch(work.session, now=work.now)

    back = partial(_form, request, visit, None)
    return sent(visit, form, RuleForm, do, back=back, to=_LIST)


@router.get("/{rule_id}")
def show_one(request: Request, visit: VisitDep, rule_id: int) -> Response:
    """One line, to be changed, with its history."""
    return _form(request, visit, rule_id, None, {})


@router.post("/{rule_id}")
def change(request: Request, visit: VisitDep, rule_id: int, form: FormDep) -> Response:
    """Change a line where it stands."""

    def do(work: Work, value: RuleForm) -> None:
        service.change_rule(
            work.session,
            rule_id,
            value.draft(),
            version=value.version,
            edit=edit_of(work, value.note),
        )
        alerts.watch(work.session, now=work.now)

    back = partial(_form, request, visit, rule_id)
    return sent(visit, form, RuleForm, do, back=back, to=_LIST)


@router.post("/{rule_id}/move")
def move(visit: VisitDep, rule_id: int, form: FormDep) -> Response:
    """Let a line change places with the one above or below."""
    with visit.writing() as work:
        service.move_rule(
            work.session,
            rule_id,
            is_up=form.text("to") == "up",
            version=version_of(form),
            edit=edit_of(work),
        )
    return see_other(f"{_LIST}#line-{rule_id}")


@router.post("/{rule_id}/switch")
def switch(visit: VisitDep, rule_id: int, form: FormDep) -> Response:
    """Switch a line off, or on again."""
    with visit.writing() as work:
        service.set_rule_active(
            work.session,
            rule_id,
            **switched(work, form),
        )
        alerts.watch(work.session, now=work.now)
    return see_other(f"{_LIST}/{rule_id}")


def _row(line: RuleListing, language: str) -> dict[str, object]:
    return {
        "id": line.id,
        "line": line.line,
        "category": named(line.category, language),
        "code": line.category_code,
        "region": line.region.within(language),
        "unit": line.unit.within(language),
        "unit_is_active": line.unit_is_active,
        "basis": line.basis,
        "is_active": line.is_active,
        "version": line.version,
    }


def _fits(line: RuleListing, q: str, language: str) -> bool:
    words = (
        line.category_code,
        named(line.category, language),
        line.region.within(language),
        line.unit.within(language),
        line.basis,
    )
    return not q or any(q.casefold() in word.casefold() for word in words)


def _answer(
    session: Session, category: str, region: str, language: str
) -> dict[str, object] | None:
    category_id = whole_number(category)
    if category_id is None:
        return None
    proposal = queries.propose_unit(session, category_id, region)
    return {
        "unit": named(proposal.unit, language),
        "why": proposal.why.msgid,
        "params": proposal.why.params_in(language),
        "basis": proposal.basis,
        "needs_mending": proposal.alert is not None,
        "others": _others(proposal, language),
        "told": list(departments.names_of(session, proposal.copy_to).values()),
    }


def _others(proposal: Proposal, language: str) -> Sequence[Mapping[str, object]]:
    return [
        {
            "unit": other.unit.within(language),
            "why": other.why.msgid,
            "params": other.why.params_in(language),
        }
        for other in proposal.alternatives
    ]


def _try(request: Request, visit: VisitDep, form: FormDep, rule_id: int | None) -> Response:
    parsed = parse(RuleForm, form)
    value = parsed.value
    if value is None:
        return _form(request, visit, rule_id, parsed.values, parsed.errors)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        trial = try_line(
            work.session,
            value.draft(),
            rule_id=rule_id,
            before_id=value.before_id,
            language=language_of(request),
            now=work.now,
        )
    return _form(request, visit, rule_id, parsed.values, {}, trial=trial)


def _form(
    request: Request,
    visit: VisitDep,
    rule_id: int | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
    *,
    trial: Trial | None = None,
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        rule = queries.get_rule(work.session, rule_id) if rule_id else None
        values = _values(rule) if typed is None else typed
        context = {
            "rule": rule and {"id": rule.id, "is_active": rule.is_active},
            "trial": trial,
            "values": values,
            "stands_before": _line_of(work.session, values.get("before_id", "")),
            "categories": category_choices(work.session, language),
            "regions": region_choices(
                work.session, language, current=values.get("region_code", "")
            ),
            "units": departments.list_choices(work.session, language=language, only_leads=True),
            **entry_context(
                work, RevisedType.DISPATCH_RULE, rule, typed=typed, errors=errors, language=language
            ),
        }
    status = 422 if errors else 200
    return show_tab(request, work.actor, "admin/directory_form", context, status=status)


def _line_of(session: Session, rule_id: str) -> int | None:
    """The number people know the line by before which a new one will stand."""
    lines = (rule.line for rule in queries.snapshot(session).rules if str(rule.id) == rule_id)
    return next(lines, None)


def _values(rule: DispatchRule | None) -> dict[str, str]:
    if rule is None:
        return {}
    return {
        "category_id": str(rule.category_id or ""),
        "region_code": rule.region_code,
        "unit_id": str(rule.unit_id),
        "basis": rule.basis,
    }
