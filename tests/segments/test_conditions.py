"""Each condition finds exactly whom it says, on both databases."""

from datetime import date, timedelta

from app.accounts.rules import Role
from app.cases.kinds import Channel
from app.citizens.rules import CitizenState, ContactKind, MarkKind, PartyKind, Visibility
from app.segments.rules import Condition, Match, What
from tests.segments.conftest import People
from tests.support.clock import MONDAY_9AM


def test_age_is_told_from_the_birth_year_and_an_unknown_year_is_neither_old_nor_young(
    people: People,
) -> None:
    people.add("老人", birth_year=1961)
    people.add("中年", birth_year=1962)
    people.add("不详")

    assert people.found(Condition(What.AGE, least=65)) == {"老人"}
    assert people.found(Condition(What.AGE, most=64)) == {"中年"}
    assert people.found(Condition(What.AGE, least=60, most=64)) == {"中年"}
    assert people.found(Condition(What.AGE, is_not=True, least=65)) == {"中年", "不详"}


def test_marks_count_while_they_are_in_force_and_65_is_also_told_by_the_year(
    people: People,
) -> None:
    people.add("甲", birth_year=1950)
    people.add("乙")
    people.add("丙")
    people.mark("乙", MarkKind.SENIOR)
    people.mark("丙", MarkKind.DISABLED, until=date(2026, 3, 1))

    assert people.found(Condition(What.MARK, value="senior")) == {"甲", "乙"}
    assert people.found(Condition(What.MARK, value="disabled")) == set()


def test_a_tag_of_another_unit_is_not_found_by_those_who_may_not_read_it(people: People) -> None:
    people.add("甲")
    people.add("乙")
    people.tag("甲", "独居")
    people.tag("乙", "独居", Visibility.UNIT)

    assert people.found(Condition(What.TAG, value="独居")) == {"甲"}
    assert people.found(Condition(What.TAG, value="独居"), role=Role.MANAGER) == {"甲", "乙"}


def test_language_kind_and_preferred_way(people: People) -> None:
    people.add("甲", language="bo")
    people.add("乙", kind=PartyKind.ORGANISATION)
    people.add("丙", preferred_channel=ContactKind.EMAIL)

    assert people.found(Condition(What.LANGUAGE, value="bo")) == {"甲"}
    assert people.found(Condition(What.PARTY, value="organisation")) == {"乙"}
    assert people.found(Condition(What.PREFERS, value="email")) == {"丙"}
    assert people.found(Condition(What.PREFERS, is_not=True, value="email")) == {"甲", "乙"}


def test_a_district_takes_in_its_streets_but_no_address_of_the_past(people: People) -> None:
    for name, code, ended in [
        ("甲", "990101", False),
        ("乙", "990101001", False),
        ("丙", "990102", False),
        ("丁", "990101002", True),
    ]:
        people.add(name)
        people.live(name, code, ended=ended)

    assert people.found(Condition(What.REGION, value="990101")) == {"甲", "乙"}
    assert people.found(Condition(What.REGION, value="990101001")) == {"乙"}


def test_matters_are_counted_within_their_days(people: People) -> None:
    people.add("甲")
    people.add("乙")
    for days_ago in (1, 5, 100):
        people.matter("甲", days_ago=days_ago)
    people.matter("乙", days_ago=5)

    assert people.found(Condition(What.MATTERS, least=2, days=30)) == {"甲"}
    assert people.found(Condition(What.MATTERS, least=3, days=30)) == set()
    assert people.found(Condition(What.MATTERS, least=3, days=365)) == {"甲"}
    assert people.found(Condition(What.MATTERS, is_not=True, least=2, days=30)) == {"乙"}


def test_open_and_overdue_matters(people: People) -> None:
    people.add("甲")
    people.add("乙")
    people.matter("甲")
    people.matter("甲", due_at=MONDAY_9AM - timedelta(days=2), is_provisional=False)
    people.matter("乙", closed_at=MONDAY_9AM)

    assert people.found(Condition(What.OPEN, least=2)) == {"甲"}
    assert people.found(Condition(What.OPEN, least=1)) == {"甲"}
    assert people.found(Condition(What.OVERDUE, least=1)) == {"甲"}
    assert people.found(Condition(What.OPEN, is_not=True, least=1)) == {"乙"}


def test_category_and_way(people: People) -> None:
    people.add("甲")
    people.matter("甲", category_id=None, channel=Channel.PHONE)
    people.add("乙")
    case_id = people.matter("乙")
    with people.city.db() as session:
        from_case = session.connection().exec_driver_sql(
            f"SELECT category_id FROM cases WHERE id = {case_id}"  # noqa: S608  # our own number
        )
        category = from_case.scalar_one()

    assert people.found(Condition(What.CATEGORY, value=str(category), days=9)) == {"乙"}
    assert people.found(Condition(What.CHANNEL, value="phone", days=9)) == {"甲"}


def test_only_the_two_lowest_levels_are_a_bad_rating(people: People) -> None:
    for name, level, days_ago in [("甲", 2, 3), ("乙", 3, 3), ("丙", 1, 40)]:
        people.add(name)
        people.rate(people.matter(name), level, days_ago=days_ago)

    assert people.found(Condition(What.RATED_BADLY, days=30)) == {"甲"}
    assert people.found(Condition(What.RATED_BADLY, days=90)) == {"甲", "丙"}


def test_nobody_is_silent_who_was_heard_of(people: People) -> None:
    people.add("甲")
    people.matter("甲", days_ago=10)
    people.add("乙")
    people.matter("乙", days_ago=200)

    assert people.found(Condition(What.SILENT, days=180)) == {"乙"}
    assert people.found(Condition(What.SILENT, is_not=True, days=180)) == {"甲"}


def test_all_or_any_of_the_conditions(people: People) -> None:
    people.add("甲", birth_year=1950)
    people.add("乙", birth_year=1950)
    people.add("丙")
    people.matter("甲")
    people.matter("丙")
    both = (Condition(What.AGE, least=65), Condition(What.OPEN, least=1))

    assert people.found(*both) == {"甲"}
    assert people.found(*both, match=Match.ANY) == {"甲", "乙", "丙"}


def test_who_asked_to_be_left_alone_is_left_out_unless_said_otherwise(people: People) -> None:
    people.add("甲", birth_year=1950, do_not_contact=True)

    assert people.found(Condition(What.AGE, least=65)) == set()
    assert people.found(Condition(What.AGE, least=65), with_do_not_contact=True) == {"甲"}


def test_merged_restricted_and_anonymised_people_never_appear(people: People) -> None:
    for state in CitizenState:
        people.add(str(state), birth_year=1950, state=state)

    found = people.found(Condition(What.AGE, least=65), with_do_not_contact=True)

    assert found == {"active"}


def test_a_confidential_matter_gives_nobody_away_to_who_is_not_cleared(people: People) -> None:
    people.add("甲")
    people.rate(people.matter("甲", is_confidential=True), 1)

    assert people.found(Condition(What.OPEN, least=1)) == set()
    assert people.found(Condition(What.RATED_BADLY, days=30)) == set()
    # …and is not called silent either.
    assert people.found(Condition(What.SILENT, days=30)) == set()
