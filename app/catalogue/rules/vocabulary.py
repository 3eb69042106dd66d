"""The words the catalogue shares with every feature above it.

Enumerations and small values only; labels for people live with the pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_DISTRICT_DIGITS: Final = 6
_WHOLE_CITY: Final = "00"


class CaseKind(StrEnum):
    """What sort of matter it is (rulebook §2.1; 办件 and 报修 come from other doors)."""

    CONSULTATION = "consultation"
    HELP = "help"
    COMPLAINT = "complaint"
    TIP = "tip"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    SERVICE_REQUEST = "service_request"
    REPAIR = "repair"


# What is told about somebody: kept from them, and nobody else's business.
ABOUT_SOMEBODY: Final = frozenset({CaseKind.COMPLAINT, CaseKind.TIP})


class Urgency(StrEnum):
    """The four grades of rulebook §2.4, most urgent first."""

    CRITICAL = "critical"
    URGENT = "urgent"
    NORMAL = "normal"
    COMPLEX = "complex"

    @property
    def rank(self) -> int:
        """0 for the most urgent; sorts worklists."""
        return list(Urgency).index(self)

    @property
    def is_emergency(self) -> bool:
        """特急 and 紧急: counted in hours, day and night."""
        return self in (Urgency.CRITICAL, Urgency.URGENT)


class BasisLevel(StrEnum):
    """How strong the ground of a limit is; earlier beats later (rulebook, head)."""

    LAW = "law"
    REGULATION = "regulation"
    DEPARTMENT = "department"
    PROVINCE = "province"
    CITY = "city"
    SYSTEM = "system"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(BasisLevel).index(self)

    @property
    def is_national(self) -> bool:
        """Law and administrative regulation: no lower rule displaces it."""
        return self in (BasisLevel.LAW, BasisLevel.REGULATION)


class ReplyPurpose(StrEnum):
    """Where at the desk a reply text is offered."""

    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    REFER = "refer"
    QUESTION = "question"
    REPLY = "reply"
    EXTENSION = "extension"
    CALLBACK = "callback"
    REMEDIES = "remedies"  # how and until when a refusal can be objected to


class ProofKind(StrEnum):
    """What can prove that a matter was really dealt with."""

    PHOTO = "photo"
    DOCUMENT = "document"
    STATEMENT = "statement"


class ReviewKind(StrEnum):
    """What an item of the review of replies is."""

    CHECK = "check"  # a point of the checklist, for every reply
    REFUSAL = "refusal"  # a point only where nothing could be done
    PHRASE = "phrase"  # wording that is marked in the text, and refuses nothing


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a Chinese and an English name."""

    zh: str
    en: str = ""

    def within(self, language: str) -> str:
        """The name for a reader of `language`; Chinese where no English one was given."""
        return self.en if language.startswith("en") and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence for the screen: English msgid and what fills its `%(name)s` places."""

    msgid: str
    params: Mapping[str, Named | str | int] = field(default_factory=dict)

    def params_in(self, language: str) -> dict[str, str | int]:
        """The parameters with every name put into one language."""
        return {
            key: value.within(language) if isinstance(value, Named) else value
            for key, value in self.params.items()
        }


def covers(region_code: str, place_code: str) -> bool:
    """Whether a region holds a place. A city's 9901**00** holds all its districts; "" holds all."""
    is_city = len(region_code) == _DISTRICT_DIGITS and region_code.endswith(_WHOLE_CITY)
    return place_code.startswith(region_code.removesuffix(_WHOLE_CITY) if is_city else region_code)
