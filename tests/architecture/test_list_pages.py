"""A list asks the database as often with 50 rows as with 2; no list escapes the test."""

from collections.abc import Callable
from functools import cache

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.catalogue.rules import CaseKind
from tests.accounts.builders import a_person, a_unit
from tests.architecture import growing_house as house
from tests.architecture import growing_matters as matters
from tests.architecture import growing_people as people
from tests.architecture import growing_repairs as repairs
from tests.architecture.routes import routes_of
from tests.complaints.stuck import a_stuck_matter
from tests.queueing.halls import a_booking, a_waiting_visitor, an_open_question
from tests.support.city import City, a_case, a_city
from tests.support.counting import statements_of
from tests.support.pages import PASSWORD_HASH, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Grow = Callable[[Session, int], object]

# Each list page, who looks at it, and how one more row comes about.
LISTS: dict[str, tuple[Role, Grow]] = {
    "/repairs": (Role.DISPATCHER, repairs.board),
    "/repairs/bar": (Role.DISPATCHER, repairs.board),
    "/repairs/crews": (Role.UNIT_HEAD, repairs.crew),
    "/repairs/pool": (Role.CREW, repairs.pool),
    "/crew": (Role.CREW, repairs.in_hand),
    "/crew/pool": (Role.CREW, repairs.pool),
    "/desk/stock": (Role.UNIT_HEAD, repairs.shelf),
    "/board/map": (Role.SUPERVISOR, matters.placed_repair),
    "/board/map/points.json": (Role.SUPERVISOR, matters.placed_repair),
    "/desk/talks": (Role.CLERK, people.talk),
    "/desk/talks/bar": (Role.CLERK, people.talk),
    "/desk/promises": (Role.CLERK, people.promise),
    "/desk/measures": (Role.SUPERVISOR, matters.measure),
    "/desk/callers": (Role.SUPERVISOR, people.caller),
    "/desk/dispatch": (Role.DISPATCHER, matters.accepted),
    "/desk/tasks": (Role.HANDLER, matters.task),
    "/desk/share": (Role.UNIT_HEAD, matters.unsigned),
    "/desk/suspended": (Role.SUPERVISOR, matters.suspended),
    "/desk/late": (Role.SUPERVISOR, matters.late_application),
    "/desk/counter": (Role.CLERK, a_waiting_visitor),
    "/desk/bookings": (Role.CLERK, a_booking),
    "/desk/stuck": (Role.CLERK, a_stuck_matter),
    "/desk/questions": (Role.CLERK, an_open_question),
    "/desk/shift": (Role.CLERK, an_open_question),
    "/queue": (Role.MANAGER, a_waiting_visitor),
    "/queue/day-sheet": (Role.MANAGER, a_waiting_visitor),
    "/queue/day-sheet.csv": (Role.MANAGER, a_waiting_visitor),
    "/desk/counter/bar": (Role.CLERK, a_waiting_visitor),
    "/desk/knowledge": (Role.CLERK, house.article),
    "/desk/knowledge/remarks": (Role.MANAGER, house.remark),
    "/desk/knowledge/review": (Role.MANAGER, house.article),
    "/desk/inbox": (Role.CLERK, house.entry),
    "/desk/inbox/bar": (Role.CLERK, house.entry),
    "/privacy": (Role.PRIVACY, people.data_request),
    "/privacy/requests/ended": (Role.PRIVACY, people.answered),
    "/privacy/notices": (Role.PRIVACY, people.notice),
    "/privacy/retention": (Role.PRIVACY, people.batch),
    "/privacy/holds": (Role.PRIVACY, people.hold),
    "/privacy/register": (Role.PRIVACY, people.stone),
    "/desk": (Role.CLERK, lambda session, _n: a_case(session)),
    "/desk/list": (Role.CLERK, lambda session, _n: a_case(session)),
    "/desk/reminders": (Role.SUPERVISOR, matters.urged),
    "/desk/bulk": (Role.CLERK, house.run),
    "/desk/macros": (Role.CLERK, house.macro),
    "/supervision": (Role.SUPERVISOR, matters.order),
    "/admin/levels": (Role.ADMIN, house.level),
    "/board/incidents": (Role.SUPERVISOR, matters.urged),
    "/board": (Role.SUPERVISOR, lambda session, _n: a_case(session)),
    "/segments": (Role.SUPERVISOR, people.segment),
    "/signals": (Role.SUPERVISOR, matters.signal),
    "/exports": (Role.SUPERVISOR, house.export),
    "/exports/list": (Role.SUPERVISOR, house.export),
    "/citizens/duplicates": (Role.SUPERVISOR, people.pair),
    "/citizens/import": (Role.MANAGER, people.brought_list),
    "/citizens/merges": (Role.SUPERVISOR, people.merge),
    "/admin/background": (Role.ADMIN, house.message),
    "/admin/notices": (Role.ADMIN, house.message),
    "/admin/queues": (Role.ADMIN, lambda session, n: a_unit(session, f"N{n}")),
    "/admin/units": (Role.ADMIN, lambda session, n: a_unit(session, f"N{n}")),
    "/admin/staff": (Role.SECURITY, lambda session, n: a_person(session, f"p{n}", Role.CLERK)),
    "/admin/roles": (Role.SECURITY, lambda session, n: a_person(session, f"p{n}", Role.CLERK)),
    "/admin/access": (Role.SECURITY, people.look),
    "/admin/access/rows": (Role.SECURITY, people.look),
    "/admin/audit": (Role.AUDITOR, house.audit),
    "/admin/partners": (Role.SECURITY, house.partner_key),
    "/admin/catalogue/categories": (Role.ADMIN, house.category),
    "/admin/items": (Role.ADMIN, house.service_item),
    "/admin/catalogue/directory": (Role.ADMIN, house.dispatch_rule),
    "/admin/catalogue/replies": (Role.ADMIN, house.reply),
    "/admin/catalogue/review": (Role.ADMIN, house.point),
    "/desk/callbacks": (Role.REVIEWER, matters.called_back),
    "/desk/callbacks/checks": (Role.SUPERVISOR, matters.drawn),
    "/board/closing": (Role.SUPERVISOR, matters.called_back),
    "/board/applications": (Role.MANAGER, matters.application),
    "/facilities": (Role.CLERK, house.asset),
    "/facilities/assets.csv": (Role.CLERK, house.asset),
    "/facilities/plates": (Role.CLERK, house.asset),
    "/admin/facilities": (Role.ADMIN, house.asset),
    "/inspections": (Role.SUPERVISOR, house.inspection),
    "/inspections/done": (Role.SUPERVISOR, house.inspected),
    "/inspections/plans": (Role.SUPERVISOR, house.inspection),
    "/inspections/repeated": (Role.SUPERVISOR, house.asset),
    "/board/repairs": (
        Role.SUPERVISOR,
        lambda session, _n: a_case(session, kind=CaseKind.REPAIR),
    ),
}
# Pages of staff that are no lists, or lists that do not grow with history.
NO_LISTS = {
    "/admin/facilities/new",
    "/facilities/import",
    "/facilities/new",
    "/inspections/plans/new",
    "/privacy/extras",
    "/privacy/extras/new",
    "/privacy/notices/new",
    "/privacy/retention/dry-run",
    "/account",
    "/account/password",
    "/crew/token",
    "/admin",
    "/admin/audit/chain",
    "/admin/calendar",
    "/admin/calendar/days",
    "/admin/calendar/hours",
    "/admin/calendar/import",
    "/admin/catalogue",
    "/admin/catalogue/categories/new",
    "/admin/catalogue/deciders",
    "/admin/catalogue/directory/new",
    "/admin/items/file/items.json",  # some hundred versions with three selects
    "/admin/items/file/items.xlsx",
    "/admin/items/file/take",
    "/admin/items/new",
    "/admin/documents",  # as many as there are kinds
    "/admin/catalogue/limits",
    "/admin/catalogue/limits/new",
    "/admin/catalogue/replies/new",
    "/admin/catalogue/review/new",
    "/admin/notices/policy",
    "/admin/partners/new",
    "/admin/notices/words",  # as many as the house has sentences
    "/admin/security",
    "/admin/signals",
    "/admin/staff/new",
    "/admin/units/new",
    "/citizens/new",
    "/citizens",  # the box; its answers are counted in tests/citizens/test_finding.py
    "/citizens/merge",
    "/citizens/quality",
    "/desk/apply",
    "/desk/new",
    "/desk/new/repair",
    "/desk/consult",
    "/desk/knowledge/new",
    "/desk/macros/new",
    "/supervision/new",
    "/admin/levels/new",
    "/exports/new",
    "/segments/new",
}


@cache
def _hash() -> str:
    return PASSWORD_HASH


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=_hash(), vault=app.state.edge.vault)


def asked(app: FastAPI, pages: PageClient, path: str) -> int:
    pages.get(path)  # what is remembered between requests is remembered now
    with statements_of(app.state.edge.engine) as seen:
        assert pages.get(path).status == 200
    return len(seen)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_as_often_with_fifty_rows_as_with_two(
    app: FastAPI, client: TestClient, city: City, path: str
) -> None:
    role, grow = LISTS[path]
    pages = PageClient(client)
    pages.sign_in(role.value)
    counts = []

    for rows in (range(2), range(2, 50)):
        with city.db.begin() as session:
            for n in rows:
                grow(session, n)
                session.flush()
        counts.append(asked(app, pages, path))

    assert counts[0] == counts[1]


def test_no_page_of_staff_was_forgotten(app: FastAPI) -> None:
    pages = {
        route.path
        for route in routes_of(app)
        if route.asks_who and "GET" in route.methods and "{" not in route.path
    }

    assert pages == set(LISTS) | NO_LISTS
