"""What requests, grounds, parts of a notice and tables are called on the screen (msgids)."""

from collections.abc import Mapping
from typing import Final

from app.kernel.messages import mark
from app.privacy.rules import (
    BatchState,
    IdentityProof,
    ItemState,
    Part,
    RefusalGround,
    RequestKind,
    RequestStatus,
    Source,
    TombstoneGround,
)

REQUEST_KINDS: Final[Mapping[RequestKind, str]] = {
    RequestKind.ACCESS: mark("See the data held"),
    RequestKind.COPY: mark("A copy of the data held"),
    RequestKind.CORRECTION: mark("Correct data"),
    RequestKind.DELETION: mark("Delete data"),
    RequestKind.RESTRICTION: mark("Restrict the use of data"),
    RequestKind.EXPLANATION: mark("Explain how data are used"),
    RequestKind.ACCOUNT_CLOSE: mark("Close the account"),
}
REQUEST_STATES: Final[Mapping[RequestStatus, str]] = {
    RequestStatus.OPEN: mark("To be answered"),
    RequestStatus.PROPOSED: mark("Waits for a second person"),
    RequestStatus.DONE: mark("Done"),
    RequestStatus.REFUSED: mark("Refused"),
    RequestStatus.WITHDRAWN: mark("Taken back"),
}
GROUNDS: Final[Mapping[RefusalGround, str]] = {
    RefusalGround.NOT_IDENTIFIED: mark("It is not certain who is asking"),
    RefusalGround.LAW_KEEPS: mark("A law or regulation orders longer keeping"),
    RefusalGround.LEGAL_HOLD: mark("A legal hold: proceedings, inspection or dispute"),
    RefusalGround.STILL_NEEDED: mark("The purpose has not ended: a matter is still open"),
    RefusalGround.RIGHTS_OF_OTHERS: mark("It would harm rights of others"),
    RefusalGround.NOT_HELD: mark("We do not hold these data"),
    RefusalGround.SECRECY: mark("The law orders secrecy"),
}
PROOFS: Final[Mapping[IdentityProof, str]] = {
    IdentityProof.DOCUMENT: mark("Identity document seen"),
    IdentityProof.CODE: mark("One-time code to the number or address on file"),
    IdentityProof.CALLBACK: mark("Called back at the number on file"),
    IdentityProof.AUTHORITY: mark("Paper of a guardian or agent seen"),
}
SOURCES: Final[Mapping[Source, str]] = {
    Source.PORTAL: mark("Portal"),
    Source.COUNTER: mark("At the window"),
    Source.PHONE: mark("Telephone"),
    Source.LETTER: mark("Letter"),
}
PARTS: Final[Mapping[Part, str]] = {
    Part.HANDLER: mark("Who handles the data, and how to reach us"),
    Part.PURPOSE: mark("What for, and in which way"),
    Part.KINDS: mark("Which data"),
    Part.SENSITIVE: mark("Sensitive data: why they are needed, and the effect"),
    Part.SHARING: mark("Who else receives what"),
    Part.RETENTION: mark("How long"),
    Part.RIGHTS: mark("Your rights, and how to complain"),
    Part.BASIS: mark("On what ground"),
}
BATCHES: Final[Mapping[BatchState, str]] = {
    BatchState.PROPOSED: mark("Waits for a second person"),
    BatchState.APPROVED: mark("Under way"),
    BatchState.DONE: mark("Done"),
    BatchState.REFUSED: mark("Not approved"),
}
ITEMS: Final[Mapping[ItemState, str]] = {
    ItemState.WAITING: mark("Waiting"),
    ItemState.ERASED: mark("Erased"),
    ItemState.HELD: mark("Kept by a hold"),
    ItemState.SKIPPED: mark("Left alone"),
}
STONES: Final[Mapping[TombstoneGround, str]] = {
    TombstoneGround.RETENTION: mark("Time of keeping over"),
    TombstoneGround.REQUEST: mark("At the person's request"),
}
TABLES: Final[Mapping[str, str]] = {
    "attachments": mark("Files"),
    "case_access": mark("Units that had the matter"),
    "case_approvals": mark("Requests for a decision"),
    "case_events": mark("Steps of matters"),
    "case_texts": mark("Words of matters"),
    "cases": mark("Matters"),
    "citizen_marks": mark("Special care"),
    "citizen_notes": mark("Notes"),
    "citizen_sources": mark("Taken over from another system"),
    "citizen_tags": mark("Tags"),
    "citizens": mark("Person"),
    "clock_breaches": mark("Limits crossed"),
    "clock_extensions": mark("More time"),
    "clock_pauses": mark("Time that did not count"),
    "clocks": mark("Time limits"),
    "consents": mark("Consents"),
    "contact_codes": mark("One-time codes"),
    "contacts": mark("Ways to reach the person"),
    "data_requests": mark("Requests about data"),
    "identifiers": mark("Identity documents"),
    "incoming_calls": mark("Calls"),
    "interaction_cases": mark("Matters spoken about"),
    "interactions": mark("Contacts with the house"),
    "messages": mark("Messages sent"),
    "privacy_notices_seen": mark("Notices shown"),
    "promises": mark("Promises"),
    "rating_words": mark("Words beside a rating"),
    "ratings": mark("Ratings"),
    "representations": mark("Who acts for whom"),
    "retention_items": mark("Proposals to erase"),
}
