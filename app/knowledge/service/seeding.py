"""The first filling of the knowledge base from the file shipped beside it: samples, marked so.

Adds what is missing by code and changes nothing that is there, so it may run at every start.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.departments.models import Unit
from app.knowledge.models import Article, ArticleCategory, ArticleItem, ArticleVersion
from app.knowledge.rules import REVIEW_AFTER, ArticleState
from app.knowledge.service.writing import content_of
from app.service_items import queries as items

_DATA: Final = "app.knowledge.data"
_NOTE: Final = "shipped"


@dataclass(frozen=True, slots=True)
class Shipped:
    """The articles of the file with what they lean on: units, categories, items by code."""

    units: Mapping[str, int]
    categories: Mapping[str, int]
    items: frozenset[str]


def shipped_articles() -> Sequence[Mapping[str, Any]]:
    """The lines of the file, as they stand in it."""
    text = files(_DATA).joinpath("articles.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["articles"]
    return found


def seed(session: Session, *, today: date, now: datetime) -> int:
    """Add the shipped samples that are missing; how many were added.

    A sample whose unit this city does not have goes to the unit at its head; links to
    categories and items it does not have are left out.
    """
    known = set(session.scalars(select(Article.code)))
    leaning = Shipped(
        units={row.code: row.id for row in session.execute(select(Unit.code, Unit.id))},
        categories={one.code: one.id for one in catalogue.snapshot(session).categories.values()},
        items=frozenset(entry.code for entry in items.list_in_force(session, day=today)),
    )
    missing = [line for line in shipped_articles() if line["code"] not in known]
    added = [_add(session, line, leaning, today=today, now=now) for line in missing]
    session.flush()
    session.add_all(
        ArticleVersion(
            article_id=article.id,
            number=1,
            content=content_of(session, article),
            at=now,
            note=_NOTE,
        )
        for article in added
    )
    session.flush()
    return len(added)


def _add(
    session: Session, line: Mapping[str, Any], leaning: Shipped, *, today: date, now: datetime
) -> Article:
    article = Article(
        code=line["code"],
        title=line["title"],
        title_en=line["title_en"],
        keywords=line["keywords"],
        answer=line["answer"],
        answer_en=line["answer_en"],
        notes=line.get("notes", ""),
        basis=line.get("basis", ""),
        initials=line["initials"],
        pinyin=line["pinyin"],
        state=ArticleState.IN_USE,
        is_public=line["public"],
        is_sample=True,
        unit_id=leaning.units.get(line["unit"]) or min(leaning.units.values()),
        review_on=today + REVIEW_AFTER,
        changed_at=now,
    )
    session.add(article)
    session.flush()
    session.add_all(
        ArticleCategory(article_id=article.id, category_id=leaning.categories[code])
        for code in line.get("categories", ())
        if code in leaning.categories
    )
    session.add_all(
        ArticleItem(article_id=article.id, item_code=code)
        for code in line.get("items", ())
        if code in leaning.items
    )
    return article
