"""What people call conditions, uses and the values that can be chosen."""

from collections.abc import Mapping
from typing import Final

from app.citizens.rules import ContactKind, MarkKind, PartyKind
from app.kernel.messages import mark
from app.segments.rules import UseKind, What

WHAT: Final[Mapping[What, str]] = {
    What.AGE: mark("Age, from / to"),
    What.MARK: mark("Special care"),
    What.TAG: mark("Tag"),
    What.LANGUAGE: mark("Language"),
    What.REGION: mark("District or street of the address"),
    What.PARTY: mark("Person or organisation"),
    What.PREFERS: mark("Wishes to be reached by"),
    What.MATTERS: mark("Number of matters within days"),
    What.OPEN: mark("Number of open matters"),
    What.OVERDUE: mark("Number of overdue matters"),
    What.CATEGORY: mark("Matter of a category within days"),
    What.CHANNEL: mark("Way a matter came within days"),
    What.RATED_BADLY: mark("Bad rating within days"),
    What.SILENT: mark("Not heard of for days"),
}
USES: Final[Mapping[UseKind, str]] = {
    UseKind.LIST: mark("Work list"),
    UseKind.OUTREACH: mark("Reaching out"),
    UseKind.EXPORT: mark("Export"),
}
PARTIES: Final[Mapping[PartyKind, str]] = {
    PartyKind.PERSON: mark("Person"),
    PartyKind.ORGANISATION: mark("Organisation"),
}
CONTACTS: Final[Mapping[ContactKind, str]] = {
    ContactKind.MOBILE: mark("Mobile phone"),
    ContactKind.LANDLINE: mark("Landline"),
    ContactKind.EMAIL: mark("E-mail"),
    ContactKind.ADDRESS: mark("Letter"),
}
MARKS: Final[Mapping[MarkKind, str]] = {
    MarkKind.SENIOR: mark("65 or older"),
    MarkKind.DISABLED: mark("Disability"),
    MarkKind.MINOR: mark("Under 14"),
    MarkKind.PREGNANT: mark("Pregnant"),
    MarkKind.VETERAN: mark("Veteran"),
    MarkKind.LOW_INCOME: mark("Low income"),
    MarkKind.LANGUAGE: mark("Needs an interpreter"),
    MarkKind.SAFETY: mark("Staff take care"),
}
LANGUAGES: Final[Mapping[str, str]] = {
    "zh-CN": mark("Mandarin"),
    "zh-HK": mark("Cantonese"),
    "zh-TW": mark("Chinese (Taiwan)"),
    "bo": mark("Tibetan"),
    "ug": mark("Uyghur"),
    "mn": mark("Mongolian"),
    "en": mark("English"),
    "sign": mark("Sign language"),
    "other": mark("Another language"),
}
