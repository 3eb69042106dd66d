"""The words of invented matters, put together from the demo city's own texts.

Everything in them is invented; places belong to no real city.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any, Final

from app.demo import data
from app.demo.founding import city_data

_SURNAMES: Final = "林何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁"
_GIVEN: Final = "安宁明华建国秀英文静晓东海燕志强春梅"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and the code of the street it lies in."""

    name: str
    region_code: str


@dataclass(frozen=True, slots=True)
class Said:
    """What one matter is about, in somebody's words."""

    category: str
    title: str
    body: str
    spot: Spot
    reply: str


class Words:
    """Speaks for the citizens and the staff of the city, by the dice it is given."""

    def __init__(self, chance: Random) -> None:
        texts: dict[str, Any] = json.loads(
            files(data).joinpath("texts.json").read_text(encoding="utf-8")
        )
        self._chance = chance
        self._subjects: list[tuple[str, Mapping[str, Any]]] = list(texts["categories"].items())
        self._common: Mapping[str, Sequence[str]] = texts["common"]
        self._spots = [
            Spot(place, street["code"])
            for region in city_data()["regions"]
            for street in region["streets"]
            for place in street["places"]
        ]
        # A few subjects make up most of what comes in, as everywhere.
        self._weights = [1 / (rank + 2) for rank in range(len(self._subjects))]

    def matter(self) -> Said:
        """One more matter."""
        category, subject = self._chance.choices(self._subjects, self._weights)[0]
        spot = self._one(self._spots)
        filled = {
            "place": spot.name,
            "detail": self._one(subject["details"]),
            "time": self._one(self._common["times"]),
        }
        replies = [text for kind in subject["replies"].values() for text in kind]
        return Said(
            category,
            self._one(subject["titles"]).format_map(filled),
            self._one(subject["bodies"]).format_map(filled),
            spot,
            self._one(replies).format_map(filled),
        )

    def common(self, about: str) -> str:
        """Something people commonly say on an occasion, such as `declines`."""
        return str(self._one(self._common[about]))

    def name(self) -> str:
        """A name that says it is nobody's."""
        return f"{self._one(_SURNAMES)}{self._one(_GIVEN)}（测）"

    def _one(self, choices: Sequence[Any]) -> Any:  # noqa: ANN401  # one of whatever was given
        return choices[int(self._chance.random() * len(choices))]
