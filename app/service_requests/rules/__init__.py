"""What is true of applications without looking anything up, gathered under one name.

Pure: works on plain values, reads neither database nor clock.
"""

from app.service_requests.rules.dates import Computed, LimitData, compute, limits_of, terms
from app.service_requests.rules.papers import (
    NOT_HANDED_IN,
    SETTLED,
    Judged,
    Paper,
    Verdict,
    check_judged,
    count_open,
    count_promised,
    papers_of,
    promise_ends,
    tell_defects,
)

__all__ = [
    "NOT_HANDED_IN",
    "SETTLED",
    "Computed",
    "Judged",
    "LimitData",
    "Paper",
    "Verdict",
    "check_judged",
    "compute",
    "count_open",
    "count_promised",
    "limits_of",
    "papers_of",
    "promise_ends",
    "tell_defects",
    "terms",
]
