"""What people read for the codes of data quality; translated at the edge.

Nothing but labels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.citizens.rules.joining import Field
from app.citizens.rules.quality import IssueKind, Reason
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble: its group on the board, its name, what to do about it."""

    group: str
    label: str
    advice: str


_MISSING, _UNCHECKED = mark("Missing"), mark("Unchecked")
_OLD, _AT_ODDS = mark("Out of date"), mark("At odds")

TROUBLES: Final[Mapping[IssueKind, Trouble]] = {
    IssueKind.NO_NAME: Trouble(
        _MISSING, mark("No name"), mark("Ask for the name at the next contact.")
    ),
    IssueKind.NO_CONTACT: Trouble(
        _MISSING, mark("No way to reach them"), mark("Ask for a telephone number.")
    ),
    IssueKind.UNVERIFIED: Trouble(
        _UNCHECKED,
        mark("Nothing was ever checked"),
        mark("Look at a document, or call the number back."),
    ),
    IssueKind.FAILED_CONTACT: Trouble(
        _OLD, mark("Could not be reached"), mark("Ask for the new number, end the old one.")
    ),
    IssueKind.STALE_CONTACT: Trouble(
        _OLD,
        mark("Not confirmed for two years"),
        mark("Ask whether the number still holds, and confirm it."),
    ),
    IssueKind.TWO_NUMBERS: Trouble(
        _AT_ODDS,
        mark("Two resident numbers"),
        mark("Compare with the document; take the wrong number away."),
    ),
    IssueKind.BIRTH_YEAR: Trouble(
        _AT_ODDS,
        mark("Year of birth differs from the document"),
        mark("Compare with the document; correct the year."),
    ),
    IssueKind.WRONG_KIND: Trouble(
        _AT_ODDS,
        mark("A person's document at an organisation, or the reverse"),
        mark("Correct the kind, or take the document away."),
    ),
}
TWICE: Final = Trouble(
    mark("One person twice"),
    mark("Possible duplicates"),
    mark("Compare the two; merge them, or say that they are two."),
)
REASONS: Final[Mapping[Reason, str]] = {
    Reason.SAME_NUMBER: mark("same document number"),
    Reason.SAME_NAME: mark("same name"),
    Reason.SIMILAR_NAME: mark("similar name"),
    Reason.RARE_NAME: mark("rare name"),
    Reason.SAME_PHONE: mark("same telephone"),
    Reason.SAME_EMAIL: mark("same e-mail"),
    Reason.SAME_ADDRESS: mark("same dwelling"),
    Reason.SAME_BIRTH_YEAR: mark("same year of birth"),
}
FIELDS: Final[Mapping[Field, str]] = {
    Field.NAME: mark("Name"),
    Field.BIRTH_YEAR: mark("Year of birth"),
    Field.PREFERRED_CHANNEL: mark("Preferred way to be reached"),
    Field.PREFERRED_TIMES: mark("Preferred times"),
    Field.LANGUAGE: mark("Language"),
    Field.DO_NOT_CONTACT: mark("Do not contact"),
}
# Tables whose rows follow; what is not named counts as one heap.
ROWS: Final[Mapping[str, str]] = {
    "cases": mark("Matters"),
    "contacts": mark("Ways to reach them"),
    "identifiers": mark("Documents"),
    "interactions": mark("Conversations"),
    "promises": mark("Promises"),
    "representations": mark("Representation"),
    "citizen_marks": mark("Marks"),
    "citizen_tags": mark("Tags"),
    "citizen_notes": mark("Notes"),
}
OTHER_ROWS: Final = mark("Other records")
