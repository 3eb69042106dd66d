"""The pages of data quality, walked as a supervisor, a manager and a clerk would."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.citizens import jobs
from app.citizens.models import Citizen, CitizenMerge, DuplicateCandidate
from app.citizens.queries.merging import current_id
from app.citizens.rules import CitizenState, number_of
from app.citizens.rules.quality import CandidateState
from app.citizens.service import Person, name_of, quality, register
from tests.citizens.bare import a_citizen
from tests.support.city import City, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, PageClient

PHONE = "17900000001"
SOON = MONDAY_9AM + timedelta(minutes=5)


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


def two(city: City) -> tuple[str, str]:
    """Two rows of one person, found by the job; their numbers."""
    with city.db.begin() as session:
        ids = [
            register(session, Person(name, PHONE), now=MONDAY_9AM) for name in ("王小明", "王晓明")
        ]
        jobs.look_at_changed(session, {}, now=SOON)
    return number_of(ids[0]), number_of(ids[1])


def test_a_supervisor_merges_what_was_found_and_undoes_it(pages: PageClient, city: City) -> None:
    one, other = two(city)
    pages.sign_in(Role.SUPERVISOR.value)

    listed = pages.get("/citizens/duplicates")
    beside = pages.get("/citizens/merge", params={"a": [one], "b": [other]})
    without_reason = pages.submit(beside.form(field="reason"), name="b")
    merged = pages.submit(without_reason.form(field="reason"), reason="同一手机,本人确认")

    assert "王*明" in listed.text
    assert listed.links["王*明 / 王*明"] == f"/citizens/merge?a={one}&b={other}"
    assert "王小明" not in beside.html
    assert without_reason.status == 422  # what was typed is kept
    assert merged.status == 200
    with city.db() as session:
        record = session.scalars(select(CitizenMerge)).one()
        assert current_id(session, record.merged_id) == record.survivor_id
        assert name_of(session, record.survivor_id) == "王晓明"

    undone = pages.submit(merged.form(field="reason"), reason="两个人")

    assert "两个人" in undone.text
    with city.db() as session:
        assert current_id(session, record.merged_id) == record.merged_id
        assert name_of(session, record.survivor_id) == "王小明"


def test_two_people_are_taken_off_the_list(pages: PageClient, city: City) -> None:
    two(city)
    pages.sign_in(Role.MANAGER.value)

    after = pages.submit(pages.get("/citizens/duplicates").form(action="dismiss"))

    with city.db() as session:
        assert session.scalars(select(DuplicateCandidate.state)).one() is CandidateState.DISMISSED
    assert after.tree.all("form", action="/citizens/duplicates/1/dismiss") == []


def test_an_old_screen_merges_nothing(pages: PageClient, city: City) -> None:
    one, other = two(city)
    pages.sign_in(Role.SUPERVISOR.value)
    form = pages.get(f"/citizens/merge?a={one}&b={other}").form(field="reason")
    with city.db.begin() as session:
        session.scalars(select(Citizen)).first().language = "bo"  # type: ignore[union-attr]  # there are two

    answer = pages.submit(form, reason="同一人")

    assert answer.status == 409  # somebody was faster
    with city.db() as session:
        assert session.scalars(select(CitizenMerge)).all() == []


def test_whoever_contradicts_the_other_gets_a_sentence_and_no_form(
    pages: PageClient, city: City
) -> None:
    with city.db.begin() as session:
        a = a_citizen(session, "王小明", birth_year=1980)
        b = a_citizen(session, "王小明", birth_year=1990)
    pages.sign_in(Role.SUPERVISOR.value)

    page = pages.get(f"/citizens/merge?a={number_of(a)}&b={number_of(b)}")

    assert page.tree.all("input", name="reason") == []
    assert page.tree.all("li")


@pytest.mark.usefixtures("city")
def test_a_number_that_is_none_is_said_so(pages: PageClient) -> None:
    pages.sign_in(Role.SUPERVISOR.value)
    form = pages.get("/citizens/merge").form(field="a")

    answer = pages.submit(form, a="17900000001", b="C000000001")

    assert answer.status == 422
    assert answer.tree.all("input", name="a")[0].attrs["value"] == "17900000001"


def test_the_board_shows_what_is_to_be_put_right_and_leads_to_it(
    pages: PageClient, city: City
) -> None:
    with city.db.begin() as session:
        a_citizen(session)
        jobs.look_at_changed(session, {}, now=SOON)
    pages.sign_in(Role.CLERK.value)

    board = pages.get("/citizens/quality")
    work = pages.get("/citizens/quality/no_name")
    unknown = pages.get("/citizens/quality/nonsense")

    assert "/citizens/quality/no_name" in board.links.values()
    assert number_of(1) in work.text
    assert unknown.status == 404


def test_whoever_is_restricted_is_in_the_lists_of_the_officer_only(
    pages: PageClient, city: City
) -> None:
    with city.db.begin() as session:
        restricted, free = a_citizen(session), a_citizen(session)
        session.get_one(Citizen, restricted).state = CitizenState.RESTRICTED
        jobs.look_at_changed(session, {}, now=SOON)
        assert quality.counted(session)["no_name"][0] == 1
    shown = {}
    for role in (Role.CLERK, Role.PRIVACY):
        pages.http.cookies.clear()
        pages.sign_in(role.value)
        shown[role] = pages.get("/citizens/quality/no_name").text

    assert number_of(free) in shown[Role.CLERK]
    assert number_of(restricted) not in shown[Role.CLERK]
    assert number_of(restricted) in shown[Role.PRIVACY]


@pytest.mark.parametrize("path", ["/citizens/duplicates", "/citizens/merge", "/citizens/merges"])
@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMIN, Role.HANDLER])
@pytest.mark.usefixtures("city")
def test_who_may_not_merge_sees_nothing_of_it(client: TestClient, path: str, role: Role) -> None:
    pages = PageClient(client)
    pages.sign_in(role.value)

    assert pages.get(path).status == 403
