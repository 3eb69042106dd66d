"""Every read of a case. Starts from `visible_to`, or from a key the citizen holds."""

from app.cases.queries.getting import (
    find_by_number_and_code,
    find_pending,
    get_by_number,
    get_by_token,
    get_case,
    get_taken_in,
    list_attachments,
    public_token,
    query_code,
    situation_of,
)
from app.cases.queries.visibility import (
    is_somebody_accused,
    sees_only_own_period,
    visible_clause,
    visible_to,
)

__all__ = [
    "find_by_number_and_code",
    "find_pending",
    "get_by_number",
    "get_by_token",
    "get_case",
    "get_taken_in",
    "is_somebody_accused",
    "list_attachments",
    "public_token",
    "query_code",
    "sees_only_own_period",
    "situation_of",
    "visible_clause",
    "visible_to",
]
