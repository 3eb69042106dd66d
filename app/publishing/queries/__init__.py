"""Every read of what was released: for the public, on a map, and for staff and checks."""

from app.publishing.queries.inside import (
    events_told,
    files_known,
    files_of,
    find_publication,
    is_restricted,
    last_answer,
    lines_of,
)
from app.publishing.queries.mapped import cells
from app.publishing.queries.released import (
    IS_PUBLIC,
    PAGE,
    Released,
    Update,
    Wanted,
    by_ids,
    find_released,
    get_released,
    list_released,
    list_types,
    list_updates,
    page_of_released,
    photos_of,
    updates_between,
)

__all__ = [
    "IS_PUBLIC",
    "PAGE",
    "Released",
    "Update",
    "Wanted",
    "by_ids",
    "cells",
    "events_told",
    "files_known",
    "files_of",
    "find_publication",
    "find_released",
    "get_released",
    "is_restricted",
    "last_answer",
    "lines_of",
    "list_released",
    "list_types",
    "list_updates",
    "page_of_released",
    "photos_of",
    "updates_between",
]
