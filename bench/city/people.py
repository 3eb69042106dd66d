"""Who does things in the invented city: its staff by seat, its citizens by number.

Telephone numbers are of a form nobody has (1790000…); names say that they are tests.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cases.kinds import Action, DoerKind
from app.catalogue import queries as catalogue
from app.citizens.rules import ContactKind
from app.citizens.sealing import NAME, contact_columns, new_place, seal
from app.citizens.service import tokens
from app.departments import queries as departments
from app.kernel.vault import vault_of
from bench.city.words import Words

CASES_PER_CITIZEN: Final = 3
_AT_INTAKE: Final = frozenset(
    {Action.OPEN, Action.ACCEPT, Action.ANSWER_ON_SPOT, Action.DECLINE, Action.REFER}
)
_REVIEWING: Final = frozenset({Action.APPROVE_REPLY, Action.CLOSE})


class People:
    """Finds who leads, who does and who asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.centre_id = departments.intake_unit(session, "").id
        rows = session.execute(select(Staff.username, Staff.id, Staff.unit_id)).all()
        self._by_name = {row.username: row.id for row in rows}
        self._by_unit: dict[int, int] = {}
        for row in rows:
            self._by_unit.setdefault(row.unit_id, row.id)
        self.lead = cache(self._lead)

    def _lead(self, category_id: int, region_code: str) -> tuple[int, int | None]:
        """The unit such a matter goes to, and who handles it there, if anybody has an account."""
        proposed = catalogue.propose_unit(self._session, category_id, region_code).unit_id
        unit_id = proposed or self.centre_id
        return unit_id, self._by_unit.get(unit_id)

    def doer(self, action: Action, case: dict[str, Any]) -> tuple[DoerKind, int | None, int | None]:
        """Kind, key and unit of who did it."""
        if action is Action.WITHDRAW:
            return DoerKind.CITIZEN, None, None
        if action in _AT_INTAKE:
            return DoerKind.STAFF, self._by_name["clerk"], self.centre_id
        if action is Action.DISPATCH:
            return DoerKind.STAFF, self._by_name["dispatcher"], self.centre_id
        if action in _REVIEWING:
            return DoerKind.STAFF, self._by_name["reviewer"], self.centre_id
        return DoerKind.STAFF, case["handler_id"], case["unit_id"]

    def citizen(self, case_id: int) -> int:
        """Whose matter it is."""
        return (case_id - 1) // CASES_PER_CITIZEN + 1


def citizens(
    session: Session, words: Words, how_many: int, now: datetime
) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]]:
    """Rows of so many citizens, each with one mobile number and what they are found by."""
    vault = vault_of(session)
    for key in range(1, how_many + 1):
        phone = f"179000{key % 100_000:05d}"
        place, name = new_place(), words.name()
        found_by = tokens.tokens_of(vault, name, [phone])
        yield (
            {
                "id": key,
                "name": seal(vault, NAME, name, place),
                "place": place,
                "tokens": tokens.packed(found_by),
                "created_at": now,
                "updated_at": now,
                "version": 1,
            },
            {"id": key, **contact_columns(vault, key, ContactKind.MOBILE, phone, now=now)},
            [{"token": token, "citizen_id": key} for token in found_by],
        )
