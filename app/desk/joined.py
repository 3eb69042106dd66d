"""Makes what is the same matter ready for the screen: likely ones with reasons, who follows whom.

Reads only; nothing of who asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Action
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries import merging
from app.cases.queries.alike import Alike, Sought, alike_for_staff
from app.cases.rules import Situation, staff
from app.cases.rules.alike import Why
from app.cases.workflows import open_steps
from app.kernel.messages import mark

SHOWN: Final = 5
# What each reason says; the number, where it has one, stands in its place.
REASONS: Final[Mapping[Why, str]] = {
    Why.SAME_PERSON: mark("of the same person or telephone"),
    Why.CATEGORY: mark("same category"),
    Why.POINT: mark("%(n)s metres away"),
    Why.PLACE: mark("place in the same words"),
    Why.REGION: mark("same district or street"),
    Why.WORDS: mark("%(n)s words alike"),
}


@dataclass(frozen=True, slots=True)
class Likely:
    """A matter that may be the same; `why` are sentences with their numbers."""

    number: str
    title: str
    place: str
    state: str
    opened_at: datetime
    is_own: bool
    why: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Other:
    """A matter that follows, or is followed."""

    number: str
    title: str
    state: str
    is_claimed: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """What is joined with a matter: the one it follows, or those that follow it, and how many."""

    leads: Other | None
    followers: tuple[Other, ...]
    count: int
    may_merge: bool

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say."""
        return self.leads is not None or self.count > 0 or self.may_merge


def likely(found: Sequence[Alike]) -> list[Likely]:
    """Matters that may be the same, as the page prints them."""
    return [
        Likely(
            one.number,
            one.title,
            one.place,
            label(one.status),
            one.opened_at,
            one.is_own,
            tuple((REASONS[why], n) for why, n in one.reasons),
        )
        for one in found
    ]


def sought_of(case: Case) -> Sought:
    """A matter as others are compared with it."""
    return Sought(
        body=case.body,
        title=case.title,
        category_id=case.category_id,
        region_code=case.region_code,
        place=case.place,
        lon=case.lon,
        lat=case.lat,
        people=(case.citizen_id,) if case.citizen_id else (),
        except_id=case.id,
        kind=case.kind,
    )


def likely_masters(session: Session, actor: Actor, case: Case) -> list[Likely]:
    """The matters this one may be the same as, as far as the actor may know of them."""
    return likely(alike_for_staff(session, actor, sought_of(case)))


def joined_of(
    session: Session, actor: Actor, case: Case, situation: Situation, *, now: datetime
) -> Joined:
    """Whom the matter follows or leads."""
    leading = merging.leading(session, case, actor)
    count = merging.count_joined(session, case.id)
    found = merging.list_followers(session, actor, case.id, size=SHOWN).items if count else []
    steps = open_steps(case.kind, situation, staff(actor), now)
    return Joined(
        leads=_other(leading) if leading else None,
        followers=tuple(_other(row) for row in found),
        count=count if found else 0,
        may_merge=any(step.action is Action.MERGE for step in steps),
    )


def _other(row: Row[Any]) -> Other:
    is_claimed = getattr(row, "claim_id", None) is not None
    return Other(row.number, row.title, label(row.status), is_claimed)


def say_why(say: Callable[[str], str], why: Sequence[tuple[str, int]]) -> str:
    """The reasons as one line."""
    return " · ".join(say(words) % {"n": n} for words, n in why)
