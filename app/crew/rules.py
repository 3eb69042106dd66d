"""What a phone of a crew may press from where, in which order it drives.

Pure. Which step is possible in the end is said by the workflow; this only draws its buttons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from app.cases.kinds import Action, Status
from app.cases.rules.repairing import STAGE_OF, PhotoStage
from app.cases.workflows import repair
from app.kernel import geo
from app.kernel.messages import mark

# In the order of the day; giving it back stands last.
PRESSED: Final = (
    Action.SIGN,
    Action.SET_OUT,
    Action.ARRIVE,
    Action.SECURE,
    Action.FIX,
    Action.HAND_BACK,
)
# In the hands of a crew: on its list, and counted as being at a site.
IN_HAND: Final = (Status.DISPATCHED, Status.SIGNED, Status.ON_WAY, Status.ON_SITE)
# What the strip over a card shows as gone through.
STATIONS: Final = (*IN_HAND, Status.REPAIRED)
SAME_SITE_M: Final = 50.0
PASSED_ON: Final = "given_back"  # no state of the workflow: on this phone nothing more is to do
_KEPT_AFTER_SHIFT: Final = timedelta(hours=1)
_YEARS: Final = range(2000, 2100)
_FAR: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Press:
    """One button: from which states it is there, and where the repair stands afterwards."""

    action: Action
    sources: tuple[Status, ...]
    target: str
    stage: PhotoStage | None

    def is_open(self, status: Status) -> bool:
        """Whether it can be pressed from there."""
        return status in self.sources


def presses() -> tuple[Press, ...]:
    """The buttons of a card, read from the workflow, in the order of the day."""
    return tuple(_press(action) for action in PRESSED)


def _press(action: Action) -> Press:
    steps = [step for step in repair.STEPS if step.action is action and step.source in IN_HAND]
    is_back = action is Action.HAND_BACK
    return Press(
        action=action,
        sources=tuple(step.source for step in steps),
        target=PASSED_ON if is_back else str(steps[0].target),
        stage=STAGE_OF.get(action),
    )


class Order(NamedTuple):
    """What decides where a repair stands on the list."""

    case_id: int
    is_emergency: bool
    due_at: datetime | None


def in_order(jobs: Iterable[Order], route: Sequence[int] = ()) -> list[int]:
    """The keys as they are driven to: emergencies first, then along the route, else by due time.

    What came after the route was planned follows behind it.
    """
    stops: Mapping[int, int] = {case_id: stop for stop, case_id in enumerate(route)}
    behind = len(stops)

    def rank(job: Order) -> tuple[bool, int, datetime, int]:
        stop = stops.get(job.case_id, behind)
        return not job.is_emergency, stop, job.due_at or _FAR, job.case_id

    return [job.case_id for job in sorted(jobs, key=rank)]


def leaves_phone_at(now: datetime, zone: tzinfo, ends: time | None) -> datetime:
    """Until when today's list may lie on the phone: an hour after the shift, else midnight."""
    local = now.astimezone(zone)
    midnight = _instant(local.date() + timedelta(days=1), time(), zone)
    if ends is None or ends == time():
        return midnight
    gone = _instant(local.date(), ends, zone) + _KEPT_AFTER_SHIFT
    # Whoever works on after the shift keeps the list while they do, but not over night.
    return max(gone, now + _KEPT_AFTER_SHIFT) if gone < midnight else midnight


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def claimed_instant(text: str, zone: tzinfo) -> datetime | None:
    """When a phone says it was; nothing where that is no time at all.

    Without an offset the phone's clock was in the hall's zone. It is kept as a claim only:
    what counts is when the server got to know.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if at.year not in _YEARS:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def claimed_position(lon: str, lat: str) -> tuple[Decimal, Decimal] | None:
    """Where a phone says it was; a hint, so that nonsense is no error."""
    try:
        found = Decimal(lon), Decimal(lat)
    except InvalidOperation:
        return None
    if not all(part.is_finite() for part in found) or not geo.is_plausible(*map(float, found)):
        return None
    return round(found[0], 6), round(found[1], 6)


# What a phone may be told of a repair it cannot press anything on.
NOT_HERE: Final = mark("This repair is not in your crew's hands now. You can still add a note.")
ENDED: Final = mark("This repair has ended. You can still add a note.")
