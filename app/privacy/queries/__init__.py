"""What is asked of the tables of rights, each subject in a module of its own."""

from app.privacy.queries.consents import (
    ConsentLine,
    KindLine,
    active_kinds,
    every_kind,
    history,
    last,
)
from app.privacy.queries.people import (
    Who,
    cases_of,
    family_of,
    find_case,
    get_who,
    guardians_of,
    is_marked_minor,
    open_cases_of,
)
from app.privacy.queries.requests import (
    RequestLine,
    counts,
    expired_packages,
    find_living,
    get_request,
    limits,
    list_ended,
    list_open,
    living_of,
    requests_of,
)

__all__ = [
    "ConsentLine",
    "KindLine",
    "RequestLine",
    "Who",
    "active_kinds",
    "cases_of",
    "counts",
    "every_kind",
    "expired_packages",
    "family_of",
    "find_case",
    "find_living",
    "get_request",
    "get_who",
    "guardians_of",
    "history",
    "is_marked_minor",
    "last",
    "limits",
    "list_ended",
    "list_open",
    "living_of",
    "open_cases_of",
    "requests_of",
]
