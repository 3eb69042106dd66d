"""Makes articles ready for the screens of staff: names in the reader's language, lamps, history.

Reads only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.deps import Work
from app.calendars import queries as calendars
from app.catalogue import queries as catalogue
from app.knowledge import queries, service
from app.knowledge.labels import ENDS, FIELDS, STATES, VERDICTS
from app.knowledge.models import Article, ArticleRemark, ArticleVersion
from app.knowledge.queries import ArticleView, Line, Whole
from app.knowledge.rules import (
    ArticleState,
    Piece,
    differences,
    is_stale,
    is_to_be_told,
)
from app.service_items import queries as items

_VERDICTS = tuple((str(one), words) for one, words in VERDICTS.items())
_ENDS = tuple((str(one), words) for one, words in ENDS.items())


@dataclass(frozen=True, slots=True)
class Offered:
    """An article as it is offered beside a text field; only a public one can be inserted."""

    code: str
    title: str
    answer: str
    is_public: bool
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One article in a list."""

    code: str
    title: str
    state: str
    is_public: bool
    is_sample: bool
    unit: str
    owner: str
    review_on: date
    lamp: str
    used: int
    useful: int
    remarks: int


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """One remark in a list."""

    id: int
    verdict: str
    words: str
    at: datetime
    end: str
    is_of_staff: bool
    code: str
    title: str
    unit: str
    owner: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an edit, piece by piece; a code and its words where it holds a code."""

    label: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Past:
    """One version as the history lists it."""

    number: int
    at: datetime
    by_name: str
    note: str
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One article with everything staff may know of it."""

    code: str
    version: int
    title: str
    answer: str
    notes: str
    basis: str
    state: str
    is_in_use: bool
    is_public: bool
    is_sample: bool
    unit: str
    owner: str
    review_on: date
    lamp: str
    changed_at: datetime
    used: int
    useful: int
    categories: Sequence[str]
    items: Sequence[tuple[str, str]]
    may_edit: bool
    past: Sequence[Past]
    next_review: date
    verdicts: Sequence[tuple[str, str]] = _VERDICTS
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemarkPage:
    """One remark and, for who answers for its article, the way to close it."""

    id: int
    version: int
    verdict: str
    words: str
    by: str
    at: datetime
    code: str
    title: str
    is_changed_since: bool
    closed_at: datetime | None
    closed_by: str
    end: str
    end_note: str
    may_close: bool
    ends: Sequence[tuple[str, str]] = _ENDS
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def today_of(work: Work) -> date:
    """The hall's day."""
    return calendars.load(work.session).statutory.local_date(work.now)


def edit_of(work: Work, note: str = "") -> service.Edit:
    """Who writes, when and why."""
    return service.Edit(work.now, today_of(work), work.actor, note.strip())


def offered(view: ArticleView, language: str) -> Offered:
    """An article to be offered; an internal one is read, never put into a reply."""
    return Offered(
        view.code,
        view.title_within(language),
        view.answer_within(language),
        view.is_public,
        view.is_sample,
    )


def row_of(line: Line, *, english: bool, today: date) -> Row:
    """One line of a list of articles."""
    return Row(
        code=line.code,
        title=(english and line.title_en) or line.title,
        state=STATES[line.state],
        is_public=line.is_public,
        is_sample=line.is_sample,
        unit=(english and line.unit_en) or line.unit,
        owner=line.owner or "",
        review_on=line.review_on,
        lamp=_lamp(line.state, line.review_on, today),
        used=line.used_count,
        useful=line.useful_count,
        remarks=line.remarks,
    )


def remark_row(line: Line, *, english: bool) -> RemarkRow:
    """One line of a list of remarks."""
    return RemarkRow(
        id=line.id,
        verdict=VERDICTS[line.verdict],
        words=line.words,
        at=line.at,
        end=ENDS[line.end] if line.end else "",
        is_of_staff=line.staff_id is not None,
        code=line.code,
        title=(english and line.title_en) or line.title,
        unit=(english and line.unit_en) or line.unit,
        owner=line.owner or "",
    )


def article_page(
    work: Work,
    whole: Whole,
    *,
    language: str,
    next_review: date,
    action: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> ArticlePage:
    """Everything about one article."""
    article, english = whole.article, language == "en"
    return ArticlePage(
        code=article.code,
        version=article.version,
        title=(english and article.title_en) or article.title,
        answer=(english and article.answer_en) or article.answer,
        notes=article.notes,
        basis=article.basis,
        state=STATES[article.state],
        is_in_use=article.state is ArticleState.IN_USE,
        is_public=article.is_public,
        is_sample=article.is_sample,
        unit=(english and whole.unit.name_en) or whole.unit.name,
        owner=whole.owner,
        review_on=article.review_on,
        lamp=_lamp(article.state, article.review_on, today_of(work)),
        changed_at=article.changed_at,
        used=article.used_count,
        useful=article.useful_count,
        categories=category_names(work.session, whole.category_ids, language),
        items=item_names(work.session, whole.item_codes, today_of(work), language),
        may_edit=service.may_edit(work.actor, article, whole.unit),
        past=_history(queries.list_versions(work.session, article.id)),
        next_review=next_review,
        action=action,
        values=values or {},
        errors=errors or {},
    )


def remark_page(
    remark: ArticleRemark,
    article: Article,
    by: str,
    closed_by: str,
    *,
    may_close: bool,
    english: bool,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> RemarkPage:
    """One remark."""
    return RemarkPage(
        id=remark.id,
        version=remark.version,
        verdict=VERDICTS[remark.verdict],
        words=remark.words,
        by=by,
        at=remark.at,
        code=article.code,
        title=(english and article.title_en) or article.title,
        is_changed_since=article.version != remark.seen_version,
        closed_at=remark.closed_at,
        closed_by=closed_by,
        end=ENDS[remark.end] if remark.end else "",
        end_note=remark.end_note,
        may_close=may_close and remark.closed_at is None,
        values=values or {},
        errors=errors or {},
    )


def category_names(session: Session, ids: Sequence[int], language: str) -> list[str]:
    """Categories as pages name them."""
    kept = catalogue.snapshot(session).categories
    return [f"{kept[one].code} {kept[one].name.within(language)}" for one in ids if one in kept]


def item_names(
    session: Session, codes: Sequence[str], day: date, language: str
) -> list[tuple[str, str]]:
    """Service items that are offered on a day: code and name."""
    named = {entry.code: entry.name for entry in items.list_in_force(session, day=day)}
    return [(code, named[code].within(language)) for code in codes if code in named]


def _lamp(state: ArticleState, review_on: date, today: date) -> str:
    if state is not ArticleState.IN_USE:
        return "paused"
    if is_stale(review_on, today=today):
        return "bad"
    return "warn" if is_to_be_told(review_on, None, today=today) else "ok"


def _history(versions: Sequence[ArticleVersion]) -> list[Past]:
    earlier = [*(one.content for one in versions[1:]), {}]
    return [
        Past(
            number=one.number,
            at=one.at,
            by_name=one.by_name,
            note=one.note,
            changes=[
                Change(FIELDS.get(change.field, change.field), change.pieces)
                for change in differences(before, one.content)
            ]
            if before
            else (),
        )
        for one, before in zip(versions, earlier, strict=True)
    ]
