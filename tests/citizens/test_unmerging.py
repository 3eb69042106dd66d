"""After every merge is undone nothing is left of it: every row of every table, bit for bit."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from app.citizens.models import Citizen, CitizenSource, Contact, Representation, Tag
from app.citizens.queries.merging import current_id
from app.citizens.rules import CitizenState, ContactKind, Ground, PartyKind
from app.citizens.rules.joining import Field
from app.citizens.sealing import NAME, contact_columns, seal
from app.citizens.service.merging import Pair, merge, unmerge
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.vault import info_with
from tests.citizens.bare import CLERK, dump
from tests.support.clock import MONDAY_9AM
from tests.support.edges import a_vault

PEOPLE = 4
NAMES = ("张三", "张叁", "阿卜杜拉·买买提", "")
PHONES = ("17900000001", "17900000002")
UNIT = 1


@dataclass(frozen=True)
class Person:
    """Somebody at the beginning."""

    name: str
    birth_year: int | None
    language: str
    do_not_contact: bool


@dataclass(frozen=True)
class Add:
    """Somebody writes a row for whom this number leads to now."""

    what: str
    whose: int
    which: int


@dataclass(frozen=True)
class Join:
    """Somebody merges two."""

    survivor: int
    merged: int
    take: frozenset[Field]


@dataclass(frozen=True)
class Undo:
    """Somebody undoes one of the merges made so far."""

    which: int


WHO = st.integers(0, PEOPLE - 1)
TAKE = st.frozensets(st.sampled_from(list(Field)))
PEOPLE_OF = st.lists(
    st.builds(
        Person,
        st.sampled_from(NAMES),
        st.sampled_from([None, 1980]),
        st.sampled_from(["zh-CN", "bo"]),
        st.booleans(),
    ),
    min_size=PEOPLE,
    max_size=PEOPLE,
)
HISTORIES = st.lists(
    st.one_of(
        st.builds(
            Add,
            st.sampled_from(["contact", "tag", "source", "acts_for"]),
            WHO,
            st.integers(0, len(PHONES) - 1),
        ),
        st.builds(Join, WHO, WHO, TAKE),
        st.builds(Undo, st.integers(0, 5)),
    ),
    max_size=14,
)


@dataclass
class Told:
    """One telling of a history: what was written for whom, and which merges stand."""

    session: Session
    sealed: dict[str, Any]
    rows: list[tuple[str, int, int, int]] = field(default_factory=list)
    merges: list[int] = field(default_factory=list)

    def begin(self, people: list[Person]) -> None:
        """The people and a unit, each with the same bytes in every telling."""
        self.session.execute(
            insert(Unit),
            {"id": UNIT, "code": "U1", "name": "一", "name_en": "", "kind": UnitKind.BUREAU}
            | {"path": "/1/", "region_code": "", "version": 1},
        )
        for number, person in enumerate(people):
            self.session.execute(
                insert(Citizen),
                {
                    "id": number + 1,
                    "kind": PartyKind.PERSON,
                    "state": CitizenState.ACTIVE,
                    "name": self.sealed[f"name {number}"],
                    "place": f"p{number}",
                    "birth_year": person.birth_year,
                    "language": person.language,
                    "do_not_contact": person.do_not_contact,
                    "created_at": MONDAY_9AM,
                    "updated_at": MONDAY_9AM,
                    "version": 1,
                },
            )

    def write(self, what: str, owner: int, which: int, key: int) -> None:
        """One row for this citizen, the same bytes in every telling."""
        self.rows.append((what, owner, which, key))
        common: dict[str, object] = {"created_at": MONDAY_9AM}
        if what == "contact":
            columns = self.sealed[f"contact {which}"] | {"citizen_id": owner}
            columns |= {
                "is_preferred": key % 2 == 0,
                "verified_at": [None, MONDAY_9AM][key % 3 == 0],
            }
            self.session.execute(insert(Contact), {"id": key} | columns)
        elif what == "tag":
            row = common | {"id": key, "citizen_id": owner, "word": "常来", "unit_id": UNIT}
            self.session.execute(insert(Tag), row)
        elif what == "source":
            self.session.execute(
                insert(CitizenSource),
                {
                    "source": "old",
                    "source_id": str(key),
                    "citizen_id": owner,
                    "taken_at": MONDAY_9AM,
                },
            )
        else:  # somebody acts for a person outside the game, or they could not be merged
            row = common | {"id": key, "principal_id": owner, "agent_id": PEOPLE}
            row |= {"ground": Ground.AGENT, "valid_from": MONDAY_9AM.date()}
            self.session.execute(insert(Representation), row)

    def join(self, step: Join) -> None:
        """Merge whom the two numbers lead to, if that may be."""
        ids = [current_id(self.session, each + 1) or 0 for each in (step.survivor, step.merged)]
        versions = dict(self.session.execute(select(Citizen.id, Citizen.version)).all())
        pair = Pair(ids[0], versions[ids[0]], ids[1], versions[ids[1]])
        try:
            with self.session.begin_nested():
                made = merge(
                    self.session, pair, take=step.take, reason="同一人", by=CLERK, now=MONDAY_9AM
                )
        except InvalidError:
            return
        self.merges.append(made)

    def undo(self, merge_id: int) -> None:
        """Undo this merge, if its turn has come."""
        try:
            with self.session.begin_nested():
                unmerge(self.session, merge_id, reason="弄错了", by=CLERK, now=MONDAY_9AM)
        except ConflictError:
            return
        self.merges.remove(merge_id)


def _bytes(people: list[Person]) -> dict[str, Any]:
    """Sealed once: sealing twice gives other bytes."""
    vault = a_vault()
    sealed: dict[str, Any] = {
        f"name {n}": seal(vault, NAME, person.name, f"p{n}") if person.name else None
        for n, person in enumerate(people)
    }
    for n, phone in enumerate(PHONES):
        sealed[f"contact {n}"] = contact_columns(
            vault, 0, ContactKind.MOBILE, phone, now=MONDAY_9AM
        )
    return sealed


@pytest.fixture
def empty(engine: Engine) -> Engine:
    return engine.execution_options(writing=True)


@settings(max_examples=60)
@given(people=PEOPLE_OF, history=HISTORIES)
def _the_history_without_merges_and_the_history_undone_are_one(
    empty: Engine, people: list[Person], history: list[Add | Join | Undo]
) -> None:
    sealed = _bytes(people)

    with Session(empty, info=info_with(a_vault())) as session:
        told = Told(session, sealed)
        told.begin(people)
        for key, step in enumerate(history, start=1):
            if isinstance(step, Add):
                owner = current_id(session, step.whose + 1) or 0
                told.write(step.what, owner, step.which, key)
            elif isinstance(step, Join):
                told.join(step)
            elif told.merges:
                told.undo(told.merges[step.which % len(told.merges)])
        for merge_id in reversed(list(told.merges)):
            told.undo(merge_id)
        assert told.merges == []
        undone = dump(session)

    with Session(empty, info=info_with(a_vault())) as session:
        plain = Told(session, sealed)
        plain.begin(people)
        for what, owner, which, key in told.rows:
            plain.write(what, owner, which, key)
        without = dump(session)

    assert undone == without


def test_a_random_history_undone_is_the_history_without_its_merges(empty: Engine) -> None:
    _the_history_without_merges_and_the_history_undone_are_one(empty)


def test_a_merge_that_left_something_behind_would_be_seen(empty: Engine) -> None:
    """The comparison itself: a merge that stands shows in the dump."""
    people = [Person("张三", None, "zh-CN", do_not_contact=False)] * PEOPLE
    with Session(empty, info=info_with(a_vault())) as session:
        told = Told(session, _bytes(people))
        told.begin(people)
        told.write("tag", 2, 0, 1)
        before = dump(session)

        told.join(Join(0, 1, frozenset()))

        assert dump(session) != before
