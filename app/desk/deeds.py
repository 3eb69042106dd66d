"""Makes the forms of what is written down about an application beside its steps.

Which of them somebody may fill in the service of applications says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.kernel.messages import mark
from app.service_requests import service
from app.service_requests.rules.deeds import NEEDS, Deed

_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "words": (mark("For the citizen"), "area"),
    "at": (mark("Day and time"), "datetime-local"),
    "basis": (mark("Law or rule it rests on"), "text"),
    "remedies": (mark("How the applicant can object"), "area"),
}
_LABELS: Final[Mapping[Deed, tuple[str, str]]] = {
    Deed.EXPLAIN_LATE: (
        mark("Say why the promised limit was passed"),
        mark("The applicant, the supervisors and the list of late applications show it."),
    ),
    Deed.TELL_HEARING: (
        mark("Tell of the right to a hearing"),
        mark("Five working days to ask for it begin; until then it is not decided."),
    ),
    Deed.ASK_HEARING: (
        mark("The applicant asks for a hearing"),
        mark("It is then held within 20 working days. The applicant can ask on their page too."),
    ),
    Deed.CALL_HEARING: (
        mark("Tell when and where the hearing is"),
        mark("Seven working days before it, in the words for the citizen with the place."),
    ),
    Deed.HOLD_HEARING: (
        mark("The hearing was held"),
        mark("Write what came of it; the decision rests on the record."),
    ),
    Deed.REVOKE: (
        mark("Revoke what was granted"),
        mark("The promise did not hold. The decision that was given out holds no longer."),
    ),
}


@dataclass(frozen=True, slots=True)
class DeedField:
    """One field of a form: its name, its label, what draws it."""

    name: str
    label: str
    control: str


@dataclass(frozen=True, slots=True)
class DeedView:
    """One form; `name` is the end of its address."""

    name: str
    label: str
    hint: str
    is_danger: bool
    fields: tuple[DeedField, ...]


def deed_views(
    session: Session, case: Case, actor: Actor, *, now: datetime
) -> tuple[DeedView, ...]:
    """The forms this person may fill in now."""
    return tuple(_view(deed) for deed in service.open_deeds(session, case, actor, now=now))


def _view(deed: Deed) -> DeedView:
    label, hint = _LABELS[deed]
    fields = tuple(DeedField(name, *_FIELDS[name]) for name in NEEDS[deed])
    return DeedView(str(deed), label, hint, deed is Deed.REVOKE, fields)
