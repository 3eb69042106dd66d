"""Words of danger: what in a text means that somebody should be on the telephone instead.

The list is data, the same for every way a matter comes in. Pure.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from app.catalogue.rules.vocabulary import Urgency


@dataclass(frozen=True, slots=True)
class DangerWords:
    """Words that mean somebody should be on the telephone instead, and whom to call."""

    numbers: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DangerFound:
    """The words of danger in a text and the numbers to call, most fitting first."""

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DangerList:
    """The list of dangers; `negations` directly before a word take it back."""

    dangers: tuple[DangerWords, ...]
    negations: tuple[str, ...] = field(default=())

    def found_in(self, text: str) -> DangerFound:
        """What of the list stands in the text. Errs towards warning: a warning costs one tap."""
        plain = " ".join(text.casefold().split())
        words: dict[str, None] = {}
        numbers: dict[str, None] = {}
        for danger in self.dangers:
            hits = [word for word in danger.words if self._is_said(word.casefold(), plain)]
            words.update(dict.fromkeys(hits))
            numbers.update(dict.fromkeys(danger.numbers if hits else ()))
        return DangerFound(tuple(words), tuple(numbers))

    def _is_said(self, word: str, text: str) -> bool:
        return any(
            not text[: match.start()].endswith(self.negations)
            for match in re.finditer(re.escape(word), text)
        )


@cache
def dangers() -> DangerList:
    """The list as shipped (`data/dangers.json`)."""
    text = files("app.catalogue.data").joinpath("dangers.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return DangerList(
        tuple(DangerWords(tuple(row["numbers"]), tuple(row["words"])) for row in data["dangers"]),
        tuple(data["negations"]),
    )


def urgency_of(found: DangerFound) -> Urgency | None:
    """What a matter with words of danger starts with; staff settle it at acceptance."""
    return Urgency.URGENT if found.words else None
