"""A list of data quality is taken out with a reason, masked, and spares whoever is restricted."""

from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.models import Appointment
from app.accounts.rules import Role
from app.citizens.models import Citizen, QualityIssue
from app.citizens.rules import CitizenState, number_of
from app.citizens.rules.quality import IssueKind
from app.kernel.audit import AuditEntry
from tests.exports.test_exporting import REASON, make, rows_of, taken
from tests.segments.conftest import People
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PageClient

LIST = "/citizens/quality/unverified"


def troubled(people: People, name: str, **columns: object) -> int:
    """Somebody whose number nobody ever checked."""
    citizen_id = people.add(name, **columns)
    with people.city.db.begin() as session:
        kind = IssueKind.UNVERIFIED
        session.add(QualityIssue(citizen_id=citizen_id, kind=kind, since=MONDAY_9AM))
    return citizen_id


def exported(pages: PageClient, app: FastAPI, *, is_clear: bool = False) -> list[list[str]]:
    form = pages.get(pages.get(LIST).links["导出此列表"]).form(field="reason")
    if is_clear:
        pages.submit(form, reason=REASON, format="csv", clear="on")
    else:
        pages.submit(form, reason=REASON, format="csv")
    make(app)
    return rows_of(taken(pages))


def test_the_list_becomes_a_masked_file_without_whoever_is_restricted(
    pages: PageClient, people: People, app: FastAPI
) -> None:
    mine = troubled(people, "张三丰", birth_year=1950)
    troubled(people, "李四光", state=CitizenState.RESTRICTED)
    pages.sign_in("supervisor")

    headings, *rows = exported(pages, app)

    assert headings[:5] == ["编号", "姓名", "类别", "出生年份", "电话号码"]
    assert [row[:5] for row in rows] == [[number_of(mine), "张*丰", "个人", "1950", "179****0000"]]
    with people.city.db() as session:
        actions = select(AuditEntry.action, AuditEntry.reason).order_by(AuditEntry.id)
        assert ("export:ordered", REASON) in [tuple(row) for row in session.execute(actions)]


def test_clear_values_are_for_who_may_look_behind_the_mask_and_formulas_are_defused(
    pages: PageClient, people: People, app: FastAPI
) -> None:
    troubled(people, "张三丰")
    troubled(people, "=1+1")
    with people.city.db.begin() as session:
        session.add(
            Appointment(
                staff_id=people.city[Role.SUPERVISOR].id,
                role=Role.MANAGER,
                unit_id=1,
                scope="all",
                valid_from=MONDAY_9AM.date(),
                granted_at=MONDAY_9AM,
            )
        )
    pages.sign_in("supervisor")

    _headings, *rows = exported(pages, app, is_clear=True)

    assert [row[1] for row in rows] == ["'=1+1", "张三丰"]
    assert rows[1][4] == "17900000000"


def test_who_may_take_nothing_out_is_not_offered_it(pages: PageClient, people: People) -> None:
    troubled(people, "张三丰")
    pages.sign_in("clerk")

    page = pages.get(LIST)

    assert "导出此列表" not in page.links
    assert pages.get("/exports/new?what=people&kind=unverified").status == 403


def test_a_list_that_is_none_is_not_exported(pages: PageClient, people: People) -> None:
    pages.sign_in("supervisor")

    assert pages.get("/exports/new?what=people&kind=everybody").status == 404
    with people.city.db() as session:
        assert session.scalars(select(Citizen)).all() == []
