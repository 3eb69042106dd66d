"""The people of the demo city: invented citizens, and its staff as the rules know them.

No citizen can be a real person: given names say that they are made up, and no
operator has ever been assigned numbers that begin with 179 (MIIT's table of
mobile network codes; 179 is the access code of IP telephony).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor, Grant, Role
from app.citizens.service import Person
from app.demo.founding import Seat, seats
from app.demo.texts import Texts
from app.departments.models import Unit

PHONE_PREFIX: Final = "1790000"
MOST_CITIZENS: Final = 10_000
_WITH_EMAIL: Final = 0.06
_WITH_ADDRESS: Final = 0.2


def invent(number: int, texts: Texts, dice: Random) -> Person:
    """The citizen with this number, below `MOST_CITIZENS`; telephone numbers differ, names may not.

    Raises:
        ValueError: there are no telephone numbers for that many.
    """
    if not 0 <= number < MOST_CITIZENS:
        msg = f"the demo city has telephone numbers for {MOST_CITIZENS} citizens"
        raise ValueError(msg)
    has_email, has_address = dice.random() < _WITH_EMAIL, dice.random() < _WITH_ADDRESS
    address = texts.phrase(
        "address", region=dice.choice(texts.spots).district, block=dice.randint(1, 99)
    )
    return Person(
        name=dice.choice(texts.surnames) + dice.choice(texts.given_names),
        phone=f"{PHONE_PREFIX}{number:04d}",
        email=f"demo{number:04d}@example.invalid" if has_email else "",
        address=address if has_address else "",
    )


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who works in the city, by role, with the places they are responsible for."""

    by_role: Mapping[Role, Sequence[Actor]]
    units: Mapping[str, int]
    paths: Mapping[int, str]

    def somebody(self, role: Role, dice: Random, *, cleared: bool) -> Actor:
        """A person of this role, cleared for confidential matters if need be.

        The first seat, that of the demo account, does the most.
        """
        able = [actor for actor in self.by_role[role] if not cleared or _is_cleared(actor)]
        return able[min(int(dice.expovariate(1.2)), len(able) - 1)]

    def another_unit(self, unit_id: int, dice: Random, *, cleared: bool) -> int:
        """A unit with somebody in it that is not responsible for what this one is."""
        path = self.paths[unit_id]
        others = [
            actor.unit_id
            for actor in self.by_role[Role.HANDLER]
            if not path.startswith(_reach(actor)) and (not cleared or _is_cleared(actor))
        ]
        return dice.choice(others)

    def handler_of(self, unit_id: int) -> Actor | None:
        """Who handles what comes to this unit: the nearest above it, or nobody."""
        path = self.paths[unit_id]
        able = [a for a in self.by_role[Role.HANDLER] if path.startswith(_reach(a))]
        return max(able, key=lambda actor: len(_reach(actor)), default=None)

    def supervisor(self, dice: Random) -> Actor:
        """Somebody who decides what is above a unit."""
        return dice.choice(self.by_role[Role.SUPERVISOR])

    def decider_of(self, unit_id: int, dice: Random) -> Actor:
        """Who decides on a request of this unit: its head, or the supervisor."""
        path = self.paths[unit_id]
        heads = [a for a in self.by_role[Role.UNIT_HEAD] if path.startswith(_reach(a))]
        return dice.choice([*heads, *self.by_role[Role.SUPERVISOR]])


def hire(session: Session) -> Staffing:
    """The staff of a founded city, with the rights their seats give them."""
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    ids = {row.username: (row.id, row.display_name) for row in session.scalars(select(Staff))}
    by_role: dict[Role, list[Actor]] = {role: [] for role in Role}
    for seat in seats():
        staff_id, name = ids[seat.username]
        if seat.plays:
            by_role[seat.role].append(_actor(seat, staff_id, name, units[seat.unit]))
    return Staffing(
        by_role,
        {code: unit.id for code, unit in units.items()},
        {unit.id: unit.path for unit in units.values()},
    )


def _actor(seat: Seat, staff_id: int, name: str, unit: Unit) -> Actor:
    grant = Grant(
        seat.role, unit.id, unit.path, unit.region_code, seat.scope, seat.may_see_confidential
    )
    grants = (grant,) if seat.also is None else (grant, replace(grant, scope=seat.also))
    return Actor(
        staff_id, seat.username, name, unit.id, unit.path, unit.region_code, appointments=grants
    )


def _is_cleared(actor: Actor) -> bool:
    return any(grant.may_see_confidential for grant in actor.appointments)


def _reach(actor: Actor) -> str:
    return actor.appointments[0].unit_path
