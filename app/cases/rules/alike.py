"""How much a matter looks like another one: by place, category and words, each reason said.

Pure. Only a hint: whether two matters are the same is decided by a person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import Final

from app.kernel.text import tokens

NEAR: Final = 500.0  # metres; [S] rulebook §2.6
_BESIDE: Final = 100.0
_EARTH: Final = 6_371_000.0
_ENOUGH: Final = 4
_FEW_WORDS: Final = 3
_MOST_WORDS: Final = 5
# Pairs of signs that stand in every letter and say nothing about the matter.
_EMPTY: Final = frozenset(
    {"请尽", "尽快", "希望", "我们", "问题", "反映", "处理", "解决", "谢谢", "你好", "您好", "情况"}
)


class Why(StrEnum):
    """A reason why two matters may be the same."""

    SAME_PERSON = "same_person"
    CATEGORY = "category"
    POINT = "point"
    PLACE = "place"
    REGION = "region"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Sketch:
    """As much of a matter as is compared; `words` are what search would find it by."""

    category_id: int | None
    region_code: str
    point: tuple[float, float] | None  # longitude, latitude
    place_words: frozenset[str]
    words: frozenset[str]
    citizen_id: int | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much they look alike, and why; `n` metres or words, where a reason has a number."""

    score: int
    reasons: tuple[tuple[Why, int], ...]

    @property
    def is_enough(self) -> bool:
        """Whether it is worth somebody's look: the same place, and about the same."""
        return self.score >= _ENOUGH


def words_of(*texts: str) -> frozenset[str]:
    """The words a text is compared by."""
    return frozenset(one for one in tokens("\n".join(texts)) if len(one) > 1) - _EMPTY


def likeness(one: Sketch, other: Sketch, *, people: Collection[int] = ()) -> Likeness:
    """Compare two matters; `people` are the ids under which the same person is known."""
    found = [*_place_reasons(one, other)]
    is_near = bool(found)
    alike = len(one.words & other.words)
    if one.category_id is not None and one.category_id == other.category_id:
        found.insert(0, (3, Why.CATEGORY, 0))
    if alike >= _FEW_WORDS:
        found.append((min(alike // _FEW_WORDS, _MOST_WORDS), Why.WORDS, alike))
    if other.citizen_id is not None and other.citizen_id in people:
        found.insert(0, (3, Why.SAME_PERSON, 0))
        is_near = True
    reasons = tuple((why, n) for _, why, n in found)
    is_about = any(why in (Why.CATEGORY, Why.WORDS) for why, _ in reasons)
    score = sum(points for points, _, _ in found) if is_near and is_about else 0
    return Likeness(score, reasons)


def _place_reasons(one: Sketch, other: Sketch) -> list[tuple[int, Why, int]]:
    if one.point and other.point:
        metres = distance(one.point, other.point)
        if metres > NEAR:
            return []
        return [(4 if metres <= _BESIDE else 3, Why.POINT, round(metres))]
    if len(one.place_words & other.place_words) > 1:
        return [(2, Why.PLACE, 0)]
    is_same = bool(one.region_code) and one.region_code == other.region_code
    return [(1, Why.REGION, 0)] if is_same else []


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points of longitude and latitude, on a round earth."""
    lon1, lat1, lon2, lat2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(half))
