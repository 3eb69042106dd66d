"""What the catalogue's own words are called on the screen (msgids).

Kinds, grades and clocks of a matter are labelled by `cases.labels`.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from app.calendars.rules import LimitUnit
from app.catalogue import data
from app.catalogue.rules import COMMON_PROFILE, BasisLevel, ProofKind, ReplyPurpose, ReviewKind
from app.kernel.messages import mark

LIMIT_UNITS: Final[Mapping[LimitUnit, str]] = {
    LimitUnit.HOUR: mark("Hours, day and night"),
    LimitUnit.WORK_HOUR: mark("Opening hours"),
    LimitUnit.DAY: mark("Calendar days"),
    LimitUnit.WORK_DAY: mark("Working days"),
}

BASIS_LEVELS: Final[Mapping[BasisLevel, str]] = {
    BasisLevel.LAW: mark("Law"),
    BasisLevel.REGULATION: mark("Administrative regulation"),
    BasisLevel.DEPARTMENT: mark("Departmental rule"),
    BasisLevel.PROVINCE: mark("Provincial rule"),
    BasisLevel.CITY: mark("City rule"),
    BasisLevel.SYSTEM: mark("Default of the system"),
}

PURPOSES: Final[Mapping[ReplyPurpose, str]] = {
    ReplyPurpose.ANSWER: mark("Answer at once"),
    ReplyPurpose.ACCEPT: mark("Acceptance"),
    ReplyPurpose.DECLINE: mark("Not accepted"),
    ReplyPurpose.REFER: mark("Referred elsewhere"),
    ReplyPurpose.QUESTION: mark("Question to the citizen"),
    ReplyPurpose.REPLY: mark("Reply"),
    ReplyPurpose.EXTENSION: mark("Extension"),
    ReplyPurpose.REMEDIES: mark("Ways to object to a refusal"),
    ReplyPurpose.CALLBACK: mark("Call-back"),
}

PROOFS: Final[Mapping[ProofKind, str]] = {
    ProofKind.PHOTO: mark("Photo of the result"),
    ProofKind.DOCUMENT: mark("Document"),
    ProofKind.STATEMENT: mark("Written statement"),
}

REVIEW_KINDS: Final[Mapping[ReviewKind, str]] = {
    ReviewKind.CHECK: mark("Point for every reply"),
    ReviewKind.REFUSAL: mark("Point where nothing could be done"),
    ReviewKind.PHRASE: mark("Evasive wording"),
}

# A profile made here later has only its own name.
PROFILES: Final[Mapping[str, str]] = {
    "grades": mark("Four grades: 2 h, 24 h, 7 days, 15 days"),
    "workdays": mark("Five working days"),
    COMMON_PROFILE: mark("For every profile"),
}

# Columns as the history and a conflict name them.
FIELDS: Final[Mapping[str, str]] = {
    "code": mark("Code"),
    "parent_id": mark("Parent"),
    "level": mark("Level"),
    "position": mark("Place in the list"),
    "name": mark("Designation"),
    "name_en": mark("English name"),
    "hint": mark("Explanation"),
    "hint_en": mark("English explanation"),
    "initials": mark("Pinyin initials"),
    "pinyin": mark("Pinyin"),
    "kinds": mark("Kinds of matters"),
    "may_be_anonymous": mark("May be reported without a name"),
    "on_portal": mark("Offered on the portal"),
    "confidential": mark("Confidential from the start"),
    "default_urgency": mark("Grade unless changed"),
    "proofs": mark("Evidence needed to close"),
    "kind": mark("Use"),
    "is_active": mark("In use"),
    "category_id": mark("Category"),
    "region_code": mark("Region"),
    "unit_id": mark("Unit"),
    "basis": mark("Basis"),
    "profile": mark("Profile"),
    "clock_kind": mark("Step"),
    "case_kind": mark("Kind of matter"),
    "urgency": mark("Grade"),
    "unit": mark("Counted in"),
    "value": mark("Length"),
    "minutes": mark("And minutes"),
    "close_of_business": mark("Ends at close of business"),
    "basis_text": mark("Basis"),
    "basis_level": mark("Strength of the basis"),
    "is_sample": mark("Sample value"),
    "valid_from": mark("Valid from"),
    "valid_to": mark("Valid to"),
    "title": mark("Title"),
    "body": mark("Text"),
    "purpose": mark("Purpose"),
}


def basis_in(language: str, basis: str) -> str:
    """The ground of a limit for the reader: those that are shipped are known in English, too.

    What a hall has written itself stays as it was written.
    """
    return _bases_in_english().get(basis, basis) if language == "en" else basis


@cache
def _bases_in_english() -> Mapping[str, str]:
    found: dict[str, str] = json.loads(
        files(data).joinpath("bases_en.json").read_text(encoding="utf-8")
    )
    return found
