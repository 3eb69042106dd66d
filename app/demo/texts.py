"""What people in the demo city write, and where: the shipped texts with their slots filled.

Chooses with the dice it is given, so the same dice write the same letters.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any, Final

from app.cases.kinds import Outcome
from app.catalogue.rules import CaseKind
from app.demo import data

_STREET_OFFSETS: Final = ((0.012, 0.006), (-0.011, 0.009), (-0.007, -0.01), (0.009, -0.012))
_SPREAD: Final = 0.004  # about 400 m
_SIX_PLACES: Final = Decimal("0.000001")
# A season named in a letter must be the one it was written in.
_MONTHS_OF: Final[Mapping[str, range]] = {"国庆之后": range(10, 12), "从春节以后": range(2, 5)}
# What an answer in the texts is called, and what the case then says came of it.
OUTCOMES: Final[Mapping[str, Outcome]] = {
    "done": Outcome.RESOLVED,
    "explained": Outcome.EXPLAINED,
    "planned": Outcome.PARTLY,
}
_SECOND_KIND: Final = 0.25
_NOT_FOR_COMPLAINTS: Final = (CaseKind.PRAISE, CaseKind.SUGGESTION, CaseKind.REPAIR)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place people know, by its name in one street of a district."""

    region_code: str
    district: str
    name: str
    lon: float
    lat: float

    def point(self, dice: Random) -> tuple[Decimal, Decimal]:
        """A point near it, as longitude and latitude."""
        return _decimal(dice.gauss(self.lon, _SPREAD)), _decimal(dice.gauss(self.lat, _SPREAD))


@dataclass(frozen=True, slots=True)
class Letter:
    """One matter in words: what is asked, and the answers that fit."""

    code: str
    kind: CaseKind
    title: str
    body: str
    place: str

    def reply(self, texts: "Texts", dice: Random, how: str) -> str:
        """An answer of this sort, a key of `OUTCOMES`."""
        return _fill(dice.choice(texts.of(self.code)["replies"][how]), place=self.place)

    def one_of(self, texts: "Texts", dice: Random, what: str) -> str:
        """One of the `questions` or `returns` that go with this sort of matter."""
        return _fill(dice.choice(texts.of(self.code)[what]), place=self.place)


@dataclass(frozen=True, slots=True)
class Texts:
    """All that is said in the demo city."""

    letters: Mapping[str, Any]
    common: Mapping[str, Any]
    phrases: Mapping[str, Any]
    spots: Sequence[Spot]

    @property
    def codes(self) -> Sequence[str]:
        """The categories people write about."""
        return tuple(self.letters)

    @property
    def surnames(self) -> str:
        return str(self.phrases["surnames"])

    @property
    def given_names(self) -> Sequence[str]:
        names: list[str] = self.phrases["names"]
        return names

    def of(self, code: str) -> Mapping[str, Any]:
        """The texts of one category."""
        found: Mapping[str, Any] = self.letters[code]
        return found

    def phrase(self, key: str, **slots: object) -> str:
        """A sentence of the generator's own."""
        return _fill(str(self.phrases[key]), **slots)

    def say(self, dice: Random, key: str, level: int | None = None) -> str:
        """One of the sentences that fit anywhere; ratings by level."""
        said = self.common[key]
        choice: str = dice.choice(said[str(level)] if level is not None else said)
        return choice

    def write(self, code: str, spot: Spot, month: int, dice: Random) -> Letter:
        """A letter about this place, written in this month."""
        known = self.of(code)
        times = [t for t in self.common["times"] if month in _MONTHS_OF.get(t, range(13))]
        slots = {
            "place": spot.name,
            "time": dice.choice(times),
            "detail": dice.choice(known["details"]),
        }
        return Letter(
            code,
            _kind([CaseKind(kind) for kind in known["kinds"]], dice),
            _fill(dice.choice(known["titles"]), **slots),
            _fill(dice.choice(known["bodies"]), **slots),
            spot.name,
        )


@cache
def load_texts() -> Texts:
    """Everything from the shipped files."""
    written = _read("texts.json")
    return Texts(written["categories"], written["common"], _read("phrases.json"), _spots())


def _spots() -> tuple[Spot, ...]:
    labels = {
        shape["properties"]["code"]: shape["properties"]["label"]
        for shape in _read("districts.geojson")["features"]
    }
    return tuple(
        Spot(
            street["code"],
            district["name"],
            name,
            labels[district["code"]][0] + dx,
            labels[district["code"]][1] + dy,
        )
        for district in _read("city.json")["regions"]
        for street, (dx, dy) in zip(district["streets"], _STREET_OFFSETS, strict=True)
        for name in street["places"]
    )


def _read(name: str) -> dict[str, Any]:
    text = files(data).joinpath(name).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _kind(kinds: Sequence[CaseKind], dice: Random) -> CaseKind:
    # The bodies are written for the first kind; the second fits unless it is of another mood.
    other = kinds[1] if len(kinds) > 1 else kinds[0]
    fits = other not in _NOT_FOR_COMPLAINTS
    return other if fits and dice.random() < _SECOND_KIND else kinds[0]


def _fill(text: str, **slots: object) -> str:
    for name, value in slots.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _decimal(degrees: float) -> Decimal:
    return Decimal(degrees).quantize(_SIX_PLACES)
