"""What is true of citizens without looking anything up: kinds, numbers, checks.

Pure; each subject has a module of its own.
"""

from app.citizens.rules.kinds import (
    CitizenState,
    ContactKind,
    Ground,
    IdentifierKind,
    MarkKind,
    PartyKind,
    Visibility,
    number_of,
    read_number,
)

__all__ = [
    "CitizenState",
    "ContactKind",
    "Ground",
    "IdentifierKind",
    "MarkKind",
    "PartyKind",
    "Visibility",
    "number_of",
    "read_number",
]
