"""What the pages of inspections share: who may, the tabs, the day, lines of rounds.

Holds no page of its own.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import Request

from app.accounts.deps import Work
from app.accounts.rules import Actor, Permission
from app.inspections.labels import LAMPS, ROUND_STATES
from app.inspections.queries import RoundView
from app.inspections.rules import state_of
from app.kernel.errors import ForbiddenError
from app.kernel.messages import mark
from app.web.deps import Edge
from app.web.ui import local, zone_of

HOME: Final = "/inspections"
PLANS: Final = f"{HOME}/plans"
REPEATED: Final = f"{HOME}/repeated"
_MAY: Final = (Permission.INSPECTION_DO, Permission.INSPECTION_PLAN)
Tabs = list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round as a list shows it; `state` is a msgid, `lamp` its colour and shape."""

    round: RoundView
    unit: str
    state: str
    lamp: str


def require(work: Work) -> None:
    """Only who walks rounds or plans them.

    Raises:
        ForbiddenError: they do neither.
    """
    if not any(work.actor.may(permission) for permission in _MAY):
        raise ForbiddenError(mark("Your role does not include this."))


def today_of(edge: Edge) -> date:
    """The day on the hall's calendar."""
    return local(edge.now(), zone_of(edge.settings.zone)).date()


def tabs_of(request: Request, actor: Actor) -> Tabs:
    """The ways between the pages of inspections that are open to this person."""
    path = request.url.path
    ways = [(mark("Open rounds"), HOME), (mark("Finished rounds"), f"{HOME}/done")]
    if actor.may(Permission.INSPECTION_PLAN):
        ways += [(mark("Repeated failures"), REPEATED), (mark("Plans"), PLANS)]
    return [(label, href, path == href) for label, href in ways]


def line_of(one: RoundView, unit: str, *, today: date) -> RoundLine:
    """A round on a day."""
    state = state_of(
        one.begins_on, one.due_on, is_finished=one.finished_at is not None, today=today
    )
    return RoundLine(one, unit, ROUND_STATES[state], LAMPS[state])
