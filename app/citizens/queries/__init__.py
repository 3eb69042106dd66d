"""What is asked of the citizens' tables, each subject in a module of its own.

Returns what is stored; opening sealed values is the services' business.
"""

from app.citizens.queries.busy import (
    SealedContact,
    SealedName,
    living_contacts,
    namesakes,
    sealed_name,
    with_number,
    with_tail,
)

__all__ = [
    "SealedContact",
    "SealedName",
    "living_contacts",
    "namesakes",
    "sealed_name",
    "with_number",
    "with_tail",
]
