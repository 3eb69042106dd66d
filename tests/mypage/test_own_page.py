"""What a citizen sees and changes on their own page, and what stays hidden from others."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cases.kinds import Action
from app.cases.models import Case
from app.citizens.models import Citizen, Contact
from app.citizens.rules import CitizenState, ContactKind
from app.citizens.service import Person
from app.mypage.models import LinkedCase
from app.portal.service import take_own_step
from tests.mypage.conftest import MAIL, PHONE, Town, ask, enter
from tests.portal.walking import code_of, token_of
from tests.support.city import a_case
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.counting import statements_of
from tests.support.pages import Page, PageClient


def a_matter(town: Town, body: str, *, name: str = "测试甲", phone: str = PHONE) -> Case:
    with town.db.begin() as session:
        person = Person(name=name, phone=phone)
        return a_case(session, body=body, is_anonymous=False, person=person)


def end(town: Town, case: Case) -> None:
    with town.db.begin() as session:
        same = session.get_one(Case, case.id)
        take_own_step(session, same, Action.WITHDRAW, now=MONDAY_9AM)


def linked(pages: PageClient, number: str, code: str) -> Page:
    form = pages.get("/my").form(field="number")
    return pages.submit(form, number=number, code=code)


def test_all_matters_of_the_number_and_name_stand_on_one_page(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")
    a_matter(town, "路灯不亮，请修一修。")
    a_matter(town, "井盖松动，很危险。")
    a_matter(town, "别人家的事情，不该看到。", name="测试乙", phone="17900000009")

    page = enter(pages, town)

    assert "路灯不亮" in page.text
    assert "井盖松动" in page.text
    assert "别人家的事情" not in page.text
    own = pages.get(page.links["路灯不亮，请修一修。"])
    assert own.url.startswith("/c/")


def test_addresses_and_titles_say_nothing_about_the_person(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    seen = [pages.get("/my"), ask(pages)]

    seen += [pages.submit(seen[-1].form(field="code"), code=town.code()), pages.get("/my/contacts")]

    for page in seen:
        title = page.tree.all("title")[0].text
        assert "1790000" not in page.url + title + str(list(page.links.values()))
        assert "测试甲" not in page.url + title
        assert "noindex" in page.headers["x-robots-tag"]


@pytest.mark.usefixtures("town")
def test_who_is_not_signed_in_is_led_to_the_way_in(pages: PageClient) -> None:
    assert pages.get("/my/contacts").heading == "登录“我的页面”"


def test_what_was_typed_is_given_back_when_the_session_ended_meanwhile(
    pages: PageClient, town: Town, clock: StoppedClock
) -> None:
    town.somebody("测试甲")
    enter(pages, town)
    form = pages.get("/my/contacts").form(field="times")
    clock.advance(timedelta(hours=1))

    page = pages.submit(form, times="周末上午")

    assert page.status == 403
    assert "周末上午" in page.html


def test_a_matter_without_a_name_is_linked_by_its_code_and_stays_unnamed(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")
    with town.db.begin() as session:
        case = a_case(session, body="有人乱倒垃圾，请来看看。")
        number, code, token = case.number, code_of(session, case), token_of(session, case)
    enter(pages, town)

    wrong = linked(pages, number, "22222222")
    right = linked(pages, number.lower(), f"{code[:4]} {code[4:]}".lower())

    assert (wrong.status, right.url) == (422, "/my")
    assert right.links["有人乱倒垃圾，请来看看。"] == f"/c/{token}"
    with town.db() as session:
        assert session.scalars(select(Case.citizen_id)).one() is None
        assert len(session.scalars(select(LinkedCase)).all()) == 1


def test_a_new_address_is_kept_only_once_its_code_was_typed(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    enter(pages, town)

    asked = pages.submit(pages.get("/my/contacts").form(field="contact"), contact=MAIL)
    with town.db() as session:
        before = session.scalars(select(Contact.kind)).all()
    code = town.code()
    done = pages.submit(asked.form(field="code"), code=f"{code[:3]} {code[3:]}")

    assert before == [ContactKind.MOBILE]
    assert (done.url, "s***@example.org" in done.text) == ("/my/contacts", True)
    assert town.box.letters[-1].address == MAIL
    with town.db() as session:
        kept = session.scalars(select(Contact).order_by(Contact.id.desc())).first()
        assert kept is not None
        assert kept.verified_at is not None


def test_a_code_for_a_new_number_opens_nothing_else(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    town.somebody("测试乙", phone="17900000009")
    enter(pages, town)
    pages.submit(pages.get("/my/contacts").form(field="contact"), contact="17900000009")
    code = town.code()
    form = pages.get("/my/code").form(field="code")

    refused = pages.submit(form, code=code)

    assert refused.status == 422
    assert "测试乙" not in pages.get("/my").text


def test_the_last_way_in_cannot_be_ended(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    enter(pages, town)
    with town.db() as session:
        contact_id = session.scalars(select(Contact.id)).one()

    sure = pages.get(f"/my/contacts/{contact_id}/end")
    refused = pages.submit(sure.form(action="/end"))

    assert refused.status == 422
    assert "唯一验证过" in refused.text


def test_somebody_elses_contact_is_not_there(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    other = town.somebody("测试乙", phone="17900000009")
    enter(pages, town)
    with town.db() as session:
        theirs = session.scalars(select(Contact.id).where(Contact.citizen_id == other)).one()

    assert pages.get(f"/my/contacts/{theirs}/end").status == 404


def test_wishes_are_kept_with_the_citizen(pages: PageClient, town: Town) -> None:
    citizen_id = town.somebody("测试甲")
    enter(pages, town)
    form = pages.get("/my/contacts").form(field="times")

    page = pages.submit(form, channel="mobile", times="  工作日 18:00 以后 ", language="zh-HK")

    assert page.form(field="times").values()["times"] == ["工作日 18:00 以后"]
    with town.db() as session:
        citizen = session.get_one(Citizen, citizen_id)
        assert (citizen.preferred_channel, citizen.language) == (ContactKind.MOBILE, "zh-HK")


@pytest.mark.parametrize(
    ("state", "may"), [(CitizenState.RESTRICTED, True), (CitizenState.ANONYMISED, False)]
)
def test_a_restricted_person_still_sees_their_matters_an_anonymised_one_is_gone(
    pages: PageClient, town: Town, state: CitizenState, *, may: bool
) -> None:
    citizen_id = town.somebody("测试甲")
    enter(pages, town)
    with town.db.begin() as session:
        session.get_one(Citizen, citizen_id).state = state

    assert (pages.get("/my").heading == "我的页面") is may


def test_the_page_asks_as_often_with_many_matters_as_with_one(
    pages: PageClient, town: Town
) -> None:
    town.somebody("测试甲")
    end(town, a_matter(town, "第一件事情，已经办完。"))
    a_matter(town, "第二件事情，正在办理。")
    enter(pages, town)
    counts = []
    for more in (0, 12):
        for n in range(more):
            a_matter(town, f"又一件事情，编号 {n}。")
        pages.get("/my")
        with statements_of(town.worker.edge.engine) as seen:
            pages.get("/my")
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_ended_matters_are_shown_apart_and_by_pages(pages: PageClient, town: Town) -> None:
    town.somebody("测试甲")
    for n in range(22):
        end(town, a_matter(town, f"第 {n} 件事情，已经办完。"))

    first = enter(pages, town)
    second = pages.get(first.links["下一页"])

    assert "第 21 件事情" in first.text
    assert "第 0 件事情" not in first.text
    assert "第 0 件事情" in second.text
