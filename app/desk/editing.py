"""Makes one party ready to be edited: what is known, masked, and the forms beside each part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fastapi import Request

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.citizens.service.parties import Party, picture_of
from app.departments import queries as departments
from app.desk.partyforms import GROUNDS, LANGUAGES, SETTABLE, VISIBILITIES
from app.desk.picture.labels import MARKS, PAPERS, WAYS
from app.web.i18n import Locale
from app.web.ui import locale_of


def _named(labels: Iterable[tuple[StrEnum, str]]) -> dict[str, str]:
    return {str(word): label for word, label in labels}


@dataclass(frozen=True, slots=True)
class EditPage:
    """One party with every part that may be changed; `part` is the form that came back."""

    party: Party
    number: str
    part: str
    values: Mapping[str, Any]
    errors: Mapping[str, str]
    known: str
    regions: list[tuple[str, str]]
    paper_names: Mapping[str, str] = field(default_factory=lambda: _named(PAPERS.items()))
    way_names: Mapping[str, str] = field(default_factory=lambda: _named(WAYS.items()))
    mark_names: Mapping[str, str] = field(default_factory=lambda: _named(MARKS.items()))
    ground_names: Mapping[str, str] = field(default_factory=lambda: _named(GROUNDS))
    papers: tuple[tuple[str, str], ...] = tuple(PAPERS.items())
    ways: tuple[tuple[str, str], ...] = tuple(WAYS.items())
    languages: tuple[tuple[str, str], ...] = LANGUAGES
    grounds: tuple[tuple[str, str], ...] = GROUNDS
    marks: tuple[tuple[str, str], ...] = tuple((k, MARKS[k]) for k in SETTABLE)
    visibilities: tuple[tuple[str, str], ...] = VISIBILITIES


def edit_page(
    request: Request,
    work: Work,
    citizen_id: int,
    part: str = "",
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    known: str = "",
) -> EditPage:
    """The party as it is now, with what was typed in the part that came back.

    Raises:
        ForbiddenError: the actor may not edit citizens.
    """
    work.actor.require(Permission.CITIZEN_EDIT)
    party = picture_of(work.session, citizen_id, viewer=work.actor, now=work.now)
    language = "en" if locale_of(request) is Locale.EN else "zh"
    return EditPage(
        party=party,
        number=party.number,
        part=part,
        values=_values(party, part, values or {}),
        errors=errors or {},
        known=known,
        regions=departments.list_regions(work.session, language=language),
    )


def _values(party: Party, part: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What the first form shows, unless something else was typed in it."""
    stored = {
        "birth_year": party.birth_year or "",
        "language": party.language,
        "preferred_channel": party.preferred_channel or "",
        "preferred_times": party.preferred_times,
        "do_not_contact": party.do_not_contact,
        "visibility": "everyone",
        "ground": "agent",
    }
    if part == "change":  # a box that is not ticked is not sent
        stored["do_not_contact"] = False
    return stored | dict(typed)
