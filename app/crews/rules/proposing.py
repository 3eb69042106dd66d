"""Which crew should go: those who can, the best first, each with its reasons in words.

Pure and without chance: the same facts give the same answer. Nothing is hidden: whoever is not
proposed is named with the reason, and where nobody can go the answer is the head of the unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.catalogue.rules.vocabulary import Explanation, Named
from app.crews.rules.profile import can_do, is_specialist, serves
from app.crews.rules.travel import LonLat, metres_between, minutes_for
from app.kernel.messages import mark

# All in minutes, so that one can be weighed against the other.
_UNKNOWN_WAY: Final = 30  # the middle of a city district, when nobody knows where the crew is
_OFF_LINE: Final = 45
_NOT_ITS_AREA: Final = 90
_NOT_ON_SHIFT: Final = 60
_TOO_LATE: Final = 240
_FULL_DAY: Final = 60  # a crew with everything in hand against one with nothing
_NOT_A_SPECIALIST: Final = 5
_KILOMETRE: Final = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """As much of a repair as the choice of a crew needs."""

    type_code: str
    type_name: Named
    region_code: str = ""
    at: LonLat | None = None
    due_at: datetime | None = None
    is_emergency: bool = False


@dataclass(frozen=True, slots=True)
class Crew:
    """One crew as it stands now. `ahead` are the minutes of work it already has in hand."""

    id: int
    skills: Sequence[str]
    areas: Sequence[str] = ()
    is_on_shift: bool = True
    is_online: bool = True
    taken: int = 0
    capacity: int = 8
    ahead: int = 0
    at: LonLat | None = None
    stops: Sequence[LonLat] = ()
    is_ending: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A crew that can go, why, and how long it would take; the lower `cost` the better."""

    crew_id: int
    reasons: tuple[Explanation, ...]
    cost: int
    minutes: int
    left: int


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A crew that is not proposed, with every reason."""

    crew_id: int
    reasons: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could go, the best first, and who not.

    Without candidates the matter is the unit's head's: `for_head` says so in a sentence.
    """

    candidates: tuple[Candidate, ...]
    passed_over: tuple[PassedOver, ...]
    for_head: Explanation | None


def propose(job: Job, crews: Sequence[Crew], *, now: datetime) -> Proposal:
    """Weigh every crew for one repair."""
    candidates: list[Candidate] = []
    passed_over: list[PassedOver] = []
    for crew in crews:
        if against := _against(job, crew):
            passed_over.append(PassedOver(crew.id, tuple(against)))
        else:
            candidates.append(_candidate(job, crew, now))
    candidates.sort(key=lambda one: (one.cost, one.crew_id))
    nobody = _nobody(crews) if not candidates else None
    return Proposal(tuple(candidates), tuple(passed_over), nobody)


def _nobody(crews: Sequence[Crew]) -> Explanation:
    if not crews:
        return Explanation(mark("This unit has no crew: its head arranges who goes."))
    return Explanation(mark("No crew can go now: the head of the unit arranges who goes."))


def _against(job: Job, crew: Crew) -> list[Explanation]:
    """Every reason why the crew is out; an emergency overrides area, shift and a full day."""
    found: list[Explanation] = []
    if crew.is_ending:
        found.append(Explanation(mark("is being closed")))
    if not can_do(crew.skills, job.type_code):
        found.append(Explanation(mark("does not repair %(type)s"), {"type": job.type_name}))
    if job.is_emergency:
        if not crew.is_on_shift and not crew.is_online:
            found.append(Explanation(mark("neither on shift nor on line")))
        return found
    if not serves(crew.areas, job.region_code):
        found.append(Explanation(mark("another area")))
    if not crew.is_on_shift and not crew.is_online:
        found.append(Explanation(mark("not on shift")))
    if crew.taken >= crew.capacity:
        found.append(
            Explanation(
                mark("full today: %(taken)s of %(capacity)s"),
                {"taken": crew.taken, "capacity": crew.capacity},
            )
        )
    return found


def _candidate(job: Job, crew: Crew, now: datetime) -> Candidate:
    cost = 0
    reasons = [Explanation(mark("repairs %(type)s"), {"type": job.type_name})]
    if not is_specialist(crew.skills, job.type_code):
        cost += _NOT_A_SPECIALIST
    area, extra = _area(job, crew)
    reasons.append(area)
    cost += extra
    duty, extra = _duty(crew)
    reasons.append(duty)
    cost += extra
    room, extra = _room(crew)
    reasons.append(room)
    cost += extra
    way, minutes = _way(job, crew)
    reasons.append(way)
    # An emergency is driven to first; anything else waits for what is already in hand.
    minutes += 0 if job.is_emergency else crew.ahead
    late = job.due_at is not None and now + timedelta(minutes=minutes) > job.due_at
    if late:
        reasons.append(Explanation(mark("would probably come after the limit")))
    cost += minutes + (_TOO_LATE if late else 0)
    left = max(crew.capacity - crew.taken, 0)
    return Candidate(crew.id, tuple(reasons), cost, minutes, left)


def _area(job: Job, crew: Crew) -> tuple[Explanation, int]:
    if serves(crew.areas, job.region_code):
        return Explanation(mark("its area")), 0
    return Explanation(mark("not its area, but this cannot wait")), _NOT_ITS_AREA


def _duty(crew: Crew) -> tuple[Explanation, int]:
    if crew.is_on_shift and crew.is_online:
        return Explanation(mark("on line")), 0
    if crew.is_on_shift:
        return Explanation(mark("on shift, not on line")), _OFF_LINE
    return Explanation(mark("off shift, but on line")), _NOT_ON_SHIFT


def _room(crew: Crew) -> tuple[Explanation, int]:
    left = crew.capacity - crew.taken
    if left <= 0:
        return Explanation(mark("full today, but this cannot wait")), _FULL_DAY
    load = _FULL_DAY * crew.taken // crew.capacity
    return Explanation(mark("takes %(left)s more today"), {"left": left}), load


def _way(job: Job, crew: Crew) -> tuple[Explanation, int]:
    """How far it is from where the crew is, else from where it will pass today, and the minutes."""
    if job.at is None:
        return Explanation(mark("the place has no position on the map")), _UNKNOWN_WAY
    if crew.at is not None:
        metres = metres_between(crew.at, job.at)
        return _far(metres, mark("%(far)s m away"), mark("%(far)s km away")), minutes_for(metres)
    if crew.stops:
        metres = min(metres_between(stop, job.at) for stop in crew.stops)
        way = _far(metres, mark("%(far)s m from its way"), mark("%(far)s km from its way"))
        return way, minutes_for(metres)
    return Explanation(mark("where it is is not known")), _UNKNOWN_WAY


def _far(metres: int, near: str, far: str) -> Explanation:
    if metres < _KILOMETRE:
        return Explanation(near, {"far": round(metres, -1)})
    return Explanation(far, {"far": f"{metres / _KILOMETRE:.1f}"})
