"""A repair on the case page and behind a lent link: forms, photos, sentences, no citizen."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.cases.rules import CONTRACTOR, StepInput
from app.cases.rules.repairing import PhotoStage, Work
from app.cases.service import take_step
from app.citizens.service import Person
from app.repairs.models import Repair, StockItem
from app.repairs.service import lend_link, revoke_link
from tests.desk.stepping import step
from tests.repairs.mending import Works, a_photo, a_repair, dispatched, shots, stocked, the_works
from tests.repairs.mending import step as take
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Sign = Callable[[str], PageClient]
NAME = "夔示例"
PHONE = "17900006601"
A_PAPER = ("photo.jpg", b"%PDF-1.4 startxref %%EOF", "image/jpeg")


@pytest.fixture
def works(app: FastAPI, db: sessionmaker[Session]) -> Works:
    return the_works(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def person(app: FastAPI, works: Works) -> Sign:  # noqa: ARG001  # the town must be there first
    def enter(name: str) -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert pages.sign_in(name).status == 200
        return pages

    return enter


def a_picture() -> tuple[str, bytes, str]:
    held = BytesIO()
    Image.new("RGB", (64, 48), "#335577").save(held, "JPEG")
    return ("photo.jpg", held.getvalue(), "image/jpeg")


def test_a_repair_is_taken_through_its_steps_on_the_page_of_the_matter(
    person: Sign, works: Works
) -> None:
    with works.city.db.begin() as session:
        lamps = stocked(session, "5")
        who = Person(name=NAME, phone=PHONE)
        case = a_repair(session, works, person=who, is_anonymous=False)
        number, item = case.number, str(lamps.id)
    inspector, dispatcher = person("inspector"), person(Role.DISPATCHER)
    mender, crew = person("mender0"), str(works.crew_ids[0])
    step(inspector, number, "file")
    step(dispatcher, number, "dispatch", unit_id="3")
    step(dispatcher, number, "assign_crew", crew_id=crew)

    step(mender, number, "sign")
    seen = step(mender, number, "arrive")
    assert NAME[0] not in seen.text
    assert PHONE[-4:] not in seen.text
    assert "匿名反映" not in seen.text
    assert "班组看不到反映人信息" in seen.text
    assert "/c/" not in seen.html
    lacking = step(mender, number, "fix", note="已换灯头", hours="1.5", quantity_1="2")
    assert lacking.status == 422
    assert "缺少处置前的照片" in lacking.text
    assert "已换灯头" in lacking.html
    page = mender.get(f"/cases/{number}")
    form = next(f for f in page.forms if f.values().get("action") == ["fix"])
    paper = mender.submit(form, files={"photo_before": a_picture(), "photo_after": A_PAPER})
    assert paper.status == 422
    assert "这里只能上传照片" in paper.text
    done = mender.submit(
        form,
        files={"photo_before": a_picture(), "photo_after": a_picture()},
        note="已换灯头",
        hours="1.5",
        cost="30.50",
        material_1=item,
        quantity_1="2",
    )

    assert done.status == 200
    assert "待核查" in done.text
    own = step(inspector, number, "check")
    assert "¥206.50" in own.text
    ended = step(inspector, number, "close", text="已修复，请放心使用。")
    assert "已办结" in ended.text
    with works.city.db() as session:
        assert session.get_one(StockItem, lamps.id).on_hand == 3
        assert session.get_one(Repair, case.id).cost == 3050


def test_what_nobody_can_be_given_is_refused_with_a_sentence_and_the_words_stay(
    person: Sign, works: Works
) -> None:
    with works.city.db.begin() as session:
        number = a_repair(session, works).number
    inspector = person("inspector")

    wrong = step(inspector, number, "not_file", text="现场正常")

    assert wrong.status == 422
    assert "请选择不予立案的理由" in wrong.text
    assert "现场正常" in wrong.html


def test_where_it_is_and_its_photos_stand_above_the_steps_of_who_files_it(
    person: Sign, works: Works
) -> None:
    with works.city.db.begin() as session:
        photo, lon, lat = a_photo(session), Decimal("83.02"), Decimal("39.05")
        number = a_repair(session, works, attachment_ids=(photo,), lon=lon, lat=lat).number

    page = person("inspector").get(f"/cases/{number}")

    order = [page.html.index(text) for text in ('id="shots"', "?size=small", 'id="steps"')]
    assert order == sorted(order)
    assert "39.05000, 83.02000" in page.text
    assert page.links["在地图上查看"].endswith("bbox=83.015000,39.045000,83.025000,39.055000")


def test_a_contractor_works_by_a_link_until_it_is_taken_back(
    app: FastAPI, person: Sign, works: Works, pages: PageClient
) -> None:
    with works.city.db.begin() as session:
        who = Person(name=NAME, phone=PHONE)
        photo = a_photo(session)
        case = a_repair(
            session, works, person=who, is_anonymous=False, attachment_ids=(photo,),
            body=f"路灯不亮，请联系 {PHONE}。", lon=Decimal("83.02"), lat=Decimal("39.05"),
        )  # fmt: skip
        dispatched(session, works, case)
    head = person(Role.UNIT_HEAD)
    page = head.get(f"/cases/{case.number}")
    nameless = head.submit(page.form(action="/lend", field="days"), days="0")
    assert nameless.status == 422
    made = head.submit(page.form(action="/lend", field="days"), name="示例工程队")
    link = next(e.attrs["value"] for e in made.tree.all("input") if e.attrs.get("id") == "f-job")
    path = "/job/" + link.split("/job/")[1]

    seen = pages.get(path)
    assert "样板路 12 号对面" in seen.text
    assert NAME[0] not in seen.text
    assert PHONE not in seen.text
    assert seen.headers["referrer-policy"] == "no-referrer"
    assert any(e.attrs["href"].startswith("geo:39.05") for e in seen.tree.all("a"))
    after = pages.submit(next(f for f in seen.forms if f.values().get("action") == ["sign"]))
    there = pages.submit(next(f for f in after.forms if f.values().get("action") == ["arrive"]))
    folded = [one.all("input", name="action") for one in there.tree.all("details", class_="step")]
    assert [one[0].attrs["value"] for one in folded] == ["secure"]  # nothing endangers anybody
    fix = next(f for f in there.forms if f.values().get("action") == ["fix"])
    bare = pages.submit(fix, note="换好了")
    assert (bare.status, "缺少处置后的照片" in bare.text, "换好了" in bare.html) == (
        422,
        True,
        True,
    )

    other = PageClient(TestClient(app, follow_redirects=False))
    asked = other.get(path)
    assert "请输入随链接告知的验证码" in asked.text
    assert "样板路" not in asked.text
    wrong = other.submit(asked.form(field="code"), code="0000x")
    assert wrong.status == 422
    again = next(f for f in bare.forms if f.values().get("action") == ["fix"])
    paper = pages.submit(again, files={"photos": A_PAPER}, note="换好了")
    assert (paper.status, "这里只能上传照片" in paper.text) == (422, True)
    wordy = pages.submit(again, files={"photos": a_picture()}, note="换好了", hours="半天")
    assert (wordy.status, "请填写工时" in wordy.text) == (422, True)
    half = pages.submit(again, files={"photos": a_picture()}, note="换好了", own_1="电缆")
    assert (half.status, "请填写用量" in half.text, 'value="电缆"' in half.html) == (
        422,
        True,
        True,
    )
    sums = {"hours": "1.5", "cost": "88.50", "own_1": "电缆", "amount_1": "3", "measure_1": "米"}
    done = pages.submit(again, files={"photos": a_picture()}, note="换好了", **sums)
    assert "已上报修复" in done.text
    assert "电缆 3 米" in done.text
    assert "电缆" in head.get(f"/cases/{case.number}").text
    with works.city.db.begin() as session:
        assert session.get_one(Case, case.id).status is Status.REPAIRED
        row = session.get_one(Repair, case.id)
        assert (row.hours, row.cost) == (Decimal("1.50"), 8850)
        revoke_link(session, case.id, actor=works[Role.UNIT_HEAD], now=MONDAY_9AM)
    assert "链接已被收回" in pages.get(path).text
    assert "没有对应的工作" in pages.get("/job/nothing").text


def test_a_contractor_reads_why_the_work_is_to_be_done_again(
    works: Works, pages: PageClient
) -> None:
    with works.city.db.begin() as session:
        case = dispatched(session, works, a_repair(session, works))
        head = works[Role.UNIT_HEAD]
        lent = lend_link(session, case.id, name="示例工程队", actor=head, now=MONDAY_9AM)
        for action in (Action.SIGN, Action.ARRIVE, Action.FIX):
            work = Work(shots(session, PhotoStage.BEFORE, PhotoStage.AFTER))
            given = StepInput(action, case.version, note="好了", work=work)
            take_step(session, case, given, doer=CONTRACTOR, now=MONDAY_9AM)
    before = pages.get(f"/job/{lent.token}").text
    with works.city.db.begin() as session:
        mended = session.get_one(Case, case.id)
        take(session, mended, Action.REWORK, works.inspector, note="接头外露")

    again = " ".join(pages.get(f"/job/{lent.token}").text.split())

    assert "接头外露" not in before
    assert "核查未通过，请返工 接头外露" in again


def test_the_head_keeps_the_shelf_and_says_why_it_was_corrected(person: Sign, works: Works) -> None:
    head = person(Role.UNIT_HEAD)
    page = head.get("/desk/stock")
    nameless = head.submit(page.form(field="measure"), unit_id="3", on_hand="-1")
    assert nameless.status == 422
    added = head.submit(
        nameless.form(field="measure"),
        unit_id="3", name="LED 灯头", measure="只", price="88", on_hand="5",
    )  # fmt: skip
    assert "5 只" in added.text
    silent = head.submit(added.form(field="why"), on_hand="4")
    assert "请说明原因" in silent.text
    counted = head.submit(silent.form(field="why"), on_hand="4", why="盘点少一只")

    assert "4 只" in counted.text
    assert "盘点少一只" in counted.text
    with works.city.db() as session:
        assert [item.on_hand for item in session.scalars(select(StockItem))] == [4]
    assert person(Role.CLERK).get("/desk/stock").status == 403
