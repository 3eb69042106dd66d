"""Makes what hangs on a citizen ready to print: masked as lists show it, in the house's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.citizens.rules import ContactKind, Ground, IdentifierKind, MarkKind, PartyKind, number_of
from app.citizens.rules.care import marks_by_age
from app.citizens.sealing import CONTACT, IDENTIFIER, NAME, NOTE, unseal
from app.citizens.service.parties import masked_contact, masked_name, masked_number
from app.desk.picture import labels, queries
from app.desk.picture.queries import around
from app.desk.picture.queries.around import Thing
from app.desk.picture.views import Other
from app.kernel.messages import mark
from app.kernel.vault import Vault, vault_of

_VERIFIED: Final = mark("verified")
_PREFERRED: Final = mark("preferred")
_FAILED: Final = mark("did not work last time")
_EXPIRED: Final = mark("expired")
Line = tuple[str, str, Sequence[str]]  # label, masked value, remarks


@dataclass(frozen=True, slots=True)
class Things:
    """The things of one citizen, for one reader on one day."""

    found: Sequence[Thing]
    actor: Actor
    vault: Vault
    today: date

    @classmethod
    def of(cls, session: Session, actor: Actor, citizen_id: int, *, today: date) -> "Things":
        """Read them all."""
        found = queries.things(session, actor, citizen_id, today=today)
        return cls(found, actor, vault_of(session), today)

    def marks(self, birth_year: int | None) -> list[str]:
        """Why somebody is served with care, also by the year of birth."""
        told = (MarkKind(one.word or "") for one in self._all(around.MARK))
        by_age = marks_by_age(birth_year, year=self.today.year)
        return [labels.MARKS[kind] for kind in dict.fromkeys((*by_age, *told))]

    @property
    def tags(self) -> list[str]:
        """The words the reader may see."""
        return [one.word or "" for one in self._all(around.TAG)]

    @property
    def notes(self) -> list[str]:
        """The notes the reader may see, the newest first."""
        return [self._open(NOTE, one) for one in self._all(around.NOTE)]

    @property
    def ways(self) -> list[Line]:
        """How to reach the citizen, the preferred way first."""
        ways = sorted(self._all(around.WAY), key=lambda one: not one.is_preferred)
        return [self._way(one) for one in ways]

    @property
    def papers(self) -> list[Line]:
        """The documents."""
        return [self._paper(one) for one in self._all(around.PAPER)]

    @property
    def others(self) -> list[Other]:
        """Everybody around once, with everything that ties them to the citizen."""
        names: dict[int, str] = {}
        hows: dict[int, dict[str, None]] = {}
        for one in self._all(around.ACTS_FOR, around.ACTED_BY, around.BESIDE, around.SHARING):
            if one.other_id is not None:
                name = self._open(NAME, one)
                kind = PartyKind(one.other_kind or PartyKind.PERSON)
                names[one.other_id] = masked_name(name, kind) if name else ""
                hows.setdefault(one.other_id, {})[_how(one)] = None
        return [Other(number_of(key), names[key], tuple(how)) for key, how in hows.items()]

    def _all(self, *what: int) -> Iterable[Thing]:
        return (one for one in self.found if one.what in what)

    def _open(self, column: str, one: Thing) -> str:
        return unseal(self.vault, column, one.sealed, one.place or "")

    def _way(self, one: Thing) -> Line:
        kind = ContactKind(one.word or "")
        remarks = _said(
            (_PREFERRED, one.is_preferred), (_VERIFIED, one.verified_at), (_FAILED, one.failed_at)
        )
        return labels.WAYS[kind], masked_contact(kind, self._open(CONTACT, one)), remarks

    def _paper(self, one: Thing) -> Line:
        kind = IdentifierKind(one.word or "")
        is_over = one.until is not None and one.until < self.today
        remarks = _said((_VERIFIED, one.verified_at), (_EXPIRED, is_over))
        value = masked_number(kind, self._open(IDENTIFIER, one), self.actor)
        return labels.PAPERS[kind], value, remarks


def _how(one: Thing) -> str:
    if one.what == around.BESIDE:
        return labels.SAME_PRINCIPAL
    if one.what == around.SHARING:
        return labels.SHARES[ContactKind(one.word or "")]
    words = labels.ACTS_FOR if one.what == around.ACTS_FOR else labels.ACTED_BY
    return words[Ground(one.word or "")]


def _said(*remarks: tuple[str, object]) -> Sequence[str]:
    return [words for words, is_true in remarks if is_true]
