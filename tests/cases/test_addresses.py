"""Every list can be written as an address and read back, and says which cases it means."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Actor
from app.cases.kinds import Channel, Status
from app.cases.models import Case
from app.cases.queries import lists
from app.cases.queries.addresses import PRIVATE, address_of, from_query, to_query
from app.cases.queries.incidents import Incident
from app.cases.queries.lists import Filter, LampState, Verdict
from app.catalogue.rules import CaseKind, Urgency
from app.kernel.errors import InvalidError
from app.sla.rules import PROVISIONAL_GRACE, Lamp, lamp
from tests.support.city import a_case, a_city
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SAMPLES: dict[str, Any] = {
    "is_open": None,
    "states": (Status.CLOSED, Status.ANSWERED),
    "lamp": LampState.BAD,
    "step_lamp": LampState.WARN,
    "unit_id": 3,
    "under_unit_id": 1,
    "handler_id": 7,
    "kind": CaseKind.HELP,
    "category_id": 12,
    "region_code": "990101",
    "urgency": Urgency.URGENT,
    "channel": Channel.PHONE,
    "is_pending": False,
    "on_time": False,
    "verdict": Verdict.MISSED,
    "is_confidential": False,
    "was_urged": True,
    "is_led": True,
    "urge_waits": True,
    "happened": Incident.RETURN,
    "happened_unit_id": 3,
    "happened_under_id": 1,
}
SAMPLES |= {
    f"{what}_{end}": NOON
    for what in ("opened", "responded", "due", "closed", "happened")
    for end in ("from", "to")
}


def read_back(query: str) -> Filter:
    return from_query(parse_qs(query))


@pytest.mark.parametrize("name", [f.name for f in fields(Filter) if f.name not in PRIVATE])
def test_every_condition_survives_being_an_address(name: str) -> None:
    wanted = replace(Filter(), **{name: SAMPLES[name]})

    query = to_query(wanted)

    assert read_back(query) == wanted
    assert name in query


def test_all_conditions_together_survive() -> None:
    wanted = Filter(**SAMPLES)

    assert read_back(to_query(wanted)) == wanted


def test_an_instant_is_written_short_and_keeps_its_microseconds() -> None:
    short, exact = Filter(due_to=NOON), Filter(due_to=NOON + timedelta(microseconds=1))

    assert to_query(short) == "due_to=20260302T040000Z"
    assert read_back(to_query(exact)) == exact


def test_even_the_plain_list_has_an_address_of_its_own() -> None:
    assert address_of(Filter()) == "/desk?is_open=yes"
    assert read_back("is_open=yes") == Filter()


def test_a_damaged_address_is_refused_with_a_sentence() -> None:
    for query in ("lamp=purple", "unit_id=one", "closed_from=2026-03-02T09:00", "is_open=perhaps"):
        with pytest.raises(InvalidError):
            read_back(query)


def a_dated(session: Session, due_in: timedelta, *, provisional: bool, paused: bool) -> Case:
    case = a_case(session)
    case.due_at = None if paused else NOON + due_in
    case.warn_at = None if paused else NOON + due_in - timedelta(days=1)
    case.is_provisional, case.is_paused = provisional, paused
    return case


def test_each_open_matter_is_in_the_list_of_the_lamp_it_shows(db: Db) -> None:
    city = a_city(db)
    dues = [timedelta(), timedelta(days=2), timedelta(hours=3), timedelta(seconds=-1)]
    dues += [timedelta(days=-3), -PROVISIONAL_GRACE, -PROVISIONAL_GRACE - timedelta(seconds=1)]
    with city.db.begin() as session:
        cases = [
            a_dated(session, due, provisional=p, paused=False)
            for due in dues
            for p in (False, True)
        ]
        cases.append(a_dated(session, timedelta(), provisional=False, paused=True))
        answered = a_dated(session, timedelta(days=-3), provisional=False, paused=False)
        answered.on_time = True  # and still to be called back
        session.flush()
        now = NOON + timedelta(milliseconds=400)  # still the second it is due

        shown: dict[LampState, set[int]] = {
            state: {
                row.id
                for row in lists.worklist(
                    session, Actor.system(), Filter(lamp=state), now=now
                ).items
            }
            for state in LampState
        }

    for case in cases:
        seen = lamp(
            due_at=case.due_at,
            warn_at=case.warn_at,
            met_at=None,
            paused=case.is_paused,
            provisional=case.is_provisional,
            now=now,
        )
        assert [state for state in LampState if case.id in shown[state]] == [LampState(seen.value)]
    assert [state for state in LampState if answered.id in shown[state]] == [LampState.OK]
    assert {Lamp(state.value) for state, ids in shown.items() if ids} == set(Lamp) - {Lamp.DONE}


def test_a_verdict_counts_what_was_answered_and_what_is_overdue(db: Db) -> None:
    city = a_city(db)
    late, early = timedelta(days=-1), timedelta(days=1)
    with city.db.begin() as session:
        kept, missed, overdue, running, withdrawn = (
            a_dated(session, due, provisional=False, paused=False)
            for due in (late, late, late, early, late)
        )
        kept.on_time, missed.on_time = True, False
        kept.closed_at = missed.closed_at = withdrawn.closed_at = MONDAY_9AM
        running.on_time = None
        session.flush()

        found = {
            verdict: {
                row.id
                for row in lists.worklist(
                    session, Actor.system(), Filter(is_open=None, verdict=verdict), now=NOON
                ).items
            }
            for verdict in Verdict
        }

    assert found[Verdict.KEPT] == {kept.id}
    assert found[Verdict.MISSED] == {missed.id, overdue.id}
    assert found[Verdict.SETTLED] == {kept.id, missed.id, overdue.id}
