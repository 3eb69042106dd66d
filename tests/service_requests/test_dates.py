"""The dates of applications, with the vectors of the calendar of 2026 (rulebook §3, §6)."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.accounts.rules import Role
from app.calendars import queries as calendars
from app.calendars.rules import LimitUnit
from app.cases.events import CaseMoved
from app.cases.kinds import Action, Admission, Status
from app.cases.models import Case, CaseEvent
from app.cases.rules import Facts
from app.cases.workflows import notices
from app.kernel import events
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.outbox import Message
from app.notifications.models import StaffEntry
from app.service_items.rules import Content, ItemKind, Procedure, Span
from app.service_items.rules.checking import law_of
from app.service_requests import jobs
from app.service_requests.listening import PROMISE_ENDING
from app.service_requests.queries import paper_rows, standing_of
from app.service_requests.rules import Judged, Verdict, limits_of
from app.service_requests.rules.wording import limit_text
from app.service_requests.service import latest_promise, preview
from app.sla import service as sla
from app.sla.rules import ClockKind, PauseKind
from tests.service_requests.applying import (
    FORM,
    INSTANT,
    LICENCE,
    PERMIT,
    PLAN,
    a_version,
    an_item,
    applied,
    clock,
    reviewed,
    step,
)
from tests.support.city import City

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HALL = ZoneInfo("Asia/Shanghai")
END_OF_DAY = time(23, 59, 59)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), HALL)


def end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, HALL)


def told_staff(session: Session) -> dict[int, str]:
    """Who of the house was told, and the part of the sentence that says what counts."""
    entries = session.execute(select(StaffEntry.staff_id, StaffEntry.msgid)).all()
    return {who: " ".join(said.split()[2:5]).rstrip(":") for who, said in entries}


def told_applicant(session: Session) -> list[str]:
    """What the applicant was told, in its order."""
    return list(session.scalars(select(Message.msgid).order_by(Message.id)))


@ON_SQLITE
def test_the_dates_are_known_before_anything_is_saved(city: City) -> None:
    eve = at(date(2026, 9, 30))
    with city.db.begin() as session:
        version = an_item(session, city)

        dates = preview(session, version, now=eve)

    assert dates.notice == end_of(date(2026, 10, 13))  # five working days over 国庆
    assert dates.promised == end_of(date(2026, 10, 20))
    assert dates.legal == end_of(date(2026, 11, 3))


@pytest.mark.parametrize(
    ("content", "legal"),
    [
        (PERMIT, (LimitUnit.WORK_DAY, 20)),
        (replace(PERMIT, legal=None), (LimitUnit.WORK_DAY, 20)),  # a permit: the law's own
        (replace(PERMIT, legal=None, is_joint=True), (LimitUnit.WORK_DAY, 45)),
        (replace(PERMIT, legal=None, kind=ItemKind.GRANT), None),
        (replace(PERMIT, legal=Span(LimitUnit.DAY, 60)), (LimitUnit.DAY, 60)),
    ],
)
def test_the_laws_limit_stands_beside_the_promised_one(
    content: Content, legal: tuple[LimitUnit, int] | None
) -> None:
    limits = limits_of(a_version(content))

    assert (limits["resolve"].unit, limits["resolve"].value) == (LimitUnit.WORK_DAY, 10)
    found = limits.get("legal")
    assert (found and (found.unit, found.value)) == legal
    assert (content.legal or law_of(content)) == (legal and Span(*legal))  # as it was published


@pytest.mark.parametrize(
    ("content", "printed"),
    [
        (PERMIT, "承诺 10 个工作日，法定 20 个工作日"),
        (replace(PERMIT, legal=None), "承诺 10 个工作日，法定 20 个工作日"),
        (replace(PERMIT, legal=None, is_joint=True), "承诺 10 个工作日，法定 45 个工作日"),
        (replace(PERMIT, legal=None, kind=ItemKind.GRANT), "承诺 10 个工作日"),
        (INSTANT, "即办"),
    ],
)
def test_papers_print_the_limits_that_are_kept(content: Content, printed: str) -> None:
    assert limit_text(a_version(content)) == printed


def test_nobody_told_over_the_holidays_so_it_counts_as_accepted_at_that_minute(
    city: City,
) -> None:
    eve, last = at(date(2026, 9, 30), 16, 20), end_of(date(2026, 10, 13))
    midnight = at(date(2026, 10, 14), 0)
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city), judged=(), at=eve)
        jobs.deem(session, {}, now=last)
        assert str(case.status) == Status.RECEIVED

        jobs.deem(session, {}, now=midnight)
        jobs.deem(session, {}, now=midnight)

        found = standing_of(session, case)
        assert found is not None
        assert str(case.status) == Status.ADMITTED
        assert found.row.admission is Admission.DEEMED
        assert case.accepted_at == eve
        assert case.due_at == end_of(date(2026, 10, 20))  # counted from the eve, not from now
        assert clock(session, case, ClockKind.ONE_TIME_NOTICE).on_time is False
        assert told_staff(session) == {city[Role.SUPERVISOR].id: "counts as accepted"}
        assert told_applicant(session) == [notices.DEEMED_ADMITTED]


def test_one_application_the_program_fails_at_holds_none_of_the_others(city: City) -> None:
    eve, midnight = at(date(2026, 9, 30), 16, 20), at(date(2026, 10, 14), 0)
    with city.db.begin() as session, capture_logs() as logged:
        version = an_item(session, city)
        late = [applied(session, city, version, judged=(), at=eve) for _ in range(3)]

        def first_breaks(_session: Session, event: CaseMoved) -> None:
            if event.case.id == late[0].id:
                msg = "a name that no log may show"
                raise RuntimeError(msg)

        events.wire({CaseMoved: (first_breaks,)})
        jobs.deem(session, {}, now=midnight)
        events.wire({})
    told = [entry for entry in logged if entry["event"] == "step failed"]
    with city.db() as session:
        found = session.scalars(select(Case).order_by(Case.id)).all()
        lines = select(CaseEvent.case_id).where(CaseEvent.action == Action.DEEM_ADMITTED)

        assert [case.status for case in found] == [Status.RECEIVED, *[Status.ADMITTED] * 2]
        assert set(session.scalars(lines)) == {found[1].id, found[2].id}
        assert [entry["case"] for entry in told] == [found[0].id]
        assert "a name" not in str(logged)


@ON_SQLITE
def test_a_clerk_who_is_later_than_the_law_accepts_as_of_the_day_of_receipt(city: City) -> None:
    monday, late = at(date(2026, 3, 2)), at(date(2026, 3, 10))
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city), at=monday)

        step(session, case, Action.ADMIT, city[Role.CLERK], at=late)

        assert case.accepted_at == monday
        assert case.due_at == end_of(date(2026, 3, 16))
        assert told_staff(session) == {city[Role.SUPERVISOR].id: "counts as accepted"}


@ON_SQLITE
def test_where_it_counts_as_accepted_promised_papers_follow_from_then_on(city: City) -> None:
    monday, midnight = at(date(2026, 3, 2)), at(date(2026, 3, 10), 0)
    papers = [
        Judged(FORM, Verdict.LACKING),
        Judged(LICENCE, Verdict.OK),
        Judged(PLAN, Verdict.PROMISED, until=date(2026, 3, 4)),
    ]
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city), judged=papers, at=monday)

        jobs.deem(session, {}, now=midnight)

        later = latest_promise(session, now=midnight)
        assert str(case.status) == Status.ADMITTED
        assert clock(session, case, ClockKind.LATE_PAPERS).due_at == end_of(later)
        assert [one.promised_until for one in paper_rows(session, case.id)] == [None, None, later]


@ON_SQLITE
def test_a_special_procedure_over_the_spring_festival_stops_both_limits(city: City) -> None:
    asked = Facts(procedure=Procedure.EXPERT_REVIEW, evidence="《办法》第十条")
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city), at=at(date(2026, 2, 9)))
        reviewed(session, city, case, at=at(date(2026, 2, 9)))
        on = at(date(2026, 2, 12))
        step(
            session,
            case,
            Action.REQUEST_PROCEDURE,
            city[Role.HANDLER],
            at=on,
            note="须评审",
            facts=asked,
        )
        paper = Facts(document_no="市监评〔2026〕3号")
        step(
            session,
            case,
            Action.APPROVE_PROCEDURE,
            city[Role.UNIT_HEAD],
            at=on,
            text="专家评审",
            facts=paper,
        )
        assert case.is_paused
        assert case.due_at is None
        back = at(date(2026, 2, 24))

        step(session, case, Action.END_PROCEDURE, city[Role.HANDLER], at=back, note="评审通过")

        # Three days were used; seven are left, and Saturday 2026-02-28 is a working day.
        assert case.due_at == end_of(date(2026, 3, 4))
        assert clock(session, case, ClockKind.LEGAL).due_at == end_of(date(2026, 3, 18))
        found = standing_of(session, case)
        assert found is not None
        assert [(one.kind, one.document_no, one.approver) for one in found.stood] == [
            (PauseKind.EXPERT_REVIEW, "市监评〔2026〕3号", city[Role.UNIT_HEAD].name)
        ]
        assert found.paused(back) == back - on


@ON_SQLITE
def test_an_extension_lengthens_both_limits_by_working_days(city: City) -> None:
    monday = at(date(2026, 3, 2))
    with city.db.begin() as session:
        case = reviewed(
            session, city, applied(session, city, an_item(session, city), at=monday), at=monday
        )
        more = Facts(amount=10, evidence="《行政许可法》第四十二条")
        step(
            session,
            case,
            Action.REQUEST_EXTENSION,
            city[Role.HANDLER],
            at=monday,
            note="须外调",
            facts=more,
        )

        paper = Facts(document_no="市监延〔2026〕1号")
        step(
            session,
            case,
            Action.APPROVE_EXTENSION,
            city[Role.UNIT_HEAD],
            at=monday,
            text="须外调",
            facts=paper,
        )

        assert case.due_at == end_of(date(2026, 3, 30))
        assert clock(session, case, ClockKind.LEGAL).due_at == end_of(date(2026, 4, 14))


@ON_SQLITE
def test_a_joint_one_has_45_days_and_15_more_by_who_decides_for_the_government(
    city: City,
) -> None:
    monday = at(date(2026, 3, 2))
    joint = replace(PERMIT, legal=None, is_joint=True)
    more = Facts(amount=15, evidence="《行政许可法》第四十二条")
    paper = Facts(document_no="市政延〔2026〕1号")
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city, joint), at=monday)
        reviewed(session, city, case, at=monday)

        def asks(action: Action, role: Role, facts: Facts) -> None:
            step(
                session,
                case,
                action,
                city[role],
                at=monday,
                note="须会商",
                text="同意",
                facts=facts,
            )

        with pytest.raises(InvalidError) as too_many:
            asks(Action.REQUEST_EXTENSION, Role.HANDLER, replace(more, amount=16))
        asks(Action.REQUEST_EXTENSION, Role.HANDLER, more)
        with pytest.raises(ForbiddenError):
            asks(Action.APPROVE_EXTENSION, Role.UNIT_HEAD, paper)
        asks(Action.APPROVE_EXTENSION, Role.SUPERVISOR, paper)

        days = calendars.load(session).statutory
        legal = clock(session, case, ClockKind.LEGAL)
        assert set(too_many.value.fields) == {"amount"}
        assert legal.due_at == end_of(days.add(monday.date(), 45 + 15))


@ON_SQLITE
def test_promised_papers_that_do_not_come_end_it_after_their_day(city: City) -> None:
    monday, until = at(date(2026, 3, 2)), date(2026, 3, 10)
    papers = [
        Judged(FORM, Verdict.OK),
        Judged(LICENCE, Verdict.OK),
        Judged(PLAN, Verdict.PROMISED, until=until),
    ]
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city), judged=papers, at=monday)
        step(session, case, Action.ADMIT, city[Role.CLERK], at=monday)
        assert clock(session, case, ClockKind.LATE_PAPERS).due_at == end_of(until)
        sla.sweep_breaches(session, now=at(date(2026, 3, 10)))
        jobs.deem(session, {}, now=end_of(until))
        assert str(case.status) == Status.ADMITTED
        assert told_applicant(session) == [notices.ADMITTED, PROMISE_ENDING]

        jobs.deem(session, {}, now=at(date(2026, 3, 11), 0))

        assert str(case.status) == Status.WITHDRAWN
        assert told_applicant(session)[-1] == notices.DEEMED_WITHDRAWN
