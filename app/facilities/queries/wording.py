"""Finds facilities by what somebody typed: a code, a type's name, words, the start of a plate.

Each way goes down one index in the order of the codes; which way is asked first, in at most four
short questions, however long the register is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.facilities.models import Asset
from app.facilities.queries.shelf import types
from app.facilities.rules import plate_of
from app.facilities.rules.wording import plates_from
from app.facilities.word_models import AssetWord
from app.kernel.search import Terms
from app.kernel.text import clean_line, digits

_LEAST_DIGITS: Final = 6
_CODE: Final = 16
_COMMON: Final = 1000  # of words found so often nobody counts how often
_ONE: Final[ColumnElement[int]] = literal_column("1")
_SAID: Final = Asset.name + " " + Asset.place + " " + func.coalesce(Asset.plate, "")


@dataclass(frozen=True, slots=True)
class Found:
    """The facilities asked for, and the column their codes are walked along."""

    statement: Select[*tuple[Any, ...]]
    key: InstrumentedAttribute[str]


def worded(session: Session, every: Select[*tuple[Any, ...]], text: str) -> Found:
    """Those of `every` that what was typed names.

    Six digits and more are the beginning of a code; a type's name or initials name all of that
    type; else every word has to be found in name, place or plate; where no facility has them all,
    it is the beginning of a plate.
    """
    said = clean_line(text)
    if not said:
        return Found(every, Asset.code)
    if (stretch := _codes(digits(said))) is not None and _is_any(session, stretch):
        return Found(every.where(stretch), Asset.code)
    if named := [t.id for t in types(session).by_id.values() if said in (t.name.zh, t.initials)]:
        return Found(every.where(Asset.type_id.in_(named)), Asset.code)
    holding = _holding(session, Terms.of(said))
    if not holding or not _is_any(session, *holding):
        first, last = plates_from(plate_of(said))
        holding = [AssetWord.code == Asset.code, AssetWord.word.between(first, last)]
    return Found(every.where(*holding), AssetWord.code)


def _codes(number: str) -> ColumnElement[bool] | None:
    """Codes have one length, so those that begin alike are one stretch in every collation."""
    if not number.isdecimal() or not _LEAST_DIGITS <= len(number) <= _CODE:
        return None
    return Asset.code.between(number.ljust(_CODE, "0"), number.ljust(_CODE, "9"))


def _holding(session: Session, terms: Terms) -> list[ColumnElement[bool]]:
    """That a facility has all these words: down the rarest, asking for the others."""
    if not terms.tokens:
        return []
    rarest, *others = _rarest_first(session, terms.tokens)
    beside = aliased(AssetWord)
    # Both are looked at row by row, along the codes, until the page is full: PostgreSQL takes
    # words side by side for rare, and would else fetch and sort all there are.
    said = select(_ONE).where(beside.code == AssetWord.code).offset(literal_column("0"))
    written = case((and_(true(), *terms.written_in(_SAID)), true()), else_=false())
    return [
        AssetWord.word == rarest,
        AssetWord.code == Asset.code,
        *(said.where(beside.word == word).exists() for word in others),
        written,
    ]


def _rarest_first(session: Session, tokens: Sequence[str]) -> list[str]:
    counts = []
    for n, token in enumerate(tokens):
        some = select(_ONE).where(AssetWord.word == token).limit(_COMMON).subquery()
        count = select(func.count()).select_from(some).scalar_subquery()
        counts.append(count.label(f"word_{n}"))
    found = session.execute(select(*counts)).one()
    return [token for _, token in sorted(zip(found, tokens, strict=True))]


def _is_any(session: Session, *conditions: ColumnElement[bool]) -> bool:
    asked = select(Asset.id).where(*conditions).limit(1)
    return session.execute(asked).first() is not None
