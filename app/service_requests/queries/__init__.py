"""Every read of an application's papers, answers and dates, and of what is late.

The matter itself is fetched through `cases.queries`, which asks who may see it.
"""

from app.service_requests.queries.alike import AlikeLine, in_hand
from app.service_requests.queries.deeds import late_counts, late_list, verified_by, why_late
from app.service_requests.queries.late import broken_promises, late_notices, to_file
from app.service_requests.queries.papers import answers_of, paper_rows, papers_of
from app.service_requests.queries.standing import Standing, Stood, granted_last, standing_of

__all__ = [
    "AlikeLine",
    "Standing",
    "Stood",
    "answers_of",
    "broken_promises",
    "granted_last",
    "in_hand",
    "late_counts",
    "late_list",
    "late_notices",
    "paper_rows",
    "papers_of",
    "standing_of",
    "to_file",
    "verified_by",
    "why_late",
]
