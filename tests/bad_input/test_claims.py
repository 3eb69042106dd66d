"""Forms made by hand: ids of others, of nothing, steps that are not open, one's own requests."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.models import Approval, Attachment, Case, Draft
from tests.bad_input.conftest import CLOSED_UNIT, Browsers, Matters
from tests.bad_input.doors import DESK, TYPED, assert_understood
from tests.portal import walking
from tests.support.city import WATER, WORKS, City, a_case, first_category
from tests.support.pages import Page, PageClient

SQLITE = pytest.mark.parametrize("founded", ["sqlite"], indirect=True)
BOTH = pytest.mark.parametrize("founded", ["sqlite", "pg"], indirect=True)
NO_NUMBER = ("", "0", "-1", "999999", str(2**31), str(2**63), str(10**30), "9" * 5000, "abc", "1.5")
HUGE_OR_NONE = NO_NUMBER[2:]


@dataclass(frozen=True)
class Hand:
    """Somebody who makes the forms of one matter by hand, with a token and a version that hold."""

    pages: PageClient
    city: City
    number: str
    csrf: str

    def step(self, action: str, **typed: str) -> Page:
        """Send the form of a step nobody showed us."""
        version = version_of(self.city, self.number)
        data = {"csrf": self.csrf, "action": action, "version": version, "note": TYPED, **typed}
        return self.pages.post(f"/cases/{self.number}/steps", data)


Lend = Callable[[Role], Hand]


@pytest.fixture
def hand(browsers: Browsers, city: City, matters: Matters) -> Lend:
    """Somebody with this role at the untouched matter."""

    def lend(role: Role) -> Hand:
        pages = browsers.enter(role)
        csrf = pages.get("/account").form(field="csrf").values()["csrf"][0]
        return Hand(pages, city, matters.number, csrf)

    return lend


def version_of(city: City, number: str) -> str:
    with city.db() as session:
        return str(session.scalars(select(Case.version).where(Case.number == number)).one())


def status_of(city: City, number: str) -> Status:
    with city.db() as session:
        return session.scalars(select(Case.status).where(Case.number == number)).one()


@BOTH
def test_whatever_stands_in_a_select_that_was_never_offered_is_refused_beside_it(
    hand: Lend, matters: Matters, city: City
) -> None:
    clerk = hand(Role.CLERK)
    with city.db() as session:
        category = str(first_category(session))
    number = matters.number

    for value in NO_NUMBER:
        page = clerk.step("accept", category_id=value)
        assert_understood(page, 422, typed=TYPED)
    for region in ("nonsense", "990199", "'", "%", "９９", "x" * 13):
        page = clerk.step("accept", category_id=category, region_code=region)
        assert_understood(page, 422)
    for master in ("", number, "RX", "RX" + "9" * 18, "%", "x" * 41, "🙂"):
        page = clerk.step("merge", master=master, text=TYPED)
        assert_understood(page, 422, typed=TYPED)
    for facts in (
        {"category_id": category, "urgency": "very"},
        {"category_id": category, "until": "2026-02-30"},
    ):
        assert_understood(clerk.step("accept", **facts), 422, typed=TYPED)

    assert status_of(city, number) is Status.SUBMITTED


@BOTH
def test_a_matter_goes_to_no_unit_that_is_closed_or_was_never_there(
    hand: Lend, matters: Matters, city: City
) -> None:
    clerk, dispatcher = hand(Role.CLERK), hand(Role.DISPATCHER)
    with city.db() as session:
        category = str(first_category(session))
    clerk.step("accept", category_id=category)

    for value in (str(CLOSED_UNIT), *NO_NUMBER):
        page = dispatcher.step("dispatch", unit_id=value)
        assert_understood(page, 422, typed=TYPED)

    assert status_of(city, matters.number) is Status.ACCEPTED


@BOTH
def test_a_matter_in_hand_is_assigned_extended_and_returned_only_in_ways_that_exist(
    hand: Lend, matters: Matters, city: City
) -> None:
    walking.to_handling(city, matters.token)
    handler = hand(Role.HANDLER)
    head = hand(Role.UNIT_HEAD)
    stranger = str(city[Role.CLERK].id)
    tries: list[tuple[Hand, str, dict[str, str]]] = [
        *((head, "assign", {"handler_id": value}) for value in (stranger, *NO_NUMBER)),
        *((handler, "request_extension", {"amount": value}) for value in NO_NUMBER),
        *((handler, "request_suspension", {"until": v, "ground": "force_majeure"})
          for v in ("", "2026-02-30", "0001-01-01", "2020-01-01", "99999-01-01", "soon")),
        *((handler, "request_return", {"suggested_unit_id": value})
          for value in (str(CLOSED_UNIT), *HUGE_OR_NONE)),
        *((handler, "reply", {"outcome": value}) for value in ("", "splendid", "\x00", "1")),
    ]  # fmt: skip

    for pages, action, facts in tries:
        page = pages.step(action, text=TYPED, **facts)
        assert_understood(page, 403, 409, 422, typed=TYPED)

    assert status_of(city, matters.number) is Status.HANDLING
    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Approval)) == 0


@BOTH
def test_a_suspension_until_the_end_of_time_is_asked_and_granted_without_a_fault(
    hand: Lend, matters: Matters, city: City
) -> None:
    walking.to_handling(city, matters.token)
    handler, supervisor = hand(Role.HANDLER), hand(Role.SUPERVISOR)
    far = {"until": "9999-12-31", "ground": "force_majeure", "document_no": "示例〔2026〕1号"}

    asked = handler.step("request_suspension", **far)
    granted = supervisor.step("approve_suspension", **far)

    assert_understood(asked, 200, 422)
    assert_understood(granted, 200, 409, 422)


@SQLITE
def test_no_step_is_taken_that_the_page_does_not_offer(
    browsers: Browsers, matters: Matters, city: City
) -> None:
    for role in (Role.CLERK, Role.HANDLER, Role.AUDITOR, Role.ADMIN):
        pages = browsers.enter(role)
        csrf = pages.get("/account").form(field="csrf").values()["csrf"][0]
        offered = {"accept", "answer_on_spot", "decline", "refer", "merge"}
        for action in Action:
            if role is Role.CLERK and action in offered:
                continue
            version = version_of(city, matters.number)
            data = {"csrf": csrf, "action": str(action), "version": version, "text": TYPED}
            facts = {"note": TYPED, "unit_id": str(WORKS), "outcome": "resolved", "amount": "3"}
            page = pages.post(f"/cases/{matters.number}/steps", data | facts)
            assert_understood(page, 403, 404, 409, 422, typed=TYPED)

    assert status_of(city, matters.number) is Status.SUBMITTED


@BOTH
def test_nobody_grants_their_own_request_or_reviews_their_own_reply(
    hand: Lend, matters: Matters, city: City
) -> None:
    walking.to_handling(city, matters.token)
    head = hand(Role.UNIT_HEAD)
    asked = head.step("request_extension", amount="3", evidence="热线办法第 15 条", note="等材料")
    assert asked.status == 200

    refused = head.step("approve_extension", text=TYPED)

    assert_understood(refused, 403, typed=TYPED)
    assert "自己" in refused.text
    with city.db() as after:
        assert after.scalars(select(Approval.decided_at)).one() is None


@SQLITE
def test_a_matter_out_of_sight_takes_nothing_and_the_text_comes_back(
    browsers: Browsers, matters: Matters, city: City
) -> None:
    handler = browsers.enter(Role.HANDLER)
    csrf = handler.get("/account").form(field="csrf").values()["csrf"][0]
    data = {"csrf": csrf, "action": "sign", "version": "1", "text": TYPED, "note": TYPED}

    for way in ("steps", "notes"):
        for number in (matters.number, "RX" + "9" * 18, "%00", "🙂"):
            page = handler.post(f"/cases/{number}/{way}", data)
            assert_understood(page, 404, typed=TYPED)

    assert status_of(city, matters.number) is Status.SUBMITTED


@SQLITE
def test_ids_slipped_into_a_form_move_no_file_no_case_and_no_owner(
    browsers: Browsers, matters: Matters, city: City
) -> None:
    pages, thief = browsers.enter(None), browsers.enter(None)
    photo = {"photos": ("灯.jpg", walking.a_photo(), "image/jpeg")}
    form = pages.get(f"/c/{matters.token}").form(field="more")
    pages.submit(form, files=photo, more="附上照片")
    with city.db.begin() as session:
        file = session.scalars(select(Attachment)).one()
        victim = file.case_id
        other = a_case(session)
        token, number, other_id = walking.token_of(session, other), other.number, other.id
    slipped = {
        name: str(value)
        for name, value in {
            "attachment_ids": file.id, "attachment_id": file.id, "file_id": file.id,
            "files": file.id, "photos": file.id, "case_id": victim, "id": victim,
            "citizen_id": 1, "unit_id": WATER, "status": "closed", "draft_id": 1, "actor_id": 1,
        }.items()
    }  # fmt: skip

    own = thief.get(f"/c/{token}").form(field="more")
    taken = thief.post(
        own.action, own.values() | {"more": ["我的"]} | {k: [v] for k, v in slipped.items()}
    )
    clerk = browsers.enter(Role.CLERK)
    csrf = clerk.get("/account").form(field="csrf").values()["csrf"][0]
    noted = Hand(clerk, city, number, csrf).step("answer_on_spot", text=TYPED, **slipped)

    assert (taken.status, noted.status) == (200, 200)
    with city.db() as after:
        kept = after.get_one(Attachment, file.id)
        assert kept.case_id == victim
        assert after.get_one(Case, other_id).status is Status.ANSWERED
        assert after.get_one(Case, victim).status is Status.SUBMITTED
    assert thief.get(f"/c/{token}/files/{file.id}").status == 404
    assert clerk.get(f"/cases/{number}/files/{file.id}").status == 404
    assert (
        browsers.enter(Role.HANDLER).get(f"/cases/{matters.number}/files/{file.id}").status == 404
    )


@SQLITE
def test_another_visitors_draft_and_its_files_stay_theirs(browsers: Browsers, city: City) -> None:
    writer, thief = browsers.enter(None), browsers.enter(None)
    photo = {"photos": ("灯.jpg", walking.a_photo(), "image/jpeg")}
    form = walking.to_details(writer).form(field="body")
    writer.submit(form, press="add", files=photo, body="别人看不到的草稿")
    with city.db() as session:
        file_id = session.scalars(select(Attachment.id)).one()
    own = walking.to_details(thief).form(field="body")

    seen = thief.get(f"/report/files/{file_id}")
    thief.post(own.action, own.values() | {"go": [f"remove:{file_id}"]})
    thief.post(own.action, own.values() | {"go": ["remove:" + "9" * 5000]})
    shown = thief.get("/report/details")

    assert seen.status == 404
    assert "别人看不到的草稿" not in shown.html
    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Attachment)) == 1
        assert after.scalar(select(func.count()).select_from(Draft)) == 2


@SQLITE
def test_what_a_colleague_left_unfinished_is_not_shown_and_nonsense_in_it_breaks_nothing(
    browsers: Browsers, matters: Matters
) -> None:
    clerk, manager = browsers.enter(Role.CLERK), browsers.enter(Role.MANAGER)
    csrf = clerk.get("/account").form(field="csrf").values()["csrf"]
    spoilt = {
        name: ["9" * 5000]
        for name in ("kind", "category", "category_id", "unit_id", "urgency", "region_code")
    }
    kept = spoilt | {
        "csrf": csrf,
        "body": ["未完成的登记"],
        "text": ["未完成的答复"],
        "version": ["x"],
    }

    for form in ("intake", f"{matters.number}/accept", f"{matters.number}/answer_on_spot", "%00"):
        assert clerk.http.post(f"/desk/drafts/{form}", data=kept).status_code == 204

    assert "未完成的登记" in clerk.get("/desk/new").html
    assert "未完成的答复" in clerk.get(f"/cases/{matters.number}").html
    assert "未完成的登记" not in manager.get("/desk/new").html
    assert "未完成的答复" not in manager.get(f"/cases/{matters.number}").html


@BOTH
def test_an_intake_with_choices_that_do_not_exist_is_refused_in_words(
    browsers: Browsers, city: City
) -> None:
    door = DESK[0]
    pages = browsers.at(door)
    form = door.form(pages)

    for name, value in {
        "kind": "zzz", "channel": "pigeon", "urgency": "very", "region_code": "990199",
        "category": "没有这一类", "body": "短", "title": "长" * 201, "name": "名" * 61,
        "phone": "1" * 31, "address": "址" * 201, "is_confidential": "maybe",
    }.items():  # fmt: skip
        typed = door.filled(form) | {name: [value]}
        page = door.send(pages, typed, form)
        assert_understood(page, 422, typed=TYPED if name != "body" else "短")

    with city.db() as after:
        assert after.scalar(select(func.count()).select_from(Case)) == 0


@BOTH
def test_a_units_form_with_parents_that_do_not_exist_comes_back(browsers: Browsers) -> None:
    door = DESK[4]
    pages = browsers.at(door)
    form = door.form(pages)

    for name, value in [
        *(("parent_id", value) for value in HUGE_OR_NONE),
        ("parent_id", str(CLOSED_UNIT)), ("kind", "castle"), ("region_code", "x" * 13),
    ]:  # fmt: skip
        page = door.send(pages, door.filled(form) | {name: [value]}, form)
        assert_understood(page, 404, 422, typed=TYPED)


@SQLITE
def test_numbers_without_end_in_the_catalogues_forms_are_a_sentence(browsers: Browsers) -> None:
    admin = browsers.enter(Role.ADMIN)
    form = admin.get("/admin/catalogue/categories/new").form(field="hint")

    for value in HUGE_OR_NONE:
        sent = form.values() | {"parent_id": [value], "version": [value], "name": [TYPED]}
        assert_understood(admin.post(form.action, sent), 404, 422, typed=TYPED)
        asked = admin.get("/admin/catalogue/directory", params={"category": [value]})
        assert asked.status in {200, 404, 422}
