"""The notice of privacy as it is written by the officer and shown to people."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.models import Case
from app.citizens.models import Citizen
from app.citizens.rules import number_of
from app.citizens.service import Person, register
from app.privacy.models import NoticeSeen, PrivacyNotice
from app.privacy.rules import (
    NoticeText,
    Part,
)
from app.privacy.service import notices
from tests.portal import walking
from tests.portal.conftest import city
from tests.privacy.town import OFFICER, officer, prepared
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

__all__ = ["city"]


@pytest.fixture
def person(city: City) -> str:
    """The number of somebody known."""
    prepared(city)
    with city.db.begin() as session:
        return number_of(register(session, Person("张三丰", walking.PHONE), now=MONDAY_9AM))


@pytest.fixture
def desk(client: TestClient, city: City) -> PageClient:
    """The officer at their desk."""
    return officer(client, city)


def a_notice(city: City, *, version: int = 1) -> None:
    parts = {part: {"zh": f"{part} 的中文", "en": ""} for part in Part}
    text = NoticeText({"zh": f"告知书第 {version} 版", "en": ""}, parts)
    with city.db.begin() as session:
        notices.publish(
            session, text, valid_from=MONDAY_9AM, seen=version - 1, by=OFFICER, now=MONDAY_9AM
        )


def test_a_notice_is_written_previewed_and_published(desk: PageClient, city: City) -> None:
    form = desk.get("/privacy/notices/new").form(field="title_zh")
    words: dict[str, Any] = {f"{part}_zh": f"{part} 的说明" for part in Part}

    half = desk.submit(form, press="publish", title_zh="告知书")
    preview = desk.submit(form, press="preview", title_zh="告知书", **words)
    desk.submit(preview.form(field="title_zh"), press="publish")

    assert half.status == 422
    assert half.form(field="title_zh").values()["title_zh"] == ["告知书"]
    assert "handler 的说明" in preview.text
    with city.db() as session:
        assert session.scalars(select(PrivacyNotice.version)).all() == [1]


@pytest.mark.parametrize("day", ["", "明天", "2026-13-45", "2020-01-01"])
def test_a_notice_begins_on_a_real_day_that_is_not_over(desk: PageClient, day: str) -> None:
    form = desk.get("/privacy/notices/new").form(field="title_zh")
    words: dict[str, Any] = {f"{part}_zh": "说明" for part in Part}

    refused = desk.submit(form, press="publish", title_zh="告知书", valid_from=day, **words)

    assert refused.status == 422
    assert refused.tree.all("span", id="f-valid_from-err")


def test_two_officers_do_not_publish_over_each_other(desk: PageClient, city: City) -> None:
    form = desk.get("/privacy/notices/new").form(field="title_zh")
    a_notice(city)
    words: dict[str, Any] = {f"{part}_zh": "说明" for part in Part}

    late = desk.submit(form, press="publish", title_zh="另一份", **words)

    assert late.status == 409


def test_an_administrator_writes_notices_and_sees_nothing_else(
    client: TestClient, city: City, person: str
) -> None:
    pages = officer(client, city, Role.ADMIN)

    assert pages.get("/privacy/notices").status == 200
    assert pages.get("/privacy").status == 403
    assert pages.get(f"/privacy/citizens/{person}").status == 403


def test_the_portal_shows_the_notice_in_force(pages: PageClient, city: City) -> None:
    before = pages.get("/privacy-notice")

    a_notice(city)

    assert "尚未发布" in before.text
    assert "告知书第 1 版" in pages.get("/privacy-notice").text


def test_a_report_remembers_which_notice_was_shown(pages: PageClient, city: City) -> None:
    a_notice(city)

    page = walking.to_check(pages)
    walking.send(pages, page)
    walking.send(pages, page)

    with city.db() as session:
        seen = session.scalars(select(NoticeSeen)).one()
        assert session.get_one(PrivacyNotice, seen.notice_id).version == 1
        assert seen.case_id == session.scalars(select(Case.id)).one()


def test_a_new_version_is_shown_again_before_sending(pages: PageClient, city: City) -> None:
    a_notice(city)
    page = walking.to_check(pages)
    a_notice(city, version=2)

    again = walking.send(pages, page)
    sent = walking.send(pages, again)

    assert again.status == 422
    assert "刚刚更新" in again.text
    assert sent.url.endswith("/slip")
    with city.db() as session:
        assert len(session.scalars(select(NoticeSeen)).all()) == 1


def test_a_person_who_was_shown_an_older_notice_is_to_be_shown_the_new_one(
    client: TestClient, pages: PageClient, city: City
) -> None:
    a_notice(city)
    walking.reported(pages)
    with city.db() as session:
        number = number_of(session.scalars(select(Citizen.id)).one())
    desk = officer(client, city)
    before = desk.get(f"/privacy/citizens/{number}")

    a_notice(city, version=2)

    assert "尚未向此人出示" not in before.text
    assert "尚未向此人出示" in desk.get(f"/privacy/citizens/{number}").text
