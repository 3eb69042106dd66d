"""Inspections as people plan and walk them, page by page, without script."""

import io

import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.cases.models import Attachment, Case
from app.inspections import service
from tests.inspections.builders import TODAY, lamps
from tests.repairs.mending import the_works
from tests.support.city import WORKS
from tests.support.pages import PASSWORD_HASH, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_plan_becomes_a_round_and_a_finding_on_it_a_repair(
    db: sessionmaker[Session], pages: PageClient, app: FastAPI
) -> None:
    works = the_works(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)
    with works.city.db.begin() as session:
        lamps(session)
    pages.http.cookies.set("lang", "en")
    pages.sign_in("unit_head")

    new = pages.get("/inspections/plans/new").form(field="starts_on")
    refused = pages.submit(new, name="路灯月检")
    planned = pages.submit(refused.form(field="starts_on"), type="0120", unit_id=f"{WORKS}")
    with db.begin() as session:
        service.make_rounds(session, today=TODAY)
    listed = pages.get("/inspections")
    round_page = pages.get(listed.links["路灯月检"])
    fine = pages.submit(round_page.form(button="fine"), press="fine")
    stop = pages.get(f"{round_page.url}/9901010120000003")
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "#888").save(picture, "JPEG")
    wordless = pages.submit(stop.form(field="result"), result="finding")
    pages.submit(
        wordless.form(field="result"),
        note="灯头脱落，悬在半空",
        forms=["fall"],
        files={"photos": ("a.jpg", picture.getvalue(), "image/jpeg")},
    )
    walked = pages.get(round_page.url)
    stopped = pages.submit(pages.get(planned.url).form(action="/active"))

    assert refused.status == 422
    assert refused.form(field="starts_on").values()["name"] == ["路灯月检"]
    assert "路灯月检" in planned.text
    assert "In order" in fine.text
    assert wordless.status == 422
    assert "Please write what is wrong with it." in wordless.text
    assert "2 / 4" in walked.text
    assert "Go on" in stopped.text
    with db() as session:
        case = session.scalars(select(Case)).one()
        assert case.body == "灯头脱落，悬在半空"
        assert walked.links[case.number] == f"/cases/{case.number}"
        assert session.scalars(select(Attachment.case_id)).all() == [case.id]
