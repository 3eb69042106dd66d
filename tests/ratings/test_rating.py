"""A closed matter is rated once, on five levels of equal weight."""

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.cases.models import Case
from app.kernel.errors import ConflictError
from app.ratings import service
from app.ratings.models import Rating
from app.ratings.rules import Level, Source
from tests.portal import walking
from tests.portal.conftest import city
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

__all__ = ["city"]


@pytest.fixture
def closed(pages: PageClient, city: City) -> str:
    """The token of a closed matter."""
    token = walking.reported(pages)
    walking.to_closed(city, token)
    return token


def test_the_five_levels_look_alike_and_none_is_chosen(pages: PageClient, closed: str) -> None:
    page = pages.get(pages.get(f"/c/{closed}").links["评价满意度"])

    boxes = page.form(field="score").element.all("input", type="radio")

    assert [box.attrs["value"] for box in boxes] == ["5", "4", "3", "2", "1"]
    assert not any("checked" in box.attrs for box in boxes)
    shapes = Counter(str(sorted(set(box.parent.attrs) if box.parent else "")) for box in boxes)
    assert len(shapes) == 1


def test_nothing_chosen_is_asked_again_and_the_words_stay(pages: PageClient, closed: str) -> None:
    form = pages.get(f"/rate/{closed}").form(field="score")

    refused = pages.submit(form, words="来得很快")

    assert refused.status == 422
    assert refused.form(field="words").values()["words"] == ["来得很快"]


def test_a_rating_is_stored_once_and_thanked_for(
    pages: PageClient,
    closed: str,
    city: City,
) -> None:
    form = pages.get(f"/rate/{closed}").form(field="score")
    in_another_window = pages.get(f"/rate/{closed}").form(field="score")

    thanks = pages.submit(form, score="2", words="电话 17900001234 没人接")
    again = pages.submit(form, score="2")
    twice = pages.submit(in_another_window, score="5")

    assert "不满意" in thanks.text
    assert "17900001234" not in thanks.html
    assert again.status == 200
    assert twice.status == 409
    with city.db() as session:
        rating = session.scalars(select(Rating)).one()
    assert (rating.level, rating.source) == (Level.DISSATISFIED, Source.ACTIVE)
    assert rating.device is not None


@pytest.mark.parametrize("score", ["0", "6", "x", "5.5"])
def test_a_level_nobody_offered_is_refused(pages: PageClient, closed: str, score: str) -> None:
    form = pages.get(f"/rate/{closed}").form(field="score")

    assert pages.submit(form, score=score).status == 422


def test_an_open_matter_cannot_be_rated(pages: PageClient, city: City) -> None:
    token = walking.reported(pages)

    page = pages.get(f"/rate/{token}")

    assert not [form for form in page.forms if "score" in form.names]
    with city.db() as session:
        case = session.scalars(select(Case)).one()
        with pytest.raises(ConflictError):
            service.rate(session, case, Level.SATISFIED, now=MONDAY_9AM)


def test_a_stored_rating_can_be_neither_changed_nor_removed(
    pages: PageClient,
    closed: str,
    city: City,
) -> None:
    pages.submit(pages.get(f"/rate/{closed}").form(field="score"), score="1")

    with city.db() as session:
        rating = session.scalars(select(Rating)).one()
        rating.level = 5
        with pytest.raises(DBAPIError):
            session.flush()
    with city.db() as session:
        session.delete(session.scalars(select(Rating)).one())
        with pytest.raises(DBAPIError):
            session.flush()


def test_the_page_keeps_its_address_to_itself(pages: PageClient, closed: str) -> None:
    page = pages.get(f"/rate/{closed}")

    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]
