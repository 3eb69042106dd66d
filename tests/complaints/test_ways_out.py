"""Whoever a complaint is about walks through every page and file of the house and never meets it.

The person and the head of their unit hold every role there is, over the whole city. Somebody
with the same seats elsewhere walks the same way and does meet it: the walk would see a leak.
"""

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Role, Scope
from app.accounts.service.actors import find_actor
from app.cases import service
from app.cases.kinds import Action, DoerKind
from app.cases.models import Attachment, Case
from app.cases.rules import Facts, staff
from app.cases.service import drafts
from app.citizens.rules import number_of
from app.citizens.service import Person
from app.complaints.service import step_back
from app.desk.views import CHIPS
from app.desk.worklist import counts
from app.exports.sources import Ask
from app.wiring import EXPORTS
from tests.architecture.routes import routes_of
from tests.cases.walking import take
from tests.complaints.walking import a_complaint, a_line, investigated
from tests.support.city import WATER, WORKS, City, a_city, first_category
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TITLE = "夔牛窗口态度恶劣"
BODY = "夔牛窗口的人当众训斥老人,请查处。"
PLACE = "夔牛路 86 号"
MARKED = (TITLE, "夔牛窗口", "夔牛路")
CITIZEN = Person(name="夔示例", phone="17900007722")
SEATS = [role for role in Role if role is not Role.SYSTEM]
Enter = Callable[[str], PageClient]


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> Iterator[City]:
    made = a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)
    with made.db.begin() as session:
        for username, unit_id in (("accused", WORKS), ("head", WORKS), ("elsewhere", WATER)):
            all_seats(session, username, unit_id)
    yield made
    counts.forget_all()


def all_seats(session: Session, username: str, unit_id: int) -> None:
    person = Staff(
        username=username,
        display_name=username,
        password_hash=PASSWORD_HASH,
        unit_id=unit_id,
        must_change_password=False,
        password_changed_at=MONDAY_9AM,
        created_at=MONDAY_9AM,
    )
    session.add(person)
    session.flush()
    session.add_all(
        Appointment(
            staff_id=person.id,
            role=role,
            unit_id=unit_id,
            scope=Scope.ALL,
            may_see_confidential=True,
            valid_from=MONDAY_9AM.date(),
            granted_at=MONDAY_9AM,
        )
        for role in SEATS
    )


def id_of(session: Session, username: str) -> int:
    return session.query(Staff.id).filter(Staff.username == username).one()[0]


@pytest.fixture
def enter(app: FastAPI, city: City) -> Enter:  # noqa: ARG001  # the town must be there first
    def enter(username: str) -> PageClient:
        pages = PageClient(TestClient(app, follow_redirects=False))
        assert pages.sign_in(username).status == 200
        return pages

    return enter


def a_case_about(city: City, account: str) -> tuple[int, str, int]:
    """A complaint the accused's own unit took in, with file and draft; then it says about whom."""
    with city.db.begin() as session:
        taker = find_actor(session, id_of(session, account), today=MONDAY_9AM.date())
        assert taker is not None
        case = a_complaint(
            session,
            body=BODY,
            place=PLACE,
            person=CITIZEN,
            is_anonymous=False,
            doer=staff(taker),
        )
        case.title = TITLE
        service.add_note(session, case.id, "夔牛窗口的内部记录", actor=taker, now=MONDAY_9AM)
        owner = drafts.owner_of_staff(taker.id)
        drafts.save(session, owner, f"{case.number}/note", {"note": TITLE}, now=MONDAY_9AM)
        session.add(a_file(case))
        citizen_id = case.citizen_id
        assert citizen_id is not None
        facts = Facts(category_id=first_category(session), accused_staff=account)
        take(session, case, Action.ACCEPT, city[Role.CLERK], facts=facts)
        return case.id, case.number, citizen_id


def a_file(case: Case) -> Attachment:
    return Attachment(
        case_id=case.id,
        sha256="0" * 64,
        content_type="image/jpeg",
        size=1,
        by_kind=DoerKind.STAFF,
        at=MONDAY_9AM,
    )


def addresses(app: FastAPI, number: str, citizen: str) -> list[str]:
    """Every page for staff; what an address names is the matter, its citizen, or the first."""
    known = {"{number}": citizen, "{kind}": "no_category", "{ref}": "x", "{code}": "x"}
    found = []
    for route in routes_of(app):
        if not route.asks_who or "GET" not in route.methods:
            continue
        path = route.path.replace("/cases/{number}", f"/cases/{number}")
        path = path.replace("/desk/callbacks/{number}", f"/desk/callbacks/{number}")
        for part, value in known.items():
            path = path.replace(part, value)
        while "{" in path:
            path = path[: path.index("{")] + "1" + path[path.index("}") + 1 :]
        found.append(path)
    return found + [f"/desk?view={chip.key}" for chip in CHIPS]


def met(app: FastAPI, pages: PageClient, number: str, citizen_id: int) -> set[str]:
    """The addresses on which the matter is met: by title, place, words, or by its number."""
    hits = set()
    for address in addresses(app, number, number_of(citizen_id)):
        answer = pages.http.get(address, follow_redirects=True)
        text = answer.text.replace(address, "")
        is_own_address = number in address
        if any(word in text for word in MARKED) or (number in text and not is_own_address):
            hits.add(address)
        if is_own_address and answer.status_code == 200 and "/cases/" in str(answer.url):
            hits.add(address)
    return hits | found_by_searching(pages, number)


def found_by_searching(pages: PageClient, number: str) -> set[str]:
    hits = set()
    for words in (number, "夔牛", TITLE):
        for start in ("/desk", "/citizens"):
            page = pages.get(start)
            form = page.form(field="q")
            answer = pages.submit(form, q=words)
            said = answer.html.replace(f'value="{words}"', "")
            if PLACE in said or f"/cases/{number}" in said:
                hits.add(f"{start}?{words}")
    return hits


def exported(city: City, username: str) -> str:
    with city.db() as session:
        actor = find_actor(session, id_of(session, username), today=MONDAY_9AM.date())
        assert actor is not None
        said = []
        for source in EXPORTS:
            if source.is_ordered_elsewhere or source.name != "cases":
                continue
            params = source.read({})
            ask = Ask(actor, params, False, MONDAY_9AM, ZoneInfo("Asia/Shanghai"), str)
            batch = session.execute(source.statement(session, ask)).all()
            said += [str(cell) for line in source.cells(session, ask, batch) for cell in line]
    return "\n".join(said)


def test_neither_the_person_nor_their_head_meets_it_on_any_page_and_somebody_else_does(
    app: FastAPI, city: City, enter: Enter
) -> None:
    _, number, citizen_id = a_case_about(city, "accused")

    seen = {who: met(app, enter(who), number, citizen_id) for who in ("accused", "head")}
    control = met(app, enter("elsewhere"), number, citizen_id)

    assert seen == {"accused": set(), "head": set()}
    assert {"/desk?view=open", f"/cases/{number}", "/desk/dispatch"} <= control
    assert any("夔牛" in one for one in control)


def test_neither_of_them_takes_it_out_as_a_file(city: City) -> None:
    _, number, _ = a_case_about(city, "accused")

    said = {who: exported(city, who) for who in ("accused", "head", "elsewhere")}

    assert number not in said["accused"]
    assert number not in said["head"]
    assert number in said["elsewhere"]


def test_whoever_steps_back_from_an_investigation_meets_it_nowhere_any_more(
    app: FastAPI, city: City, enter: Enter
) -> None:
    with city.db.begin() as session:
        actor = find_actor(session, id_of(session, "accused"), today=MONDAY_9AM.date())
        assert actor is not None
        case = a_complaint(session, body=BODY, place=PLACE, person=CITIZEN, is_anonymous=False)
        case.title = TITLE
        citizen_id = case.citizen_id
        investigated(session, city, case)
        facts = Facts(handler_id=actor.id)
        take(session, case, Action.ASSIGN, city[Role.UNIT_HEAD], facts=facts)
        step_back(session, case, "当事人是我表亲", actor=actor, now=MONDAY_9AM)
        number = case.number
    assert citizen_id is not None

    seen = met(app, enter("accused"), number, citizen_id)

    assert seen == set()
    assert met(app, enter("head"), number, citizen_id)


def test_figures_of_the_board_leave_it_out_for_them(city: City, enter: Enter) -> None:
    people = {who: enter(who) for who in ("accused", "elsewhere")}
    before = {who: figures_of(pages) for who, pages in people.items()}
    a_case_about(city, "accused")

    after = {who: figures_of(pages) for who, pages in people.items()}

    assert after["accused"] == before["accused"]
    assert after["elsewhere"] != before["elsewhere"]


def figures_of(pages: PageClient) -> list[str]:
    return [cell.text for cell in pages.get("/board").tree.all("td", "b", "strong", "a", "span")]


def test_neither_can_send_a_step_a_note_or_a_file_request_to_it(city: City, enter: Enter) -> None:
    _, number, _ = a_case_about(city, "accused")
    accused = enter("accused")
    csrf = accused.get("/desk/new").form(field="body").values()["csrf"]

    answers = {
        path: accused.http.post(path, data={"csrf": csrf, "version": "1", "note": "x", **more})
        for path, more in {
            f"/cases/{number}/steps": {"action": "dispatch", "unit_id": str(WATER)},
            f"/cases/{number}/notes": {},
            f"/cases/{number}/reveal": {"reason": "需要联系"},
            f"/cases/{number}/inquiries": {"kind": "fact", "held_on": "2026-03-02", "words": "x"},
            f"/cases/{number}/measures": {"what": "x", "due_on": "2026-03-12"},
            f"/cases/{number}/recusal": {"reason": "x", "deed": "own"},
            f"/cases/{number}/confidants": {"account": "head", "reason": "x"},
        }.items()
    }

    assert {answer.status_code for answer in answers.values()} == {404}


def test_the_file_of_an_investigation_is_sent_to_its_readers_only(city: City, enter: Enter) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        a_line(session, city, case)
        file = a_file(case)
        file.is_sealed = True
        session.add(file)
        session.flush()
        number, file_id = case.number, file.id
    clerk = enter("clerk")

    plain = clerk.http.get(f"/cases/{number}/files/{file_id}")
    sealed = clerk.http.get(f"/cases/{number}/inquiries/files/{file_id}")
    page = clerk.get(f"/cases/{number}")

    assert (plain.status_code, sealed.status_code) == (404, 404)
    assert "当班人员承认" not in page.html
    assert "当班人员承认" in enter("unit_head").get(f"/cases/{number}").html
