"""What administrators decide about messages: the words, the hours, what did not arrive."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.citizens.service import Person
from app.kernel.audit import AuditEntry
from app.kernel.outbox import Message, MessageStatus
from app.notifications.models import NoticePolicy, NoticeTemplate
from tests.notifications.conftest import Enter
from tests.support.city import City, a_case

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORDS = "/admin/notices/words/accepted"


def a_message(town: City, status: MessageStatus) -> str:
    with town.db.begin() as session:
        case = a_case(session, person=Person(name="测试", phone="17900000001"))
        message = session.scalars(select(Message)).one()
        message.status, message.trouble = status, "HTTP 500"
        return case.number


def actions(town: City) -> list[str]:
    with town.db() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def the_message(town: City) -> Message:
    with town.db() as session:
        return session.scalars(select(Message)).one()


def test_a_message_nobody_knows_the_outcome_of_is_decided_about(town: City, enter: Enter) -> None:
    number = a_message(town, MessageStatus.UNKNOWN)
    pages = enter(Role.ADMIN)
    page = pages.get("/admin/notices")

    after = pages.submit(page.form(action="/send"))

    assert number in page.text
    assert "1790" not in page.html
    assert "HTTP 500" not in page.html
    assert "发送服务出现故障（代码 500）。" in page.text
    assert number not in after.text
    assert the_message(town).status is MessageStatus.PENDING
    assert "message:send" in actions(town)


def test_a_message_may_be_left_at_that(town: City, enter: Enter) -> None:
    number = a_message(town, MessageStatus.FAILED)
    pages = enter(Role.ADMIN)

    after = pages.submit(pages.get("/admin/notices").form(action="/leave"))

    assert number not in after.text
    assert the_message(town).status is MessageStatus.FAILED
    assert "message:leave" in actions(town)


def test_new_words_are_shown_first_and_hold_from_then_on(town: City, enter: Enter) -> None:
    pages = enter(Role.ADMIN)
    form = pages.get(WORDS).form(field="words_zh")
    words = "您好,{number} 已受理。进度见 {link} 。"

    shown = pages.submit(form, press="preview", words_zh=words, words_en="Your {number} is ours.")
    saved = pages.submit(shown.form(field="words_zh"), press="save")

    assert "【市民之窗】您好,RX99010120260302000001 已受理。" in shown.text
    assert "[Civic Window] Your RX99010120260302000001 is ours." in shown.text
    assert "按 2 条短信计" in shown.text
    assert words in saved.text
    with town.db() as session:
        kept = {one.locale: one.words for one in session.scalars(select(NoticeTemplate))}
    assert kept == {"zh_CN": words, "en": "Your {number} is ours."}
    assert actions(town).count("notice_text:publish") == 2


def test_the_sentence_of_the_house_can_be_given_back(town: City, enter: Enter) -> None:
    pages = enter(Role.ADMIN)
    own = pages.get(WORDS).form(field="words_zh").values()["words_zh"][0]
    form = pages.get(WORDS).form(field="words_zh")
    pages.submit(form, press="save", words_zh="{number} 已受理。")

    back = pages.submit(pages.get(WORDS).form(field="words_zh"), press="save", words_zh=own)

    assert back.form(field="words_zh").values()["words_zh"] == [own]
    with town.db() as session:
        newest = select(NoticeTemplate).order_by(NoticeTemplate.id.desc()).limit(1)
        assert session.scalars(newest).one().words == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("{number} {name} 已受理。", "花括号里有不能识别的内容"),
        ("{number 已受理。", "花括号里有不能识别的内容"),
        ("已受理。", "缺少编号"),
        ("{number}" + "长" * 500, "文字太长"),
    ],
)
def test_words_that_cannot_be_sent_come_back_with_a_sentence(
    town: City, enter: Enter, words: str, sentence: str
) -> None:
    pages = enter(Role.ADMIN)
    form = pages.get(WORDS).form(field="words_zh")

    refused = pages.submit(form, press="save", words_zh=words)

    assert refused.status == 422
    assert sentence in refused.text
    assert refused.form(field="words_zh").values()["words_zh"] == [words]
    with town.db() as session:
        assert session.scalars(select(NoticeTemplate)).all() == []


def test_who_edits_words_somebody_published_meanwhile_is_told(enter: Enter) -> None:
    first, second = enter(Role.ADMIN), enter(Role.ADMIN)
    stale = second.get(WORDS).form(field="words_zh")
    first.submit(first.get(WORDS).form(field="words_zh"), press="save", words_zh="{number} 一。")

    refused = second.submit(stale, press="save", words_zh="{number} 二。")

    assert refused.status == 409
    assert "{number} 二。" in refused.html


def test_there_are_no_words_of_a_notice_that_does_not_exist(enter: Enter) -> None:
    assert enter(Role.ADMIN).get("/admin/notices/words/nonsense").status == 404


def test_quiet_hours_and_limits_are_data(town: City, enter: Enter) -> None:
    pages = enter(Role.ADMIN)
    form = pages.get("/admin/notices/policy").form(field="quiet_from")

    pages.submit(
        form, quiet_from="22:30", quiet_until="07:00", most_a_day="3", signature="【示例】"
    )

    with town.db() as session:
        policy = session.scalars(select(NoticePolicy)).one()
    assert (policy.quiet_from.hour, policy.quiet_until.hour, policy.most_a_day) == (22, 7, 3)
    assert policy.signature == "【示例】"
    assert "notice_policy:change" in actions(town)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("quiet_from", "soon"), ("most_a_day", "0"), ("most_a_day", "many"), ("signature", "长" * 41)],
)
def test_a_policy_that_makes_no_sense_comes_back_as_it_was_typed(
    town: City, enter: Enter, field: str, typed: str
) -> None:
    pages = enter(Role.ADMIN)
    form = pages.get("/admin/notices/policy").form(field="quiet_from")

    refused = pages.post(form.action, form.values() | {field: [typed]})

    assert refused.status == 422
    assert refused.form(field="quiet_from").values()[field] == [typed]
    with town.db() as session:
        assert session.scalars(select(NoticePolicy)).all() == []


@pytest.mark.parametrize("path", ["", "/words", "/words/accepted", "/policy"])
def test_only_the_system_administrator_sees_these_pages(enter: Enter, path: str) -> None:
    assert enter(Role.CLERK).get(f"/admin/notices{path}").status == 403


def test_the_case_shows_what_was_sent_and_why_something_was_not(town: City, enter: Enter) -> None:
    with town.db.begin() as session:
        number = a_case(session, person=Person(name="测试", phone="059100000001")).number

    page = enter(Role.CLERK).get(f"/cases/{number}")

    assert "未发送:没有可收短信的手机号或邮箱" in page.text.replace("：", ":")
