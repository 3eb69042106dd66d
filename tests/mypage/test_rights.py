"""A citizen agrees and takes back as easily, asks about their data, and reads the answer."""

import json

from sqlalchemy import select

from app.privacy.models import DataRequest
from app.privacy.rules import IdentityProof, RequestKind, Source
from app.privacy.service import consents, seeding
from tests.mypage.conftest import Town, enter
from tests.support.pages import Page, PageClient


def inside(pages: PageClient, town: Town) -> int:
    with town.db.begin() as session:
        seeding.seed(session)
    citizen_id = town.somebody("测试甲")
    enter(pages, town)
    return citizen_id


def asked(pages: PageClient, kind: RequestKind, text: str = "") -> Page:
    form = pages.get("/my/rights").form(field="text")
    return pages.submit(form, kind=str(kind), text=text)


def test_a_consent_is_given_with_one_press_and_taken_back_with_one(
    pages: PageClient, town: Town
) -> None:
    citizen_id = inside(pages, town)
    before = pages.get("/my/rights")

    given = pages.submit(before.form(action="/my/consents"), press="yes")
    with town.db() as session:
        agreed = consents.consent_of(session, citizen_id, consents.SURVEY)
    pages.submit(given.form(action="/my/consents"), press="no")

    with town.db() as session:
        assert agreed
        assert not consents.consent_of(session, citizen_id, consents.SURVEY)


def test_a_request_comes_in_with_the_code_as_proof_of_who_is_asking(
    pages: PageClient, town: Town
) -> None:
    inside(pages, town)

    page = asked(pages, RequestKind.EXPLANATION, "请说明我的电话转给了谁。")

    assert (page.url, page.status) == ("/my/rights", 200)
    with town.db() as session:
        request = session.scalars(select(DataRequest)).one()
        assert (request.source, request.identified_how) == (Source.PORTAL, IdentityProof.CODE)


def test_what_is_held_is_read_on_ones_own_page(pages: PageClient, town: Town) -> None:
    inside(pages, town)
    asked(pages, RequestKind.ACCESS)
    town.worker.drain()

    form = pages.get("/my/rights").form(action="/package")
    read = pages.http.post(form.action, data=form.values() | {"as": ["page"]})
    kept = pages.http.post(form.action, data=form.values() | {"as": ["json"]})

    assert "测试甲" in read.text
    assert json.loads(kept.text)["holdings"]


def test_a_correction_says_what_is_wrong(pages: PageClient, town: Town) -> None:
    inside(pages, town)

    page = asked(pages, RequestKind.CORRECTION)

    assert page.status == 422


def test_nobody_reads_or_ends_somebody_elses_request(pages: PageClient, town: Town) -> None:
    inside(pages, town)
    asked(pages, RequestKind.DELETION)
    form = pages.get("/my/rights").form(action="/end")
    pages.http.cookies.clear()
    town.somebody("测试乙", phone="17900000009")
    enter(pages, town, "17900000009")
    own = pages.get("/my/rights")
    csrf = own.form(field="text").values()["csrf"]

    refused = pages.post(form.action, {**form.values(), "csrf": csrf})

    assert refused.status == 404
    assert "R0000" not in own.text


def test_a_request_is_taken_back(pages: PageClient, town: Town) -> None:
    inside(pages, town)
    page = asked(pages, RequestKind.DELETION)

    ended = pages.submit(page.form(action="/end"))

    assert "您的请求已撤回" in ended.text
