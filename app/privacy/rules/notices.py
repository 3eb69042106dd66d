"""The parts a privacy notice must have by law, and which version holds at an instant.

Pure; what the parts say is written by the privacy officer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MAX_PART: Final = 4000
MAX_TITLE: Final = 120


class Part(StrEnum):
    """What has to be told, by article of 个人信息保护法."""

    HANDLER = "handler"  # 17(1): who handles the data, and how to reach them
    PURPOSE = "purpose"  # 17(2): to what end, in which way
    KINDS = "kinds"  # 17(2): which kinds of data
    SENSITIVE = "sensitive"  # 30: necessity and effect on the person's rights
    SHARING = "sharing"  # 23: who else receives what
    RETENTION = "retention"  # 17(2): for how long
    RIGHTS = "rights"  # 17(3): how to use one's rights, and how to complain
    BASIS = "basis"  # 35: state organs tell, unless secrecy is ordered; no consent is forced


LANGUAGES: Final = ("zh", "en")


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice as read: title and parts, each by language."""

    title: Mapping[str, str]
    parts: Mapping[Part, Mapping[str, str]]

    def within(self, language: str) -> tuple[tuple[Part, str], ...]:
        """The parts in one language, in the order of the law; Chinese where English is missing."""
        key = "zh" if language.startswith("zh") else "en"
        return tuple(
            (part, texts.get(key) or texts.get("zh", ""))
            for part in Part
            if (texts := self.parts.get(part, {})).get("zh")
        )

    def heading(self, language: str) -> str:
        """The title in one language; Chinese where English is missing."""
        key = "zh" if language.startswith("zh") else "en"
        return self.title.get(key) or self.title.get("zh", "")

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts without a Chinese text: with any of them it must not be published."""
        return tuple(part for part in Part if not self.parts.get(part, {}).get("zh", "").strip())


@dataclass(frozen=True, slots=True)
class Dated:
    """A version, and from when it holds."""

    version: int
    valid_from: datetime


def in_force(versions: Iterable[Dated], at: datetime) -> Dated | None:
    """The version that holds at that instant: the latest begun, the higher number at a tie."""
    begun = [each for each in versions if each.valid_from <= at]
    return max(begun, key=lambda each: (each.valid_from, each.version), default=None)
