"""A list asks the database as often with 50 rows as with 2; no list escapes the test."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Staff
from app.accounts.rules import Role
from app.accounts.service.hashing import hash_password
from app.cases import service as cases
from app.cases.complaint_models import CaseMeasure
from app.cases.kinds import Action, ApprovalKind, Status
from app.cases.models import Approval, CaseEvent
from app.catalogue.models import Category, DispatchRule, ReplyText, ReviewItem
from app.catalogue.rules import CaseKind, ReplyPurpose, ReviewKind
from app.citizens import service as citizens
from app.citizens.models import CitizenAccess, CitizenMerge, DuplicateCandidate
from app.citizens.rules.access import AccessField
from app.citizens.sealing import seal
from app.citizens.service import Person
from app.complaints.models import CallerLimit, CallerWarning
from app.desk.models import BulkRun, Macro
from app.exports.models import Export
from app.exports.rules import Format
from app.followups.models import Callback, SampleCheck, SampleDraw
from app.imports.models import PeopleList
from app.imports.people.fates import ListKind
from app.interactions.models import Interaction, Promise
from app.interactions.rules import Direction, Medium, TalkState
from app.interactions.service.promising import TEXT as PROMISE_TEXT
from app.kernel.audit import AuditEntry
from app.kernel.authors import MACHINE
from app.kernel.jobs import Job, JobStatus
from app.kernel.outbox import Channel, Message, MessageStatus
from app.kernel.vault import vault_of
from app.notifications.models import StaffEntry
from app.privacy import service as rights
from app.privacy.models import (
    DataRequest,
    LegalHold,
    PrivacyNotice,
    RetentionBatch,
    Tombstone,
)
from app.privacy.rules import RequestKind, Source, TombstoneGround
from app.segments.models import Segment, SegmentVersion
from app.segments.rules import Condition, Rule, What, to_json
from app.signals.models import Signal, SignalCase
from app.signals.rules import Level
from app.supervision.models import SupervisionLevel, SupervisionOrder
from app.supervision.service import levels
from app.tasks.models import Task
from tests.accounts.builders import a_person, a_unit
from tests.architecture.routes import routes_of
from tests.citizens.bare import a_citizen
from tests.queueing.halls import a_waiting_visitor
from tests.support.city import WORKS, City, a_case, a_city, first_category
from tests.support.clock import MONDAY_9AM
from tests.support.counting import statements_of
from tests.support.pages import PASSWORD, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Grow = Callable[[Session, int], object]


def _reply(session: Session, n: int) -> None:
    purpose = next(iter(ReplyPurpose))
    session.add(ReplyText(code=f"r{n}", title="标题", body="正文", purpose=purpose))


def _look(session: Session, n: int) -> None:
    staff = a_person(session, f"looker{n}", Role.CLERK)
    session.flush()
    session.add(
        CitizenAccess(
            at=MONDAY_9AM,
            on_day=MONDAY_9AM.date(),
            staff_id=staff.id,
            citizen_id=a_citizen(session),
            case_id=n + 1,
            field=AccessField.CONTACT,
            reason_code="other",
            is_out_of_hours=True,
            is_own_surname=True,
            is_without_case=True,
        )
    )


def _job(session: Session, n: int) -> None:
    session.add(Job(name=f"j{n}", payload={}, status=JobStatus.DEAD, run_at=MONDAY_9AM))


def _message(session: Session, n: int) -> None:
    _job(session, n)
    session.add(
        Message(
            ref=str(n),
            channel=Channel.SMS,
            contact_id=1,
            subject_type="case",
            subject_id=n + 1,
            msgid="",
            params={},
            locale="zh_CN",
            status=MessageStatus.UNKNOWN,
            created_at=MONDAY_9AM,
        )
    )


def _audit(session: Session, n: int) -> None:
    session.add(
        AuditEntry(
            at=MONDAY_9AM, actor_id=n, role="", action="x", object_type="case", object_id=str(n)
        )
    )


def _segment(session: Session, n: int) -> None:
    segment = Segment(name=f"分组{n}", created_at=MONDAY_9AM, created_by_id=1)
    session.add(segment)
    session.flush()
    rule = to_json(Rule((Condition(What.AGE, least=65),)))
    session.add(
        SegmentVersion(segment_id=segment.id, number=1, rule=rule, made_at=MONDAY_9AM, made_by_id=1)
    )


def _export(session: Session, n: int) -> None:
    supervisor = session.scalars(select(Staff.id).where(Staff.username == "supervisor")).one()
    session.add(
        Export(
            ref=f"export-{n}",
            source="cases",
            params={},
            format=Format.CSV,
            reason="月度报表",
            locale="zh_CN",
            staff_id=supervisor,
            created_at=MONDAY_9AM,
            expires_at=MONDAY_9AM,
        )
    )


def _pair(session: Session, n: int) -> None:
    people = [a_citizen(session, f"某{n}", phone="17900000001") for _ in range(2)]
    reasons = "same_name same_phone"
    session.add(
        DuplicateCandidate(
            a_id=people[0], b_id=people[1], reasons=reasons, score=70, found_at=MONDAY_9AM
        )
    )


def _merge(session: Session, n: int) -> None:
    people = [a_citizen(session, f"某{n}") for _ in range(2)]
    session.add(
        CitizenMerge(survivor_id=people[0], merged_id=people[1], at=MONDAY_9AM, reason="同一人")
    )


def _data_request(session: Session, n: int) -> None:
    person = citizens.register(session, Person(f"某{n}", ""), now=MONDAY_9AM)
    asked = RequestKind.ACCESS
    rights.open_request(session, person, asked, source=Source.LETTER, by=MACHINE, now=MONDAY_9AM)


def _answered(session: Session, n: int) -> None:
    _data_request(session, n)
    session.execute(update(DataRequest).values(status="done", closed_at=MONDAY_9AM))


def _hold(session: Session, _n: int) -> None:
    case = a_case(session)
    session.add(LegalHold(case_id=case.id, reason="x", placed_at=MONDAY_9AM, placed_by_id=1))


def _stone(session: Session, n: int) -> None:
    session.add(
        Tombstone(
            case_id=n + 1,
            number=f"RX{n}",
            opened_at=MONDAY_9AM,
            ground=TombstoneGround.RETENTION,
            digest=b"",
            at=MONDAY_9AM,
        )
    )


def _batch(session: Session, _n: int) -> None:
    session.add(RetentionBatch(as_of=MONDAY_9AM, proposed_by_id=1))


def _notice(session: Session, n: int) -> None:
    session.add(
        PrivacyNotice(
            version=n + 1,
            valid_from=MONDAY_9AM,
            title={"zh": "告知"},
            parts={},
            published_at=MONDAY_9AM,
        )
    )


def _talk(session: Session, n: int) -> None:
    states = [TalkState.HELD, TalkState.ENDED]
    clerk = session.scalars(select(Staff).where(Staff.username == Role.CLERK.value)).one()
    session.add(
        Interaction(
            ref=f"r{n}",
            medium=Medium.LETTER,
            direction=Direction.IN,
            staff_id=clerk.id,
            unit_id=clerk.unit_id,
            state=states[n % 2],
            began_at=MONDAY_9AM,
            taken_at=MONDAY_9AM,
            place="",
        )
    )


def _promise(session: Session, n: int) -> None:
    clerk = session.scalars(select(Staff).where(Staff.username == Role.CLERK.value)).one()
    text = seal(vault_of(session), PROMISE_TEXT, "回电。", str(n))
    due = MONDAY_9AM + timedelta(days=n)
    session.add(
        Promise(
            staff_id=clerk.id,
            unit_id=clerk.unit_id,
            text=text,
            place=str(n),
            made_at=MONDAY_9AM,
            due_at=due,
        )
    )


def _entry(session: Session, n: int) -> None:
    clerk = session.scalars(select(Staff.id).where(Staff.username == Role.CLERK.value)).one()
    session.add(StaffEntry(staff_id=clerk, msgid=f"n{n}", params={}, created_at=MONDAY_9AM))


def _accepted(session: Session, _n: int) -> None:
    a_case(session).status = Status.ACCEPTED


def _unsigned(session: Session, _n: int) -> None:
    case = a_case(session)
    case.status, case.unit_id = Status.DISPATCHED, WORKS


def _suspended(session: Session, _n: int) -> None:
    case = a_case(session)
    case.status = Status.SUSPENDED
    session.add(
        Approval(
            case_id=case.id,
            kind=ApprovalKind.SUSPENSION,
            requested_at=MONDAY_9AM,
            reason="冬季",
            until_on=MONDAY_9AM.date(),
            decided_at=MONDAY_9AM,
            was_granted=True,
        )
    )


def _task(session: Session, _n: int) -> None:
    case = a_case(session)
    case.unit_id = WORKS
    event = session.scalars(select(CaseEvent.id).where(CaseEvent.case_id == case.id)).one()
    session.add(
        Task(
            case_id=case.id,
            unit_id=WORKS,
            asked_at=MONDAY_9AM,
            asked_event_id=event,
            due_at=MONDAY_9AM,
        )
    )


def _signal(session: Session, _n: int) -> None:
    signal = Signal(
        level=Level.YELLOW,
        category_id=first_category(session),
        region_code="990101",
        persons=5,
        raised_at=MONDAY_9AM,
        last_at=MONDAY_9AM,
    )
    session.add(signal)
    session.flush()
    session.add(SignalCase(signal_id=signal.id, case_id=a_case(session).id))


def _urged(session: Session, _n: int) -> None:
    cases.urge(session, a_case(session), now=MONDAY_9AM)


def _order(session: Session, n: int) -> None:
    levels.seed(session)
    level_id = session.scalars(select(SupervisionLevel.id)).first() or 0
    case = a_case(session)
    supervisor = session.scalars(select(Staff.id).where(Staff.username == "supervisor")).one()
    session.add(
        SupervisionOrder(
            number=f"DB{n}",
            case_id=case.id,
            unit_id=case.unit_id,
            level_id=level_id,
            reason="逾期",
            demand="反馈",
            issued_at=MONDAY_9AM,
            issued_by=supervisor,
        )
    )


def _level(session: Session, n: int) -> None:
    session.add(SupervisionLevel(code=f"l{n}", position=n, name=f"级别{n}", name_en=f"Level {n}"))


def _run(session: Session, _n: int) -> None:
    clerk = session.scalars(select(Staff.id).where(Staff.username == "clerk")).one()
    session.add(BulkRun(staff_id=clerk, created_at=MONDAY_9AM))


def _macro(session: Session, n: int) -> None:
    clerk = session.scalars(select(Staff.id).where(Staff.username == "clerk")).one()
    session.add(Macro(staff_id=clerk, name=f"宏{n}", action=Action.CONTACT))


def _measure(session: Session, n: int) -> None:
    case = a_case(session, kind=CaseKind.COMPLAINT)
    session.add(
        CaseMeasure(
            case_id=case.id,
            unit_id=case.unit_id,
            what=f"整改{n}",
            due_on=MONDAY_9AM.date(),
            late_from=MONDAY_9AM,
            laid_down_at=MONDAY_9AM,
        )
    )


def _caller(session: Session, n: int) -> None:
    citizen_id = a_citizen(session, f"某{n}")
    by, day = 1, MONDAY_9AM.date()
    session.add(
        CallerWarning(citizen_id=citizen_id, words="已告知", warned_at=MONDAY_9AM, warned_by=by)
    )
    session.add(
        CallerLimit(
            citizen_id=citizen_id,
            measure="每天一次",
            reason="反复来电",
            until_on=day,
            proposed_at=MONDAY_9AM,
            proposed_by=by,
        )
    )


def _called_back(session: Session, _n: int) -> None:
    case = a_case(session)
    session.add(Callback(case_id=case.id, round=1, opened_at=MONDAY_9AM, next_at=MONDAY_9AM))


def _drawn(session: Session, n: int) -> None:
    draw = session.scalars(select(SampleDraw)).first()
    if draw is None:
        draw = SampleDraw(
            period="2026-02",
            starts_at=MONDAY_9AM,
            ends_at=MONDAY_9AM,
            share=10,
            seed="s",
            among=n,
            drawn=n,
            digest="",
            at=MONDAY_9AM,
        )
        session.add(draw)
        session.flush()
    session.add(SampleCheck(draw_id=draw.id, case_id=a_case(session).id))


def _point(session: Session, n: int) -> None:
    session.add(ReviewItem(code=f"x{n}", kind=ReviewKind.CHECK, name="要求"))


# Each list page, who looks at it, and how one more row comes about.
LISTS: dict[str, tuple[Role, Grow]] = {
    "/desk/talks": (Role.CLERK, _talk),
    "/desk/talks/bar": (Role.CLERK, _talk),
    "/desk/promises": (Role.CLERK, _promise),
    "/desk/measures": (Role.SUPERVISOR, _measure),
    "/desk/callers": (Role.SUPERVISOR, _caller),
    "/desk/dispatch": (Role.DISPATCHER, _accepted),
    "/desk/tasks": (Role.HANDLER, _task),
    "/desk/share": (Role.UNIT_HEAD, _unsigned),
    "/desk/suspended": (Role.SUPERVISOR, _suspended),
    "/desk/counter": (Role.CLERK, a_waiting_visitor),
    "/queue": (Role.MANAGER, a_waiting_visitor),
    "/queue/day-sheet": (Role.MANAGER, a_waiting_visitor),
    "/queue/day-sheet.csv": (Role.MANAGER, a_waiting_visitor),
    "/desk/counter/bar": (Role.CLERK, a_waiting_visitor),
    "/desk/inbox": (Role.CLERK, _entry),
    "/desk/inbox/bar": (Role.CLERK, _entry),
    "/privacy": (Role.PRIVACY, _data_request),
    "/privacy/requests/ended": (Role.PRIVACY, _answered),
    "/privacy/notices": (Role.PRIVACY, _notice),
    "/privacy/retention": (Role.PRIVACY, _batch),
    "/privacy/holds": (Role.PRIVACY, _hold),
    "/privacy/register": (Role.PRIVACY, _stone),
    "/desk": (Role.CLERK, lambda session, _n: a_case(session)),
    "/desk/list": (Role.CLERK, lambda session, _n: a_case(session)),
    "/desk/reminders": (Role.SUPERVISOR, _urged),
    "/desk/bulk": (Role.CLERK, _run),
    "/desk/macros": (Role.CLERK, _macro),
    "/supervision": (Role.SUPERVISOR, _order),
    "/admin/levels": (Role.ADMIN, _level),
    "/board/incidents": (Role.SUPERVISOR, _urged),
    "/board": (Role.SUPERVISOR, lambda session, _n: a_case(session)),
    "/segments": (Role.SUPERVISOR, _segment),
    "/signals": (Role.SUPERVISOR, _signal),
    "/exports": (Role.SUPERVISOR, _export),
    "/exports/list": (Role.SUPERVISOR, _export),
    "/citizens/duplicates": (Role.SUPERVISOR, _pair),
    "/citizens/import": (
        Role.MANAGER,
        lambda session, _n: session.add(
            PeopleList(kind=ListKind.CITIZENS, header={}, rows=1, by_id=1, created_at=MONDAY_9AM)
        ),
    ),
    "/citizens/merges": (Role.SUPERVISOR, _merge),
    "/admin/background": (Role.ADMIN, _message),
    "/admin/notices": (Role.ADMIN, _message),
    "/admin/queues": (Role.ADMIN, lambda session, n: a_unit(session, f"N{n}")),
    "/admin/units": (Role.ADMIN, lambda session, n: a_unit(session, f"N{n}")),
    "/admin/staff": (Role.SECURITY, lambda session, n: a_person(session, f"p{n}", Role.CLERK)),
    "/admin/roles": (Role.SECURITY, lambda session, n: a_person(session, f"p{n}", Role.CLERK)),
    "/admin/access": (Role.SECURITY, _look),
    "/admin/access/rows": (Role.SECURITY, _look),
    "/admin/audit": (Role.AUDITOR, _audit),
    "/admin/catalogue/categories": (
        Role.ADMIN,
        lambda session, n: session.add(Category(code=f"N{n}", name=f"类别{n}")),
    ),
    "/admin/catalogue/directory": (
        Role.ADMIN,
        lambda session, n: session.add(DispatchRule(position=900 + n, unit_id=1)),
    ),
    "/admin/catalogue/replies": (Role.ADMIN, _reply),
    "/admin/catalogue/review": (Role.ADMIN, _point),
    "/desk/callbacks": (Role.REVIEWER, _called_back),
    "/desk/callbacks/checks": (Role.SUPERVISOR, _drawn),
    "/board/closing": (Role.SUPERVISOR, _called_back),
}
# Pages of staff that are no lists, or lists that do not grow with history.
NO_LISTS = {
    "/privacy/extras",
    "/privacy/extras/new",
    "/privacy/notices/new",
    "/privacy/retention/dry-run",
    "/account",
    "/account/password",
    "/admin",
    "/admin/audit/chain",
    "/admin/calendar",
    "/admin/calendar/days",
    "/admin/calendar/hours",
    "/admin/calendar/import",
    "/admin/catalogue",
    "/admin/catalogue/categories/new",
    "/admin/catalogue/deciders",
    "/admin/catalogue/directory/new",
    "/admin/catalogue/limits",
    "/admin/catalogue/limits/new",
    "/admin/catalogue/replies/new",
    "/admin/catalogue/review/new",
    "/admin/notices/policy",
    "/admin/notices/words",  # as many as the house has sentences
    "/admin/security",
    "/admin/signals",
    "/admin/staff/new",
    "/admin/units/new",
    "/citizens/new",
    "/citizens",  # the box; its answers are counted in tests/citizens/test_finding.py
    "/citizens/merge",
    "/citizens/quality",
    "/desk/new",
    "/desk/macros/new",
    "/supervision/new",
    "/admin/levels/new",
    "/exports/new",
    "/segments/new",
}


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def city(app: FastAPI, db: sessionmaker[Session]) -> City:
    return a_city(db, password_hash=_hash(), vault=app.state.edge.vault)


def asked(app: FastAPI, pages: PageClient, path: str) -> int:
    pages.get(path)  # what is remembered between requests is remembered now
    with statements_of(app.state.edge.engine) as seen:
        assert pages.get(path).status == 200
    return len(seen)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_as_often_with_fifty_rows_as_with_two(
    app: FastAPI, client: TestClient, city: City, path: str
) -> None:
    role, grow = LISTS[path]
    pages = PageClient(client)
    pages.sign_in(role.value)
    counts = []

    for rows in (range(2), range(2, 50)):
        with city.db.begin() as session:
            for n in rows:
                grow(session, n)
                session.flush()
        counts.append(asked(app, pages, path))

    assert counts[0] == counts[1]


def test_no_page_of_staff_was_forgotten(app: FastAPI) -> None:
    pages = {
        route.path
        for route in routes_of(app)
        if route.asks_who and "GET" in route.methods and "{" not in route.path
    }

    assert pages == set(LISTS) | NO_LISTS
