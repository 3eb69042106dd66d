"""Hints, before somebody is registered, at who may be the same person; the clerk decides.

Masked names and reasons only; nothing is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.deps import Work
from app.citizens.rules import number_of
from app.citizens.service import duplicates
from app.citizens.service.parties import masked_name
from app.desk.quality.labels import REASONS
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

MOST = 5
_ALIKE = mark("Somebody like this is known. Open them, or register somebody new.")


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody known who may be the one, and why it seems so."""

    number: str
    name: str
    reasons: tuple[str, ...]


class AlikeError(InvalidError):
    """Somebody known is much like the party; a clerk says which it is."""

    code = "alike"

    def __init__(self, found: Sequence[Alike]) -> None:
        self.found = tuple(found)
        super().__init__(_ALIKE, fields={"is_new": _ALIKE})


def refuse_alike(work: Work, citizen_id: int) -> None:
    """Stop once, so that a clerk looks at those who may be the one just written down.

    Raises:
        AlikeError: there are some; whoever called takes back what was written.
    """
    one = duplicates.read_many(work.session, [citizen_id])[citizen_id]
    likely = duplicates.look_for(work.session, one, except_id=citizen_id)
    best = sorted(likely, key=lambda known: -likely[known].score)[:MOST]
    if not best:
        return
    known = duplicates.read_many(work.session, best)
    raise AlikeError(
        [
            Alike(
                number_of(known_id),
                masked_name(known[known_id].name, known[known_id].kind),
                tuple(label for why, label in REASONS.items() if why in likely[known_id].reasons),
            )
            for known_id in best
        ]
    )
