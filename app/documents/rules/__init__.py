"""What documents are: kinds, papers, numbers, and what stands in them.

Pure: no tables, no clock, no printing.
"""

from app.documents.rules.entries import (
    DICTIONARY,
    Entry,
    Shape,
    Text,
    Value,
    Values,
    day_text,
    fitted,
    instant_text,
)
from app.documents.rules.kinds import (
    LAST_NUMBER,
    LETTERS,
    PAPERS,
    DocumentKind,
    DocumentState,
    Paper,
    spelt,
)

__all__ = [
    "DICTIONARY",
    "LAST_NUMBER",
    "LETTERS",
    "PAPERS",
    "DocumentKind",
    "DocumentState",
    "Entry",
    "Paper",
    "Shape",
    "Text",
    "Value",
    "Values",
    "day_text",
    "fitted",
    "instant_text",
    "spelt",
]
