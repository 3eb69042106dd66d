"""The board as its readers see it: every figure leads to exactly its list, in each one's reach."""

import re
from dataclasses import replace
from itertools import product
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Appointment
from app.accounts.rules import GRANTS, Actor, Permission, Role, Scope
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.cases.queries.addresses import from_query
from app.cases.queries.lists import Filter, LampState, conditions
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.errors import NotFoundError
from app.supervision.rules import Level, Window
from app.supervision.service import asked_of, draw_up
from app.supervision.views import BoardView, view_of
from tests.supervision.matters import many_matters
from tests.support.city import CENTRE, CITY_CODE, ROOT, WATER, WORKS, City, a_case, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.counting import statements_of
from tests.support.pages import PASSWORD_HASH, Page, PageClient

Db = sessionmaker[Session]
CREW, CREW_TWO = 5, 6
ZONE = ZoneInfo("Asia/Shanghai")
UNITS = (ROOT, CENTRE, WORKS, WATER, CREW, CREW_TWO)


def a_town(db: Db) -> City:
    """The town with two crews below a bureau; the supervisor is cleared, the manager is not."""
    city = a_city(db, password_hash=PASSWORD_HASH)
    with city.db.begin() as session:
        for unit_id, code in ((CREW, "WORKS-1"), (CREW_TWO, "WORKS-2")):
            session.add(
                Unit(
                    id=unit_id,
                    code=code,
                    name=f"抢修{unit_id}班",
                    name_en=f"Crew {unit_id}",
                    kind=UnitKind.CREW,
                    parent_id=WORKS,
                    path=f"/1/{WORKS}/{unit_id}/",
                    region_code=CITY_CODE,
                )
            )
        for role, scope in ((Role.SUPERVISOR, Scope.ALL), (Role.UNIT_HEAD, Scope.SUBTREE)):
            seat = session.scalars(select(Appointment).where(Appointment.role == role)).one()
            seat.scope, seat.may_see_confidential = scope, True
    return city


@pytest.fixture
def city(db: Db) -> City:
    city = a_town(db)
    with city.db.begin() as session:
        many_matters(session, 160, UNITS, now=MONDAY_9AM)
    return city


def pairs_of(view: BoardView) -> set[tuple[int, str]]:
    """Every figure of the board as the number it claims and the address of its list."""
    found: set[tuple[int, str]] = set()
    for now in (view.now, *(row.now for row in view.rows)):
        found |= {(f.count, f.href) for f in (now.in_hand, now.soon, now.overdue, now.paused)}
    whole = (view.now.matters, view.past.new_matters, view.past.ended_matters)
    found |= {(f.count, f.href) for f in whole}
    for past in (view.past, *(row.past for row in view.rows)):
        found |= {(f.count, f.href) for f in (past.opened, past.ended)}
        found |= {(took.count, took.href) for took in (past.response, past.handling) if took}
        share = past.on_time.share
        found |= {(share.part, past.on_time.kept_href), (share.whole, past.on_time.href)}
    return found


def listed(session: Session, actor: Actor, href: str) -> int:
    """How many matters the list at this address holds for this person."""
    wanted = from_query(parse_qs(urlsplit(href).query))
    where = (visible_clause(actor), *conditions(wanted, MONDAY_9AM))
    return session.scalar(select(func.count()).select_from(Case).where(*where)) or 0


def seated(
    city: City, role: Role, scope: Scope, *, cleared: bool = False, region_code: str = CITY_CODE
) -> Actor:
    """The person, with the one appointment changed."""
    actor = city[role]
    grant = replace(
        actor.appointments[0],
        scope=scope,
        may_see_confidential=cleared,
        region_code=region_code,
    )
    return replace(actor, appointments=(grant,))


def view_for(
    session: Session,
    actor: Actor,
    *,
    window: Window = Window.MONTH,
    level: Level = Level.LEAD,
    under: int | None = None,
) -> BoardView:
    asked = asked_of(actor, seat=0, under=under, window=window, level=level)
    return view_of(draw_up(session, asked, zone=ZONE, now=MONDAY_9AM))


def test_every_figure_leads_to_exactly_its_list_in_every_reach_window_and_level(
    city: City,
) -> None:
    readers = (
        seated(city, Role.SUPERVISOR, Scope.ALL, cleared=True),
        seated(city, Role.MANAGER, Scope.ALL),
        seated(city, Role.UNIT_HEAD, Scope.SUBTREE, cleared=True),
        seated(city, Role.UNIT_HEAD, Scope.SUBTREE),
        seated(city, Role.UNIT_HEAD, Scope.UNIT),
        seated(city, Role.SUPERVISOR, Scope.REGION, region_code="990102"),
        seated(city, Role.UNIT_HEAD, Scope.SELF),
    )
    with city.db() as session:
        for reader in readers:
            for window, level in product(Window, Level):
                view = view_for(session, reader, window=window, level=level)

                for count, href in pairs_of(view):
                    assert listed(session, reader, href) == count, (reader.username, href)


def test_the_page_prints_these_figures_and_each_link_opens_as_many_rows(
    city: City, pages: PageClient
) -> None:
    pages.http.cookies.set("lang", "en")
    pages.sign_in("supervisor")
    reader = seated(city, Role.SUPERVISOR, Scope.ALL, cleared=True)
    with city.db() as session:
        view = view_for(session, reader)
    claimed = {href: count for count, href in pairs_of(view)}
    rates = [past.on_time for past in (view.past, *(row.past for row in view.rows))]
    unsaid = {rate.kept_href for rate in rates if not rate.share.whole}

    page = pages.get("/board")

    links = [a for a in page.tree.all("a") if a.attrs["href"].startswith("/desk?")]
    assert {a.attrs["href"] for a in links} == set(claimed) - unsaid
    for href in sorted({a.attrs["href"] for a in links}):
        assert rows_at(pages, href) == claimed[href], href
    printed = [(a.text, claimed[a.attrs["href"]]) for a in links if re.fullmatch(r"\d+", a.text)]
    assert len(printed) >= 40
    assert all(int(text) == count for text, count in printed)


def rows_at(pages: PageClient, href: str) -> int:
    """The rows of the list at this address, on all its pages."""
    found = 0
    while href:
        page = pages.get(href)
        assert page.status == 200
        found += len(page.tree.all("a", **{"class": "rowlink"}))
        href = next((a.attrs["href"] for a in page.tree.all("a", rel="next")), "")
    return found


def test_rows_of_a_board_add_up_to_its_total(city: City) -> None:
    reader = seated(city, Role.MANAGER, Scope.ALL)
    with city.db() as session:
        for level in Level:
            view = view_for(session, reader, level=level)

            assert sum(row.now.in_hand.count for row in view.rows) == view.now.in_hand.count
            assert sum(row.past.ended.count for row in view.rows) == view.past.ended.count


def test_a_lead_unit_is_counted_with_its_crews_and_opens_to_them(city: City) -> None:
    reader = seated(city, Role.MANAGER, Scope.ALL)
    with city.db() as session:
        from_above = view_for(session, reader)
        opened = view_for(session, reader, under=WORKS)
        alone = view_for(session, reader, level=Level.EACH)

    works = next(row for row in from_above.rows if row.name == "市政工程局")
    assert {row.name for row in from_above.rows} == {
        "示例市政务服务局", "12345 中心", "市政工程局", "供水公司",
    }  # fmt: skip
    assert works.below_href == f"/board?days=30&rows=lead&under={WORKS}"
    assert {row.name for row in opened.rows} == {"市政工程局", "抢修5班", "抢修6班"}
    assert opened.now.in_hand.count == works.now.in_hand.count
    assert opened.up_href == "/board?days=30&rows=lead"
    assert {row.name for row in alone.rows} > {"抢修5班", "抢修6班"}


def test_a_head_of_unit_counts_their_own_subtree_and_looks_nowhere_else(city: City) -> None:
    head = seated(city, Role.UNIT_HEAD, Scope.SUBTREE)
    alone = seated(city, Role.UNIT_HEAD, Scope.UNIT)
    with city.db() as session:
        view = view_for(session, head)
        assert {row.name for row in view.rows} == {"市政工程局", "抢修5班", "抢修6班"}
        assert [row.name for row in view_for(session, alone).rows] == ["市政工程局"]

        for reader, elsewhere in ((head, WATER), (head, 999), (alone, CREW)):
            with pytest.raises(NotFoundError):
                view_for(session, reader, under=elsewhere)


def test_confidential_matters_are_counted_for_the_cleared_only(city: City) -> None:
    with city.db() as session:
        whole = view_for(session, seated(city, Role.SUPERVISOR, Scope.ALL, cleared=True))
        reduced = view_for(session, seated(city, Role.SUPERVISOR, Scope.ALL))

        hidden = session.scalar(
            select(func.count()).where(Case.is_confidential, Case.closed_at.is_(None))
        )
    assert hidden
    assert whole.now.in_hand.count - reduced.now.in_hand.count == hidden
    assert reduced.is_confidential_left_out
    assert not whole.is_confidential_left_out


def test_whoever_reads_a_board_may_open_its_lists() -> None:
    for role, granted in GRANTS.items():
        assert Permission.BOARD_READ not in granted or Permission.CASE_READ in granted, role


@pytest.mark.usefixtures("city")
def test_somebody_without_the_right_gets_a_sentence_and_no_figures(
    pages: PageClient,
) -> None:
    pages.http.cookies.set("lang", "en")
    pages.sign_in("clerk")

    page = pages.get("/board")

    assert page.status == 403
    assert "Your role does not include this." in page.text


def test_nobody_signed_in_is_asked_to_sign_in(pages: PageClient) -> None:
    assert "password" in pages.get("/board").forms[-1].names


@pytest.mark.usefixtures("city")
def test_a_damaged_address_is_answered_with_a_sentence(pages: PageClient) -> None:
    pages.http.cookies.set("lang", "en")
    pages.sign_in("supervisor")

    for query in ("days=31", "rows=none", "under=x", "seat=1", "seat=-1", "under=99"):
        assert pages.get(f"/board?{query}").status == 404, query


def test_an_empty_town_has_an_empty_board_that_says_so(db: Db, pages: PageClient) -> None:
    a_town(db)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("supervisor")

    page = pages.get("/board")

    assert "No matters yet." in page.text
    assert "Nothing is overdue." in page.text


def test_a_board_asks_the_database_as_often_for_fifty_units_as_for_two(city: City) -> None:
    reader = seated(city, Role.MANAGER, Scope.ALL)
    engine = city.db.kw["bind"]

    def asked(level: Level) -> int:
        with city.db() as session, statements_of(engine) as seen:
            view_for(session, reader, level=level)
        return len(seen)

    with city.db.begin() as session:
        few = asked(Level.LEAD)
        for unit_id in range(10, 60):
            session.add(
                Unit(
                    id=unit_id,
                    code=f"U{unit_id}",
                    name=f"单位{unit_id}",
                    kind=UnitKind.BUREAU,
                    parent_id=ROOT,
                    path=f"/1/{unit_id}/",
                )
            )
        session.flush()
        many_matters(session, 400, range(10, 60), now=MONDAY_9AM, seed=8, first=1000)

    assert asked(Level.EACH) == few <= 9


def test_a_new_matter_is_counted_at_once_in_a_small_town(city: City, pages: PageClient) -> None:
    pages.http.cookies.set("lang", "en")
    pages.sign_in("supervisor")
    before = pages.get("/board")
    with city.db.begin() as session:
        a_case(session)

    after = pages.get("/board")

    assert in_hand(after) == in_hand(before) + 1
    assert "As of 2026-03-02 09:00." in after.text


def in_hand(page: Page) -> int:
    tile = page.tree.all("a", **{"class": "stat"})[0]
    return int(tile.all("span")[0].text)


def test_the_oldest_overdue_matters_are_named(city: City, pages: PageClient) -> None:
    pages.http.cookies.set("lang", "en")
    pages.sign_in("supervisor")

    page = pages.get("/board")

    named = [a.text for a in page.tree.all("a") if a.attrs["href"].startswith("/cases/")]
    with city.db() as session:
        overdue = session.scalars(
            select(Case.number)
            .where(*conditions(Filter(lamp=LampState.BAD), MONDAY_9AM))
            .order_by(Case.due_at, Case.id)
            .limit(8)
        ).all()
    assert named == list(overdue)


@pytest.mark.usefixtures("city")
def test_the_page_is_whole_in_chinese(pages: PageClient) -> None:
    pages.sign_in("supervisor")

    page = pages.get("/board?days=7&rows=each")

    assert page.heading == "督办看板 · 示例市政务服务局"
    assert "抢修5班" in page.text
    assert not re.search(r"[A-Za-z]{4,}", page.tree.all("main")[0].text.replace("civicwindow", ""))
