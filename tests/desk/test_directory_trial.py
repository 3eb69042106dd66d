"""A change of the directory is tried on last month's matters; rulings are offered as lines."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Action
from app.cases.rules import Facts
from app.catalogue import queries
from app.catalogue.models import DispatchRule
from app.catalogue.service import RuleDraft, add_rule
from tests.cases.test_returns import send_back_in_vain
from tests.cases.walking import take, to_handling
from tests.catalogue.builders import an_edit
from tests.desk.stepping import Enter
from tests.support.city import WATER, WORKS, City, a_case, first_category
from tests.support.pages import Page, PageClient

HOME = "/admin/catalogue/directory"


@pytest.fixture
def admin(person: Enter) -> PageClient:
    pages = person(Role.ADMIN)
    pages.http.cookies.set("lang", "en")
    return pages


def lines(city: City) -> list[int]:
    with city.db() as session:
        return [rule.unit_id for rule in session.scalars(select(DispatchRule))]


def tried(admin: PageClient, **typed: str) -> Page:
    form = admin.get(f"{HOME}/new").form(field="basis")
    given = {name: values[0] for name, values in form.values().items()}
    return admin.post(f"{HOME}/try", {**given, **typed})


def test_a_new_line_is_tried_before_it_is_saved(city: City, admin: PageClient) -> None:
    with city.db.begin() as session:
        category = first_category(session)
        to_handling(session, city, a_case(session))
        to_handling(session, city, a_case(session))
    before = lines(city)

    page = tried(admin, category_id=str(category), unit_id=str(WATER))

    assert "Of 2 matters of the last 30 days, 2 would have gone elsewhere." in page.text
    assert "供水公司" in page.text
    assert lines(city) == before


def test_a_line_that_changes_nothing_says_so(city: City, admin: PageClient) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        proposed = queries.propose_unit(session, first_category(session), case.region_code).unit_id

    page = tried(admin, unit_id=str(proposed or WATER))

    moved = "0 would" if proposed else "1 would"
    assert f"Of 1 matter of the last 30 days, {moved} have gone elsewhere." in page.text


def test_what_was_ruled_is_offered_as_a_line_until_the_directory_has_it(
    city: City, admin: PageClient
) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        send_back_in_vain(session, city, case)
        take(session, case, Action.REQUEST_RULING, city[Role.HANDLER], note="未被采纳")
        ruling = Facts(unit_id=WATER)
        take(session, case, Action.RULE, city[Role.SUPERVISOR], note="归供水", facts=ruling)
        number = case.number
        first = RuleDraft(first_category(session), "", WORKS, "职责清单")
        add_rule(session, first, edit=an_edit())
    listed = admin.get(HOME)
    assert f"Ruling: {number}" in listed.text

    begun = admin.get(next(to for words, to in listed.links.items() if "Make it a line" in words))
    saved = admin.submit(begun.form(field="basis"))

    assert saved.status == 200
    assert WATER in lines(city)  # and before the other line, or it would never be asked
    assert "Make it a line" not in admin.get(HOME).text
