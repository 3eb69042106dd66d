"""Asks whether somebody has agreed to what is no duty of ours; the answer is kept by `privacy`.

Privacy stands above this package, so the wiring hands its question down. Silence is no.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

Agrees = Callable[[Session, int], bool]

_asked: list[Agrees] = []


def wire(agrees: Agrees) -> None:
    """Say who knows; called once at start by the wiring."""
    _asked[:] = [agrees]


def is_given(session: Session, citizen_id: int) -> bool:
    """Whether this person agrees to be asked how satisfied they are."""
    return any(agrees(session, citizen_id) for agrees in _asked)
