"""The report a visitor is writing: its parts, which are done, which comes next.

Pure: neither database nor clock nor HTTP.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final, Self

from app.catalogue.rules import CaseKind

MAX_BODY: Final = 5000
MIN_BODY: Final = 4
MAX_PLACE: Final = 200
MAX_NAME: Final = 60
MAX_SUBJECT: Final = 200
# What a citizen brings to the portal; applications and repairs come through other doors.
PORTAL_KINDS: Final = (
    CaseKind.HELP,
    CaseKind.CONSULTATION,
    CaseKind.COMPLAINT,
    CaseKind.TIP,
    CaseKind.SUGGESTION,
    CaseKind.PRAISE,
)
WHOLE_CITY: Final = "city"
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
_LANDLINE: Final = re.compile(r"0\d{2,3}[2-9]\d{6,7}")
_SERVICE_NUMBER: Final = re.compile(r"[48]00\d{7}")


class StepName(StrEnum):
    """The pages of the report, in their order; the value is the last part of the address."""

    PLACE = "place"
    WHAT = "what"
    DETAILS = "details"
    CONTACT = "contact"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Report:
    """What has been written so far; empty where nothing was.

    `region` is a region code or `city` for "not about one place". `offered` is the
    position a photo carried, until it is taken over or refused. `warned_of` are the
    words of danger whose warning has been read.
    """

    region: str = ""
    place: str = ""
    lat: str = ""
    lon: str = ""
    looked_for: str = ""
    has_category: bool = False
    category_id: int | None = None
    kind: str = ""
    body: str = ""
    has_details: bool = False
    subject_kind: str = ""
    subject_name: str = ""
    offered: tuple[str, str] | None = None
    warned_of: tuple[str, ...] = ()
    has_contact: bool = False
    is_anonymous: bool = False
    is_secret: bool = False
    name: str = ""
    phone: str = ""
    alike_seen: str = ""  # of which answers like matters were shown
    own_seen: str = ""  # and of which their own
    token: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The report as it was kept; what an older version wrote and nobody knows is left out."""
        known = {part.name for part in fields(cls)}
        kept = {name: value for name, value in data.items() if name in known}
        report = cls(**kept)
        return replace(
            report,
            offered=_pair(report.offered),
            warned_of=tuple(report.warned_of),
        )

    def to_data(self) -> dict[str, Any]:
        """What is kept."""
        return asdict(self)

    @property
    def region_code(self) -> str:
        """The region as a case knows it; empty for the whole city."""
        return "" if self.region == WHOLE_CITY else self.region

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to lose."""
        return bool(self.region or self.body or self.has_category)


def _pair(value: Iterable[str] | None) -> tuple[str, str] | None:
    if value is None:
        return None
    lat, lon = value
    return lat, lon


def is_done(step: StepName, report: Report, *, may_be_anonymous: bool) -> bool:
    """Whether this page needs no answer any more."""
    return {
        StepName.PLACE: bool(report.region),
        StepName.WHAT: report.has_category,
        StepName.DETAILS: report.has_details and bool(report.body),
        StepName.CONTACT: report.has_contact and (may_be_anonymous or not report.is_anonymous),
        StepName.CHECK: False,
    }[step]


def next_step(report: Report, *, may_be_anonymous: bool) -> StepName:
    """The first page that still needs an answer; the check of all answers when none does."""
    for step in StepName:
        if not is_done(step, report, may_be_anonymous=may_be_anonymous):
            return step
    return StepName.CHECK


def is_phone(number: str) -> bool:
    """Whether a number in one spelling is a Chinese mobile, landline or service number."""
    return any(
        shape.fullmatch(number) is not None for shape in (_MOBILE, _LANDLINE, _SERVICE_NUMBER)
    )


def kinds_for(served: Iterable[CaseKind] | None) -> tuple[CaseKind, ...]:
    """The kinds offered under a category, in the portal's order; all without a category."""
    if served is None:
        return PORTAL_KINDS
    allowed = set(served)
    return tuple(kind for kind in PORTAL_KINDS if kind in allowed) or PORTAL_KINDS
