"""Who sees which matter, and how much of its history."""

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases import queries, service
from app.cases.kinds import Action
from app.cases.models import CaseAccess
from app.cases.queries import history
from app.cases.rules import Facts
from app.kernel.errors import NotFoundError
from tests.cases.walking import HOUR, take, to_handling, to_replied
from tests.support.city import WATER, WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def test_a_reply_nobody_has_approved_is_not_public(city: City) -> None:
    with city.db.begin() as session:
        case = to_replied(session, city, a_case(session), at=MONDAY_9AM)

        assert case.reply_approved_at is None
        assert "已修好" not in str(history.public_timeline(session, case))


def test_a_former_unit_sees_its_own_period_and_nothing_after_it(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        facts = Facts(suggested_unit_id=WATER, evidence="三定方案第 4 条")
        take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=facts)
        later = MONDAY_9AM + HOUR
        take(session, case, Action.ACCEPT_RETURN, city[Role.DISPATCHER], at=later)
        redispatched = later + HOUR
        unit = Facts(unit_id=WATER)
        take(session, case, Action.DISPATCH, city[Role.DISPATCHER], at=redispatched, facts=unit)
        number = case.number

    with city.db() as after:
        case = queries.get_by_number(after, number, city[Role.HANDLER])
        seen = history.timeline(after, case, city[Role.HANDLER])
        everything = history.timeline(after, case, city[Role.SUPERVISOR])

        assert len(seen) < len(everything)
        assert max(line.at for line in seen) <= later
        periods = after.scalars(select(CaseAccess).where(CaseAccess.unit_id == WORKS)).one()
        assert periods.to_at == later


def test_internal_notes_never_reach_the_citizen(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        service.add_note(session, case.id, "来电人情绪激动", actor=city[Role.CLERK], now=MONDAY_9AM)

        assert "情绪" not in str(history.public_timeline(session, case))
        assert "情绪" in str(history.timeline(session, case, city[Role.CLERK]))


def test_a_case_of_another_unit_looks_absent(city: City) -> None:
    with city.db.begin() as session:
        number = a_case(session).number

    with city.db() as session, pytest.raises(NotFoundError):
        queries.get_by_number(session, number, city[Role.HANDLER])


def test_the_system_administrator_never_sees_a_case(city: City) -> None:
    with city.db.begin() as session:
        number = a_case(session).number

    with city.db() as session, pytest.raises(NotFoundError):
        queries.get_by_number(session, number, city[Role.ADMIN])


def test_a_confidential_case_is_seen_only_by_the_cleared(city: City) -> None:
    with city.db.begin() as session:
        number = a_case(session, is_confidential=True).number

    with city.db() as session, pytest.raises(NotFoundError):
        queries.get_by_number(session, number, city[Role.CLERK])


def test_the_token_opens_the_case_until_its_generation_is_raised(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        vault_token = queries.public_token(session.info["vault"], case)

        assert queries.get_by_token(session, vault_token).id == case.id
        code = queries.query_code(session.info["vault"], case)
        assert queries.find_by_number_and_code(session, case.number.lower(), code.lower()) is case
        assert queries.find_by_number_and_code(session, case.number, "WRONG234") is None
        with pytest.raises(NotFoundError):
            queries.get_by_token(session, "nonsense")


def test_an_approved_reply_stays_readable_when_the_work_is_done_again(city: City) -> None:
    with city.db.begin() as session:
        case = to_replied(session, city, a_case(session), at=MONDAY_9AM + HOUR)
        take(session, case, Action.APPROVE_REPLY, city[Role.REVIEWER], at=MONDAY_9AM + 2 * HOUR)
        at = MONDAY_9AM + 3 * HOUR
        take(session, case, Action.REWORK, city[Role.REVIEWER], at=at, note="市民说还是不亮")

        assert "已修好" in str(history.public_timeline(session, case))
