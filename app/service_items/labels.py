"""What the words of service items are called on the screen (msgids)."""

from collections.abc import Mapping
from typing import Final

from app.calendars.rules import LimitUnit
from app.kernel.messages import mark
from app.service_items.rules import (
    Delivery,
    FieldType,
    Handling,
    ItemKind,
    PaperForm,
    Procedure,
    Source,
)

KINDS: Final[Mapping[ItemKind, str]] = {
    ItemKind.PERMIT: mark("Administrative permit"),
    ItemKind.GRANT: mark("Administrative grant"),
    ItemKind.CONFIRMATION: mark("Administrative confirmation"),
    ItemKind.RULING: mark("Administrative ruling"),
    ItemKind.REWARD: mark("Administrative reward"),
    ItemKind.OTHER: mark("Another administrative power"),
    ItemKind.PUBLIC_SERVICE: mark("Public service"),
}
HANDLINGS: Final[Mapping[Handling, str]] = {
    Handling.INSTANT: mark("Done while you wait"),
    Handling.PROMISED: mark("Within a promised time"),
}
DELIVERIES: Final[Mapping[Delivery, str]] = {
    Delivery.WINDOW: mark("At the counter"),
    Delivery.POST: mark("By post"),
    Delivery.ONLINE: mark("Online"),
}
PROCEDURES: Final[Mapping[Procedure, str]] = {
    Procedure.HEARING: mark("Hearing"),
    Procedure.TENDER: mark("Tender"),
    Procedure.AUCTION: mark("Auction"),
    Procedure.INSPECTION: mark("Inspection of goods and works"),
    Procedure.TESTING: mark("Testing"),
    Procedure.QUARANTINE: mark("Quarantine"),
    Procedure.APPRAISAL: mark("Appraisal"),
    Procedure.EXPERT_REVIEW: mark("Review by experts"),
}
SOURCES: Final[Mapping[Source, str]] = {
    Source.APPLICANT: mark("Your own"),
    Source.GOVERNMENT: mark("Issued by an authority"),
    Source.OTHER_BODY: mark("Issued by another body"),
}
PAPER_FORMS: Final[Mapping[PaperForm, str]] = {
    PaperForm.ORIGINAL: mark("Original"),
    PaperForm.COPY: mark("Copy"),
    PaperForm.BOTH: mark("Original and copy"),
    PaperForm.ELECTRONIC: mark("Electronic file"),
}
FIELD_TYPES: Final[Mapping[FieldType, str]] = {
    FieldType.TEXT: mark("Text"),
    FieldType.NUMBER: mark("Number"),
    FieldType.DATE: mark("Date"),
    FieldType.CHOICE: mark("One of several answers"),
    FieldType.MULTI: mark("Any of several answers"),
    FieldType.YES_NO: mark("Yes or no"),
    FieldType.ID_NUMBER: mark("Identity number"),
    FieldType.PHONE: mark("Telephone"),
}
LIMIT_UNITS: Final[Mapping[LimitUnit, str]] = {
    LimitUnit.WORK_DAY: mark("Working days"),
    LimitUnit.DAY: mark("Calendar days"),
    LimitUnit.WORK_HOUR: mark("Opening hours"),
    LimitUnit.HOUR: mark("Hours, day and night"),
}
