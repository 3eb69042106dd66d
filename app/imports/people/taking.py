"""Takes rows of a list of people over, each in a savepoint of its own.

Whoever calls it holds the transaction; a row that is refused leaves nothing behind.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.imports.people.fates import Fate, Taken, refused
from app.imports.reading import NumberedRow
from app.imports.rules import Cells, UnfitError
from app.kernel.errors import DomainError
from app.kernel.messages import mark


class Taker(Protocol):
    """Knows what a row of one kind of list is about."""

    def known_keys(self, session: Session, keys: list[str], /) -> set[str]: ...
    def key_of(self, number: int, cells: Cells, /) -> str: ...
    def foresee(self, session: Session, key: str, cells: Cells, /, *, today: date) -> Taken: ...
    def take(
        self,
        session: Session,
        key: str,
        cells: Cells,
        /,
        *,
        actor: Actor,
        today: date,
        now: datetime,
    ) -> Taken: ...
    def take_together(
        self,
        session: Session,
        rows: Sequence[tuple[str, Cells]],
        /,
        *,
        actor: Actor,
        today: date,
        now: datetime,
    ) -> dict[str, Taken]: ...
    def said(self, error: DomainError, /) -> list[UnfitError]: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row and what became of it."""

    number: int
    key: str
    taken: Taken


def take_rows(
    session: Session,
    taker: Taker,
    rows: Iterable[NumberedRow],
    *,
    actor: Actor,
    today: date,
    now: datetime,
) -> list[Outcome]:
    """Write these rows down; what is here already is passed over.

    Whatever stands by itself is written together, which costs a fraction; the rest alone,
    and everything alone where somebody else wrote one of them down in the same moment.
    """
    found = list(_keyed(taker, rows))
    known = _known(session, taker, found)
    done = dict.fromkeys(known, _KNOWN)
    new = [each for each in found if each.key and each.key not in known]
    done |= _take_together(session, taker, new, actor, today, now)
    return [
        Outcome(
            each.number,
            each.key,
            done[each.key] if each.key in done else _take(session, taker, each, actor, today, now),
        )
        for each in found
    ]


def foresee_rows(
    session: Session, taker: Taker, rows: Iterable[NumberedRow], *, today: date
) -> list[Outcome]:
    """What would become of these rows; nothing is written."""
    found = list(_keyed(taker, rows))
    known = _known(session, taker, found)
    return [
        Outcome(each.number, each.key, _KNOWN)
        if each.key in known
        else Outcome(each.number, each.key, _foresee(session, taker, each, today))
        for each in found
    ]


_KNOWN = Taken(Fate.KNOWN)


@dataclass(frozen=True, slots=True)
class _Keyed:
    number: int
    key: str
    cells: Cells | UnfitError


def _keyed(taker: Taker, rows: Iterable[NumberedRow]) -> Iterator[_Keyed]:
    seen: set[str] = set()
    for number, cells in rows:
        if isinstance(cells, UnfitError):
            yield _Keyed(number, "", cells)
            continue
        try:
            key = taker.key_of(number, cells)
        except UnfitError as error:
            yield _Keyed(number, "", error)
            continue
        if key in seen:
            sentence = mark("The same key stands in an earlier row.")
            yield _Keyed(number, "", UnfitError("", sentence))
            continue
        seen.add(key)
        yield _Keyed(number, key, cells)


def _known(session: Session, taker: Taker, found: Sequence[_Keyed]) -> set[str]:
    return taker.known_keys(session, [each.key for each in found if each.key])


def _foresee(session: Session, taker: Taker, row: _Keyed, today: date) -> Taken:
    if isinstance(row.cells, UnfitError):
        return refused(row.cells)
    try:
        return taker.foresee(session, row.key, row.cells, today=today)
    except UnfitError as error:
        return refused(error)


def _take_together(
    session: Session,
    taker: Taker,
    rows: Sequence[_Keyed],
    actor: Actor,
    today: date,
    now: datetime,
) -> dict[str, Taken]:
    fit = [(row.key, row.cells) for row in rows if not isinstance(row.cells, UnfitError)]
    try:
        with session.begin_nested():
            return taker.take_together(session, fit, actor=actor, today=today, now=now)
    except IntegrityError:
        return {}


def _take(
    session: Session, taker: Taker, row: _Keyed, actor: Actor, today: date, now: datetime
) -> Taken:
    if isinstance(row.cells, UnfitError):
        return refused(row.cells)
    try:
        with session.begin_nested():
            return taker.take(session, row.key, row.cells, actor=actor, today=today, now=now)
    except UnfitError as error:
        return refused(error)
    except DomainError as error:
        return refused(*taker.said(error))
    except IntegrityError:
        return refused(UnfitError("", mark("Somebody else wrote the same down just now.")))
