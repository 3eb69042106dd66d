"""Every read of investigation files, measures and recusals, and of people who call again and again.

The matter itself is fetched through `cases.queries`, which asks who may see it.
"""

from app.complaints.queries.files import (
    files_of,
    find_file,
    get_measure,
    inquiries_of,
    late_measures,
    measures_of,
    recusals_of,
    subject_of,
)

__all__ = [
    "files_of",
    "find_file",
    "get_measure",
    "inquiries_of",
    "late_measures",
    "measures_of",
    "recusals_of",
    "subject_of",
]
