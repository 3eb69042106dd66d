"""Says what a request asked for and what it rests on, where it waits and in the history.

Reads only; the reason stands among the words of the history and is not repeated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.cases.labels import label
from app.cases.models import Approval
from app.cases.queries.history import Line, approvals_by_id
from app.departments import queries as departments
from app.kernel.messages import mark

_KEY: Final = "approval_id"


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact of a request: its label, and a value, a day or a word to be translated."""

    label: str
    value: str = ""
    day: date | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests that lines of a history made or decided, with what each asked for."""

    by_id: Mapping[int, tuple[Approval, tuple[Asked, ...]]]

    def of(self, line: Line) -> tuple[Asked, ...]:
        """What the line's request asked for, or the document its decision rests on."""
        found, asked = self.by_id.get(line.payload.get(_KEY, 0), (None, ()))
        if found is None or found.requested_at == line.at:
            return asked
        return _decided(found)


def requests_in(session: Session, lines: Iterable[Line], *, english: bool) -> Requests:
    """The requests behind the lines of one matter."""
    by_id = approvals_by_id(session, [one.payload[_KEY] for one in lines if _KEY in one.payload])
    return Requests(
        {one.id: (one, asked_for(session, one, english=english)) for one in by_id.values()}
    )


def asked_for(session: Session, found: Approval, *, english: bool) -> tuple[Asked, ...]:
    """What a request asks for."""
    facts = (
        Asked(mark("Suggested unit"), _suggested(session, found, english=english)),
        Asked(mark("Days more"), str(found.amount or "")),
        Asked(mark("Legal ground"), word=label(found.ground) if found.ground else ""),
        Asked(mark("Suspended until"), day=found.until_on),
        Asked(mark("What it rests on"), found.evidence),
    )
    return tuple(fact for fact in facts if fact.value or fact.day or fact.word)


def _suggested(session: Session, found: Approval, *, english: bool) -> str:
    if found.suggested_unit_id is None:
        return ""
    unit = departments.view_of(session, found.suggested_unit_id)
    return unit.name_en if english and unit.name_en else unit.name


def _decided(found: Approval) -> tuple[Asked, ...]:
    return (Asked(mark("Document number"), found.document_no),) if found.document_no else ()
