"""Which limit applies: every pair of rows that differ in one respect, and the shipped data."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.rules import LimitUnit
from app.catalogue.rules import (
    CLOCK_KINDS,
    COMMON_PROFILE,
    BasisLevel,
    CaseKind,
    LimitRow,
    Urgency,
    choose,
    gaps,
)
from tests.catalogue.builders import TODAY, a_limit, a_question

ROOT, LEAF = 1, 11


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        pytest.param(
            a_limit(basis_level=BasisLevel.LAW),
            a_limit(category_id=LEAF, urgency=Urgency.NORMAL, basis_level=BasisLevel.CITY),
            id="a law before any local rule",
        ),
        pytest.param(
            a_limit(basis_level=BasisLevel.REGULATION),
            a_limit(category_id=LEAF, basis_level=BasisLevel.DEPARTMENT),
            id="an administrative regulation before a departmental rule",
        ),
        pytest.param(
            a_limit(category_id=LEAF), a_limit(category_id=ROOT), id="category before its parent"
        ),
        pytest.param(
            a_limit(category_id=ROOT), a_limit(case_kind=CaseKind.HELP), id="category before kind"
        ),
        pytest.param(
            a_limit(case_kind=CaseKind.HELP),
            a_limit(urgency=Urgency.NORMAL),
            id="kind before an ordinary grade",
        ),
        pytest.param(
            a_limit(urgency=Urgency.NORMAL),
            a_limit(region_code="990101"),
            id="grade before region",
        ),
        pytest.param(
            a_limit(region_code="990101001"), a_limit(region_code="990101"), id="street before city"
        ),
        pytest.param(
            a_limit(region_code="990101"),
            a_limit(basis_level=BasisLevel.PROVINCE),
            id="region before basis",
        ),
        pytest.param(a_limit(), a_limit(profile=COMMON_PROFILE), id="profile before common rows"),
        pytest.param(
            a_limit(basis_level=BasisLevel.PROVINCE),
            a_limit(basis_level=BasisLevel.CITY),
            id="province before city",
        ),
        pytest.param(
            a_limit(valid_from=date(2026, 1, 1)), a_limit(), id="the later start of validity"
        ),
        pytest.param(a_limit(code="b"), a_limit(code="a"), id="the code decides a tie"),
        pytest.param(a_limit(id=2), a_limit(id=1), id="the newer row decides a perfect tie"),
    ],
)
def test_of_two_rows_that_fit_the_more_specific_wins_in_either_order(
    stronger: LimitRow, weaker: LimitRow
) -> None:
    question = a_question()

    both = [choose(order, question, profile="grades") for order in permutations((stronger, weaker))]

    assert both == [stronger, stronger]


@pytest.mark.parametrize("urgency", [Urgency.CRITICAL, Urgency.URGENT])
def test_a_general_row_for_a_category_never_slows_an_emergency_down(urgency: Urgency) -> None:
    grade = a_limit(urgency=urgency)
    category = a_limit(category_id=LEAF, case_kind=CaseKind.HELP)

    chosen = choose((category, grade), a_question(urgency=urgency), profile="grades")

    assert chosen == grade


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(a_limit(clock_kind="sign"), id="another clock"),
        pytest.param(a_limit(profile="workdays"), id="a profile not in force"),
        pytest.param(a_limit(case_kind=CaseKind.TIP), id="another kind"),
        pytest.param(a_limit(category_id=12), id="another category"),
        pytest.param(a_limit(urgency=Urgency.COMPLEX), id="another grade"),
        pytest.param(a_limit(region_code="990102"), id="another district"),
        pytest.param(a_limit(valid_from=TODAY + timedelta(days=1)), id="not yet valid"),
        pytest.param(a_limit(valid_to=TODAY - timedelta(days=1)), id="no longer valid"),
    ],
)
def test_a_row_that_speaks_of_something_else_is_not_chosen(row: LimitRow) -> None:
    assert choose([row], a_question(), profile="grades") is None


def test_the_first_and_the_last_day_of_validity_belong_to_it() -> None:
    row = a_limit(valid_from=TODAY, valid_to=TODAY)

    assert choose([row], a_question(), profile="grades") == row


def test_the_code_of_a_city_holds_for_its_districts() -> None:
    row = a_limit(region_code="990100")

    assert choose([row], a_question(region_code="990104002"), profile="grades") == row


rows = st.builds(
    a_limit,
    id=st.integers(1, 50),
    profile=st.sampled_from(("grades", "workdays", COMMON_PROFILE)),
    case_kind=st.sampled_from((None, CaseKind.HELP, CaseKind.TIP)),
    category_id=st.sampled_from((None, ROOT, LEAF, 12)),
    urgency=st.sampled_from((None, *Urgency)),
    region_code=st.sampled_from(("", "990100", "990101", "990102")),
    basis_level=st.sampled_from(tuple(BasisLevel)),
    valid_from=st.sampled_from((None, TODAY, TODAY + timedelta(days=1))),
)


some_rows = st.lists(rows, max_size=8, unique_by=lambda row: row.id)


@given(some_rows.flatmap(lambda known: st.tuples(st.just(known), st.permutations(known))))
def test_the_choice_does_not_depend_on_the_order_of_the_rows(
    orders: tuple[list[LimitRow], list[LimitRow]],
) -> None:
    one, other = (choose(order, a_question(), profile="grades") for order in orders)

    assert one == other


@given(some_rows, st.sampled_from(tuple(Urgency)))
def test_what_is_chosen_always_fits_and_something_is_chosen_if_anything_fits(
    known: list[LimitRow], urgency: Urgency
) -> None:
    question = a_question(urgency=urgency)
    alone = [row for row in known if choose([row], question, profile="grades")]

    chosen = choose(known, question, profile="grades")

    assert (chosen in alone) if alone else (chosen is None)


def test_a_profile_without_a_row_for_a_clock_has_a_gap_for_every_kind_and_grade() -> None:
    known = [a_limit(clock_kind=clock) for clock in CLOCK_KINDS if clock != "sign"]

    missing = gaps(known, profile="grades", on=TODAY)

    assert {(g.clock_kind, g.case_kind, g.urgency) for g in missing} == set(
        product(["sign"], CaseKind, Urgency)
    )


@pytest.mark.parametrize(
    "narrow",
    [
        lambda row: replace(row, category_id=LEAF),
        lambda row: replace(row, limit=replace(row.limit, region_code="990101")),
        lambda row: replace(row, valid_to=TODAY - timedelta(days=1)),
    ],
)
def test_a_row_for_one_category_or_place_or_past_day_closes_no_gap(
    narrow: Callable[[LimitRow], LimitRow],
) -> None:
    known = [narrow(a_limit(clock_kind=clock)) for clock in CLOCK_KINDS]

    assert len(gaps(known, profile="grades", on=TODAY)) == len(CLOCK_KINDS) * 8 * 4


@pytest.mark.parametrize(
    ("unit", "value", "minutes", "budget"),
    [
        (LimitUnit.HOUR, 2, 0, 7200),
        (LimitUnit.HOUR, 0, 15, 900),
        (LimitUnit.WORK_HOUR, 1, 30, 5400),
        (LimitUnit.DAY, 7, 0, 7),
        (LimitUnit.WORK_DAY, 5, 0, 5),
    ],
)
def test_a_budget_is_seconds_for_hours_and_days_for_days(
    unit: LimitUnit, value: int, minutes: int, budget: int
) -> None:
    limit = replace(a_limit().limit, unit=unit, value=value, minutes=minutes)

    assert limit.budget == budget
