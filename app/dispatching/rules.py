"""How work is given out: where a matter goes if the directory fails, whose turn it is in a unit.

Pure: decided from arguments alone.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from app.cases.kinds import Status
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

USUAL_CAP: Final = 20  # [S] open matters of one person before the next ones go to others
_MOST_CAP: Final = 500

NEXT_IN_TURN: Final = mark("Next in turn; has %(open)s of %(cap)s open.")
ALL_FULL: Final = mark("Nobody is free: whoever is there has reached the cap of %(cap)s.")
ALL_KEPT: Final = mark("Nobody is free: the matter is about whoever is there, or their unit.")
ALL_AWAY: Final = mark("Nobody is free: everybody is away.")
FALLBACK: Final = mark("Proposed instead: %(unit)s, so that the matter lies with somebody.")

# In the hands of a unit, so that the unit's closing must find other hands for it.
HELD: Final = frozenset(
    {
        Status.DISPATCHED,
        Status.HANDLING,
        Status.INVESTIGATING,
        Status.CONCLUDING,
        Status.MEASURES,
        Status.RECHECKING,
        Status.RECEIVED,
        Status.CORRECTING,
        Status.ADMITTED,
        Status.REVIEWING,
        Status.SPECIAL_PROCEDURE,
        Status.DECIDED,
        Status.ISSUING,
        Status.DELIVERED,
        Status.WAITING_CITIZEN,
        Status.SUSPENDED,
        Status.REPLIED,
        Status.CALLING_BACK,
        Status.SIGNED,
        Status.ON_WAY,
        Status.ON_SITE,
        Status.REPAIRED,
        Status.CHECKED,
    }
)
_FROM_NOBODY: Final[Mapping[int, Collection[int]]] = {}


class Fault(StrEnum):
    """What is wrong with the directory."""

    CLOSED_UNIT = "closed_unit"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the unit, as far as sharing needs to know them."""

    id: int
    name: str
    open: int
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """One matter and who gets it, with the reason; nobody where nobody is free."""

    case_id: int
    staff_id: int | None
    name: str
    why: str
    params: dict[str, object]


def share_out(
    case_ids: Sequence[int],
    workers: Sequence[Worker],
    *,
    cap: int,
    last_id: int | None,
    today: date,
    kept: Mapping[int, Collection[int]] = _FROM_NOBODY,
) -> list[Share]:
    """Who gets which matter: in turn by account, from the one after the last, none over the cap.

    `kept` names by matter from whom it is kept; they are passed over, too (rulebook §2.3.6).

    Whoever is away is passed over, whoever has as many open as the cap as well; a matter nobody
    is free for stays where it is, and says why.
    """
    present = sorted((one for one in workers if not is_away(one, today)), key=lambda one: one.id)
    shares: list[Share] = []
    for case_id in case_ids:
        able = [one for one in present if one.id not in kept.get(case_id, ())]
        found = _next(able, cap, last_id)
        if found is None:
            shares.append(Share(case_id, None, "", *_why_nobody(present, able, cap)))
            continue
        shown: dict[str, object] = {"open": found.open, "cap": cap}
        shares.append(Share(case_id, found.id, found.name, NEXT_IN_TURN, shown))
        last_id = found.id
        present = [replace(one, open=one.open + (one.id == found.id)) for one in present]
    return shares


def _why_nobody(
    present: Sequence[Worker], able: Sequence[Worker], cap: int
) -> tuple[str, dict[str, object]]:
    if able:
        return ALL_FULL, {"cap": cap}
    return (ALL_KEPT if present else ALL_AWAY), {}


def is_away(worker: Worker, today: date) -> bool:
    """Whether the person is away on that day; the last day counts."""
    return worker.away_until is not None and worker.away_until >= today


def _next(present: Sequence[Worker], cap: int, last_id: int | None) -> Worker | None:
    free = [one for one in present if one.open < cap]
    after = [one for one in free if last_id is None or one.id > last_id]
    return next(iter(after or free), None)


def check_cap(cap: int | None) -> int:
    """The most open matters a person gets.

    Raises:
        InvalidError: no such number makes sense.
    """
    if cap is None or not 1 <= cap <= _MOST_CAP:
        raise InvalidError(fields={"cap": mark("Enter a number between 1 and 500.")})
    return cap
