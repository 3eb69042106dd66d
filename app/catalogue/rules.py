"""What the catalogue decides: which limit applies, which unit is proposed, what a text may say.

Pure: works on plain values, reads neither database nor clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.calendars.rules import LimitUnit

SECONDS_PER_HOUR = 3600
SECONDS_PER_MINUTE = 60


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


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence for the screen: English msgid and what fills its places."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChosenLimit:
    """The limit a clock starts with; copied, so that later edits never reach a running case.

    `value` counts in `unit`; `minutes` refines HOUR and WORK_HOUR only.
    """

    code: str
    unit: LimitUnit
    value: int
    close_of_business: bool
    basis_text: str
    basis_level: BasisLevel
    is_sample: bool
    region_code: str
    minutes: int = 0

    @property
    def budget(self) -> int:
        """The whole allowance: seconds for HOUR and WORK_HOUR, days for DAY and WORK_DAY."""
        if self.unit in (LimitUnit.HOUR, LimitUnit.WORK_HOUR):
            return self.value * SECONDS_PER_HOUR + self.minutes * SECONDS_PER_MINUTE
        return self.value


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another unit a dispatcher may pick, and why it is offered."""

    unit_id: int
    unit_name: str
    unit_name_en: str
    why: Explanation


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a matter should go. Without a unit, `why` says what a person must settle.

    `alert` is set when the directory itself needs repair (closed unit, no rule), even
    where a fallback could still be offered. `copy_to` are units told, not charged.
    """

    unit_id: int | None
    unit_name: str
    unit_name_en: str
    rule_id: int | None
    why: Explanation
    alternatives: tuple[Alternative, ...] = ()
    copy_to: tuple[int, ...] = ()
    alert: Explanation | None = None
