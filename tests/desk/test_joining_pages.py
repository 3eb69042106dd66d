"""The same matter at the desk: joined by choice, told instead of taken in twice, taken out."""

from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.models import Case, CaseEvent
from app.catalogue import queries as catalogue
from app.citizens.rules import number_of
from app.citizens.service import Person
from app.kernel.audit import AuditEntry
from tests.cases.joining import a_led_group
from tests.cases.walking import to_handling
from tests.desk.stepping import Enter, step
from tests.support.city import City, a_case, first_category
from tests.support.counting import statements_of
from tests.support.pages import PageClient

TEXT = "门口路灯连续三晚不亮,请尽快修复。"


def two_alike(city: City) -> tuple[str, str]:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        return master.number, a_case(session).number


def status_of(city: City, number: str) -> Status:
    with city.db() as session:
        return session.scalars(select(Case.status).where(Case.number == number)).one()


def test_the_likely_one_is_offered_with_its_reasons_and_chosen(person: Enter, city: City) -> None:
    master, number = two_alike(city)
    clerk = person(Role.CLERK)

    asked = clerk.get(f"/cases/{number}/merge")
    done = clerk.submit(asked.form(field="master"), note="同一盏灯")

    assert master in asked.text
    assert "同一类别" in asked.text
    assert status_of(city, number) is Status.MERGED
    assert master in done.text


def test_a_number_that_leads_nowhere_is_refused_and_the_words_stay(
    person: Enter, city: City
) -> None:
    _master, number = two_alike(city)
    clerk = person(Role.CLERK)
    form = clerk.get(f"/cases/{number}/merge").form(field="master")

    page = clerk.submit(form, chosen="other", master=number, note="同一盏灯")

    assert page.status == 422
    assert "不能并入自身" in page.text
    assert page.form(field="note").values()["note"] == ["同一盏灯"]


def test_a_merge_is_undone_on_the_page_of_the_follower(person: Enter, city: City) -> None:
    with city.db.begin() as session:
        _master, (one,) = a_led_group(session, city, 1)
        number = one.number

    step(person(Role.DISPATCHER), number, "unmerge", note="不是同一盏灯")

    assert status_of(city, number) is Status.SUBMITTED


def test_the_leading_matter_lists_who_follows_it_page_by_page(person: Enter, city: City) -> None:
    with city.db.begin() as session:
        master, _ = a_led_group(session, city, 31)
        number = master.number
    clerk = person(Role.CLERK)

    page = clerk.get(f"/cases/{number}")
    first = clerk.get(f"/cases/{number}/followers")
    second = clerk.get(next(href for href in first.links.values() if "cursor=" in href))

    assert "31 件诉求并入本件" in page.text
    assert [len(p.tree.all("tbody")[0].all("tr")) for p in (first, second)] == [30, 1]


def test_looking_for_the_same_matter_asks_no_more_often_the_more_there_are(
    app: FastAPI, person: Enter, city: City
) -> None:
    clerk = person(Role.CLERK)
    with city.db.begin() as session:
        number = a_case(session).number
    counts = []
    for more in (2, 48, 30):
        with city.db.begin() as session:
            for _ in range(more):
                a_case(session)
        clerk.get(f"/cases/{number}/merge")
        with statements_of(app.state.edge.engine) as seen:
            assert clerk.get(f"/cases/{number}/merge").status == 200
        counts.append(len(seen))

    # PostgreSQL looks once more for the newest where a word is found more than thirty times.
    assert counts[1] == counts[2]
    assert counts[1] - counts[0] <= 1


def typed(clerk: PageClient, code: str, **more: str) -> dict[str, str]:
    token = clerk.get("/desk/new").form(field="body").values()["idempotency"][0]
    csrf = clerk.get("/desk/new").form(field="body").values()["csrf"][0]
    known = {"csrf": csrf, "idempotency": token, "category": code, "body": TEXT}
    return known | {"place": "样板路 12 号对面", "channel": "phone"} | more


def code_of(session: Session) -> str:
    return catalogue.get_category(session, first_category(session)).code


def test_while_it_is_typed_the_same_matter_is_offered_and_the_new_order_joins_it(
    person: Enter, city: City
) -> None:
    with city.db.begin() as session:
        master, code = a_case(session).number, code_of(session)
    clerk = person(Role.CLERK)

    shown = clerk.post("/desk/new", typed(clerk, code, limit="1"))
    taken = clerk.post("/desk/new", typed(clerk, code, same=f"join:{master}", same_shown="1"))

    assert f"join:{master}" in shown.html
    assert taken.status == 200
    with city.db() as session:
        newest = session.scalars(select(Case).order_by(Case.id.desc())).first()
        assert newest is not None
        assert newest.status is Status.MERGED


def own_matter(city: City) -> tuple[str, str, str]:
    with city.db.begin() as session:
        person = Person(name="测试甲", phone="17900005678")
        case = a_case(session, person=person, is_anonymous=False)
        return case.number, number_of(case.citizen_id or 0), code_of(session)


def test_the_clerk_is_told_of_the_persons_own_matter_before_a_second_order(
    person: Enter, city: City
) -> None:
    number, citizen, code = own_matter(city)
    clerk = person(Role.CLERK)

    page = clerk.post("/desk/new", typed(clerk, code, citizen=citizen))

    assert page.status == 422
    assert f"tell:{number}" in page.html
    with city.db() as session:
        assert len(session.scalars(select(Case.id)).all()) == 1


def test_a_known_telephone_typed_without_a_name_is_enough_to_be_told_and_that_is_written_down(
    person: Enter, city: City
) -> None:
    number, _, code = own_matter(city)
    clerk = person(Role.CLERK)

    page = clerk.post("/desk/new", typed(clerk, code, phone="179 0000 5678"))
    on_purpose = clerk.post("/desk/new", typed(clerk, code, phone="17900005678", same_shown="1"))

    assert page.status == 422
    assert f"tell:{number}" in page.html
    assert "同一人或同一电话" in page.text
    assert on_purpose.status == 200
    with city.db() as session:
        assert len(session.scalars(select(Case.id)).all()) == 2
        searches = select(AuditEntry.details).where(AuditEntry.action == "case:search_by_phone")
        assert session.scalars(searches).all() == [{"hits": 1}]


def test_progress_is_told_in_one_action_and_no_order_is_opened(person: Enter, city: City) -> None:
    number, citizen, code = own_matter(city)
    clerk = person(Role.CLERK)

    page = clerk.post("/desk/new", typed(clerk, code, citizen=citizen, same=f"tell:{number}"))

    assert page.status == 200
    with city.db() as session:
        assert len(session.scalars(select(Case.id)).all()) == 1
        told = select(CaseEvent.is_public).where(CaseEvent.action == Action.TELL_PROGRESS)
        assert session.scalars(told).all() == [True]


def test_new_facts_are_added_or_make_a_new_order_on_purpose(person: Enter, city: City) -> None:
    number, citizen, code = own_matter(city)
    clerk = person(Role.CLERK)

    clerk.post("/desk/new", typed(clerk, code, citizen=citizen, same=f"add:{number}"))
    clerk.post("/desk/new", typed(clerk, code, citizen=citizen, same="", same_shown="1"))

    with city.db() as session:
        assert len(session.scalars(select(Case.id)).all()) == 2
        added = select(CaseEvent.id).where(CaseEvent.action == Action.SUPPLEMENT)
        assert len(session.scalars(added).all()) == 1


def test_nothing_of_a_confidential_matter_is_offered_to_who_may_not_see_it(
    person: Enter, city: City
) -> None:
    with city.db.begin() as session:
        hidden = a_case(session, is_confidential=True)
        number, secret = a_case(session).number, hidden.number

    page = person(Role.CLERK).get(f"/cases/{number}/merge")

    assert secret not in page.text


def test_a_follower_is_joined_only_once_by_a_form_pressed_twice(person: Enter, city: City) -> None:
    _master, number = two_alike(city)
    clerk = person(Role.CLERK)
    form = clerk.get(f"/cases/{number}/merge").form(field="master")

    first = clerk.submit(form, note="同一盏灯")
    second = clerk.submit(form, note="同一盏灯")

    assert (first.status, second.status) == (200, 409)
    with city.db() as session:
        joined = select(CaseEvent.id).where(CaseEvent.action == Action.MERGE)
        assert len(session.scalars(joined).all()) == 1
