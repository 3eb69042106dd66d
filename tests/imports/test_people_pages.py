"""A manager takes a list of people over in the browser; nothing of it lies about afterwards."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.citizens.models import Citizen, Contact
from app.citizens.rules import ContactKind, number_of
from app.citizens.service import person_of
from app.imports.models import PeopleList, PeopleListPart
from app.imports.people import lists
from app.imports.people.fates import ListState
from app.kernel.jobs import Job
from app.wiring import JOBS
from app.worker import Worker
from tests.citizens.bare import a_citizen, a_contact, resident
from tests.imports.support import Cells, as_xlsx
from tests.support.city import City, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, Page, PageClient

OK, REFUSED, FORBIDDEN = 200, 422, 403


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=PASSWORD_HASH, vault=app.state.edge.vault)


@pytest.fixture
def manager(pages: PageClient, city: City) -> PageClient:
    assert Role.MANAGER in city.people
    pages.sign_in(Role.MANAGER.value)
    return pages


def uploaded(pages: PageClient, rows: list[Cells] | bytes, kind: str = "citizens") -> Page:
    """The page after a file of these rows was sent."""
    content = rows if isinstance(rows, bytes) else as_xlsx(rows)
    form = pages.get("/citizens/import").form(field="kind")
    return pages.submit(form, kind=kind, files={"file": ("x.xlsx", content, "")})


def drain(app: FastAPI) -> None:
    """Let the background work be done."""
    Worker(app.state.edge, JOBS, ()).drain()


PEOPLE: list[Cells] = [
    {"姓名": "王小明", "身份证号": resident("19800101"), "手机": "17900000001", "地址": ""},
    {"姓名": "", "身份证号": "1", "手机": "x", "地址": "x" * 300},
    {"姓名": "=李丽", "身份证号": "", "手机": "17900000002", "地址": "示例市甲区样板路2号"},
]


def test_a_list_is_looked_at_first_and_then_taken_over(
    app: FastAPI, manager: PageClient, city: City
) -> None:
    looked_at = uploaded(manager, PEOPLE)
    with city.db() as session:
        assert session.scalars(select(Citizen)).all() == []

    running = manager.submit(looked_at.form(field="col_name"), press="run")
    drain(app)
    done = manager.get(running.url)
    rejects = manager.http.get(f"{running.url}/rejects.csv")

    assert "王小明" not in looked_at.html
    assert looked_at.form(field="col_phone").values()["col_phone"] == ["手机"]
    assert [row.all("td")[0].text for row in looked_at.tree.all("tbody")[0].all("tr")] == [
        "2",
        "3",
        "4",
    ]
    with city.db() as session:
        assert person_of(session, 1).phone == "17900000001"
        kept = session.scalars(select(PeopleList)).one()
        assert (kept.state, kept.new, kept.refused) == (ListState.DONE, 1, 2)
        assert [part.rows for part in session.scalars(select(PeopleListPart))] == [None]
    assert len(done.tree.all("tbody")[0].all("tr")) == rejects.text.count("\n") - 1
    assert "李丽" not in rejects.text


def test_what_a_job_is_told_names_nobody(manager: PageClient, city: City) -> None:
    looked_at = uploaded(manager, PEOPLE)
    manager.submit(looked_at.form(field="col_name"), press="run")

    with city.db() as session:
        job = session.scalars(select(Job).where(Job.name == lists.RUN)).one()
        part = session.scalars(select(PeopleListPart)).one()

    assert job.payload == {"list": 1}
    assert "王小明".encode() not in (part.rows or b"")


def test_columns_are_named_by_hand_where_the_header_says_nothing(manager: PageClient) -> None:
    looked_at = uploaded(manager, [{"A": "王小明", "B": "17900000001"}])

    nothing = manager.submit(looked_at.form(field="col_name"))
    named = manager.submit(nothing.form(field="col_name"), col_name="A", col_phone="B")

    assert nothing.status == REFUSED
    assert named.status == OK
    assert len(named.tree.all("tbody")[0].all("tr")) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"name\r\n", b"a,a\r\n1,2\r\n"])
def test_a_file_that_is_no_list_is_said_so(manager: PageClient, content: bytes) -> None:
    assert uploaded(manager, content).status == REFUSED


def test_new_contacts_end_the_old_and_a_shared_telephone_is_nobodys(
    app: FastAPI, manager: PageClient, city: City
) -> None:
    with city.db.begin() as session:
        one = a_citizen(session, "王小明", phone="17900000001")
        two = a_citizen(session, "李秀英", phone="17900000002")
        a_citizen(session, "王建国", phone="17900000002")
        three = a_citizen(session, "赵雷")
        a_contact(session, three, ContactKind.MOBILE, "17900000003", failed_at=MONDAY_9AM)
    rows: list[Cells] = [
        {"公民编号": "", "原电话": "179-0000-0001", "新电话": "17900000011"},
        {"公民编号": "", "原电话": "17900000002", "新电话": "17900000012"},
        {"公民编号": number_of(three), "原电话": "", "新电话": "17900000013"},
        {"公民编号": "C999999999", "原电话": "", "新电话": "17900000014"},
    ]

    looked_at = uploaded(manager, rows, "contacts")
    manager.submit(looked_at.form(field="col_phone"), press="run")
    drain(app)

    with city.db() as session:
        kept = session.scalars(select(PeopleList)).one()
        assert (kept.updated, kept.refused) == (2, 2)
        reached = [person_of(session, each).phone for each in (one, two, three)]
        assert reached == ["17900000011", "17900000002", "17900000013"]
        ended = session.scalars(select(Contact.citizen_id).where(Contact.ended_at.is_not(None)))
        assert sorted(ended) == [one, three]


def test_a_list_nobody_wants_is_erased(manager: PageClient, city: City) -> None:
    looked_at = uploaded(manager, PEOPLE)

    manager.submit(looked_at.form(action="forget"))

    with city.db() as session:
        assert session.scalars(select(PeopleListPart.rows)).all() == [None]
        assert session.scalars(select(PeopleList.state)).all() == [ListState.FORGOTTEN]


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR, Role.ADMIN])
@pytest.mark.usefixtures("city")
def test_only_a_manager_takes_lists_over(client: TestClient, role: Role) -> None:
    pages = PageClient(client)
    pages.sign_in(role.value)

    assert pages.get("/citizens/import").status == FORBIDDEN
