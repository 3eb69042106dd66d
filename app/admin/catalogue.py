"""What the four pages of the catalogue share: their tabs, their choices, the history of an entry.

Holds no page of its own but the door to the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypedDict

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Actor, Permission
from app.admin.frame import show, version_of
from app.cases.labels import LABELS
from app.cases.rules import CaseClock
from app.catalogue import queries
from app.catalogue.labels import (
    BASIS_LEVELS,
    FIELDS,
    LIMIT_UNITS,
    PROFILES,
    PROOFS,
    PURPOSES,
    REVIEW_KINDS,
)
from app.catalogue.models import RevisedType
from app.catalogue.rules import CaseKind, Named, Urgency
from app.catalogue.service import Edit
from app.departments import queries as departments
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.web.forms import RawForm
from app.web.templating import see_other

router = APIRouter(prefix="/admin/catalogue")

HOME: Final = "/admin/catalogue"
TABS: Final = (
    (mark("Categories"), f"{HOME}/categories"),
    (mark("Dispatch directory"), f"{HOME}/directory"),
    (mark("Time limits"), f"{HOME}/limits"),
    (mark("Reply texts"), f"{HOME}/replies"),
    (mark("Review and call-backs"), f"{HOME}/review"),
    (mark("Who decides requests"), f"{HOME}/deciders"),
)
_INDENT: Final = "　"
_STREET_DIGITS: Final = 9
_YES_NO: Final = {True: mark("Yes"), False: mark("No")}


def _words(labels: Mapping[Any, str]) -> dict[str, str]:
    return {str(value): label for value, label in labels.items()}


# Stored words and what they are called, by the column they stand in.
_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "kinds": _words(LABELS[CaseKind]),
    "case_kind": _words(LABELS[CaseKind]),
    "urgency": _words(LABELS[Urgency]),
    "default_urgency": _words(LABELS[Urgency]),
    "clock_kind": _words(LABELS[CaseClock]),
    "unit": _words(LIMIT_UNITS),
    "basis_level": _words(BASIS_LEVELS),
    "purpose": _words(PURPOSES),
    "proofs": _words(PROOFS),
    "kind": _words(REVIEW_KINDS),
    "profile": PROFILES,
}


@dataclass(frozen=True, slots=True)
class PastChange:
    """One field of an edit; words are msgids or plain text."""

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PastEdit:
    """One edit as the page shows it."""

    number: int
    at: object
    by_name: str
    note: str
    changes: tuple[PastChange, ...]


@router.get("")
def door(visit: VisitDep) -> Response:
    """The catalogue opens at its categories."""
    with visit.reading() as work:
        work.actor.require(Permission.CATALOGUE_MANAGE)
    return see_other(TABS[0][1])


def show_tab(
    request: Request, actor: Actor, page: str, context: Mapping[str, object], *, status: int = 200
) -> Response:
    """A page of the catalogue with its tabs."""
    path = request.url.path
    tabs = [(label, href, path.startswith(href)) for label, href in TABS]
    return show(request, actor, page, {"tabs": tabs, **context}, status=status)


def edit_of(work: Work, note: str = "") -> Edit:
    """Who edits, when, why and from where."""
    return Edit(now=work.now, actor=work.actor, note=note, ip=work.ip)


class Switched(TypedDict):
    """What the service is told when somebody presses on or off."""

    is_active: bool
    version: int
    edit: Edit


def switched(work: Work, form: RawForm) -> Switched:
    """An entry's switch as it was pressed."""
    return Switched(
        is_active=form.text("to") == "on",
        version=version_of(form),
        edit=edit_of(work, form.text("note")),
    )


class Versioned(Protocol):
    """An entry of the catalogue as a form opens it."""

    @property
    def id(self) -> int: ...
    @property
    def version(self) -> int: ...


def entry_context(
    work: Work,
    object_type: RevisedType,
    entry: Versioned | None,
    *,
    typed: Mapping[str, str] | None,
    errors: Mapping[str, str],
    language: str,
) -> dict[str, object]:
    """What the form of every entry shows: the version seen, what is wrong, the history."""
    return {
        "version": _seen_version(typed, entry.version if entry else 0),
        "errors": errors,
        "past": _history(work.session, object_type, entry.id, language) if entry else [],
    }


def category_choices(session: Session, language: str) -> list[tuple[str, str]]:
    """Active categories as value and label, children under their parents."""
    kept = queries.snapshot(session)
    return [
        (str(entry.id), f"{indent}{entry.code} {entry.name.within(language)}")
        for parent in kept.children(None)
        for indent, entry in (
            ("", parent),
            *((_INDENT, child) for child in kept.children(parent.id)),
        )
        if entry.is_active
    ]


def region_choices(session: Session, language: str, *, current: str = "") -> list[tuple[str, str]]:
    """Districts and their streets; a code no unit has stays choosable where it stands."""
    choices = [
        (
            place.code,
            (_INDENT if len(place.code) >= _STREET_DIGITS else "") + place.name.within(language),
        )
        for place in queries.list_regions(session)
    ]
    if current and current not in dict(choices):
        choices.append((current, current))
    return choices


def _history(
    session: Session, object_type: RevisedType, object_id: int, language: str
) -> list[PastEdit]:
    """The edits of one entry, newest first, in words."""
    past = queries.list_revisions(session, object_type, object_id)
    units = _unit_names(session, [change for edit in past for change in edit.changes])
    categories = queries.snapshot(session).categories
    names: Mapping[str, Mapping[Any, str]] = {
        "category_id": {key: entry.name.within(language) for key, entry in categories.items()},
        "parent_id": {key: entry.name.within(language) for key, entry in categories.items()},
        "unit_id": units,
    }
    return [
        PastEdit(
            number=edit.number,
            at=edit.at,
            by_name=edit.by_name,
            note=edit.note,
            changes=tuple(
                PastChange(
                    FIELDS.get(change.field, change.field),
                    _in_words(change.field, change.before, names),
                    _in_words(change.field, change.after, names),
                )
                for change in edit.changes
            )
            if edit.number > 1
            else (),
        )
        for edit in past
    ]


def number_in(typed: Mapping[str, str] | None, name: str) -> int:
    """The number typed in a field; 0 where there is none."""
    return whole_number((typed or {}).get(name, "")) or 0


def _seen_version(typed: Mapping[str, str] | None, stored: int) -> int:
    """The version behind what is on the screen: of what was typed, else of what is stored.

    A form that comes back must not learn a newer version than the person has seen.
    """
    return number_in(typed, "version") or stored


def named(value: Named | None, language: str) -> str:
    """A name for the reader; nothing where there is none."""
    return value.within(language) if value else ""


def _unit_names(session: Session, changes: Sequence[queries.FieldChange]) -> Mapping[int, str]:
    sides = [side for c in changes if c.field == "unit_id" for side in (c.before, c.after)]
    return departments.names_of(session, [side for side in sides if isinstance(side, int)])


def _in_words(field: str, value: object, names: Mapping[str, Mapping[Any, str]]) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return (_YES_NO[value],)
    if isinstance(value, list):
        return tuple(word for item in value for word in _in_words(field, item, names))
    if field in names:
        return (names[field].get(value, str(value)),)
    return (_LABELS.get(field, {}).get(str(value), str(value)),)
