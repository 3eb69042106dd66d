"""The desk over HTTP: one matter from intake to its end, each step through its plain form."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.cases.queries import get_by_token, public_token
from app.cases.rules import CITIZEN, StepInput
from app.cases.service import take_step
from app.catalogue import service as catalogue
from app.catalogue.queries import get_category
from app.citizens.service import Person, person_of
from app.kernel.audit import AuditEntry
from app.kernel.vault import vault_of
from tests.desk.stepping import Enter, step
from tests.portal import walking
from tests.support.city import CENTRE, WATER, WORKS, City, a_case, first_category
from tests.support.clock import StoppedClock
from tests.support.pages import Page, PageClient

Db = sessionmaker[Session]


def test_a_matter_walks_through_every_plain_form_to_its_end(
    person: Enter, city: City, number: str
) -> None:
    clerk, dispatcher = person(Role.CLERK), person(Role.DISPATCHER)
    handler, reviewer = person(Role.HANDLER), person(Role.REVIEWER)

    step(clerk, number, "accept")
    step(dispatcher, number, "dispatch", unit_id=str(WORKS))
    step(handler, number, "sign")
    step(handler, number, "reply", text="路灯已修复,恢复照明。", outcome="resolved")
    step(reviewer, number, "approve_reply")
    closed = step(reviewer, number, "close", callback_result="solved")

    assert closed.status == 200
    with city.db() as after:
        case = after.scalars(select(Case).where(Case.number == number)).one()
        assert case.status is Status.CLOSED
        assert len(after.scalars(select(CaseEvent)).all()) == 7


def test_whoever_asks_late_to_reopen_is_found_by_the_supervisor(
    person: Enter, city: City, clock: StoppedClock
) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        number, token = case.number, public_token(vault_of(session), case)
    walking.to_closed(city, token)
    clock.advance(timedelta(days=16))
    with city.db.begin() as session:
        case = get_by_token(session, token)
        asked = StepInput(Action.REQUEST_REOPEN, case.version, text="又不亮了")
        take_step(session, case, asked, doer=CITIZEN, now=clock.now())

    supervisor = person(Role.SUPERVISOR)
    listed = supervisor.get("/desk?view=reopen")
    granted = step(supervisor, number, "grant_reopen", note="确实没修好")

    assert number in listed.text
    assert granted.status == 200
    with city.db() as after:
        assert after.scalars(select(Case.status)).one() is Status.HANDLING


def test_a_step_without_its_words_comes_back_with_what_was_typed(
    person: Enter, city: City, number: str
) -> None:
    clerk = person(Role.CLERK)

    page = step(clerk, number, "decline", note="疑似重复", text="")

    assert page.status == 422
    assert "疑似重复" in page.html
    with city.db() as after:
        assert after.scalars(select(Case.status)).one() is Status.SUBMITTED


def test_a_matter_of_no_special_place_is_of_the_whole_city(person: Enter, city: City) -> None:
    with city.db.begin() as session:
        number = a_case(session, region_code="").number

    page = person(Role.CLERK).get(f"/cases/{number}")

    assert "990100" not in page.text.replace(number, "")
    assert "区或街道 全市" in page.text


def test_two_people_on_one_case_lose_no_word(person: Enter, number: str) -> None:
    clerk, manager = person(Role.CLERK), person(Role.MANAGER)
    page = clerk.get(f"/cases/{number}")
    stale = next(f for f in page.forms if f.values().get("action") == ["answer_on_spot"])
    step(manager, number, "accept")

    refused = clerk.submit(stale, text="请到三号窗口办理")

    assert refused.status == 409
    assert "请到三号窗口办理" in refused.html


def test_the_preview_shows_what_the_citizen_reads_and_does_nothing(
    person: Enter, city: City, number: str
) -> None:
    clerk = person(Role.CLERK)
    page = clerk.get(f"/cases/{number}")
    form = next(f for f in page.forms if f.values().get("action") == ["answer_on_spot"])

    shown = clerk.submit(form, press="preview", text="请联系 17900001234")

    assert shown.status == 200
    assert "17900001234" not in shown.tree.all("blockquote")[0].text
    with city.db() as after:
        assert after.scalars(select(Case.status)).one() is Status.SUBMITTED


def test_contact_is_masked_until_a_reason_is_given_and_that_is_written_down(
    person: Enter, city: City
) -> None:
    clerk = person(Role.CLERK)
    taken = clerk.submit(
        clerk.get("/desk/new").form(field="body"),
        category=a_category_code(city),
        body="楼道灯坏了三天,老人出行不便。",
        name="示例甲",
        phone="１７９ ００００ 1234",
    )
    number = taken.url.rsplit("/", 1)[1]

    assert "17900001234" not in taken.html
    revealed = clerk.submit(taken.form(field="reason"), reason="回拨核实地点")
    assert "17900001234" in revealed.html
    with city.db() as after:
        entry = after.scalars(select(AuditEntry).where(AuditEntry.action == "contact:reveal")).one()
        assert entry.reason == "回拨核实地点"
        case = after.scalars(select(Case).where(Case.number == number)).one()
        assert case.is_anonymous is False


def test_what_a_known_person_says_of_themselves_at_the_window_is_kept(
    person: Enter, city: City, clock: StoppedClock
) -> None:
    clerk = person(Role.CLERK)
    known = {"category": a_category_code(city), "name": "示例甲", "phone": "17900001234"}
    first = clerk.get("/desk/new").form(field="body")
    clerk.submit(first, press="", files=None, body="楼道灯坏了三天。", **known)
    clock.advance(timedelta(minutes=5))

    again = clerk.get("/desk/new").form(field="body")
    moved = "青禾区河边路 5 号 2 单元"
    elsewhere = known | {"category": "0103", "body": "水管又漏了。", "address": moved}
    clerk.submit(again, press="", files=None, **elsewhere)

    with city.db() as after:
        (citizen_id,) = set(after.scalars(select(Case.citizen_id)))
        assert citizen_id is not None
        assert person_of(after, citizen_id).address == moved


def test_a_double_press_takes_in_one_matter(person: Enter, city: City) -> None:
    clerk = person(Role.CLERK)
    form = clerk.get("/desk/new").form(field="body")
    typed = {"category": a_category_code(city), "body": "小区门口积水严重,请疏通。"}

    first = clerk.submit(form, press="", files=None, **typed)
    second = clerk.submit(form, press="", files=None, **typed)

    assert first.url == second.url
    with city.db() as after:
        assert len(after.scalars(select(Case.id)).all()) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"is_confidential": "true"},
        {"kind": "complaint", "subject_kind": "unit", "accused_unit_id": str(CENTRE)},
    ],
    ids=["confidential", "about the clerk's own unit"],
)
def test_what_is_not_for_the_clerk_to_read_gives_the_slip_to_hand_over_at_every_press(
    person: Enter, city: City, asked: dict[str, str]
) -> None:
    clerk = person(Role.CLERK)
    form = clerk.get("/desk/new").form(field="body")
    typed = {"category": a_category_code(city), "body": "有一件不便公开的事要说。"} | asked

    taken = clerk.submit(form, press="", files=None, **typed)
    again = clerk.submit(form, press="", files=None, **typed)

    with city.db() as after:
        number = after.scalars(select(Case.number)).one()
    assert f"编号 {number}" in taken.text
    assert "/desk/new" in taken.links.values()
    assert again.url == taken.url
    assert clerk.http.get(f"/cases/{number}").status_code == 404


def test_a_draft_outlives_the_session(person: Enter) -> None:
    clerk = person(Role.CLERK)
    page = clerk.get("/desk/new")
    draft = page.form(field="body")
    kept = draft.values() | {"body": ["写到一半的诉求"]}
    answer = clerk.http.post("/desk/drafts/intake", data=kept)

    assert answer.status_code == 204
    again = person(Role.CLERK)
    assert "写到一半的诉求" in again.get("/desk/new").html


def test_the_time_limit_is_shown_before_saving(person: Enter, city: City) -> None:
    clerk = person(Role.CLERK)
    form = clerk.get("/desk/new").form(field="body")

    page = clerk.submit(form, press="limit", category=a_category_code(city), body="还没写完")

    assert page.status == 200
    assert "2026-03" in page.text
    assert "还没写完" in page.html


def test_search_finds_by_words_by_number_and_by_telephone_tail(person: Enter, number: str) -> None:
    clerk = person(Role.CLERK)

    by_words = search(clerk, "路灯")
    by_number = search(clerk, number.lower())
    nothing = search(clerk, "不存在的词语")
    too_short = search(clerk, "灯")

    assert number in by_words.html
    assert by_number.url == f"/cases/{number}"
    assert number not in nothing.html
    assert too_short.status == 422


def test_a_telephone_search_is_written_down_and_closed_to_others(person: Enter, city: City) -> None:
    clerk, supervisor = person(Role.CLERK), person(Role.SUPERVISOR)
    clerk.submit(
        clerk.get("/desk/new").form(field="body"),
        category=a_category_code(city),
        body="楼道灯坏了三天。",
        name="示例甲",
        phone="17900005678",
    )

    found = search(clerk, "5678")
    refused = search(supervisor, "5678")

    assert found.url.startswith("/citizens/C")
    assert refused.url == "/desk/search"
    assert "rowlink" not in refused.html
    with city.db() as after:
        actions = after.scalars(select(AuditEntry.action)).all()
        assert "citizen:find_by_tail" in actions


def test_who_meets_people_in_matters_only_searches_a_tail_among_those_in_hand(
    person: Enter, city: City
) -> None:
    here, gone = Person("示例甲", "17900005678"), Person("示例乙", "17900004321")
    with city.db.begin() as session:
        cases = [a_case(session, person=one, is_anonymous=False) for one in (here, gone)]
        numbers = [case.number for case in cases]
        for case in cases:
            case.unit_id = WORKS
        cases[1].closed_at = case.opened_at
    handler = person(Role.HANDLER)

    found, none = search(handler, "5678"), search(handler, "4321")

    assert numbers[0] in found.html
    assert numbers[1] not in none.html
    assert "整个号码" in none.text
    with city.db() as after:
        actions = after.scalars(select(AuditEntry.action)).all()
        assert actions.count("case:search_by_phone") == 2


def test_a_list_can_be_kept_and_forgotten(person: Enter) -> None:
    clerk = person(Role.CLERK)
    page = clerk.get("/desk?urgency=normal")

    kept = clerk.submit(page.form(field="name"), name="一般件")
    assert "一般件" in kept.links
    gone = clerk.submit(kept.form(action="/remove"))

    assert "一般件" not in gone.links


def test_a_damaged_filter_is_a_sentence_not_a_crash(person: Enter) -> None:
    clerk = person(Role.CLERK)

    assert clerk.get("/desk?urgency=nonsense").status == 422
    assert clerk.get("/desk?unit_id=x").status == 422
    assert clerk.get("/desk?cursor=%00").status == 422


def test_the_administrators_have_no_desk(person: Enter, number: str) -> None:
    admin = person(Role.ADMIN)

    assert admin.get("/desk").status == 403
    assert admin.get(f"/cases/{number}").status == 404


def test_the_pane_is_only_the_part_the_workbench_asked_for(person: Enter, number: str) -> None:
    clerk = person(Role.CLERK)

    part = clerk.get(f"/cases/{number}", headers={"HX-Request": "true"})

    assert part.html.lstrip().startswith('<section id="pane"')


def search(pages: PageClient, words: str) -> Page:
    return pages.submit(pages.get("/desk").form(action="/desk/search"), q=words)


def a_category_code(city: City) -> str:
    with city.db() as session:
        return get_category(session, first_category(session)).code


def test_what_was_begun_on_a_step_is_there_again_and_gone_once_sent(
    person: Enter, number: str
) -> None:
    clerk = person(Role.CLERK)
    page = clerk.get(f"/cases/{number}")
    form = next(f for f in page.forms if f.values().get("action") == ["answer_on_spot"])
    kept = form.values() | {"text": ["请携带身份证到一号窗口"]}
    clerk.http.post(f"/desk/drafts/{number}/answer_on_spot", data=kept)

    again = clerk.get(f"/cases/{number}")
    assert "请携带身份证到一号窗口" in again.html
    form = next(f for f in again.forms if f.values().get("action") == ["answer_on_spot"])
    done = clerk.submit(form)

    assert done.status == 200
    assert not [f for f in done.forms if f.values().get("action") == ["answer_on_spot"]]


def test_the_list_alone_is_given_for_the_half_minute_refresh(person: Enter, number: str) -> None:
    clerk = person(Role.CLERK)

    part = clerk.get("/desk/list?view=accept", headers={"HX-Request": "true"})

    assert number in part.html
    assert 'id="list"' in part.html
    assert [form.action for form in part.forms] == ["/desk/bulk"]  # neither search nor menus


def test_a_former_screen_is_answered_with_both_texts(person: Enter, number: str) -> None:
    clerk, manager = person(Role.CLERK), person(Role.MANAGER)
    form = next(
        f
        for f in clerk.get(f"/cases/{number}").forms
        if f.values().get("action") == ["answer_on_spot"]
    )
    step(manager, number, "accept", note="已电话核实地点")

    refused = clerk.submit(form, text="请到三号窗口办理")

    assert refused.status == 409
    assert "已电话核实地点" in refused.html
    assert "请到三号窗口办理" in refused.html


def test_the_history_says_where_a_matter_was_sent_and_whether_the_directory_said_so(
    city: City, person: Enter, number: str
) -> None:
    with city.db.begin() as session:
        case = session.scalars(select(Case).where(Case.number == number)).one()
        code = get_category(session, case.category_id or 0).code
        line = {"category": code, "region": "", "unit": "WORKS", "basis": "三定方案"}
        catalogue.seed_directory(session, [line], now=case.opened_at)
    step(person(Role.CLERK), number, "accept")
    dispatcher = person(Role.DISPATCHER)

    page = step(dispatcher, number, "dispatch", unit_id=str(WORKS))
    assert "市政工程局 · 按派单目录派出" in page.text
    page = step(dispatcher, number, "dispatch", unit_id=str(WATER), note="实为供水管线")

    assert "供水公司 · 未按派单目录派出" in page.text
