"""Open matters that may be the same as one being written: a few, each with its reasons.

Always the same few statements, however many matters there are: the newest of the category in
the place, those whose words search finds at the place, and the person's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, select, true
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import APPLYING, Status
from app.cases.models import Case
from app.cases.queries.visibility import visible_clause
from app.cases.rules.alike import Likeness, Sketch, Why, likeness, words_of
from app.cases.rules.joining import are_of_one_sort
from app.catalogue.rules import ABOUT_SOMEBODY, CaseKind
from app.kernel import search
from app.kernel.db import rows

MOST: Final = 5
_BY_CATEGORY: Final = 60
_BY_WORDS: Final = 30
_OWN: Final = 10
_NOBODYS: Final = 0
_BEYOND: Final = 2**62
_REGION_DIGITS: Final = 9  # a street's code
_LEADS: Final = and_(Case.closed_at.is_(None), Case.status != Status.MERGED)
# A citizen never sees what was told in confidence, who complains about whom, who applies for what.
_PUBLIC: Final = and_(
    Case.is_confidential.is_(False),
    Case.status.not_in(APPLYING),
    Case.kind.not_in(ABOUT_SOMEBODY),
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What is known of the matter being written; `people` are the ids of its person.

    With its kind, others' matters it could never be joined to are left out.
    """

    body: str
    title: str = ""
    category_id: int | None = None
    region_code: str = ""
    place: str = ""
    lon: Decimal | None = None
    lat: Decimal | None = None
    people: tuple[int, ...] = ()
    except_id: int = 0
    kind: CaseKind | None = None

    @property
    def sketch(self) -> Sketch:
        """As the rules compare it."""
        return Sketch(
            self.category_id,
            self.region_code,
            _point(self.lon, self.lat),
            words_of(self.place),
            words_of(self.title, self.body),
        )


@dataclass(frozen=True, slots=True)
class Alike:
    """A matter that may be the same."""

    id: int
    number: str
    title: str
    place: str
    category_name: str
    category_id: int | None
    region_code: str
    status: Status
    opened_at: datetime
    is_own: bool
    reasons: tuple[tuple[Why, int], ...]


_COLUMNS: Final = (
    Case.id,
    Case.number,
    Case.title,
    Case.body,
    Case.place,
    Case.category_name,
    Case.category_id,
    Case.region_code,
    Case.lon,
    Case.lat,
    Case.status,
    Case.opened_at,
    Case.citizen_id,
    Case.kind,
)


def alike_for_staff(session: Session, actor: Actor, sought: Sought) -> list[Alike]:
    """The open matters most like this one that the actor may know of, the likeliest first."""
    return _find(session, sought, visible_clause(actor))


def own_alike(session: Session, actor: Actor, sought: Sought) -> list[Alike]:
    """The same among the matters of its own person alone: one statement, none for nobody's."""
    if not sought.people:
        return []
    statements = _statements(visible_clause(actor))
    return _best(sought, rows(session, statements.own, people=sought.people))


def own_alike_for_citizen(session: Session, sought: Sought) -> list[Alike]:
    """The same for those people themselves, who may know of whatever is theirs."""
    own = rows(session, _statements(true()).own, people=sought.people) if sought.people else []
    return _best(sought, own)


def alike_for_public(session: Session, sought: Sought) -> list[Alike]:
    """The same among what anybody may know of: nothing confidential, no complaints.

    Bodies and people are compared, never handed on; callers show no title before staff read it.
    """
    return _find(session, sought, _PUBLIC)


def _find(session: Session, sought: Sought, seen: ColumnElement[bool]) -> list[Alike]:
    statements = _statements(seen)
    found: dict[int, Row[Any]] = {}
    if sought.category_id is not None:
        region = sought.region_code[:_REGION_DIGITS]
        asked = {"category_id": sought.category_id, "region": f"{region}%"}
        found = {row.id: row for row in rows(session, statements.same, **asked)}
    ids = _by_words(session, sought, statements.ids)
    found |= {row.id: row for row in rows(session, statements.by_ids, ids=[*ids, _NOBODYS])}
    if sought.people:
        found |= {row.id: row for row in rows(session, statements.own, people=sought.people)}
    found.pop(sought.except_id, None)
    return _best(sought, list(found.values()))


def _by_words(session: Session, sought: Sought, base: Select[Any]) -> Sequence[int]:
    # The place as it was written says most: every word of it must be there.
    said = sought.place.strip() or sought.title.strip()
    if not said:
        return ()
    # Asked as for a later page, which always takes the same number of statements.
    found = search.search_ids(
        session, said, base=base, limit=_BY_WORDS, most=_BY_WORDS, before_id=_BEYOND
    )
    return found.ids


def _best(sought: Sought, candidates: Sequence[Row[Any]]) -> list[Alike]:
    sketch = sought.sketch
    scored: list[tuple[Likeness, Row[Any]]] = []
    for row in candidates:
        other = Sketch(
            row.category_id,
            row.region_code,
            _point(row.lon, row.lat),
            words_of(row.place),
            words_of(row.title, row.body),
            row.citizen_id,
        )
        found = likeness(sketch, other, people=sought.people)
        if found.is_enough and _may_be_offered(sought, row):
            scored.append((found, row))
    scored.sort(key=lambda pair: (-pair[0].score, -pair[1].id))
    return [
        Alike(
            id=row.id,
            number=row.number,
            title=row.title,
            place=row.place,
            category_name=row.category_name,
            category_id=row.category_id,
            region_code=row.region_code,
            status=row.status,
            opened_at=row.opened_at,
            is_own=any(why is Why.SAME_PERSON for why, _ in found.reasons),
            reasons=found.reasons,
        )
        for found, row in scored[:MOST]
    ]


def _may_be_offered(sought: Sought, row: Row[Any]) -> bool:
    if row.citizen_id in sought.people:
        return True
    is_possible = sought.kind is None or are_of_one_sort(sought.kind, row.kind)
    return is_possible and row.status not in APPLYING


def _point(lon: Decimal | None, lat: Decimal | None) -> tuple[float, float] | None:
    return (float(lon), float(lat)) if lon is not None and lat is not None else None


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is asked for one reader, built once."""

    same: Select[*tuple[Any, ...]]
    ids: Select[Any]
    by_ids: Select[*tuple[Any, ...]]
    own: Select[*tuple[Any, ...]]


@lru_cache(maxsize=256)
def _statements(seen: ColumnElement[bool]) -> _Statements:
    listed = select(*_COLUMNS).where(_LEADS, seen)
    return _Statements(
        same=listed.where(
            Case.category_id == bindparam("category_id"), Case.region_code.like(bindparam("region"))
        )
        .order_by(Case.id.desc())
        .limit(_BY_CATEGORY),
        ids=select(Case.id).where(_LEADS, seen),
        by_ids=listed.where(Case.id.in_(bindparam("ids", expanding=True))),
        own=listed.where(Case.citizen_id.in_(bindparam("people", expanding=True)))
        .order_by(Case.id.desc())
        .limit(_OWN),
    )
