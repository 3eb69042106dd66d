"""What our codes are called, by their type: for whatever is shown of rows of every kind.

Only a gathering of the labels of features; a code without a name is shown as it is.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.cases.labels import LABELS
from app.citizens.rules import ContactKind, IdentifierKind, MarkKind, PartyKind
from app.desk.picture.labels import MARKS, PAPERS, WAYS
from app.interactions.labels import DIRECTIONS, MEDIA, TALKS
from app.interactions.rules import Direction, Medium, TalkState
from app.privacy.labels import GROUNDS, PROOFS, REQUEST_KINDS, REQUEST_STATES, SOURCES, TOLD
from app.privacy.rules import (
    IdentityProof,
    RefusalGround,
    RequestKind,
    RequestStatus,
    Source,
    Told,
)
from app.segments.labels import PARTIES

WORDS: Final[Mapping[type, Mapping[Any, str]]] = {
    **LABELS,
    ContactKind: WAYS,
    Direction: DIRECTIONS,
    IdentifierKind: PAPERS,
    IdentityProof: PROOFS,
    MarkKind: MARKS,
    Medium: MEDIA,
    PartyKind: PARTIES,
    RefusalGround: GROUNDS,
    RequestKind: REQUEST_KINDS,
    RequestStatus: REQUEST_STATES,
    Source: SOURCES,
    TalkState: TALKS,
    Told: TOLD,
}
