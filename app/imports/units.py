"""Finds the units of another system's rows, and founds those that are missing where told so.

Keys are kept for the whole run: units are never deleted.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.departments import service
from app.departments.rules import is_unit_code
from app.departments.service import UnitDraft
from app.imports import queries
from app.imports.mapping import UnitFrom
from app.kernel.authors import MACHINE

_LONGEST_CODE: Final = 32
_LONGEST_NAME: Final = 80


class Units:
    """The way from what a row says of its unit to the unit's key."""

    def __init__(self, rule: UnitFrom, ids: dict[str, int]) -> None:
        self._rule = rule
        self._ids = ids
        self._intake: dict[str, int] = {}

    def is_known(self, said: str) -> bool:
        """Whether rows that name this unit can go in as things stand."""
        root = self._rule.create_under
        if said:
            return self._code(said) in self._ids
        return root is None or root.code in self._ids

    @property
    def may_found(self) -> bool:
        """Whether the mapping wants missing units founded."""
        return self._rule.create_under is not None

    def found(self, session: Session, said: Iterable[str], *, now: datetime) -> dict[str, int]:
        """Found the root if it is missing, and under it the units with these names.

        Returns the new keys by code; `learn` takes them over once they are committed.

        Raises:
            InvalidError: the name or the place in the tree is not possible.
        """
        root = self._rule.create_under
        if root is None:
            return {}
        made: dict[str, int] = {}
        root_id = self._ids.get(root.code)
        if root_id is None:
            draft = UnitDraft(
                code=root.code,
                name=root.name,
                name_en=root.name_en,
                kind=root.kind,
                parent_id=queries.top_unit_id(session),
                region_code=departments.home_region(session),
            )
            root_id = made[root.code] = service.found_unit(session, draft, by=MACHINE, now=now).id
        for name in sorted(set(said) - {""}):
            code = self._code(name)
            if code in self._ids or code in made:
                continue
            zh, en = self._rule.names.get(name, (name, ""))
            draft = UnitDraft(
                code=code,
                name=zh[:_LONGEST_NAME],
                name_en=en,
                kind=root.kind,
                parent_id=root_id,
                region_code=departments.home_region(session),
            )
            made[code] = service.found_unit(session, draft, by=MACHINE, now=now).id
        return made

    def learn(self, made: dict[str, int]) -> None:
        """Take over keys of units that are in the database now."""
        self._ids |= made

    def id_for(self, session: Session, said: str, region_code: str) -> int:
        """The unit that had the matter; where the row names none, the root or who takes in.

        Raises:
            NotFoundError: there is no unit at all.
        """
        if said:
            return self._ids[self._code(said)]
        if self._rule.create_under is not None:
            return self._ids[self._rule.create_under.code]
        if region_code not in self._intake:
            self._intake[region_code] = departments.intake_unit(session, region_code).id
        return self._intake[region_code]

    def _code(self, said: str) -> str:
        if is_unit_code(said):
            return said
        # A name: any script, any length; a code must be short and plain, and stay the same.
        root = self._rule.create_under
        mark = hashlib.sha256(said.encode()).hexdigest()[:8].upper()
        return f"{root.code[: _LONGEST_CODE - 9] if root else 'X'}-{mark}"
