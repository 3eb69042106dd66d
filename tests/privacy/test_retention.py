"""Tried first, proposed by one, approved by another, gone on with when stopped; a hold wins."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.cases.kinds import Status
from app.cases.models import Case
from app.catalogue.rules import CaseKind
from app.citizens.models import Citizen, Contact
from app.citizens.rules import CitizenState, number_of
from app.citizens.service import Person, register
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.privacy import queries
from app.privacy.models import RetentionBatch, RetentionItem, RetentionRule, Tombstone
from app.privacy.rules import (
    BatchState,
    ItemState,
    RetentionLine,
    choose,
    months_before,
)
from app.privacy.service import holding, retention
from app.privacy.service.retention import Kept, working
from tests.privacy.town import COLLEAGUE, LATER, OFFICER, prepared
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

SOMEBODY = Person("张三丰", "17900001234")


@pytest.fixture
def city(db: Db) -> City:
    founded = a_city(db)
    prepared(founded)
    return founded


def an_old_case(city: City, *, kind: CaseKind = CaseKind.HELP) -> int:
    """A matter with a known citizen that ended long ago."""
    with city.db.begin() as session:
        case = a_case(session, is_anonymous=False, person=SOMEBODY, kind=kind)
        ended = update(Case).where(Case.id == case.id)
        session.execute(ended.values(closed_at=MONDAY_9AM, status=Status.CLOSED))
        return case.id


def a_batch(city: City, *, approved: bool = True) -> int:
    with city.db.begin() as session:
        batch = retention.propose(session, by=OFFICER, now=LATER)
        if approved:
            retention.approve(session, batch.id, version=1, by=COLLEAGUE, now=LATER)
        return batch.id


def work_off(city: City, batch_id: int) -> int:
    """How many runs it took."""
    for runs in range(1, 50):
        with city.db.begin() as session:
            if not retention.work_off(session, batch_id, now=LATER):
                return runs
    pytest.fail("a batch without end")


def states(city: City) -> list[ItemState]:
    with city.db() as session:
        return list(session.scalars(select(RetentionItem.state).order_by(RetentionItem.id)))


def test_a_dry_run_counts_and_names_and_changes_nothing(city: City) -> None:
    an_old_case(city)
    an_old_case(city, kind=CaseKind.COMPLAINT)  # kept for five years

    with city.db() as session:
        tried = retention.dry_run(session, now=LATER)
        names = [each.kind for each in tried.first]

    assert (tried.number, tried.held, names) == (1, 0, [CaseKind.HELP])
    with city.db() as session:
        assert session.scalars(select(Tombstone)).all() == []
        assert session.scalars(select(RetentionBatch)).all() == []


def test_what_is_approved_is_erased_with_its_citizen(city: City) -> None:
    case_id = an_old_case(city)

    batch_id = a_batch(city)
    work_off(city, batch_id)

    with city.db() as session:
        assert session.get_one(Case, case_id).title == ""
        assert session.scalars(select(Citizen)).one().state is CitizenState.ANONYMISED
        assert session.scalars(select(Contact)).all() == []
        assert session.get_one(RetentionBatch, batch_id).state is BatchState.DONE


def test_a_citizen_with_another_matter_stays_who_they_are(city: City) -> None:
    an_old_case(city)
    an_old_case(city, kind=CaseKind.COMPLAINT)

    work_off(city, a_batch(city))

    with city.db() as session:
        assert session.scalars(select(Citizen)).one().state is CitizenState.ACTIVE


MUCH_LATER = MONDAY_9AM + timedelta(days=2200)  # over five years


def a_person_without_matters(city: City, who: Person = SOMEBODY) -> int:
    with city.db.begin() as session:
        return register(session, who, now=MONDAY_9AM)


def test_a_person_without_matters_is_proposed_and_loses_name_and_number(city: City) -> None:
    citizen_id = a_person_without_matters(city)
    with city.db.begin() as session:
        assert retention.dry_run(session, now=LATER).people == 0
        assert retention.dry_run(session, now=MUCH_LATER).people == 1
        batch = retention.propose(session, by=OFFICER, now=MUCH_LATER)
        retention.approve(session, batch.id, version=1, by=COLLEAGUE, now=MUCH_LATER)

    with city.db.begin() as session:
        retention.work_off(session, batch.id, now=MUCH_LATER)

    assert states(city) == [ItemState.ERASED]
    with city.db() as session:
        assert session.get_one(Citizen, citizen_id).state is CitizenState.ANONYMISED
        assert session.scalars(select(Contact)).all() == []
        stone = session.scalars(select(Tombstone)).one()
        assert (stone.citizen_id, stone.batch_id) == (citizen_id, batch.id)
        lines = queries.list_items(session, batch.id, most=5)
        assert [each.number for each in lines] == [number_of(citizen_id)]


def test_a_hold_or_a_fresh_touch_since_keeps_a_person_without_matters(city: City) -> None:
    citizen_id = a_person_without_matters(city)
    touched = a_person_without_matters(city, Person("测试乙", "17900005678"))
    with city.db.begin() as session:
        batch = retention.propose(session, by=OFFICER, now=MUCH_LATER)
        retention.approve(session, batch.id, version=1, by=COLLEAGUE, now=MUCH_LATER)
        holding.place(
            session, citizen_id=citizen_id, reason="诉讼", until=None, by=OFFICER, now=MUCH_LATER
        )
        session.get_one(Citizen, touched).updated_at = MUCH_LATER

    with city.db.begin() as session:
        retention.work_off(session, batch.id, now=MUCH_LATER)

    assert set(states(city)) == {ItemState.HELD, ItemState.SKIPPED}
    with city.db() as session:
        assert retention.dry_run(session, now=MUCH_LATER).people_held == 1


def test_nobody_approves_their_own_proposal(city: City) -> None:
    an_old_case(city)
    batch_id = a_batch(city, approved=False)

    with pytest.raises(ForbiddenError), city.db.begin() as session:
        retention.approve(session, batch_id, version=1, by=OFFICER, now=LATER)

    with city.db.begin() as session:
        assert not retention.work_off(session, batch_id, now=LATER)
    assert states(city) == [ItemState.WAITING]


def test_what_waits_is_not_proposed_twice_and_a_refusal_frees_it(city: City) -> None:
    an_old_case(city)
    batch_id = a_batch(city, approved=False)
    with pytest.raises(ConflictError):
        a_batch(city)

    with city.db.begin() as session:
        retention.refuse(session, batch_id, version=1, by=COLLEAGUE, now=LATER)

    work_off(city, a_batch(city))
    assert states(city) == [ItemState.SKIPPED, ItemState.ERASED]


def test_a_hold_keeps_a_matter_out_of_every_proposal(city: City) -> None:
    case_id = an_old_case(city)
    with city.db.begin() as session:
        holding.place(session, case_id=case_id, reason="诉讼", until=None, by=OFFICER, now=LATER)

    with city.db() as session:
        tried = retention.dry_run(session, now=LATER)
    assert (tried.number, tried.held) == (0, 1)
    with pytest.raises(ConflictError):
        a_batch(city)


@pytest.mark.parametrize("on", ["case", "citizen"])
def test_a_hold_placed_after_the_approval_wins(city: City, on: str) -> None:
    case_id = an_old_case(city)
    batch_id = a_batch(city)
    with city.db.begin() as session:
        case = session.get_one(Case, case_id)
        subject = {"case_id": case.id} if on == "case" else {"citizen_id": case.citizen_id}
        holding.place(session, **subject, reason="审计", until=None, by=OFFICER, now=LATER)

    work_off(city, batch_id)

    assert states(city) == [ItemState.HELD]
    with city.db() as session:
        assert session.get_one(Case, case_id).body


def test_a_hold_ends_with_its_day_or_when_it_is_lifted(city: City) -> None:
    case_id = an_old_case(city)
    today = LATER.date()
    with city.db.begin() as session:
        hold = holding.place(
            session, case_id=case_id, reason="审计", until=today, by=OFFICER, now=LATER
        )

    with city.db() as session:
        assert queries.is_case_held(session, case_id, today=today)
        assert not queries.is_case_held(session, case_id, today=today + timedelta(days=1))
    with city.db.begin() as session:
        holding.lift(session, hold.id, by=COLLEAGUE, now=LATER)
    with city.db() as session:
        assert not queries.is_case_held(session, case_id, today=today)


@pytest.mark.parametrize(
    ("given_words", "field"),
    [
        ({"case_id": 1, "reason": " "}, "reason"),
        ({"case_id": 1, "reason": "长" * 501}, "reason"),
        ({"reason": "审计"}, "number"),
        ({"case_id": 1, "reason": "审计", "until": date(2020, 1, 1)}, "until"),
    ],
)
def test_a_hold_without_sense_is_refused(
    city: City, given_words: dict[str, object], field: str
) -> None:
    words = {"until": None, **given_words}

    with pytest.raises(InvalidError) as refusal, city.db.begin() as session:
        holding.place(session, **words, by=OFFICER, now=LATER)  # type: ignore[arg-type]  # nonsense on purpose

    assert field in refusal.value.fields


def test_a_reopened_matter_is_left_alone(city: City) -> None:
    case_id = an_old_case(city)
    batch_id = a_batch(city)
    with city.db.begin() as session:
        session.execute(update(Case).where(Case.id == case_id).values(closed_at=None))

    work_off(city, batch_id)

    assert states(city) == [ItemState.SKIPPED]


def test_a_matter_closed_anew_since_the_proposal_is_left_alone(city: City) -> None:
    case_id = an_old_case(city)
    batch_id = a_batch(city)
    with city.db.begin() as session:
        session.execute(update(Case).where(Case.id == case_id).values(closed_at=LATER))

    work_off(city, batch_id)

    assert states(city) == [ItemState.SKIPPED]
    with city.db() as session:
        assert session.get_one(Case, case_id).body


@pytest.mark.parametrize("change", [{"months": 1200}, {"is_active": False}])
def test_a_rule_that_reaches_less_far_since_the_proposal_wins(
    city: City, change: dict[str, object]
) -> None:
    case_id = an_old_case(city)
    batch_id = a_batch(city)
    with city.db.begin() as session:
        session.execute(update(RetentionRule).values(change))

    work_off(city, batch_id)

    assert states(city) == [ItemState.SKIPPED]
    with city.db() as session:
        assert session.get_one(Case, case_id).body


def test_a_batch_stopped_in_the_middle_goes_on_where_it_was(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 2)
    for _ in range(5):
        an_old_case(city)
    batch_id = a_batch(city)
    with city.db.begin() as session:
        retention.work_off(session, batch_id, now=LATER)
    halfway = states(city).count(ItemState.ERASED)
    interrupted = city.db()
    interrupted.begin()
    retention.work_off(interrupted, batch_id, now=LATER)
    interrupted.rollback()
    interrupted.close()

    work_off(city, batch_id)

    assert halfway == 2
    assert states(city) == [ItemState.ERASED] * 5
    with city.db() as session:
        assert (
            len(session.scalars(select(Tombstone.case_id).where(Tombstone.case_id > 0)).all()) == 5
        )


@pytest.mark.parametrize(("months", "basis"), [(0, "办法"), (1201, "办法"), (12, " ")])
def test_a_rule_without_sense_is_refused(city: City, months: int, basis: str) -> None:
    with pytest.raises(InvalidError), city.db.begin() as session:
        retention.set_rule(session, Kept(months, basis), by=OFFICER, now=LATER)


def test_a_rule_the_city_has_set_is_no_sample_any_more(city: City) -> None:
    with city.db.begin() as session:
        retention.set_rule(session, Kept(120, "本市档案办法"), by=OFFICER, now=LATER)

    with city.db() as session:
        rule = queries.find_rule(session, None, None)
        assert rule is not None
        assert (rule.months, rule.is_sample) == (120, False)


INSTANTS = st.datetimes(min_value=datetime(2000, 2, 1), max_value=datetime(2100, 1, 1))
PATHS = st.lists(st.integers(1, 5), max_size=3, unique=True)
LINES = st.lists(
    st.builds(
        RetentionLine,
        id=st.integers(1, 999),
        category_id=st.none() | st.integers(1, 6),
        case_kind=st.none() | st.sampled_from(["help", "tip"]),
        months=st.integers(1, 120),
    ),
    max_size=8,
)


@given(INSTANTS, st.integers(0, 1200), st.integers(0, 1200))
def test_more_months_never_reach_less_far_back(at: datetime, fewer: int, more: int) -> None:
    at = at.replace(year=at.year + 100)
    fewer, more = sorted((fewer, more))

    assert months_before(at, more) <= months_before(at, fewer) <= at


@given(INSTANTS, st.integers(0, 1200))
def test_months_are_counted_in_the_calendar(at: datetime, months: int) -> None:
    at = at.replace(year=at.year + 100)
    before = months_before(at, months)

    assert (at.year * 12 + at.month) - (before.year * 12 + before.month) == months
    assert before.day == at.day or (before.day < at.day and (before + timedelta(days=1)).day == 1)


@given(LINES, PATHS)
def test_the_rule_chosen_fits_and_none_that_fits_is_closer(
    lines: list[RetentionLine], path: list[int]
) -> None:
    chosen = choose(lines, path, "help")

    fitting = [
        line
        for line in lines
        if line.case_kind in (None, "help")
        and (line.category_id is None or line.category_id in path)
    ]
    if chosen is None:
        assert fitting == []
        return
    assert chosen in fitting
    depth = {None: -1} | {each: at for at, each in enumerate(path)}
    assert depth[chosen.category_id] == max(depth[line.category_id] for line in fitting)
    same = [line for line in fitting if line.category_id == chosen.category_id]
    assert chosen.case_kind == "help" or all(line.case_kind is None for line in same)
    alike = [line for line in same if line.case_kind == chosen.case_kind]
    assert chosen.months == max(line.months for line in alike)
