"""Who is next: the order of a line, a little advance by need, three places back for who was away.

Pure: tickets as plain values. Ties do not exist, for every ticket has its own `rank_seq`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.queueing.rules.vocabulary import Need

PLACES_BACK: Final = 3  # ui.md §5.5
CALLS_BEFORE_PASSING: Final = 3  # ui.md §5.5: three calls, then 过号


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits. `rank_at` and the two numbers say their place in the line.

    `counter_id` is the one counter that may call them, after a transfer to it.
    """

    id: int
    service_id: int
    need: Need
    taken_at: datetime
    rank_at: datetime
    rank_seq: int
    back_seq: int = 0
    counter_id: int | None = None

    @property
    def place(self) -> tuple[datetime, int, int]:
        """What the line is ordered by."""
        return self.rank_at, self.rank_seq, self.back_seq


@dataclass(frozen=True, slots=True)
class Advance:
    """How much earlier a need counts, and how often in a row it may go before somebody earlier.

    Samples [S]: 65+ counts as if come 15 minutes earlier, disabled 30, two in a row.
    """

    minutes: Mapping[Need, int] = field(
        default_factory=lambda: {Need.SENIOR: 15, Need.DISABLED: 30}
    )
    most_in_a_row: int = 2

    def rank_at(self, taken_at: datetime, need: Need) -> datetime:
        """From when on somebody counts as waiting."""
        return taken_at - timedelta(minutes=self.minutes.get(need, 0))


def in_line(waiting: Iterable[Waiting]) -> list[Waiting]:
    """The line, first to last."""
    return sorted(waiting, key=lambda one: one.place)


def may_call(one: Waiting, counter_id: int, service_ids: Collection[int]) -> bool:
    """Whether a counter calls this one: for its services, or sent to itself alone."""
    if one.counter_id is not None:
        return one.counter_id == counter_id
    return one.service_id in service_ids


def callable_at(
    waiting: Iterable[Waiting], counter_id: int, service_ids: Collection[int]
) -> list[Waiting]:
    """Whom a counter may call, first to last."""
    return in_line(one for one in waiting if may_call(one, counter_id, service_ids))


def next_of(line: Sequence[Waiting], before: Sequence[Need], advance: Advance) -> Waiting | None:
    """Who of the line is called now; `before` are the needs of those called last, latest first.

    After so many with a need in a row, whoever took a number earlier and has none goes first:
    nobody waits for ever because others keep coming.
    """
    if not line:
        return None
    head = line[0]
    row = before[: advance.most_in_a_row]
    is_full = len(row) == advance.most_in_a_row and all(need is not Need.NONE for need in row)
    if head.need is Need.NONE or not is_full:
        return head
    plain = next((one for one in line if one.need is Need.NONE), None)
    return plain if plain and plain.taken_at < head.taken_at else head


def place_back(line: Sequence[Waiting], places: int = PLACES_BACK) -> tuple[datetime, int] | None:
    """Behind whom somebody who was away comes: the third of the line, or its last.

    None where nobody waits: then the old place is as good. Whoever comes back says so by
    a `back_seq` of their own, which puts them directly behind that person.
    """
    if not line or places <= 0:
        return None
    behind = line[min(places, len(line)) - 1]
    return behind.rank_at, behind.rank_seq


def ahead_of(line: Sequence[Waiting], ticket_id: int) -> int:
    """How many are before this ticket; all of them, if it does not wait."""
    places = {one.id: at for at, one in enumerate(line)}
    return places.get(ticket_id, len(line))
