"""A matter with everything it can gather, from report to rating, and somebody to look after it."""

from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Role
from app.cases.kinds import Action, CallbackResult, Outcome
from app.kernel.authors import Author
from app.kernel.db import Model
from app.privacy.service import seeding
from app.wiring import JOBS
from app.worker import Worker
from tests.portal import walking
from tests.support.city import City
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import PASSWORD_HASH, PageClient

OFFICER, COLLEAGUE = Author(901, "privacy"), Author(902, "privacy")
LATER = MONDAY_9AM + timedelta(days=1200)
SECRET_WORDS = (
    "来得很快",
    "路灯已经修好",
    "连续三晚不亮",
    "补充一句",
    "测试甲",
    walking.PHONE,
    "样板路 12 号",
)


def prepared(city: City) -> None:
    with city.db.begin() as session:
        seeding.seed(session)


def a_photo() -> dict[str, tuple[str, bytes, str]]:
    """As a browser sends it."""
    return {"photos": ("a.jpg", walking.a_photo(), "image/jpeg")}


def a_whole_matter(pages: PageClient, city: City) -> str:
    """Reported with a photo, supplemented, handled, closed and rated; its token."""
    form = walking.to_details(pages).form(field="body")
    page = pages.submit(form, press="add", body=walking.TEXT, files=a_photo())
    pages.submit(page.form(field="body"), press="next")
    form = pages.get("/report/contact").form(field="phone")
    check = pages.submit(form, anonymous="no", name="测试甲", phone=walking.PHONE)
    token = walking.send(pages, check).url.split("/")[2]
    own = pages.get(f"/c/{token}")
    pages.submit(own.form(field="more"), more="补充一句:老人看不清。")
    walking.to_handling(city, token)
    walking.staff_takes(
        city,
        token,
        Action.REPLY,
        Role.HANDLER,
        text="路灯已经修好。",
        outcome=Outcome.RESOLVED,
    )
    walking.staff_takes(city, token, Action.APPROVE_REPLY, Role.REVIEWER)
    solved = CallbackResult.SOLVED
    walking.staff_takes(city, token, Action.CLOSE, Role.REVIEWER, callback_result=solved)
    form = pages.get(f"/rate/{token}").form(field="score")
    pages.submit(form, score="2", words="来得很快,但没修好")
    return token


def everything(session: Session) -> str:
    """Every readable word in every table, the search index too."""
    found = [
        repr(tuple(row))
        for table in Model.metadata.sorted_tables
        for row in session.execute(table.select())
    ]
    found += [repr(tuple(row)) for row in session.execute(text("SELECT * FROM case_search"))]
    return "\n".join(found)


def files_in(app: FastAPI, folder: str = "files") -> list[Path]:
    root: Path = app.state.settings.data_dir / folder
    return [each for each in root.rglob("*") if each.is_file()]


def work(app: FastAPI) -> None:
    """Let the worker do whatever is due, years later."""
    clock: StoppedClock = app.state.edge.clock
    clock.at = LATER
    Worker(app.state.edge, JOBS).drain()


def officer(client: TestClient, city: City, role: Role = Role.PRIVACY) -> PageClient:
    """The privacy officer, or somebody else, signed in."""
    with city.db.begin() as session:
        session.get_one(Staff, city[role].id).password_hash = PASSWORD_HASH
    pages = PageClient(client)
    pages.sign_in(role.value)
    return pages
