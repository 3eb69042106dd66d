"""Who is signed in and reports the same again: told, added to, or another matter on purpose."""

import pytest
from sqlalchemy import select

from app.cases.kinds import Action
from app.cases.models import Attachment, Case, CaseEvent
from tests.mypage.conftest import PHONE, Town, enter
from tests.portal import walking
from tests.portal.conftest import add_districts
from tests.support.pages import Page, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAME = "样板路 12 号门口的路灯还是不亮，老人出门看不清。"


@pytest.fixture(autouse=True)
def _districts(town: Town) -> None:
    with town.db.begin() as session:
        add_districts(session)


def reported_again(pages: PageClient, town: Town) -> tuple[str, Page]:
    """A matter in hand, its person signed in, and the same written once more."""
    town.somebody("测试甲")
    slip = walking.send(pages, walking.to_check(pages, phone=PHONE))
    token = slip.url.split("/")[2]
    with town.db() as session:
        number = session.scalars(select(Case.number)).one()
    enter(pages, town)
    return f"{number} {token}", walking.past_contact(pages, body=SAME, phone=PHONE)


def of(town: Town, action: Action) -> int:
    with town.db() as session:
        return len(session.scalars(select(CaseEvent.id).where(CaseEvent.action == action)).all())


def test_without_new_facts_progress_is_told_and_no_order_is_made(
    pages: PageClient, town: Town
) -> None:
    known, page = reported_again(pages, town)
    number, token = known.split()

    unsaid = pages.submit(page.form(field="same"))
    told = pages.submit(unsaid.form(field="same"), same=f"tell:{number}")

    assert page.url == "/my/same"
    assert unsaid.status == 422
    assert told.url == f"/c/{token}"
    assert "没有另建工单" in told.text
    assert of(town, Action.OPEN) == 1
    assert pages.get("/report/check").url.endswith("/report/place")  # nothing is left half-written


def test_what_is_new_is_added_once_with_its_photos(pages: PageClient, town: Town) -> None:
    known, _page = reported_again(pages, town)
    number, token = known.split()
    details = pages.get("/report/details").form(field="body")
    photo = {"photos": ("lamp.jpg", walking.a_photo(), "image/jpeg")}
    pages.submit(details, press="next", files=photo, body=SAME)
    form = pages.get("/report/check").form(field="same")

    first = pages.submit(form, same=f"add:{number}")
    second = pages.submit(form, same=f"add:{number}")

    assert (first.url, second.url) == (f"/c/{token}", f"/c/{token}")
    assert (of(town, Action.OPEN), of(town, Action.SUPPLEMENT)) == (1, 1)
    with town.db() as session:
        assert session.scalars(select(Attachment.case_id)).one() is not None


def test_who_says_it_is_another_matter_goes_on_and_is_not_asked_again(
    pages: PageClient, town: Town
) -> None:
    _known, page = reported_again(pages, town)

    check = pages.submit(page.form(field="same"), same="other")
    if check.url.endswith("/report/alike"):
        check = pages.submit(check.form(action="/report/alike"))
    slip = walking.send(pages, check)

    assert check.url == "/report/check"
    assert slip.url.endswith("/slip")
    assert of(town, Action.OPEN) == 2


def test_a_telephone_anybody_can_type_shows_nothing_of_whose_it_is(
    pages: PageClient, town: Town
) -> None:
    walking.reported(pages)
    with town.db() as session:
        number = session.scalars(select(Case.number)).one()

    page = walking.past_contact(pages, body=SAME)

    assert page.url != "/my/same"
    assert number not in page.html
