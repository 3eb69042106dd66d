"""Who calls again and again is warned, told, agreed with for a while; and is always heard."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.models import Case
from app.citizens import service as citizens
from app.complaints.models import CallerLimit
from app.complaints.queries import callers as queries
from app.complaints.service import callers
from app.kernel.audit import AuditEntry
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.outbox import Message
from tests.complaints.walking import DAY, WHO
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM

TODAY = MONDAY_9AM.date()


def a_warned_caller(session: Session, city: City) -> int:
    citizen_id = citizens.register(session, WHO, now=MONDAY_9AM)
    supervisor = city[Role.SUPERVISOR]
    callers.warn(session, citizen_id, "已说明无新事实", actor=supervisor, now=MONDAY_9AM)
    return citizen_id


def a_proposal(session: Session, city: City, *, days: int = 60) -> CallerLimit:
    return callers.propose(
        session,
        a_warned_caller(session, city),
        measure="每天告知一次进展",
        reason="一周来电 46 次,无新事实",
        until_on=TODAY + timedelta(days=days),
        actor=city[Role.SUPERVISOR],
        now=MONDAY_9AM,
    )


def test_the_one_who_proposed_does_not_decide_and_somebody_else_does(city: City) -> None:
    with city.db.begin() as session:
        limit = a_proposal(session, city)
        proposer, other = city[Role.SUPERVISOR], city[Role.MANAGER]

        with pytest.raises(ForbiddenError):
            callers.decide(session, limit.id, is_granted=True, actor=proposer, now=MONDAY_9AM)
        assert queries.in_force(session, limit.citizen_id, today=TODAY) is None
        callers.decide(session, limit.id, is_granted=True, actor=other, now=MONDAY_9AM)
        with pytest.raises(ConflictError):
            callers.decide(session, limit.id, is_granted=False, actor=other, now=MONDAY_9AM)

        agreed = queries.in_force(session, limit.citizen_id, today=TODAY)
        assert agreed is not None
        assert agreed.measure == "每天告知一次进展"
        assert limit.look_again_on == TODAY + timedelta(days=callers.terms().look_again)


def test_nobody_is_limited_without_a_warning_nor_for_longer_than_the_data_say(city: City) -> None:
    until = TODAY + timedelta(days=callers.terms().longest + 1)
    with city.db.begin() as session:
        citizen_id = citizens.register(session, WHO, now=MONDAY_9AM)

        with pytest.raises(InvalidError) as refused:
            callers.propose(
                session,
                citizen_id,
                measure=" ",
                reason="",
                until_on=until,
                actor=city[Role.SUPERVISOR],
                now=MONDAY_9AM,
            )

        assert set(refused.value.fields) == {"citizen", "measure", "reason", "until_on"}


def test_the_person_is_told_each_time_and_the_log_says_who_did_it(city: City) -> None:
    manager = city[Role.MANAGER]
    with city.db.begin() as session:
        limit = a_proposal(session, city)
        callers.decide(session, limit.id, is_granted=True, actor=manager, now=MONDAY_9AM)
        callers.end(session, limit.id, "不再重复来电", actor=manager, now=MONDAY_9AM)
        told = select(Message).where(Message.subject_id == limit.citizen_id)
        messages = session.scalars(told).all()
        noted = select(AuditEntry.action).where(AuditEntry.action.startswith("caller:"))
        actions = session.scalars(noted.order_by(AuditEntry.id)).all()

    assert len(messages) == 3
    assert actions == [
        "caller:warned",
        "caller:limit_proposed",
        "caller:limit_granted",
        "caller:limit_ended",
    ]


def test_a_limit_ends_by_itself_or_on_any_day_before(city: City) -> None:
    manager = city[Role.MANAGER]
    with city.db.begin() as session:
        limit = a_proposal(session, city, days=10)
        callers.decide(session, limit.id, is_granted=True, actor=manager, now=MONDAY_9AM)
        on_the_last, after = (TODAY + timedelta(days=days) for days in (10, 11))

        assert queries.in_force(session, limit.citizen_id, today=on_the_last)
        assert queries.in_force(session, limit.citizen_id, today=after) is None
        assert limit.look_again_on == on_the_last
        with pytest.raises(InvalidError):
            callers.end(session, limit.id, " ", actor=manager, now=MONDAY_9AM)
        callers.end(session, limit.id, "已撤回", actor=city[Role.SUPERVISOR], now=MONDAY_9AM)
        assert queries.in_force(session, limit.citizen_id, today=TODAY) is None
        with pytest.raises(ConflictError):
            callers.look_again(session, limit.id, actor=manager, now=MONDAY_9AM)


def test_another_look_moves_the_next_one_on(city: City) -> None:
    manager, later = city[Role.MANAGER], MONDAY_9AM + 20 * DAY
    with city.db.begin() as session:
        limit = a_proposal(session, city)
        callers.decide(session, limit.id, is_granted=True, actor=manager, now=MONDAY_9AM)

        callers.look_again(session, limit.id, actor=manager, now=later)

        assert limit.look_again_on == TODAY + timedelta(days=50)


def test_whoever_is_limited_is_heard_as_before(city: City) -> None:
    with city.db.begin() as session:
        limit = a_proposal(session, city)
        callers.decide(session, limit.id, is_granted=True, actor=city[Role.MANAGER], now=MONDAY_9AM)

        for _ in range(3):
            a_case(session, person=WHO, is_anonymous=False)

        theirs = select(Case.id).where(Case.citizen_id == limit.citizen_id)
        assert len(session.scalars(theirs).all()) == 3


def test_a_clerk_neither_warns_nor_limits_anybody(city: City) -> None:
    with city.db.begin() as session:
        citizen_id = citizens.register(session, WHO, now=MONDAY_9AM)

        with pytest.raises(ForbiddenError):
            callers.warn(session, citizen_id, "不要再打", actor=city[Role.CLERK], now=MONDAY_9AM)
