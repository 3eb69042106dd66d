"""What a facility type says and what is known of an asset, as plain values for other features.

Questions are those of service items: same shapes, same drawing, same checking of answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.catalogue.rules import Named, Urgency
from app.facilities.rules.codes import address_of
from app.facilities.rules.vocabulary import AssetState, Family
from app.service_items.rules import Question
from app.service_items.rules.content import UNSAID
from app.service_items.rules.written import Reader, plain, question_row, read_question


@dataclass(frozen=True, slots=True)
class Form:
    """One way a facility can be broken, and how urgent that is (立案情形)."""

    key: str
    label: Named
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call at once."""

    number: str
    whom: Named


@dataclass(frozen=True, slots=True)
class Danger:
    """A form that endangers people. With numbers to call it stops a report: call first.

    The report is saved all the same.
    """

    key: str
    label: Named
    urgency: Urgency = Urgency.URGENT
    call: tuple[Call, ...] = ()
    advice: Named = UNSAID

    @property
    def is_stopper(self) -> bool:
        """Whether somebody must be called before anything is written."""
        return bool(self.call)


@dataclass(frozen=True, slots=True)
class Repeats:
    """From how many repairs within so many days on something fails again and again.

    `count` is for one asset, `in_district` for all of a type in one district.
    """

    count: int = 3
    days: int = 90
    in_district: int = 20


@dataclass(frozen=True, slots=True)
class TypeView:
    """A facility type with what its category says.

    `code` is class and subclass (0120, E0101); `region_code` of its directory and its limits
    stand in the catalogue under `category_id`. `safety_minutes` is how soon the place must be
    made safe where it is dangerous; `near_radius_m` where the same report is looked for.
    `is_home`: it stands at or in somebody's dwelling, so the public is told the neighbourhood
    only. `is_filed_by_rule`: a report of a known one, without danger, counts as checked (自动立案).
    """

    id: int
    code: str
    category_id: int
    family: Family
    name: Named
    hint: Named
    group: Named
    owner: Named
    filing: Named
    forms: tuple[Form, ...]
    dangers: tuple[Danger, ...]
    questions: tuple[Question, ...]
    urgency: Urgency
    near_radius_m: int
    needs_before: bool
    needs_after: bool
    safety_minutes: int | None
    repeats: Repeats
    is_public: bool
    is_home: bool
    is_filed_by_rule: bool
    is_active: bool
    is_sample: bool
    version: int
    initials: str = ""
    pinyin: str = ""

    @property
    def stoppers(self) -> tuple[Danger, ...]:
        """The dangers where somebody must be called first."""
        return tuple(danger for danger in self.dangers if danger.is_stopper)

    @property
    def is_asset_type(self) -> bool:
        """Whether there are things of this type to register."""
        return self.family is Family.COMPONENT

    def urgency_of(self, chosen: Iterable[str]) -> Urgency:
        """How urgent a report with these forms and dangers is: as the gravest of them."""
        keys = set(chosen)
        named = [form.urgency for form in self.forms if form.key in keys]
        named += [danger.urgency for danger in self.dangers if danger.key in keys]
        return min(named, key=lambda grade: grade.rank, default=self.urgency)

    def is_danger(self, chosen: Iterable[str]) -> bool:
        """Whether one of these is a danger of this type."""
        keys = set(chosen)
        return any(danger.key in keys for danger in self.dangers)


@dataclass(frozen=True, slots=True)
class AssetView:
    """A facility in the register. Positions are WGS 84; `plate` is the number painted on it."""

    id: int
    code: str
    plate: str
    type_id: int
    name: str
    place: str
    region_code: str
    lon: Decimal | None
    lat: Decimal | None
    owner_unit_id: int | None
    state: AssetState
    built_on: date | None
    note: str
    is_sample: bool
    version: int
    distance_m: float | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, if both are known."""
        if self.lon is None or self.lat is None:
            return None
        return float(self.lon), float(self.lat)

    @property
    def address(self) -> str:
        """Where its public page is (`/f/…`)."""
        return address_of(self.code, self.plate)

    @property
    def is_there(self) -> bool:
        """Whether it still stands, in use or not."""
        return self.state is not AssetState.REMOVED


def form_row(form: Form) -> dict[str, Any]:
    """A form as the table holds it."""
    return {
        "key": form.key, "name": form.label.zh, "name_en": form.label.en, "urgency": form.urgency,
    }  # fmt: skip


def read_form(row: Mapping[str, Any]) -> Form:
    """A form from the table."""
    return Form(row["key"], _named(row, "name"), Urgency(row["urgency"]))


def danger_row(danger: Danger) -> dict[str, Any]:
    """A danger as the table holds it."""
    return {
        "key": danger.key,
        "name": danger.label.zh,
        "name_en": danger.label.en,
        "urgency": danger.urgency,
        "call": [
            {"number": one.number, "name": one.whom.zh, "name_en": one.whom.en}
            for one in danger.call
        ],
        "advice": danger.advice.zh,
        "advice_en": danger.advice.en,
    }


def read_danger(row: Mapping[str, Any]) -> Danger:
    """A danger from the table."""
    return Danger(
        key=row["key"],
        label=_named(row, "name"),
        urgency=Urgency(row["urgency"]),
        call=tuple(Call(one["number"], _named(one, "name")) for one in row.get("call", ())),
        advice=_named(row, "advice"),
    )


def question_rows(questions: Iterable[Question]) -> list[dict[str, str]]:
    """Questions as the table holds them."""
    return [{name: plain(value) for name, value in question_row(one).items()} for one in questions]


def read_questions(rows: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions from the table."""
    return tuple(
        read_question(Reader({name: plain(value) for name, value in row.items()})) for row in rows
    )


def _named(row: Mapping[str, Any], field: str) -> Named:
    return Named(row.get(field, ""), row.get(f"{field}_en", ""))
