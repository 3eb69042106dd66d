"""Who decides a request is data: the head of the unit, or the centre above it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.jobs import resume_suspended
from app.cases.kinds import Action, ApprovalKind, ApproverLevel, PauseGround, Status
from app.cases.models import Approval, Case
from app.cases.queries.history import suspended_until, timeline
from app.cases.queries.suspensions import list_suspended
from app.cases.rules import Facts
from app.cases.rules.levels import LAID_DOWN, decider
from app.cases.service import levels
from app.cases.service.levels import LineDraft
from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.cases.walking import take, to_handling
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

GROUND = "热线办法第 15 条"


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


@pytest.mark.parametrize(
    ("kind", "nth", "days", "level"),
    [
        (ApprovalKind.EXTENSION, 1, 5, ApproverLevel.UNIT),
        (ApprovalKind.EXTENSION, 1, 6, ApproverLevel.CENTRE),
        (ApprovalKind.EXTENSION, 2, 1, ApproverLevel.CENTRE),
        (ApprovalKind.SUSPENSION, 1, None, ApproverLevel.CENTRE),
        (ApprovalKind.TERMINATION, 1, None, ApproverLevel.CENTRE),
        (ApprovalKind.RETURN, 1, None, ApproverLevel.UNIT),
    ],
)
def test_the_first_line_that_fits_says_who_decides(
    kind: ApprovalKind, nth: int, days: int | None, level: ApproverLevel
) -> None:
    assert decider(LAID_DOWN, kind, nth=nth, days=days)[0] is level


def extension(session: Session, city: City, case: Case, days: int) -> Case:
    facts = Facts(amount=days, evidence=GROUND)
    return take(
        session, case, Action.REQUEST_EXTENSION, city[Role.HANDLER], note="待料", facts=facts
    )


def test_what_is_above_the_unit_its_head_cannot_grant(city: City) -> None:
    with city.db.begin() as session:
        case = extension(session, city, to_handling(session, city, a_case(session)), 6)

        for nobody in (city[Role.UNIT_HEAD], city[Role.DISPATCHER]):
            with pytest.raises(ForbiddenError):
                take(session, case, Action.APPROVE_EXTENSION, nobody, text="同意")
        take(session, case, Action.APPROVE_EXTENSION, city[Role.SUPERVISOR], text="同意")


def test_a_second_extension_goes_to_the_centre_however_short(city: City) -> None:
    with city.db.begin() as session:
        case = extension(session, city, to_handling(session, city, a_case(session)), 2)
        take(session, case, Action.APPROVE_EXTENSION, city[Role.UNIT_HEAD], text="同意")

        extension(session, city, case, 1)

        asked = session.scalars(select(Approval).where(Approval.decided_at.is_(None))).one()
        assert asked.level is ApproverLevel.CENTRE
        assert asked.level_basis


def test_a_changed_line_reaches_only_requests_made_afterwards(city: City) -> None:
    draft = LineDraft(ApproverLevel.CENTRE, 1, 5, "市热线办法", is_sample=False)
    with city.db.begin() as session:
        before = extension(session, city, to_handling(session, city, a_case(session)), 3)
        levels.change_line(
            session,
            "extension_first",
            draft,
            version=0,
            actor=city[Role.ADMIN],
            by=MACHINE,
            now=MONDAY_9AM,
        )
        after = extension(session, city, to_handling(session, city, a_case(session)), 3)

        take(session, before, Action.APPROVE_EXTENSION, city[Role.UNIT_HEAD], text="同意")
        with pytest.raises(ForbiddenError):
            take(session, after, Action.APPROVE_EXTENSION, city[Role.UNIT_HEAD], text="同意")


def test_a_line_is_changed_by_who_may_with_numbers_that_make_sense(city: City) -> None:
    draft = LineDraft(ApproverLevel.UNIT, 1, 5, "市热线办法", is_sample=False)
    refusals = (
        ("extension_first", draft, 0, Role.SUPERVISOR, ForbiddenError),
        ("no_such_line", draft, 0, Role.ADMIN, NotFoundError),
        ("extension_first", draft, 7, Role.ADMIN, ConflictError),
        ("extension_first", replace(draft, most_days=0), 0, Role.ADMIN, InvalidError),
        ("extension_first", replace(draft, basis_text=" "), 0, Role.ADMIN, InvalidError),
    )
    with city.db.begin() as session:
        for code, wanted, version, role, error in refusals:
            with pytest.raises(error):
                levels.change_line(
                    session,
                    code,
                    wanted,
                    version=version,
                    actor=city[role],
                    by=MACHINE,
                    now=MONDAY_9AM,
                )


def test_granted_after_the_limit_it_says_so_and_must_reach_into_the_future(city: City) -> None:
    with city.db.begin() as session:
        short = extension(session, city, to_handling(session, city, a_case(session)), 1)
        enough = extension(session, city, to_handling(session, city, a_case(session)), 5)
        assert short.due_at is not None
        assert enough.due_at is not None
        late = max(short.due_at, enough.due_at) + timedelta(days=3)

        with pytest.raises(ConflictError):
            take(
                session, short, Action.APPROVE_EXTENSION, city[Role.UNIT_HEAD], at=late, text="同意"
            )
    with city.db.begin() as session:
        enough = session.get_one(Case, enough.id)
        take(session, enough, Action.APPROVE_EXTENSION, city[Role.UNIT_HEAD], at=late, text="同意")

        assert enough.due_at is not None
        assert enough.due_at > late
        assert timeline(session, enough, city[Role.UNIT_HEAD])[-1].payload["after_limit"] is True


def suspended(session: Session, city: City, case: Case, until: date, *, no: str = "1 号") -> Case:
    asked = Facts(ground=PauseGround.SEASONAL_WORK, until=until)
    take(session, case, Action.REQUEST_SUSPENSION, city[Role.HANDLER], note="冬季", facts=asked)
    paper = Facts(document_no=no)
    return take(
        session, case, Action.APPROVE_SUSPENSION, city[Role.SUPERVISOR], text="春后", facts=paper
    )


def test_a_suspension_is_renewed_before_its_day_and_else_ends_by_itself(city: City) -> None:
    with city.db.begin() as session:
        renewed = to_handling(session, city, a_case(session))
        left = to_handling(session, city, a_case(session))
        for case in (renewed, left):
            suspended(session, city, case, date(2026, 3, 9))
        suspended(session, city, renewed, date(2026, 4, 1), no="2 号")
        assert suspended_until(session, renewed) == date(2026, 4, 1)

    with city.db.begin() as session:
        resume_suspended(session, {}, now=MONDAY_9AM + timedelta(days=8))

    with city.db() as session:
        assert session.get_one(Case, renewed.id).status is Status.SUSPENDED
        assert session.get_one(Case, left.id).status is Status.HANDLING
        page = list_suspended(session, city[Role.SUPERVISOR], cursor=None)
        assert [(row.number, row.until_on) for row in page.items] == [
            (renewed.number, date(2026, 4, 1))
        ]
