"""The knowledge base on screen: written and looked after at the desk, read by all."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.knowledge.models import Article, ArticleRemark
from app.knowledge.rules import RemarkEnd, Verdict
from tests.knowledge.articles import ANSWER, TITLE, an_article
from tests.knowledge.conftest import Enter
from tests.support.city import City
from tests.support.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HOME = "/desk/knowledge"
NOTES = "先问灯杆编号"


def test_a_unit_writes_an_article_and_the_desk_finds_it_while_typing(
    person: Enter, city: City
) -> None:
    head = person(Role.UNIT_HEAD)
    form = head.get(f"{HOME}/new").form(field="answer")

    kept = head.submit(form, title=TITLE, answer="", categories="0103 9999", note="新写")
    written = head.submit(
        kept.form(field="answer"), answer=ANSWER, categories="0103", keywords="灯坏了，照明"
    )
    used = head.submit(written.form(action="/state"), press="in_use")
    changed = head.submit(
        head.get(f"{used.url}/edit").form(field="answer"), answer=f"{ANSWER}带编号。", note="补充"
    )
    clerk = person(Role.CLERK)
    found = clerk.get(f"{HOME}?q=ldbl")
    part = clerk.get(f"{HOME}?q=灯坏了", headers={"HX-Request": "true"})
    listed = clerk.get(HOME)

    assert kept.status == 422
    assert kept.form(field="answer").values()["title"] == [TITLE]
    assert 'href="#f-categories"' in kept.html
    assert "0103" in written.text
    assert "修改了 1 项" in changed.text
    assert "<ins>" in changed.html
    assert ANSWER in found.text
    assert ANSWER in part.text
    assert "<html" not in part.html
    assert TITLE in listed.text
    assert clerk.get(f"{HOME}/new").status == 403
    with city.db() as session:
        article = session.scalars(select(Article)).one()
        assert (article.code, article.keywords) == ("K0001", "灯坏了 照明")


def test_whoever_answers_for_it_looks_again_and_takes_it_out_of_use(
    person: Enter, city: City
) -> None:
    with city.db.begin() as session:
        code = an_article(session, city).code
    head = person(Role.UNIT_HEAD)
    page = head.get(f"{HOME}/{code}")

    refused = head.submit(page.form(action="/confirm"), review_on="2020-01-01")
    confirmed = head.submit(refused.form(action="/confirm"), review_on="2026-12-01")
    gone = head.submit(confirmed.form(action="/state"), press="withdrawn")

    assert refused.status == 422
    assert "2026-12-01" in confirmed.text
    assert "已停用" in gone.text
    assert not [form for form in person(Role.CLERK).get(f"{HOME}/{code}").forms
                if form.action.endswith(("/confirm", "/state"))]  # fmt: skip
    assert "没有要复核的。" in head.get(f"{HOME}/review").text


def test_a_citizen_reads_and_remarks_and_the_unit_closes_the_remark(
    person: Enter, citizen: PageClient, city: City
) -> None:
    with city.db.begin() as session:
        code = an_article(session, city).code
    page = citizen.get(f"/answers/{code}")
    form = page.form(field="words")

    empty = citizen.submit(form, verdict="wrong")
    said = citizen.submit(empty.form(field="words"), verdict="wrong", words="要五天")
    twice = citizen.submit(empty.form(field="words"), verdict="wrong", words="要五天")
    citizen.submit(citizen.get(f"/answers/{code}").form(field="words"), verdict="useful")
    head = person(Role.UNIT_HEAD)
    remarks = head.get(f"{HOME}/remarks")
    (href,) = {one for one in remarks.links.values() if one.startswith(f"{HOME}/remarks/")}
    wordless = head.submit(head.get(href).form(action="/close"))
    closed = head.submit(wordless.form(action="/close"), end="corrected", note="已改")

    assert ANSWER in page.text
    assert empty.status == 422
    assert said.status == twice.status == 200
    assert "谢谢您的反馈" in said.text
    assert wordless.status == 422
    assert "已改" in closed.text
    assert "要五天" in head.get(f"{HOME}/remarks?show=closed").text
    with city.db() as session:
        remark = session.scalars(select(ArticleRemark)).one()
        assert (remark.verdict, remark.end, remark.staff_id) == (
            Verdict.WRONG,
            RemarkEnd.CORRECTED,
            None,
        )
        assert session.scalars(select(Article.useful_count)).one() == 1


def test_nothing_internal_reaches_a_public_page(
    person: Enter, citizen: PageClient, city: City
) -> None:
    with city.db.begin() as session:
        shown = an_article(session, city).code
        hidden = an_article(
            session, city, is_public=False, title="路灯内部口径", answer="内部答复"
        ).code
    pages = [citizen.get(url) for url in ("/", "/answers", "/answers?q=路灯", f"/answers/{shown}")]
    clerk = person(Role.CLERK)
    token = clerk.get("/desk/new").form(field="body").values()["csrf"]

    offered = clerk.post(
        f"{HOME}/offered", {"csrf": token, "knowledge": ["路灯"], "into": ["reply-text"]}
    )

    for page in pages:
        assert "内部" not in page.text
        assert NOTES not in page.text
    assert TITLE in pages[2].text
    assert citizen.get(f"/answers/{hidden}").status == 404
    # Staff read it, but only the public answer can be put into a reply.
    assert "内部答复" in offered.text
    assert offered.html.count("data-insert=") == 1
    assert f'data-text="{ANSWER}"' in offered.html


def test_articles_stand_beside_intake_and_conversations(person: Enter) -> None:
    clerk = person(Role.CLERK)
    form = clerk.get("/desk/talks").form(field="medium")
    talk = clerk.submit(form, medium="window")

    intake = clerk.get("/desk/new")

    for page in (talk, intake):
        assert 'hx-post="/desk/knowledge/offered"' in page.html
        assert HOME in page.links.values()  # without script
