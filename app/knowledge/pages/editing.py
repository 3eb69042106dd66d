"""Writing articles at the desk: the form, looking again, putting in use and withdrawing.

Who may is said by the article: its owner, and whoever looks after the articles of its unit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.accounts.rules import Permission
from app.catalogue import queries as catalogue
from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.knowledge import queries, service
from app.knowledge.models import Article
from app.knowledge.pages import shown
from app.knowledge.pages.reading import HOME, page_of
from app.knowledge.queries import Whole
from app.knowledge.rules import REVIEW_AFTER, ArticleState
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix=HOME)

_NO_CATEGORY: Final = mark("There is no such category.")


class ArticleForm(BaseModel):
    """What is typed about an article; categories and items are codes with blanks between."""

    SENTENCES: ClassVar = {"review_on": mark("Enter a date such as 2026-03-15.")}

    version: int = 0
    title: Annotated[str, Field(max_length=200, title=mark("The question"))] = ""
    answer: Annotated[str, Field(max_length=5000, title=mark("The answer"))] = ""
    notes: Annotated[str, Field(max_length=5000, title=mark("For staff only"))] = ""
    keywords: Annotated[str, Field(max_length=400, title=mark("Other words for it"))] = ""
    basis: Annotated[str, Field(max_length=400, title=mark("Law or rule it rests on"))] = ""
    title_en: Annotated[str, Field(max_length=400, title=mark("Question in English"))] = ""
    answer_en: Annotated[str, Field(max_length=9000, title=mark("Answer in English"))] = ""
    is_public: bool = False
    unit_id: int = 0
    charge_id: int | None = None  # who answers for it
    review_on: date
    categories: Annotated[str, Field(max_length=200, title=mark("Categories"))] = ""
    items: Annotated[str, Field(max_length=500, title=mark("Service items"))] = ""
    note: Annotated[str, Field(max_length=400, title=mark("Why it is changed"))] = ""


class SeenForm(BaseModel):
    """A press on an article: which version was seen, and until when it is believed."""

    SENTENCES: ClassVar = {"review_on": mark("Enter a date such as 2026-03-15.")}

    version: int
    state: ArticleState | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form of an article."""

    code: str
    units: Sequence[tuple[str, str]]
    owners: Sequence[tuple[str, str]]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form."""
    return _form(request, visit, "")


@router.post("/new")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Write a new article."""

    def do(work: Work, typed: ArticleForm) -> Article:
        return service.add_article(
            work.session, _draft(work, typed), edit=shown.edit_of(work, typed.note)
        )

    return _written(request, visit, "", form, do)


@router.get("/{code}/edit")
def show_edit(request: Request, visit: VisitDep, code: str) -> Response:
    """The article, to be written anew."""
    return _form(request, visit, code)


@router.post("/{code}/edit")
def change(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Write the article anew."""

    def do(work: Work, typed: ArticleForm) -> Article:
        return service.change_article(
            work.session,
            code,
            _draft(work, typed),
            seen=typed.version,
            edit=shown.edit_of(work, typed.note),
        )

    return _written(request, visit, code, form, do)


@router.post("/{code}/state")
def set_state(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Put it in use, withdraw it, take it back into work."""

    def do(work: Work, typed: SeenForm) -> None:
        state = typed.state or ArticleState.DRAFT
        service.set_state(work.session, code, state, seen=typed.version, edit=shown.edit_of(work))

    return _pressed(request, visit, code, form, do)


@router.post("/{code}/confirm")
def confirm(request: Request, visit: VisitDep, code: str, form: FormDep) -> Response:
    """Still right, until another day."""

    def do(work: Work, typed: SeenForm) -> None:
        day = typed.review_on or shown.today_of(work)
        service.confirm(work.session, code, day, seen=typed.version, edit=shown.edit_of(work))

    return _pressed(request, visit, code, form, do)


def _written(
    request: Request,
    visit: Visit,
    code: str,
    form: RawForm,
    do: Callable[[Work, ArticleForm], Article],
) -> Response:
    parsed = parse(ArticleForm, form)
    errors = dict(parsed.errors)
    try:
        if parsed.value is not None:
            with visit.writing() as work:
                written = do(work, parsed.value).code
            return see_other(f"{HOME}/{written}")
    except InvalidError as refusal:
        errors = refusal.said
    return _form(request, visit, code, parsed.values, errors)


def _pressed(
    request: Request,
    visit: Visit,
    code: str,
    form: RawForm,
    do: Callable[[Work, SeenForm], None],
) -> Response:
    parsed = parse(SeenForm, form)
    errors = dict(parsed.errors)
    try:
        if parsed.value is not None:
            with visit.writing() as work:
                do(work, parsed.value)
            return see_other(f"{HOME}/{code}")
    except InvalidError as refusal:
        errors = refusal.said
    with visit.reading() as work:
        page = page_of(request, work, code, "confirm", parsed.values, errors)
    return render(request, "knowledge/show", page, status=422)


def _draft(work: Work, typed: ArticleForm) -> service.ArticleDraft:
    """The form as the service takes it.

    Raises:
        InvalidError: a category's code is nobody's.
    """
    known = [catalogue.find_by_code(work.session, one) for one in _parts(typed.categories)]
    if not all(known):
        raise InvalidError(fields={"categories": _NO_CATEGORY})
    own = {"version", "note", "categories", "items", "keywords", "charge_id"}
    return service.ArticleDraft(
        **typed.model_dump(exclude=own),
        keywords=" ".join(_parts(typed.keywords)),
        owner_id=typed.charge_id,
        category_ids=[entry.id for entry in known if entry],
        item_codes=_parts(typed.items),
    )


def _parts(text: str) -> list[str]:
    return text.replace("，", " ").replace("、", " ").replace(",", " ").split()


def _form(
    request: Request,
    visit: Visit,
    code: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    language = locale_of(request).tag
    with visit.reading() as work:
        whole = queries.get_whole(work.session, code) if code else None
        if whole is None or not service.may_edit(work.actor, whole.article, whole.unit):
            work.actor.require(Permission.KNOWLEDGE_MANAGE)
        path = whole.unit.path if whole else work.actor.unit_path
        owners = queries.owners_of(work.session, path)
        page = EditPage(
            code=code,
            units=departments.list_choices(work.session, language=language),
            owners=[(str(key), name) for key, name in owners],
            values=values if values is not None else _values(work, whole),
            errors=errors or {},
        )
    return render(request, "knowledge/edit", page, status=422 if errors else 200)


def _values(work: Work, whole: Whole | None) -> dict[str, str]:
    if whole is None:
        return {
            "unit_id": str(work.actor.unit_id),
            "charge_id": str(work.actor.id),
            "review_on": (shown.today_of(work) + REVIEW_AFTER).isoformat(),
        }
    article = whole.article
    kept = catalogue.snapshot(work.session).categories
    return {
        "version": str(article.version),
        "title": article.title,
        "answer": article.answer,
        "notes": article.notes,
        "keywords": article.keywords,
        "basis": article.basis,
        "title_en": article.title_en,
        "answer_en": article.answer_en,
        "is_public": "true" if article.is_public else "",
        "unit_id": str(article.unit_id),
        "charge_id": str(article.owner_id or ""),
        "review_on": article.review_on.isoformat(),
        "categories": " ".join(kept[one].code for one in whole.category_ids if one in kept),
        "items": " ".join(whole.item_codes),
    }
