"""What is done about an application beside its steps: what each deed needs, and the dates of law.

Pure. Rulebook §3; 行政许可法 arts. 47-48 (hearing), 69 (revocation); 优化营商环境条例 art. 35.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark

HEARING_ASK_DAYS: Final = 5  # working days in which a hearing may be asked for, art. 47
HEARING_HOLD_DAYS: Final = 20  # working days in which it is then held, art. 47
HEARING_NOTICE_DAYS: Final = 7  # working days before it, time and place are told, art. 48
HEARING_BASIS: Final = "《行政许可法》第四十七条：在二十日内组织听证"


class Deed(StrEnum):
    """One thing that is written down about an application; the value is its address."""

    EXPLAIN_LATE = "late"
    TELL_HEARING = "hearing-right"
    ASK_HEARING = "hearing-asked"
    CALL_HEARING = "hearing-date"
    HOLD_HEARING = "hearing-held"
    REVOKE = "revocation"


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed: words for the applicant, and what this deed needs besides."""

    words: str
    at: datetime | None = None
    basis: str = ""
    remedies: str = ""


NEEDS: Final[Mapping[Deed, tuple[str, ...]]] = {
    **dict.fromkeys(Deed, ("words",)),
    Deed.CALL_HEARING: ("at", "words"),
    Deed.REVOKE: ("words", "basis", "remedies"),
}
_MISSING: Final[Mapping[str, str]] = {
    "words": mark("Write what the citizen will read."),
    "at": mark("Say on which day and at what time the hearing is."),
    "basis": mark("Name the law or rule it rests on."),
    "remedies": mark("Say how and until when the applicant can object."),
}


def check_said(deed: Deed, said: Said) -> None:
    """Refuse a deed of which something was left out.

    Raises:
        InvalidError: one sentence for each field that is empty.
    """
    given = {"words": said.words.strip(), "at": said.at, "basis": said.basis.strip()}
    given["remedies"] = said.remedies.strip()
    wrong = {name: _MISSING[name] for name in NEEDS[deed] if not given[name]}
    if wrong:
        raise InvalidError(fields=wrong)
