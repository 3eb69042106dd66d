"""Every look at segments: their conditions as SQL, their members, their versions and uses."""

from app.segments.queries.keeping import (
    Kept,
    get_segment,
    get_use,
    get_version,
    is_taken,
    list_segments,
    list_uses,
    list_versions,
)
from app.segments.queries.members import (
    Facts,
    MemberRow,
    count,
    facts_of,
    list_members,
    members,
)

__all__ = [
    "Facts",
    "Kept",
    "MemberRow",
    "count",
    "facts_of",
    "get_segment",
    "get_use",
    "get_version",
    "is_taken",
    "list_members",
    "list_segments",
    "list_uses",
    "list_versions",
    "members",
]
