"""The crew's pages as a server answers them: to a phone, to a plain browser, to bad input."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.models import Attachment, Case
from app.cases.rules import Facts
from app.crews.models import CrewPool
from app.repairs import queries as repairs
from app.repairs.service import assign_crew
from tests.crews.mending import settle
from tests.repairs.mending import (
    LEAK,
    Works,
    a_repair,
    dispatched,
    on_site,
    step,
    stocked,
    the_works,
)
from tests.support.city import WORKS
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PHONE = "17900006602"
HEIC = Path(__file__).parents[1] / "web" / "samples" / "phone.heic"
Send = Callable[..., Response]


@pytest.fixture
def works(app: FastAPI, db: sessionmaker[Session]) -> Works:
    return the_works(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def mender(app: FastAPI, works: Works) -> PageClient:  # noqa: ARG001  # the town must be there first
    pages = PageClient(TestClient(app, follow_redirects=False))
    assert pages.sign_in("mender0").url == "/crew"  # a crew's day begins there
    return pages


@pytest.fixture
def send(mender: PageClient) -> Send:
    """Sends as the script does: a fresh token, JSON wished, a photo or none."""

    def sent(number: str, photo: bytes | None = None, **fields: str) -> Response:
        token = mender.http.get("/crew/token").json()
        files = {"photos": ("photo", photo, "image/jpeg")} if photo is not None else None
        return mender.http.post(
            f"/crew/{number}/act",
            data={"csrf": token["csrf"], **fields},
            files=files,
            headers={"Accept": "application/json", "X-Background": "1"},
        )

    return sent


def given(works: Works, *, crew: int = 0, **known: Any) -> tuple[int, str]:  # noqa: ANN401  # as `a_repair`
    """A repair given to a crew, not signed for yet."""
    with works.city.db.begin() as session:
        case = a_repair(session, works, **known)
        dispatched(session, works, case)
        chosen = Facts(crew_id=works.crew_ids[crew])
        step(session, case, Action.ASSIGN_CREW, works[Role.DISPATCHER], facts=chosen)
        return case.id, case.number


def a_jpeg() -> bytes:
    held = BytesIO()
    Image.new("RGB", (64, 48), "#335577").save(held, "JPEG")
    return held.getvalue()


def test_a_card_names_the_danger_and_the_other_crew_and_no_citizen(
    mender: PageClient, works: Works
) -> None:
    at: dict[str, Any] = {"asset_id": works.lamp_id, "dangers": ("dark", LEAK)}
    _, number = given(works, body=f"灯杆坏了，找我请打 {PHONE}", **at)
    given(works, crew=1, asset_id=works.lamp_id)
    _, plain = given(works, dangers=("dark",))

    listed = mender.get("/crew")
    page = mender.get(f"/crew/{number}")

    assert listed.html.index(number) < listed.html.index(plain)  # an emergency stands first
    assert "抢修 1 班" in page.text
    assert "损坏情形：不亮或忽明忽暗，漏电" in page.text
    assert PHONE not in page.html
    harmless = mender.get(f"/crew/{plain}")
    assert "损坏情形：不亮或忽明忽暗" in harmless.text
    assert not harmless.tree.all("p", class_="err")  # a lamp that is out endangers nobody
    assert not page.tree.all("form", action=f"/citizens/{number}")
    assert page.headers["x-crew-mark"]


def test_what_is_sent_twice_counts_once_and_keeps_one_photo(send: Send, works: Works) -> None:
    case_id, number = given(works)
    noted = {"client_id": "photo-0001", "action": "note", "stage": "before"}
    claimed = {"photo_time": "2026-03-01T08:30:00", "photo_lon": "114.05", "photo_lat": "22.5"}

    answers = [send(number, a_jpeg(), **noted, **claimed) for _ in range(2)]
    states = [send(number, client_id="sign-0001", action="sign").json() for _ in range(2)]

    with works.city.db() as session:
        photos = repairs.photos_of(session, case_id)
        files = select(func.count()).select_from(Attachment).where(Attachment.case_id == case_id)
        assert session.scalar(files) == 1
        assert session.get_one(Case, case_id).status is Status.SIGNED
    assert [answer.status_code for answer in answers] == [200, 200]
    assert states[0] == states[1] == {**states[0], "kept": "done", "status": "signed"}
    (photo,) = photos
    assert photo.taken_at.isoformat() == "2026-03-01T00:30:00+00:00"  # as the phone claims
    assert photo.at == MONDAY_9AM  # as we know
    assert str(photo.lon) == "114.050000"


def test_only_photos_are_taken_and_the_sentence_says_why_not(send: Send, works: Works) -> None:
    case_id, number = given(works)
    note = {"action": "note", "stage": "before"}
    bad = {
        "a script": b"<svg><script>alert(1)</script></svg>",
        "a paper": b"%PDF-1.4 startxref %%EOF",
        "half a photo": a_jpeg()[:-200],
        "too large": a_jpeg() + b"\0" * 13_000_000,
    }

    refused = [
        send(number, each, client_id=f"photo-{n:04}", **note) for n, each in enumerate(bad.values())
    ]
    heic = send(number, HEIC.read_bytes(), client_id="photo-heic", **note)

    assert [answer.status_code for answer in refused] == [422] * len(bad)
    assert all(answer.json()["fields"]["photos"] for answer in refused)
    assert heic.status_code == 200
    with works.city.db() as session:
        assert [one.content_type for one in repairs.photos_of(session, case_id)] == ["image/jpeg"]


def test_what_is_not_possible_any_more_is_explained_and_kept_for_the_dispatcher(
    mender: PageClient, send: Send, works: Works
) -> None:
    case_id, number = given(works)
    card = mender.get(f"/crew/{number}")
    with works.city.db.begin() as session:
        assign_crew(
            session,
            case_id,
            works.crew_ids[1],
            seen_version=session.get_one(Case, case_id).version,
            actor=works[Role.DISPATCHER],
            now=MONDAY_9AM,
        )

    from_phone = send(number, client_id="back-0001", action="hand_back", note="缺高空车")
    by_form = mender.submit(card.form(button="签收"))

    assert from_phone.status_code == 409
    assert from_phone.json()["kept"] == "conflict"
    assert from_phone.json()["sentence"]
    assert by_form.status == 409
    assert send("RX99010120200101000001", client_id="x-000001", action="note").status_code == 404


def test_a_form_without_script_comes_back_with_what_was_typed(
    mender: PageClient, works: Works
) -> None:
    with works.city.db.begin() as session:
        stocked(session)
        number = on_site(session, works, a_repair(session, works)).number
    form = mender.get(f"/crew/{number}").form(field="hours")

    page = mender.submit(form, note="换了灯头", hours="很久", amount_1="2")

    assert page.status == 422
    assert "换了灯头" in page.html
    assert [link.attrs["href"] for link in page.tree.all("a") if "#f-fix-" in link.attrs["href"]]


def test_signed_out_a_phone_is_told_so_and_nothing_is_taken(app: FastAPI, works: Works) -> None:
    _, number = given(works)
    nobody = TestClient(app, follow_redirects=False)
    news = {"X-Background": "1", "HX-Request": "true"}

    token = nobody.get("/crew/token", headers=news)
    late = nobody.post(f"/crew/{number}/act", data={"csrf": "x.y"}, headers=news)

    assert token.status_code == 401
    assert late.status_code == 403  # no token of theirs: asked for a fresh one first


def test_a_crew_takes_what_nobody_has_where_its_unit_shares_so(
    mender: PageClient, works: Works
) -> None:
    with works.city.db.begin() as session:
        number = dispatched(session, works, a_repair(session, works)).number
        other = dispatched(session, works, a_repair(session, works)).number
        settle(session, works.crew_ids[0], capacity=1)
    assert number not in mender.get("/crew/pool").html
    with works.city.db.begin() as session:
        session.add(CrewPool(unit_id=WORKS, may_grab=True))

    page = mender.submit(mender.get("/crew/pool").form(action=f"/{number}/grab"))
    again = mender.post(f"/crew/{number}/grab", {"csrf": page.forms[0].values()["csrf"][0]})
    one_more = mender.submit(mender.get("/crew/pool").form(action=f"/{other}/grab"))

    assert page.url == f"/crew/{number}"
    assert "到达现场" in page.text
    assert again.status == 404
    assert one_more.status == 409
    assert "今天已满" in one_more.text


def test_the_crew_says_that_it_is_there_and_gone(mender: PageClient) -> None:
    there = mender.submit(mender.get("/crew").form(button="开工"), press="开工")
    gone = mender.submit(there.form(button="收工"), press="收工")

    assert "未在岗" not in there.text
    assert "未在岗" in gone.text


def test_the_service_worker_and_the_manifest_are_whole_and_always_fresh(
    client: TestClient,
) -> None:
    worker, manifest = client.get("/crew/sw.js"), client.get("/crew/app.webmanifest")

    assert worker.headers["content-type"].startswith("text/javascript")
    assert (worker.headers["cache-control"], manifest.headers["cache-control"]) == (
        "no-cache", "no-cache",
    )  # fmt: skip
    assert worker.headers["service-worker-allowed"] == "/crew"
    shell = worker.text.partition("\n")[0]
    for name in shell.split('"')[3::2]:
        assert client.get(name).status_code == 200
    told = manifest.json()
    assert (told["scope"], told["start_url"], told["display"]) == ("/crew", "/crew", "standalone")
    for icon in told["icons"]:
        drawn = Image.open(BytesIO(client.get(icon["src"]).content))
        assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
    assert client.get("/crew/offline").status_code == 200
