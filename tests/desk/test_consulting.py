"""A question answered on the spot: looked up, answered, saved and closed at one press, counted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Channel, Status
from app.cases.models import Case
from app.cases.queries.consultations import answered_on_the_spot
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.citizens import service as citizens
from app.citizens.rules import number_of
from app.citizens.service import Person
from app.interactions.models import InteractionCase
from app.knowledge.models import Article
from tests.cases.walking import to_handling
from tests.desk.stepping import Enter
from tests.knowledge.articles import ANSWER, an_article
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM
from tests.support.pages import Page, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HOME = "/desk/consult"
QUESTION = "我家门口的路灯不亮，该报给谁？"
CARD = "1602"  # of a category that wants a name from whoever brings a matter


def asked(pages: PageClient, body: str, name: str) -> Page:
    return pages.submit(pages.get(HOME).form(field="body"), body=body, name=name)


def only_case(city: City) -> Case:
    with city.db() as session:
        return session.scalars(select(Case)).one()


def test_a_question_is_answered_from_an_article_in_one_press_without_script(
    person: Enter, city: City
) -> None:
    with city.db.begin() as session:
        card = catalogue.find_by_code(session, CARD)
        assert card is not None
        assert not card.may_be_anonymous
        article = an_article(session, city, category_ids=[card.id])
        an_article(
            session, city, title="路灯不亮报给谁（内部口径）", answer="内部答复", is_public=False
        )
        code, seen = article.code, article.version
    clerk = person(Role.CLERK)

    offered = clerk.submit(clerk.get(HOME).form(field="body"), press="look", body=QUESTION)
    filled = clerk.submit(offered.form(field="body"), press=code)
    form = filled.form(field="body")
    saved = clerk.submit(form)
    again = clerk.submit(form)

    assert "内部答复" in offered.text  # read by the clerk
    assert [b.attrs["value"] for b in offered.form(field="body").buttons
            if b.attrs.get("name") == "insert"] == [code]  # but never put in  # fmt: skip
    assert form.values()["text"] == [ANSWER]
    case = only_case(city)
    assert case.number in saved.text
    assert case.number in again.text
    assert (case.kind, case.status, case.channel) == (
        CaseKind.CONSULTATION,
        Status.ANSWERED,
        Channel.WINDOW,
    )
    assert (case.is_anonymous, case.category_id, case.reply_text) == (True, card.id, ANSWER)
    assert "您今天当场答复了 1 个问题。" in saved.text
    with city.db() as session:
        article = session.scalars(select(Article).where(Article.code == code)).one()
        assert (article.used_count, article.version) == (1, seen)
        people = [actor.id for actor in city.people.values()]
        counted = answered_on_the_spot(
            session, people, since=MONDAY_9AM, until=MONDAY_9AM + timedelta(days=1)
        )
        assert counted == {city[Role.CLERK].id: 1}


def test_an_answer_put_into_a_reply_counts_as_used_too(person: Enter, city: City) -> None:
    with city.db.begin() as session:
        code = an_article(session, city).code
        number = to_handling(session, city, a_case(session)).number
    handler = person(Role.HANDLER)
    form = handler.get(f"/cases/{number}").form(field="outcome")

    handler.submit(form, outcome="resolved", text=f"您好：{ANSWER}")

    with city.db() as session:
        assert session.scalars(select(Article.used_count).where(Article.code == code)).one() == 1


def test_what_is_missing_is_said_and_nothing_typed_is_lost(person: Enter, city: City) -> None:
    clerk = person(Role.CLERK)

    empty = asked(clerk, body=QUESTION, name="钱示例")
    odd = clerk.submit(empty.form(field="body"), text="报给我们。", category="没有这类")

    assert empty.status == odd.status == 422
    assert empty.form(field="body").values()["name"] == ["钱示例"]
    assert odd.form(field="body").values()["body"] == [QUESTION]
    with city.db() as session:
        assert session.scalars(select(Case)).all() == []


def test_a_known_person_asks_in_a_conversation_and_gets_the_answer(
    person: Enter, city: City
) -> None:
    with city.db.begin() as session:
        who = citizens.register(session, Person(name="钱示例", phone="17900000201"), now=MONDAY_9AM)
    clerk = person(Role.CLERK)
    begun = clerk.get("/desk/talks").form(field="medium")
    talk = clerk.submit(begun, medium="phone", citizen=number_of(who))

    page = clerk.get(next(url for url in talk.links.values() if url.startswith(f"{HOME}?talk=")))
    saved = clerk.submit(page.form(field="body"), body=QUESTION, text="报给我们就行。")

    assert saved.form(field="body").values()["talk"] == page.form(field="body").values()["talk"]
    case = only_case(city)
    assert (case.citizen_id, case.channel, case.status) == (who, Channel.PHONE, Status.ANSWERED)
    assert case.category_id is None
    assert case.number in clerk.get(talk.url).text
    with city.db() as session:
        assert session.scalars(select(InteractionCase.case_id)).one() == case.id


def test_a_question_without_answer_becomes_a_matter_and_back_with_its_words(
    person: Enter,
) -> None:
    clerk = person(Role.CLERK)
    question = clerk.get(HOME).form(field="body")

    intake = clerk.submit(question, body=QUESTION, name="钱示例")
    taken = clerk.post("/desk/new", question.values() | {"body": [QUESTION], "limit": ["1"]})
    back = clerk.post(HOME, taken.form(field="body").values() | {"look": ["1"]})

    assert intake.status == 422
    assert taken.form(field="body").values()["body"] == [QUESTION]
    assert back.form(field="text").values()["body"] == [QUESTION]
    assert person(Role.HANDLER).get(HOME).status == 403
