"""Whether two rows may become one, and what is done about what both have.

Pure; documents themselves are judged by `identity`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.citizens.rules import identity
from app.citizens.rules.identity import Identity
from app.citizens.rules.kinds import CitizenState, ContactKind, IdentifierKind, PartyKind
from app.kernel.errors import InvalidError
from app.kernel.messages import mark


class Field(StrEnum):
    """What the survivor may take over from the other row; everything else is kept anyway."""

    NAME = "name"
    BIRTH_YEAR = "birth_year"
    PREFERRED_CHANNEL = "preferred_channel"
    PREFERRED_TIMES = "preferred_times"
    LANGUAGE = "language"
    DO_NOT_CONTACT = "do_not_contact"


# Columns that are copied as they are; a name is sealed anew in its new place.
PLAIN: Final = tuple(field for field in Field if field is not Field.NAME)


_BARRED: Final = {
    CitizenState.MERGED: mark("One of them is part of another citizen already."),
    CitizenState.ANONYMISED: mark(
        "One of them has been made anonymous. Nothing can be added to it."
    ),
    CitizenState.RESTRICTED: mark(
        "The data of one of them is restricted by law. It may only be stored."
    ),
}


@dataclass(frozen=True, slots=True, repr=False)  # numbers do not belong in a traceback
class Party:
    """As much of one row as the decision needs."""

    kind: PartyKind
    state: CitizenState
    birth_year: int | None
    documents: tuple[Identity, ...]


def document_of(kind: IdentifierKind, number: str) -> Identity:
    """A stored document with what its number tells; one that was taken over wrong tells nothing."""
    try:
        return identity.check(number, kind)
    except InvalidError:
        return Identity(kind, number)


def contradictions(one: Party, other: Party, *, acts_for: bool) -> list[str]:
    """Why these two cannot be one party, a sentence each; empty if they can.

    `acts_for` says that one of them represents the other.
    """
    return list(dict.fromkeys(_contradictions(one, other, acts_for=acts_for)))


def _contradictions(one: Party, other: Party, *, acts_for: bool) -> Iterator[str]:
    yield from (
        sentence for state, sentence in _BARRED.items() if state in (one.state, other.state)
    )
    if one.kind is not other.kind:
        yield mark("One is a person, the other an organisation.")
        return
    if acts_for:
        yield mark("One of them acts for the other, so they are two.")
    together = (*one.documents, *other.documents)
    if sentence := identity.contradiction(one.kind, together):
        yield sentence
    years = (one.birth_year, other.birth_year)
    if None not in years and years[0] != years[1]:
        yield mark("Their years of birth differ.")
    elif any(identity.contradiction(one.kind, together, year) for year in years if year):
        yield mark("The year of birth differs from the one in the document.")


@dataclass(frozen=True, slots=True, repr=False)
class Reach:
    """A way to reach somebody that is in use, as far as two of them are weighed."""

    id: int
    kind: ContactKind
    value: str
    is_verified: bool
    is_preferred: bool
    is_survivors: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of ways to reach somebody that both had."""

    ended: frozenset[int]
    preferred: frozenset[int]


def settle(contacts: Iterable[Reach]) -> Settled:
    """Of two equal ways one goes on: the verified, else the survivor's; one of a kind is preferred.

    None is lost: the other is only ended.
    """
    best: dict[tuple[ContactKind, str], Reach] = {}
    ended: set[int] = set()
    wishes: dict[ContactKind, tuple[bool, Reach]] = {}
    for reach in sorted(contacts, key=_weight, reverse=True):
        first = best.setdefault((reach.kind, reach.value), reach)
        if first is not reach:
            ended.add(reach.id)
        if reach.is_preferred:
            known = wishes.get(reach.kind)
            if known is None or (reach.is_survivors and not known[0]):
                wishes[reach.kind] = (reach.is_survivors, first)
    return Settled(frozenset(ended), frozenset(reach.id for _, reach in wishes.values()))


def _weight(reach: Reach) -> tuple[bool, bool, bool, int]:
    return reach.is_verified, reach.is_survivors, reach.is_preferred, -reach.id
