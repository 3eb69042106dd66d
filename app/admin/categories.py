"""Pages for the tree of categories: look, add, change, switch off and on.

Editing a category changes no matter that already runs.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import (
    HOME,
    edit_of,
    entry_context,
    number_in,
    show_tab,
    switched,
)
from app.admin.frame import language_of, sent, tried
from app.cases.labels import LABELS
from app.catalogue import queries, service
from app.catalogue.labels import PROOFS
from app.catalogue.models import RevisedType
from app.catalogue.rules import CaseKind, CategoryEntry, ProofKind, Urgency, find
from app.catalogue.service import CategoryDraft
from app.kernel.messages import mark
from app.web.forms import FormDep, RawForm
from app.web.templating import see_other

router = APIRouter(prefix=f"{HOME}/categories")

_LIST = f"{HOME}/categories"
# The kinds and the evidence that are ticked.
Chosen = tuple[tuple[str, ...], tuple[str, ...]]


class CategoryForm(BaseModel):
    """What is typed about a category."""

    code: Annotated[str, Field(title=mark("Code"))] = ""
    name: Annotated[str, Field(title=mark("Designation"))] = ""
    name_en: Annotated[str, Field(title=mark("English name"))] = ""
    hint: Annotated[str, Field(title=mark("Explanation"))] = ""
    hint_en: Annotated[str, Field(title=mark("English explanation"))] = ""
    kinds: list[CaseKind] = []
    proofs: list[ProofKind] = []
    may_be_anonymous: bool = False
    on_portal: bool = False
    confidential: bool = False
    default_urgency: Urgency = Urgency.NORMAL
    position: Annotated[int, Field(ge=0, le=9999, title=mark("Place in the list"))] = 0
    parent_id: int | None = None
    version: int = 0
    note: Annotated[str, Field(title=mark("Note"))] = ""

    def draft(self) -> CategoryDraft:
        left_out = {"parent_id", "version", "note", "kinds", "proofs"}
        return CategoryDraft(
            kinds=tuple(self.kinds),
            proofs=tuple(self.proofs),
            **self.model_dump(exclude=left_out),
        )


@router.get("")
def show_list(request: Request, visit: VisitDep, q: str = "") -> Response:
    """The whole tree, or what fits some words."""
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        kept = queries.snapshot(work.session)
        entries = _found(kept, q) if q.strip() else _in_order(kept)
    rows = [
        {
            "entry": entry,
            "name": entry.name.within(language),
            "kinds": [LABELS[CaseKind][kind] for kind in entry.kinds],
            "grade": LABELS[Urgency][entry.default_urgency],
        }
        for entry in entries
    ]
    return show_tab(request, work.actor, "admin/categories", {"rows": rows, "q": q})


@router.get("/new")
def show_new(request: Request, visit: VisitDep, parent: str = "") -> Response:
    """An empty form, at the first level or under a parent."""
    typed = {"parent_id": parent, "on_portal": "true", "default_urgency": "normal"}
    return _form(request, visit, None, typed, {}, chosen=((), ()))


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Add a category."""

    def do(work: Work, value: CategoryForm) -> None:
        service.add_category(
            work.session,
            value.draft(),
            parent_id=value.parent_id,
            edit=edit_of(work, value.note),
        )

    back = partial(_form, request, visit, None, chosen=_chosen(form))
    return sent(visit, form, CategoryForm, do, back=back, to=_LIST)


@router.get("/{category_id}")
def show_one(request: Request, visit: VisitDep, category_id: int) -> Response:
    """One category, to be changed, with its history."""
    return _form(request, visit, category_id, None, {}, chosen=None)


@router.post("/{category_id}")
def change(request: Request, visit: VisitDep, category_id: int, form: FormDep) -> Response:
    """Change what a category says."""

    def do(work: Work, value: CategoryForm) -> None:
        service.change_category(
            work.session,
            category_id,
            value.draft(),
            version=value.version,
            edit=edit_of(work, value.note),
        )

    back = partial(_form, request, visit, category_id, chosen=_chosen(form))
    return sent(visit, form, CategoryForm, do, back=back, to=f"{_LIST}/{category_id}")


@router.post("/{category_id}/switch")
def switch(request: Request, visit: VisitDep, category_id: int, form: FormDep) -> Response:
    """Switch a category off, or on again."""

    def do(work: Work) -> None:
        service.set_category_active(
            work.session,
            category_id,
            **switched(work, form),
        )

    errors = tried(visit, do)
    if errors:
        return _form(request, visit, category_id, None, errors, chosen=None)
    return see_other(f"{_LIST}/{category_id}")


def _in_order(kept: queries.Snapshot) -> list[CategoryEntry]:
    return [
        entry for parent in kept.children(None) for entry in (parent, *kept.children(parent.id))
    ]


def _found(kept: queries.Snapshot, q: str) -> list[CategoryEntry]:
    return find(kept.categories.values(), q[:80], limit=len(kept.categories))


def _form(
    request: Request,
    visit: VisitDep,
    category_id: int | None,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
    *,
    chosen: Chosen | None,
) -> Response:
    language = language_of(request)
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
        entry = queries.get_category(work.session, category_id) if category_id else None
        parent_id = entry.parent_id if entry else number_in(typed, "parent_id")
        parent = queries.get_category(work.session, parent_id) if parent_id else None
        context = {
            "entry": entry,
            "heading": entry.name.within(language) if entry else "",
            "parent": parent,
            "parent_name": parent.name.within(language) if parent else "",
            "values": _values(entry) if typed is None else typed,
            "chosen": (chosen or _stored(entry))[0],
            "proofs_chosen": (chosen or _stored(entry))[1],
            "proofs": [(str(proof), words) for proof, words in PROOFS.items()],
            "kinds": [(str(kind), LABELS[CaseKind][kind]) for kind in CaseKind],
            "grades": list(LABELS[Urgency].items()),
            **entry_context(
                work, RevisedType.CATEGORY, entry, typed=typed, errors=errors, language=language
            ),
        }
    status = 422 if errors else 200
    return show_tab(request, work.actor, "admin/category_form", context, status=status)


def _chosen(form: RawForm) -> Chosen:
    return tuple(form.lists.get("kinds", [])), tuple(form.lists.get("proofs", []))


def _stored(entry: CategoryEntry | None) -> Chosen:
    if entry is None:
        return (), ()
    return tuple(map(str, entry.kinds)), tuple(map(str, entry.proofs))


def _values(entry: CategoryEntry | None) -> dict[str, str]:
    if entry is None:
        return {}
    return {
        "code": entry.code,
        "name": entry.name.zh,
        "name_en": entry.name.en,
        "hint": entry.hint.zh,
        "hint_en": entry.hint.en,
        "may_be_anonymous": "true" if entry.may_be_anonymous else "",
        "on_portal": "true" if entry.on_portal else "",
        "confidential": "true" if entry.confidential else "",
        "default_urgency": str(entry.default_urgency),
        "position": str(entry.position),
    }
