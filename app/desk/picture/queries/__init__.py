"""What the picture of a citizen is made of, each statement built once."""

from app.desk.picture.queries.newest import (
    CONTACTS_MOST,
    OPEN_MOST,
    RECENT_MOST,
    recent,
    things,
    touches,
    waiting,
    who,
)

__all__ = [
    "CONTACTS_MOST",
    "OPEN_MOST",
    "RECENT_MOST",
    "recent",
    "things",
    "touches",
    "waiting",
    "who",
]
