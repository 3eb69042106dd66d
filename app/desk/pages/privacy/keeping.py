"""Time of keeping: rules, times of answers, a dry run, batches laid before a second person."""

from collections.abc import Mapping, Sequence
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import Visit, VisitDep, Work
from app.cases.labels import LABELS
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind, CategoryEntry
from app.desk.pages.privacy.frame import PAGE, language_of, require, show, tried, version_of
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.privacy import queries
from app.privacy.labels import BATCHES, ITEMS, REQUEST_KINDS, TALKS
from app.privacy.models import RetentionBatch, RetentionRule
from app.privacy.queries import ItemLine, OldCase
from app.privacy.rules import BatchState, ItemState, RequestKind, RuleSubject, ground_in
from app.privacy.service import limits, retention
from app.privacy.service.retention import Kept
from app.web.forms import FormDep, RawForm
from app.web.templating import see_other

router = APIRouter(prefix="/privacy")

_KINDS: Final = LABELS[CaseKind]
_LATEST: Final = 20


@router.get("/retention")
def rules(request: Request, visit: VisitDep) -> Response:
    """The rules, the times of answers, and the latest batches."""
    return _rules(request, visit, {}, {})


def _rules(
    request: Request, visit: Visit, values: dict[str, str], errors: dict[str, str]
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        require(work)
        session = work.session
        categories = catalogue.snapshot(session).categories
        batches = queries.list_batches(session, most=_LATEST)
        context = {
            "rules": [
                {
                    "rule": rule,
                    "category": _named(categories, rule.category_id, language),
                    "kind": _about(rule),
                    "basis": ground_in(language, rule.basis_text, rule.basis_text_en),
                }
                for rule in queries.retention_rules(session)
            ],
            "limits": [
                (label, limit, limit.basis(language))
                for kind, label in REQUEST_KINDS.items()
                for limit in [limits.limit_of(session, kind)]
            ],
            "batches": _batches(work, batches),
            "categories": [
                (entry.id, entry.name.within(language)) for entry in categories.values()
            ],
            "kinds": [*_KINDS.items(), (RuleSubject.TALK, TALKS)],
            "request_kinds": list(REQUEST_KINDS.items()),
            "values": values,
            "errors": errors,
        }
    return show(request, "retention", context, status=422 if errors else 200)


def _about(rule: RetentionRule) -> str:
    if rule.subject is RuleSubject.TALK:
        return TALKS
    return _KINDS[rule.case_kind] if rule.case_kind else ""


def _named(categories: Mapping[int, CategoryEntry], category_id: int | None, language: str) -> str:
    entry = categories.get(category_id or 0)
    return entry.name.within(language) if entry else ""


def _called(
    categories: Mapping[int, CategoryEntry], line: OldCase | ItemLine, language: str
) -> str:
    """The category of a matter: as it was called then, in English as it is called now."""
    english = "" if language.startswith("zh") else _named(categories, line.category_id, language)
    return english or line.category_name


def _batches(work: Work, batches: Sequence[RetentionBatch]) -> list[dict[str, object]]:
    found = queries.items_by_state(work.session, [batch.id for batch in batches])
    people = [who for batch in batches for who in (batch.proposed_by_id, batch.decided_by_id)]
    names = queries.staff_names(work.session, people)
    return [
        {
            "id": batch.id,
            "version": batch.version,
            "as_of": batch.as_of,
            "state": BATCHES[batch.state],
            "is_proposed": batch.state is BatchState.PROPOSED,
            "is_own": batch.proposed_by_id == work.actor.id,
            "proposed_by": names.get(batch.proposed_by_id, ""),
            "decided_by": names.get(batch.decided_by_id or 0, ""),
            "done_at": batch.done_at,
            "number": sum(found.get((batch.id, state), 0) for state in ItemState),
            "counts": [
                (ITEMS[state], found[batch.id, state])
                for state in ItemState
                if (batch.id, state) in found
            ],
        }
        for batch in batches
    ]


@router.post("/retention/rules")
def set_rule(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Say how long matters of a category and kind are kept."""
    errors = tried(visit, lambda work: _set_rule(work, form))
    if errors:
        return _rules(request, visit, form.values, errors)
    return see_other("/privacy/retention")


def _set_rule(work: Work, form: RawForm) -> None:
    about = form.text("case_kind")
    given = Kept(
        months=whole_number(form.text("months")) or 0,
        basis_text=form.text("basis_text"),
        basis_text_en=form.text("basis_text_en"),
        category_id=whole_number(form.text("category_id")),
        case_kind={str(kind): kind for kind in CaseKind}.get(about),
        subject=RuleSubject.TALK if about == RuleSubject.TALK else RuleSubject.CASE,
    )
    retention.set_rule(work.session, given, by=work.author, now=work.now)


@router.post("/retention/limits")
def set_limit(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Say how long an answer to a request may take; running clocks keep theirs."""
    errors = tried(visit, lambda work: _set_limit(work, form))
    if errors:
        return _rules(request, visit, form.values, errors)
    return see_other("/privacy/retention#limits")


def _set_limit(work: Work, form: RawForm) -> None:
    kind = {str(each): each for each in RequestKind}.get(form.text("kind"))
    if kind is None:
        raise InvalidError(fields={"kind": mark("Choose one.")})
    limits.set_limit(
        work.session,
        kind,
        work_days=whole_number(form.text("work_days")) or 0,
        more_days=whole_number(form.text("more_days") or "0"),
        basis_text=form.text("ground"),
        basis_text_en=form.text("ground_en"),
        by=work.author,
        now=work.now,
    )


@router.get("/retention/dry-run")
def dry_run(request: Request, visit: VisitDep) -> Response:
    """What would be erased now; nothing is."""
    language = language_of(request)
    with visit.reading() as work:
        require(work)
        tried_now = retention.dry_run(work.session, now=work.now)
        categories = catalogue.snapshot(work.session).categories
    context = {
        "run": tried_now,
        "due": [
            {
                "months": each.rule.months,
                "category": _named(categories, each.rule.category_id, language),
                "kind": _KINDS[CaseKind(each.rule.case_kind)] if each.rule.case_kind else "",
                "cutoff": each.cutoff,
                "number": each.number,
                "held": each.held,
            }
            for each in tried_now.due
        ],
        "first": [
            (each, _called(categories, each, language), _KINDS[each.kind])
            for each in tried_now.first
        ],
    }
    return show(request, "dry_run", context)


@router.post("/retention/batches")
def propose(visit: VisitDep, _form: FormDep) -> Response:
    """Lay what is old enough before a second person."""
    with visit.writing() as work:
        require(work)
        batch = retention.propose(work.session, by=work.author, now=work.now)
        address = f"/privacy/retention/batches/{batch.id}"
    return see_other(address)


@router.get("/retention/batches/{batch_id}")
def show_batch(request: Request, visit: VisitDep, batch_id: int, after: str = "") -> Response:
    """The matters of a batch, and the decision if it waits for one."""
    language = language_of(request)
    with visit.reading() as work:
        require(work)
        batch = queries.get_batch(work.session, batch_id)
        categories = catalogue.snapshot(work.session).categories
        items = queries.list_items(
            work.session, batch_id, after=whole_number(after) or 0, most=PAGE + 1
        )
        context = {
            "batch": _batches(work, [batch])[0],
            "items": [
                (item, _called(categories, item, language), _kind_of(item), ITEMS[item.state])
                for item in items[:PAGE]
            ],
            "next": f"/privacy/retention/batches/{batch_id}?after={items[PAGE - 1].id}"
            if len(items) > PAGE
            else "",
        }
    return show(request, "batch", context)


def _kind_of(item: ItemLine) -> str:
    if item.is_talk:
        return mark("Contact")
    return _KINDS[item.kind] if item.kind else mark("Person")


@router.post("/retention/batches/{batch_id}/decision")
def decide(visit: VisitDep, batch_id: int, form: FormDep) -> Response:
    """Approve somebody else's proposal, or leave everything as it is."""
    deed = retention.approve if form.text("to") == "approve" else retention.refuse
    with visit.writing() as work:
        require(work)
        deed(work.session, batch_id, version=version_of(form), by=work.author, now=work.now)
    return see_other(f"/privacy/retention/batches/{batch_id}")
