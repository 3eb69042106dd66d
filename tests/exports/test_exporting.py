"""A file is ordered with a reason, made in the background, taken by one person, gone in a week."""

import csv
import io
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import wiring
from app.accounts.models import Appointment, Staff
from app.accounts.rules import Role
from app.cases.models import Case
from app.exports.models import Export
from app.exports.rules import ExportState, Format
from app.exports.service import Wish, order
from app.exports.sources import get_source
from app.kernel.audit import AuditEntry
from app.kernel.jobs import Job
from app.segments.models import SegmentUse
from app.segments.rules import Condition, Rule, What
from app.segments.service import create
from app.worker import Worker
from tests.segments.conftest import People
from tests.support.city import a_case
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import Page, PageClient

REASON = "核对本季度台账"


def ordered(pages: PageClient, *, reason: str = REASON) -> Page:
    """The supervisor orders the open matters as a file."""
    pages.sign_in("supervisor")
    form = pages.get("/exports/new?what=cases&is_open=yes").form(field="reason")
    return pages.submit(form, reason=reason, format="csv")


def a_segment(people: People) -> int:
    with people.city.db.begin() as session:
        rule = Rule((Condition(What.AGE, least=65),))
        supervisor = people.city[Role.SUPERVISOR]
        return create(session, supervisor, "65 岁以上", rule, now=MONDAY_9AM).id


def multiply(session: Session, case: Case, *, times: int) -> None:
    """As many rows again, straight into the table."""
    session.flush()
    table = Case.metadata.tables["cases"]
    like = {column.name: getattr(case, column.name) for column in table.columns}
    unlike = ("id", "number", "token_digest")
    same = {name: value for name, value in like.items() if name not in unlike}
    session.connection().execute(
        table.insert(), [{**same, "number": f"RX{n:018d}"} for n in range(times)]
    )


def make(app: FastAPI) -> None:
    Worker(app.state.edge, wiring.JOBS).drain()


def taken(pages: PageClient) -> bytes:
    form = pages.get("/exports").form(action="/file")
    answer = pages.http.post(form.action, data=form.values())
    assert answer.status_code == 200
    return answer.content


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_list_becomes_a_file_with_what_the_person_may_see(
    pages: PageClient, people: People, app: FastAPI
) -> None:
    with people.city.db.begin() as session:
        a_case(session, body="=路灯不亮，电话 13800001111")
        a_case(session, body="保密事项，不可外传").is_confidential = True

    waiting = ordered(pages)
    make(app)
    data = taken(pages)

    assert "等待生成" in waiting.text
    headings, *rows = rows_of(data)
    assert headings[:2] == ["编号", "标题"]
    assert len(rows) == 1
    assert "13800001111" not in str(rows)
    assert rows[0][1].startswith("'=路灯不亮")


def test_the_file_lies_sealed_and_the_job_names_nobody(
    pages: PageClient, people: People, app: FastAPI
) -> None:
    with people.city.db.begin() as session:
        a_case(session, body="路灯不亮，请修一修")
    ordered(pages)
    with people.city.db() as session:
        payloads = [job.payload for job in session.scalars(select(Job))]
    make(app)

    files = list((app.state.settings.data_dir / "exports").iterdir())
    assert [set(payload) for payload in payloads] == [{"export"}]
    assert len(files) == 1
    assert "路灯".encode() not in files[0].read_bytes()


def test_order_and_taking_are_written_down_with_the_reason(
    pages: PageClient, people: People, app: FastAPI
) -> None:
    ordered(pages)
    make(app)
    taken(pages)

    with people.city.db() as session:
        wanted = select(AuditEntry).where(AuditEntry.object_type == "export")
        log = [(entry.action, entry.reason) for entry in session.scalars(wanted)]
    assert log == [("export:ordered", REASON), ("export:made", ""), ("export:taken", "")]


def test_without_a_reason_nothing_is_made(pages: PageClient, people: People) -> None:
    page = ordered(pages, reason="  ")

    assert page.status == 422
    with people.city.db() as session:
        assert session.scalars(select(Export)).all() == []


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("role", [Role.MANAGER, Role.CLERK, Role.ADMIN])
def test_who_may_not_export_is_refused(pages: PageClient, role: Role) -> None:
    pages.sign_in(role.value)

    assert pages.get("/exports/new?what=cases&is_open=yes").status == 403
    assert pages.get("/exports").status == 403


def test_nobody_takes_somebody_elses_file(pages: PageClient, people: People, app: FastAPI) -> None:
    ordered(pages)
    make(app)
    form = pages.get("/exports").form(action="/file")
    with people.city.db.begin() as session:
        session.execute(update(Export).values(staff_id=people.city[Role.CLERK].id))

    assert pages.http.post(form.action, data=form.values()).status_code == 404


def test_after_a_week_the_file_and_its_key_are_gone(
    pages: PageClient, people: People, app: FastAPI, clock: StoppedClock
) -> None:
    ordered(pages)
    make(app)
    form = pages.get("/exports").form(action="/file")
    clock.advance(timedelta(days=7, minutes=1))
    with people.city.db.begin() as session:
        wiring.JOBS["exports:forget"](session, {}, now=clock.now())  # type: ignore[operator]  # a plain job
    pages.sign_in("supervisor")

    late = pages.submit(form)

    assert late.status in {403, 404}
    assert list((app.state.settings.data_dir / "exports").iterdir()) == []
    with people.city.db() as session:
        export = session.scalars(select(Export)).one()
        assert (export.state, export.file_key) == (ExportState.EXPIRED, None)


def test_a_right_that_was_lost_meanwhile_stops_the_making(
    pages: PageClient, people: People, app: FastAPI
) -> None:
    ordered(pages)
    with people.city.db.begin() as session:
        supervisor = select(Staff.id).where(Staff.username == "supervisor").scalar_subquery()
        session.execute(
            update(Appointment).where(Appointment.staff_id == supervisor).values(role=Role.CLERK)
        )
    make(app)

    with people.city.db() as session:
        export = session.scalars(select(Export)).one()
        assert (export.state, export.size) == (ExportState.FAILED, 0)


def test_a_segment_is_taken_out_masked_with_its_purpose(
    pages: PageClient, people: People, app: FastAPI, tmp_path: Path
) -> None:
    people.add("张三丰", birth_year=1950)
    people.add("王五", birth_year=1990)
    segment_id = a_segment(people)
    pages.sign_in("supervisor")
    form = pages.get(f"/segments/{segment_id}").form(field="reason")
    pages.submit(form, reason="供暖前电话提醒", format="xlsx")
    make(app)

    path = tmp_path / "people.xlsx"
    path.write_bytes(taken(pages))

    headings, row = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert (row[headings.index("姓名")], row[headings.index("电话号码")]) == (
        "张*丰",
        "179****0000",
    )
    with people.city.db() as session:
        use = session.scalars(select(SegmentUse)).one()
        assert (use.purpose, use.count, use.export_id is not None) == ("供暖前电话提醒", 1, True)


def test_clear_columns_need_the_right_to_look_behind_the_mask(
    pages: PageClient, people: People, app: FastAPI
) -> None:
    people.add("张三丰", birth_year=1950)
    segment_id = a_segment(people)
    pages.sign_in("supervisor")
    url = f"/segments/{segment_id}"
    form = pages.get(url).form(field="reason")
    refused = pages.post(f"{url}/export", {**form.values(), "reason": REASON, "clear": "on"})
    with people.city.db.begin() as session:
        supervisor = people.city[Role.SUPERVISOR]
        session.add(
            Appointment(
                staff_id=supervisor.id,
                role=Role.MANAGER,
                unit_id=1,
                scope="all",
                valid_from=MONDAY_9AM.date(),
                granted_at=MONDAY_9AM,
            )
        )
    form = pages.get(url).form(field="clear")
    pages.submit(form, reason=REASON, format="csv", clear="on")
    make(app)

    _headings, row = rows_of(taken(pages))

    assert refused.status == 403
    assert "张三丰" in row
    with people.city.db() as session:
        wanted = select(AuditEntry.details).where(AuditEntry.action == "export:ordered")
        assert [details["clear"] for details in session.scalars(wanted)] == [True]


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_many_rows_do_not_grow_the_memory(people: People, app: FastAPI) -> None:
    with people.city.db.begin() as session:
        multiply(session, a_case(session), times=20_000)
    with people.city.db.begin() as session:
        wish = Wish(get_source("cases"), {"query": "is_open=yes"}, Format.XLSX, REASON)
        order(session, people.city[Role.SUPERVISOR], wish, now=MONDAY_9AM)
    tracemalloc.start()

    make(app)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    with people.city.db() as session:
        assert session.scalars(select(Export.rows_done)).one() == 20_001
    assert peak < 30_000_000
