"""What the public and partners are shown of a request and of an update, field by field.

Pure: takes what was released, or what a program brought. Nobody's name, telephone or address of
mail is among what it is given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from app.cases.kinds import Status
from app.facilities.rules.codes import CATEGORY_MARK
from app.kernel.messages import mark
from app.open311.queries import Brought, Told
from app.open311.rules import states, times
from app.open311.rules.shapes import Fields, Listed, Value
from app.publishing.labels import public_label
from app.publishing.queries import Released, Update
from app.publishing.rules import PublicState

WITHHELD: Final = mark("We have received this. Its words are shown once somebody has read them.")
_NEWS: Final = frozenset({Status.REPORTED, Status.SUBMITTED})
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How answers are spelt: language, our sentences in it, zone, names of services, addresses."""

    language: str
    say: Say
    zone: ZoneInfo
    names: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""

    def at(self, instant: datetime) -> str:
        """An instant as the standard writes it."""
        return times.written(instant, self.zone)


@dataclass(frozen=True, slots=True)
class Extras:
    """What belongs to a released request beside its row: photos by address, what was told."""

    photos: Sequence[str] = ()
    told: Sequence[Told] = ()


def code_of(category_code: str) -> str:
    """The service a category stands for."""
    return category_code.removeprefix(CATEGORY_MARK) or "other"


def released(one: Released, extras: Extras, to: Spelling, *, is_extended: bool) -> Fields:
    """A released request, with masked words."""
    code = code_of(one.category_code)
    english = to.language.startswith("en")
    fallback = (one.category_name_en if english else "") or one.category_name
    answers = [row.words for row in extras.told if row.words]
    fields: dict[str, Value] = {
        "service_request_id": one.public_no,
        "status": states.OPEN if one.state is PublicState.OPEN else states.CLOSED,
        "status_notes": answers[-1] if answers else None,
        "service_name": to.names.get(code, fallback),
        "service_code": code,
        "description": one.words or one.title,
        "agency_responsible": (one.unit_name_en if english else "") or one.unit_name,
        "service_notice": None,
        "requested_datetime": to.at(one.requested_at),
        "updated_datetime": to.at(max(one.changed_at, one.requested_at)),
        **_expected(one, to),
        **_where(one.place, one.lat, one.lon),
        "media_url": extras.photos[0] if extras.photos else None,
    }
    return {**fields, **_extended(one, extras, to)} if is_extended else fields


def _expected(one: Released, to: Spelling) -> Fields:
    is_known = one.expected_at is not None and one.state is PublicState.OPEN
    return {"expected_datetime": to.at(one.expected_at)} if is_known and one.expected_at else {}


def _where(place: str, lat: Decimal | None, lon: Decimal | None) -> Fields:
    return {
        "address": place or None,
        "address_id": None,
        "zipcode": None,
        "lat": lat,
        "long": lon,
    }


def _extended(one: Released, extras: Extras, to: Spelling) -> Fields:
    opened = {
        "datetime": to.at(one.requested_at),
        "type": "submitted",
        "summary": to.say(public_label(Status.REPORTED)),
        "description": None,
    }
    notes = [opened, *(_note(row, to) for row in extras.told if is_news(row))]
    photos = Listed("photo", list(extras.photos))
    return {
        "extended_attributes": {"title": one.title, "photos": photos},
        "notes": Listed("note", notes),
    }


def _note(row: Told, to: Spelling) -> Fields:
    is_end = states.state_of(row.status) == states.CLOSED
    return {
        "datetime": to.at(row.published_at),
        "type": "closed" if is_end else "activity",
        "summary": to.say(public_label(row.status)),
        "description": row.words or None,
    }


def brought(row: Brought, to: Spelling, *, code: str, is_own: bool) -> Fields:
    """A request not released yet, for whoever can name it: that it is here, and how it stands.

    What was written, and where, is read back only by the program that brought it.
    """
    shows = is_own and not row.is_withheld
    return {
        "service_request_id": row.request_id,
        "status": states.state_of(row.status),
        "status_notes": None,
        "service_name": to.names.get(code),
        "service_code": code,
        "description": row.body if shows else None,
        "agency_responsible": None,
        "service_notice": to.say(WITHHELD),
        "requested_datetime": to.at(row.opened_at),
        "updated_datetime": to.at(max(row.closed_at or row.opened_at, row.opened_at)),
        **(_where(row.place, row.lat, row.lon) if shows else _where("", None, None)),
        "media_url": None,
    }


def is_news(update: Update | Told) -> bool:
    """Whether an update says what the agency did; that it was reported, everybody knows."""
    return bool(update.words) or update.status not in _NEWS


def update(one: Update, to: Spelling) -> Fields:
    """What the agency did, at the time from which others could know."""
    return {
        "update_id": name_of(one),
        "service_request_id": one.public_no,
        "status": states.word_of(one.status, is_closed=one.is_closed),
        "updated_datetime": to.at(one.published_at),
        "description": one.words or to.say(public_label(one.status)),
        "media_url": None,
    }


def name_of(one: Update) -> str:
    """An update's name for ever: a database may give the key of a deleted row out again."""
    return f"U{one.id}-{int(one.published_at.timestamp())}"


def name_of_posted(key: int, at: datetime) -> str:
    """The name of an update somebody posted; never one of ours."""
    return f"P{key}-{int(at.timestamp())}"


def addresses_of(one: Released, photos: int, to: Spelling) -> list[str]:
    """Where the released photos of a request are shown to anybody; they count from 1."""
    page = f"{to.base_url}/reports/{one.public_no}/photos"
    return [f"{page}/{n}" for n in range(1, photos + 1)]
