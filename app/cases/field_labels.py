"""What the fields of steps are called: one English word each, translated at the edge."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.cases.rules import Field
from app.kernel.messages import mark

FIELDS: Final[Mapping[StrEnum, str]] = {
    Field.CATEGORY: mark("Category"),
    Field.URGENCY: mark("Urgency"),
    Field.REGION: mark("District or street"),
    Field.UNIT: mark("Unit"),
    Field.SUGGESTED_UNIT: mark("Suggested unit"),
    Field.EVIDENCE: mark("What it rests on"),
    Field.HANDLER: mark("Handler"),
    Field.DECLINE_REASON: mark("Reason"),
    Field.REFER_TO: mark("Where to turn to"),
    Field.OUTCOME: mark("Outcome"),
    Field.OUTCOME_REASON: mark("Why it is not possible"),
    Field.OUTCOME_BASIS: mark("Law or rule it rests on"),
    Field.AMOUNT: mark("Days more"),
    Field.UNTIL: mark("Suspended until"),
    Field.GROUND: mark("Legal ground"),
    Field.DOCUMENT_NO: mark("Document number"),
    Field.CALLBACK_RESULT: mark("Result of the call-back"),
    Field.MASTER: mark("Number of the leading matter"),
    Field.ACCUSED_UNIT: mark("Unit it is about"),
    Field.ACCUSED_STAFF: mark("Account of the person it is about"),
    Field.SUBJECT_KIND: mark("What the complaint is about"),
    Field.SUBJECT_NAME: mark("Name of what it is about"),
    Field.FINDING: mark("Finding"),
    Field.NOT_ADMITTED: mark("Reason"),
    Field.PROCEDURE: mark("Special procedure"),
    Field.REMEDIES: mark("How the applicant can object"),
    Field.DELIVERY: mark("Way of delivery"),
    Field.TRACKING_NO: mark("Tracking number"),
    Field.NOT_FILED: mark("Reason"),
    Field.CREW: mark("Crew"),
}
