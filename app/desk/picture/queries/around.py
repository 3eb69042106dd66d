"""Everything that hangs on a citizen, in one statement: documents, ways, people, marks, words.

One union of small reads through indexes costs a third of eight statements one by one.
Returns what is stored.
"""

from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    LargeBinary,
    Select,
    String,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.citizens.models import (
    Citizen,
    Contact,
    Identifier,
    Mark,
    Note,
    Representation,
    Tag,
)
from app.citizens.rules import CitizenState, Visibility
from app.kernel.db import BigInt, UtcDateTime

PAPER, WAY, ACTS_FOR, ACTED_BY, BESIDE, SHARING, MARK, TAG, NOTE = range(9)
_FEW: Final = 8
_ID: Final[BindParameter[int]] = bindparam("citizen_id")
_TODAY: Final[BindParameter[Any]] = bindparam("today", type_=Date)
_Given = ColumnElement[Any] | InstrumentedAttribute[Any] | None


class Thing(NamedTuple):
    """One thing; what it is says which of the rest is there."""

    what: int
    key: int
    word: str | None
    sealed: bytes | None
    place: str | None
    other_id: int | None
    other_kind: str | None
    is_preferred: bool | None
    until: Any
    verified_at: Any
    failed_at: Any


_COLUMNS: Final[dict[str, Any]] = {
    "word": String,
    "sealed": LargeBinary,
    "place": String,
    "other_id": BigInt,
    "other_kind": String,
    "is_preferred": Boolean,
    "until": Date,
    "verified_at": UtcDateTime,
    "failed_at": UtcDateTime,
}


def _part(what: int, key: _Given, **given: _Given) -> Select[*tuple[Any, ...]]:
    columns = [literal(what).label("what"), type_coerce(key, BigInt).label("key")]
    for name, kind in _COLUMNS.items():
        value = given.get(name)
        told = cast(null(), kind) if value is None else type_coerce(value, kind)
        columns.append(told.label(name))
    return select(*columns)


def _in_force(until: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(until.is_(None), until >= _TODAY)


def _readable(table: type[Tag] | type[Note]) -> ColumnElement[bool]:
    own = table.unit_id == bindparam("unit_id")
    return or_(table.visibility == Visibility.EVERYONE, own)


def _acting(what: int, other: Any, mine: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401  # columns of one table, either way round
    return (
        _someone(what, Representation.id, word=Representation.ground)
        .join(Representation, other == Citizen.id)
        .where(
            mine == _ID,
            Representation.ended_at.is_(None),
            Representation.valid_from <= _TODAY,
            _in_force(Representation.valid_until),
        )
    )


def _someone(what: int, key: _Given, word: _Given = None) -> Select[*tuple[Any, ...]]:
    return _part(
        what,
        key,
        word=word,
        sealed=Citizen.name,
        place=Citizen.place,
        other_id=Citizen.id,
        other_kind=Citizen.kind,
    ).where(Citizen.state == CitizenState.ACTIVE)


def _beside() -> Select[*tuple[Any, ...]]:
    """Who else acts for somebody this citizen acts for: colleagues, brothers and sisters."""
    own, theirs = aliased(Representation), aliased(Representation)
    return (
        _someone(BESIDE, theirs.id)
        .join(theirs, theirs.agent_id == Citizen.id)
        .join(own, own.principal_id == theirs.principal_id)
        .where(
            own.agent_id == _ID,
            theirs.agent_id != _ID,
            own.ended_at.is_(None),
            theirs.ended_at.is_(None),
        )
    )


def _sharing() -> Select[*tuple[Any, ...]]:
    """Who has the same telephone or lives at the same address now."""
    mine, shared = aliased(Contact), aliased(Contact)
    return (
        _someone(SHARING, shared.id, word=shared.kind)
        .join(shared, shared.citizen_id == Citizen.id)
        .join(mine, mine.exact_index == shared.exact_index)
        .where(
            mine.citizen_id == _ID,
            shared.citizen_id != _ID,
            mine.ended_at.is_(None),
            shared.ended_at.is_(None),
        )
    )


def _own() -> list[Select[*tuple[Any, ...]]]:
    papers = _part(
        PAPER,
        Identifier.id,
        word=Identifier.kind,
        sealed=Identifier.value,
        place=Identifier.place,
        until=Identifier.valid_until,
        verified_at=Identifier.verified_at,
    ).where(Identifier.citizen_id == _ID)
    ways = _part(
        WAY,
        Contact.id,
        word=Contact.kind,
        sealed=Contact.value,
        place=Contact.place,
        is_preferred=Contact.is_preferred,
        verified_at=Contact.verified_at,
        failed_at=Contact.failed_at,
    ).where(Contact.citizen_id == _ID, Contact.ended_at.is_(None))
    marks = _part(MARK, Mark.id, word=Mark.kind, until=Mark.valid_until).where(
        Mark.citizen_id == _ID, Mark.ended_at.is_(None), _in_force(Mark.valid_until)
    )
    tags = _part(TAG, Tag.id, word=Tag.word).where(
        Tag.citizen_id == _ID, Tag.ended_at.is_(None), _readable(Tag)
    )
    notes = _part(NOTE, Note.id, sealed=Note.text, place=Note.place).where(
        Note.citizen_id == _ID, Note.ended_at.is_(None), _readable(Note)
    )
    return [papers, ways, marks, tags, notes]


def _all() -> Select[*tuple[Any, ...]]:
    parts = [
        *_own(),
        _acting(ACTS_FOR, Representation.principal_id, Representation.agent_id),
        _acting(ACTED_BY, Representation.agent_id, Representation.principal_id),
        _beside(),
        _sharing(),
    ]
    newest = (one.order_by(one.selected_columns["key"].desc()).limit(_FEW) for one in parts)
    return select(union_all(*(select(one.subquery()) for one in newest)).subquery())


AROUND: Final = _all()
