"""Takes a repair in at the desk: what its type asks for, what is open of the same facility.

Reads the types and the register; the repair itself is opened by `repairs`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.accounts.deps import Work
from app.cases.kinds import Channel
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries.near import near_for_staff, open_of_asset
from app.cases.rules import staff
from app.cases.service.opening import Reserved
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.catalogue.rules.dangers import DangerFound
from app.citizens.service import Person
from app.departments import queries as departments
from app.desk import duedates
from app.desk.carrying import Carried
from app.desk.duedates import Due
from app.desk.pasted import placed
from app.facilities import queries as facilities
from app.facilities.rules import AssetView, TypeView
from app.kernel import text
from app.kernel.errors import InvalidError
from app.kernel.geo import Point
from app.kernel.messages import mark
from app.repairs.rules import told_of, urgency_with
from app.repairs.service import NewRepair, open_repair

NONE_OF_THEM: Final = "none"
NOTHING_TOLD: Final = DangerFound()
_NO_TYPE: Final = mark("No type fits. Try a code, the initials or another word.")
_SEVERAL: Final = mark("Several types fit. Choose one of them.")
_NO_ASSET: Final = mark("There is no facility with this number.")
_ASK: Final = mark("Ask, and tick what is dangerous, or that nothing of it is the case.")
_WHERE: Final = mark("Say where it is: the number of the facility, or the district and the place.")
_MOST: Final = 12


class RepairIntakeForm(BaseModel):
    """A repair taken in by staff on somebody's behalf."""

    SENTENCES: ClassVar = {"type": mark("Say what is broken.")}

    idempotency: str = ""
    talk: Annotated[str, Field(max_length=26)] = ""
    type: Annotated[str, Field(max_length=60, title=mark("What is broken"))]
    facility: Annotated[str, Field(max_length=40, title=mark("Number of the facility"))] = ""
    region_code: Annotated[str, Field(max_length=12, title=mark("District or street"))] = ""
    place: Annotated[str, Field(max_length=200, title=mark("Place"))] = ""
    how: Annotated[str, Field(max_length=40)] = ""
    danger: list[str] = []
    body: Annotated[str, Field(max_length=5000, title=mark("What it is about"))] = ""
    channel: Channel = Channel.WINDOW
    name: Annotated[str, Field(max_length=60, title=mark("Name"))] = ""
    phone: Annotated[str, Field(max_length=30, title=mark("Telephone"))] = ""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open repair of the same facility, or close to it."""

    number: str
    title: str
    state: str
    opened_at: datetime
    metres: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known once the type is: ways it is broken, dangers, facility, limit, what is open.

    `told` are the words of danger in what was typed, which make it urgent without a tick.
    """

    kind: TypeView | None = None
    candidates: tuple[TypeView, ...] = ()
    asset: AssetView | None = None
    due: Due | None = None
    known: tuple[OpenLine, ...] = ()
    told: DangerFound = NOTHING_TOLD


def asked(work: Work, values: Mapping[str, str], danger: Sequence[str], language: str) -> Asked:
    """What the form asks for, by what has been typed so far."""
    kind, candidates = find_type(work.session, values.get("type", ""))
    said = values.get("facility", "")
    asset = facilities.find_asset(work.session, said) if said else None
    if kind is None:
        return Asked(candidates=candidates, asset=asset)
    urgency = urgency_with(kind, (values.get("how", ""), *danger), values.get("body", ""))
    typed = {**values, "kind": str(CaseKind.REPAIR), "urgency": str(urgency)}
    category = catalogue.get_category(work.session, kind.category_id)
    due = duedates.of(work.session, category, typed, language=language, now=work.now)
    told = told_of(kind, values.get("body", ""))
    return Asked(kind, candidates, asset, due, _open(work, kind, asset), told)


def find_type(session: Session, typed: str) -> tuple[TypeView | None, tuple[TypeView, ...]]:
    """The type meant by a code, initials or a word; or those it could be."""
    if (exact := facilities.type_by_code(session, typed)) is not None and exact.is_active:
        return exact, ()
    if not typed:
        return None, ()
    found = catalogue.find_categories(session, typed, kind=CaseKind.REPAIR, limit=_MOST)
    types = [facilities.type_of_category(session, entry.id) for entry in found]
    several = tuple(one for one in types if one is not None and one.is_active)
    named = tuple(one for one in several if one.name.zh == typed) or several
    return (named[0], ()) if len(named) == 1 else (None, several)


def _open(work: Work, kind: TypeView, asset: AssetView | None) -> tuple[OpenLine, ...]:
    if asset is None:
        return ()
    found = open_of_asset(work.session, asset.id)
    if not found and asset.point is not None:
        point, radius = Point(*asset.point), kind.near_radius_m
        found = near_for_staff(
            work.session, work.actor, point, metres=radius, category_id=kind.category_id
        )
    return tuple(
        OpenLine(one.number, one.title, label(one.status), one.opened_at, one.metres)
        for one in found
    )


def check(session: Session, typed: RepairIntakeForm) -> tuple[TypeView, AssetView | None]:
    """The type and the facility meant.

    Raises:
        InvalidError: no such type or facility, nobody could find it, or the dangers were not asked.
    """
    kind, candidates = find_type(session, typed.type)
    wrong: dict[str, str] = {}
    if kind is None:
        wrong["type"] = _SEVERAL if candidates else _NO_TYPE
    asset = facilities.find_asset(session, typed.facility) if typed.facility else None
    if typed.facility and asset is None:
        wrong["facility"] = _NO_ASSET
    is_region = departments.is_region(session, typed.region_code) if typed.region_code else False
    if asset is None and not (is_region or typed.place.strip() or wrong):
        wrong["region_code"] = _WHERE
    if kind is not None and kind.dangers and not typed.danger:
        wrong["danger"] = _ASK
    if wrong or kind is None:
        raise InvalidError(fields=wrong)
    return kind, asset


def open_typed(
    work: Work, typed: RepairIntakeForm, talk: Carried | None, reserved: Reserved
) -> Case:
    """Open the repair as it was typed.

    Raises: as `check` and `repairs.open_repair`.
    """
    kind, asset = check(work.session, typed)
    facts = [key for key in (typed.how, *typed.danger) if key and key != NONE_OF_THEM]
    keys = {one.key for one in kind.forms} | {one.key for one in kind.dangers}
    ticked = [key for key in facts if key in keys]
    person = Person(name=typed.name.strip(), phone=text.phone(typed.phone))
    person = talk.person(work.session, person) if talk else person
    citizen_id = talk.citizen_id if talk else None
    is_region = typed.region_code and departments.is_region(work.session, typed.region_code)
    at = placed(typed.place)
    new = NewRepair(
        type_id=kind.id,
        body=typed.body.strip() or _words(kind, ticked),
        channel=talk.channel if talk else typed.channel,
        asset_id=asset.id if asset else None,
        place=at.words,
        lon=at.lon,
        lat=at.lat,
        region_code=typed.region_code if is_region else "",
        citizen_id=citizen_id,
        person=None if citizen_id else person,
        is_anonymous=not (citizen_id or person.name or person.phone),
        dangers=ticked,
        reserved=reserved,
    )
    return open_repair(work.session, new, doer=staff(work.actor), now=work.now)


def _words(kind: TypeView, ticked: Sequence[str]) -> str:
    said = [one.label.zh for one in kind.forms if one.key in ticked]
    said += [one.label.zh for one in kind.dangers if one.key in ticked]
    return " ".join((kind.name.zh, *said))
