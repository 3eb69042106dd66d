"""What kinds, papers and states of documents are called on the screen (msgids)."""

from collections.abc import Mapping
from typing import Final

from app.documents.rules import DocumentKind, DocumentState, Paper
from app.kernel.messages import mark

KINDS: Final[Mapping[DocumentKind, str]] = {
    DocumentKind.RECEIPT: mark("Receipt of an application"),
    DocumentKind.NOTICE: mark("One-time notice of what is missing"),
    DocumentKind.ACCEPTANCE: mark("Notice of acceptance"),
    DocumentKind.NOT_ACCEPTED: mark("Decision not to accept"),
    DocumentKind.SPECIAL: mark("Notice of a special procedure"),
    DocumentKind.EXTENSION: mark("Notice of an extended time limit"),
    DocumentKind.GRANT: mark("Decision to grant"),
    DocumentKind.REFUSAL: mark("Decision to refuse"),
    DocumentKind.REVOCATION: mark("Decision to revoke"),
    DocumentKind.DELIVERY: mark("Proof of delivery"),
    DocumentKind.HAND_OVER: mark("Hand-over sheet of a counter"),
}

PAPERS: Final[Mapping[Paper, str]] = {
    Paper.A4: mark("A4"),
    Paper.A5: mark("A5"),
    Paper.ROLL: mark("80 mm roll"),
}

STATES: Final[Mapping[DocumentState, str]] = {
    DocumentState.VALID: mark("valid"),
    DocumentState.REPLACED: mark("replaced"),
    DocumentState.VOID: mark("void"),
}
