"""What is asked of the interaction log, by the desk and by the picture of a citizen.

Returns what is stored; opening sealed values is the services' business.
"""

from app.interactions.queries.desk import (
    HELD_MOST,
    Holder,
    Waiting,
    call_known,
    call_number,
    cases_of,
    count_broken,
    count_under_way,
    find_talk,
    holders,
    one_talk,
    open_one,
    promise_of,
    promises_waiting,
    recent_talks,
    staff_named,
    under_way,
)
from app.interactions.queries.picture import (
    Said,
    contacts_of,
    promises_of,
)

__all__ = [
    "HELD_MOST",
    "Holder",
    "Said",
    "Waiting",
    "call_known",
    "call_number",
    "cases_of",
    "contacts_of",
    "count_broken",
    "count_under_way",
    "find_talk",
    "holders",
    "one_talk",
    "open_one",
    "promise_of",
    "promises_of",
    "promises_waiting",
    "recent_talks",
    "staff_named",
    "under_way",
]
