"""The language segments are written in: conditions on what a person is and what they did.

Pure values, stored as JSON and checked on the way in; how they are looked up is for queries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.cases.kinds import Channel
from app.citizens.rules import ContactKind, MarkKind, PartyKind
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

MOST_CONDITIONS: Final = 8
LONGEST_NAME: Final = 60
LONGEST_PURPOSE: Final = 200
SHORTEST_PURPOSE: Final = 4
_LONGEST_VALUE: Final = 40
_DAMAGED: Final = mark("The conditions of this segment cannot be read.")


class What(StrEnum):
    """What a condition looks at."""

    AGE = "age"
    MARK = "mark"
    TAG = "tag"
    LANGUAGE = "language"
    REGION = "region"
    PARTY = "party"
    PREFERS = "prefers"
    MATTERS = "matters"
    OPEN = "open"
    OVERDUE = "overdue"
    CATEGORY = "category"
    CHANNEL = "channel"
    RATED_BADLY = "rated_badly"
    SILENT = "silent"


class Part(StrEnum):
    """What can be filled in of a condition; also the names of its fields."""

    LEAST = "least"
    MOST = "most"
    DAYS = "days"
    VALUE = "value"


class Match(StrEnum):
    """Whether a person must meet every condition, or one of them."""

    ALL = "all"
    ANY = "any"


class UseKind(StrEnum):
    """What a segment was used for."""

    LIST = "list"
    OUTREACH = "outreach"
    EXPORT = "export"


_D, _V, _L, _M = Part.DAYS, Part.VALUE, Part.LEAST, Part.MOST
# Which parts each condition has. Of an age one end is enough; everything else is needed.
PARTS: Final[Mapping[What, tuple[Part, ...]]] = {
    What.AGE: (_L, _M),
    What.MARK: (_V,),
    What.TAG: (_V,),
    What.LANGUAGE: (_V,),
    What.REGION: (_V,),
    What.PARTY: (_V,),
    What.PREFERS: (_V,),
    What.MATTERS: (_L, _D),
    What.OPEN: (_L,),
    What.OVERDUE: (_L,),
    What.CATEGORY: (_V, _D),
    What.CHANNEL: (_V, _D),
    What.RATED_BADLY: (_D,),
    What.SILENT: (_D,),
}
_RANGES: Final[Mapping[Part, tuple[int, int]]] = {
    Part.LEAST: (0, 1000),
    Part.MOST: (0, 150),
    Part.DAYS: (1, 3660),
}
LANGUAGES: Final = ("zh-CN", "zh-HK", "zh-TW", "bo", "ug", "mn", "en", "sign", "other")
# What may be chosen; a tag, a region and a category are looked up when a segment is kept.
CHOICES: Final[Mapping[What, tuple[str, ...]]] = {
    What.MARK: tuple(MarkKind),
    What.LANGUAGE: LANGUAGES,
    What.PARTY: tuple(PartyKind),
    What.PREFERS: tuple(ContactKind),
    What.CHANNEL: tuple(Channel),
}
_NUMBERED: Final = frozenset({What.CATEGORY, What.REGION})
_MISSING: Final[Mapping[Part, str]] = {
    Part.LEAST: mark("Enter how many at least."),
    Part.MOST: mark("Enter how many at most."),
    Part.DAYS: mark("Enter within how many days."),
    Part.VALUE: mark("Choose or enter what to look for."),
}
_RANGE: Final = mark("Enter a number that makes sense here.")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `is_not` turns it round. Parts it does not have are empty."""

    what: What
    is_not: bool = False
    least: int | None = None
    most: int | None = None
    days: int | None = None
    value: str = ""

    def problems(self) -> dict[Part, str]:
        """What is missing or makes no sense, by part; empty when all is well."""
        found = {part: sentence for part in PARTS[self.what] if (sentence := self._problem(part))}
        if self.what is What.AGE:
            return self._problems_of_age(found)
        return found

    def _problem(self, part: Part) -> str:
        given = getattr(self, part)
        if given is None or given == "":
            return _MISSING[part]
        if part is Part.VALUE:
            return "" if self._may_be(given) else _MISSING[part]
        low, high = _RANGES[part]
        return "" if low <= given <= high else _RANGE

    def _may_be(self, value: str) -> bool:
        if self.what in _NUMBERED and not (value.isascii() and value.isdecimal()):
            return False
        return len(value) <= _LONGEST_VALUE and value in CHOICES.get(self.what, (value,))

    def _problems_of_age(self, found: dict[Part, str]) -> dict[Part, str]:
        ends = [end for end in (self.least, self.most) if end is not None]
        if not ends:
            return {Part.LEAST: mark("Enter an age, from or up to.")}
        wrong = {part: text for part, text in found.items() if text == _RANGE}
        if ends != sorted(ends):
            wrong[Part.MOST] = mark("The second age is lower than the first.")
        return wrong


@dataclass(frozen=True, slots=True)
class Rule:
    """Who belongs to a segment. Who does not wish to be contacted is left out, unless said."""

    conditions: tuple[Condition, ...]
    match: Match = Match.ALL
    with_do_not_contact: bool = False
    only_agreed: bool = False  # set by the use, never stored: who agreed to be approached

    def checked(self) -> "Rule":
        """The same, if it can be used.

        Raises:
            InvalidError: there is no condition, there are too many, or one is incomplete;
                its fields are named `least-0` and so on, by the place of the condition.
        """
        if not self.conditions:
            raise InvalidError(fields={"what-0": mark("Choose at least one condition.")})
        if len(self.conditions) > MOST_CONDITIONS:
            raise InvalidError(fields={"what-0": mark("These are too many conditions.")})
        fields = {
            f"{part}-{place}": sentence
            for place, condition in enumerate(self.conditions)
            for part, sentence in condition.problems().items()
        }
        if fields:
            raise InvalidError(fields=fields)
        return self


def to_json(rule: Rule) -> dict[str, Any]:
    """The rule as it is stored: only what is said."""
    return {
        "match": str(rule.match),
        "with_do_not_contact": rule.with_do_not_contact,
        "conditions": [_condition_to_json(each) for each in rule.conditions],
    }


def _condition_to_json(condition: Condition) -> dict[str, Any]:
    parts = {str(part): getattr(condition, part) for part in PARTS[condition.what]}
    said = {name: value for name, value in parts.items() if value not in (None, "")}
    return {"what": str(condition.what), "not": condition.is_not, **said}


def from_json(data: Mapping[str, Any]) -> Rule:
    """The rule again.

    Raises:
        InvalidError: it was not written by `to_json`, or somebody changed it.
    """
    try:
        conditions = tuple(_condition_from_json(each) for each in data["conditions"])
        rule = Rule(conditions, Match(data["match"]), bool(data["with_do_not_contact"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidError(_DAMAGED) from error
    return rule.checked()


def _condition_from_json(data: Mapping[str, Any]) -> Condition:
    numbers = {part: data.get(part) for part in (Part.LEAST, Part.MOST, Part.DAYS)}
    if any(isinstance(n, bool) or not isinstance(n, int | None) for n in numbers.values()):
        raise ValueError(data)
    value = data.get(Part.VALUE, "")
    if not isinstance(value, str):
        raise TypeError(value)
    return Condition(
        What(data["what"]),
        is_not=bool(data["not"]),
        least=numbers[Part.LEAST],
        most=numbers[Part.MOST],
        days=numbers[Part.DAYS],
        value=value,
    )


@dataclass(frozen=True, slots=True)
class Words:
    """A marked sentence and what fills its places."""

    msgid: str
    params: Mapping[str, object]


_WORDS: Final[Mapping[What, tuple[str, str]]] = {
    What.MARK: (mark("special care: %(value)s"), mark("no special care: %(value)s")),
    What.TAG: (mark("tagged “%(value)s”"), mark("not tagged “%(value)s”")),
    What.LANGUAGE: (mark("speaks %(value)s"), mark("does not speak %(value)s")),
    What.REGION: (mark("lives in %(value)s"), mark("does not live in %(value)s")),
    What.PARTY: (mark("is: %(value)s"), mark("is not: %(value)s")),
    What.PREFERS: (
        mark("likes to be reached by: %(value)s"),
        mark("does not ask to be reached by: %(value)s"),
    ),
    What.MATTERS: (
        mark("at least %(least)s matters in %(days)s days"),
        mark("fewer than %(least)s matters in %(days)s days"),
    ),
    What.OPEN: (
        mark("at least %(least)s open matters"),
        mark("fewer than %(least)s open matters"),
    ),
    What.OVERDUE: (
        mark("at least %(least)s overdue matters"),
        mark("fewer than %(least)s overdue matters"),
    ),
    What.CATEGORY: (
        mark("a matter about “%(value)s” in %(days)s days"),
        mark("no matter about “%(value)s” in %(days)s days"),
    ),
    What.CHANNEL: (
        mark("came by “%(value)s” in %(days)s days"),
        mark("did not come by “%(value)s” in %(days)s days"),
    ),
    What.RATED_BADLY: (
        mark("rated badly in %(days)s days"),
        mark("did not rate badly in %(days)s days"),
    ),
    What.SILENT: (
        mark("not heard of for %(days)s days"),
        mark("heard of in the last %(days)s days"),
    ),
}
_AGES: Final[Mapping[tuple[bool, bool], tuple[str, str]]] = {
    (True, True): (
        mark("aged %(least)s to %(most)s"),
        mark("not aged %(least)s to %(most)s"),
    ),
    (True, False): (mark("aged %(least)s or more"), mark("younger than %(least)s")),
    (False, True): (mark("aged up to %(most)s"), mark("older than %(most)s")),
}


def words_of(condition: Condition, named: str) -> Words:
    """The condition in plain words; `named` is how its value is called on the screen."""
    params = {"least": condition.least, "most": condition.most, "days": condition.days}
    if condition.what is What.AGE:
        pair = _AGES[condition.least is not None, condition.most is not None]
    else:
        pair = _WORDS[condition.what]
    return Words(pair[condition.is_not], {**params, "value": named})
