"""What happened by unit: each figure is the length of its list, and histories prove it."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases import service as cases
from app.cases.kinds import Action
from app.cases.queries import lists
from app.cases.queries.addresses import from_query, to_query
from app.cases.queries.incidents import Incident
from app.cases.rules import Facts
from app.kernel import events
from app.sla import service as sla
from app.supervision.queries import Period
from app.supervision.queries.recount_incidents import check
from app.supervision.rules import Window
from app.supervision.service import incidents
from app.supervision.service.incidents import COLUMNS, Figure, Incidents
from app.wiring import SUBSCRIBERS
from tests.cases.walking import take
from tests.supervision.supervising import DAY, in_hand, issued
from tests.support.city import WATER, WORKS, City, Db, a_city
from tests.support.clock import MONDAY_9AM

ZONE = ZoneInfo("Asia/Shanghai")
LATER = MONDAY_9AM + 20 * DAY


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    city = a_city(db)
    events.wire(SUBSCRIBERS)
    yield city
    events.wire({})


def a_busy_month(session: Session, city: City) -> None:
    """One matter returned and ruled on, one urged and supervised; both late in the end."""
    returned, urged = in_hand(session, city), in_hand(session, city)
    facts = Facts(suggested_unit_id=WATER, evidence="三定方案")
    at = MONDAY_9AM + timedelta(hours=1)
    take(session, returned, Action.REQUEST_RETURN, city[Role.HANDLER], at=at, note="x", facts=facts)
    take(session, returned, Action.ADJUDICATE, city[Role.DISPATCHER], at=at, note="争议")
    water = Facts(unit_id=WATER)
    at += timedelta(hours=1)
    take(session, returned, Action.RULE, city[Role.SUPERVISOR], at=at, note="裁定", facts=water)
    cases.urge(session, urged, now=at)
    cases.urge(session, urged, now=at + timedelta(hours=1))
    issued(session, city, urged)
    sla.sweep_breaches(session, now=LATER - DAY)


def drawn(session: Session, city: City, *, role: Role = Role.SUPERVISOR) -> Incidents:
    return incidents.draw_up(session, city[role], window=Window.MONTH, zone=ZONE, now=LATER)


def of_unit(found: Incidents, unit_id: int | None) -> dict[Incident, int]:
    line = next((one for one in (*found.lines, found.total) if one.unit_id == unit_id), None)
    counts = [figure.count for figure in line.figures] if line else [0] * len(COLUMNS)
    return {what: count for what, count in zip(COLUMNS, counts, strict=True) if count}


def test_each_thing_counts_under_the_unit_that_had_the_matter_then(city: City) -> None:
    with city.db.begin() as session:
        a_busy_month(session, city)

        found = drawn(session, city)

        assert of_unit(found, WORKS) == {
            Incident.RETURN: 1,
            Incident.OVERDUE: 1,
            Incident.URGE: 1,
            Incident.SUPERVISED: 1,
        }
        assert of_unit(found, WATER) == {Incident.RULING: 1, Incident.OVERDUE: 1}
        assert of_unit(found, None)[Incident.OVERDUE] == 2
        assert found.total.waiting.count == 1


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.UNIT_HEAD])
def test_every_figure_is_the_length_of_the_list_it_leads_to(city: City, role: Role) -> None:
    with city.db.begin() as session:
        a_busy_month(session, city)
        found = drawn(session, city, role=role)

        def listed(figure: Figure) -> int:
            # By its address, as a click would.
            given: dict[str, list[str]] = {}
            for pair in to_query(figure.wanted).split("&"):
                name, _, value = pair.partition("=")
                given.setdefault(name, []).append(value.replace("%3A", ":").replace("%2B", "+"))
            wanted = from_query(given)
            return len(lists.worklist(session, city[role], wanted, now=LATER).items)

        figures = [
            figure
            for line in (*found.lines, found.total)
            for figure in (*line.figures, line.waiting)
        ]

        assert [figure.count for figure in figures] == [listed(figure) for figure in figures]
        assert sum(figure.count for figure in figures) > 0


def test_histories_say_the_same_and_a_changed_mark_is_found_out(city: City) -> None:
    period = Period(MONDAY_9AM - DAY, LATER)
    with city.db.begin() as session:
        a_busy_month(session, city)
        right = list(check(session, period, now=LATER))
        case = in_hand(session, city)
        case.urge_open_at, case.urge_count = MONDAY_9AM, 3
        session.flush()

        wrong = list(check(session, period, now=LATER))

        assert right == []
        assert len(wrong) == 2
