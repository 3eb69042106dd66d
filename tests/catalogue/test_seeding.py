"""The shipped files: big enough, without holes, loaded once and never over an edit."""

from collections.abc import Mapping
from itertools import product

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.calendars.rules import LimitUnit
from app.catalogue.labels import basis_in
from app.catalogue.models import Category, DispatchRule, ReplyText, Revision, TimeLimit
from app.catalogue.queries import choose_limit, find_categories, list_categories, snapshot
from app.catalogue.rules import (
    CLOCK_KINDS,
    CaseKind,
    Urgency,
    check_reply,
    gaps,
)
from app.catalogue.service import activate_profile, seed, seed_directory
from tests.catalogue.builders import NOW, TODAY, an_edit, put_unit

EXPECTED: Mapping[tuple[str, Urgency], tuple[LimitUnit, int]] = {
    ("grades", Urgency.CRITICAL): (LimitUnit.HOUR, 2),
    ("grades", Urgency.URGENT): (LimitUnit.HOUR, 24),
    ("grades", Urgency.NORMAL): (LimitUnit.DAY, 7),
    ("grades", Urgency.COMPLEX): (LimitUnit.DAY, 15),
    ("workdays", Urgency.NORMAL): (LimitUnit.WORK_DAY, 5),
}


def fill(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        seed(session, now=NOW)


def test_at_least_fifteen_first_and_a_hundred_second_level_categories_are_shipped(
    db: sessionmaker[Session],
) -> None:
    fill(db)

    with db() as session:
        levels = dict(
            session.execute(select(Category.level, func.count()).group_by(Category.level)).all()
        )
        assert levels[1] >= 15
        assert levels[2] >= 100


def test_categories_are_read_group_by_group(db: sessionmaker[Session]) -> None:
    fill(db)

    with db() as session:
        codes = [entry.code for entry in snapshot(session).categories.values()]
        groups = [entry.code for entry in list_categories(session)]
        assert codes == [code for group in groups for code in codes if code.startswith(group)]


def test_every_shipped_category_is_named_in_both_languages_and_can_be_typed(
    db: sessionmaker[Session],
) -> None:
    fill(db)

    with db() as session:
        for entry in snapshot(session).categories.values():
            words = (entry.name.zh, entry.name.en, entry.hint.zh, entry.hint.en)
            assert all(words), entry.code
            assert entry.initials.isascii(), entry.code
            assert entry.kinds, entry.code


def test_every_second_level_category_is_found_by_its_code_and_by_its_initials(
    db: sessionmaker[Session],
) -> None:
    fill(db)

    with db() as session:
        for parent in list_categories(session):
            for entry in list_categories(session, parent_id=parent.id):
                assert find_categories(session, entry.code)[0] == entry
                assert entry in find_categories(session, entry.initials)


def test_seeding_again_adds_nothing_and_overwrites_nothing(db: sessionmaker[Session]) -> None:
    fill(db)
    with db.begin() as session:
        category = session.scalars(select(Category).where(Category.code == "0103")).one()
        category.name = "照明设施"
        before = session.scalar(select(func.count()).select_from(Revision))

    with db.begin() as session:
        again = seed(session, now=NOW)

    with db() as session:
        assert (again.categories, again.limits, again.replies) == (0, 0, 0)
        assert session.scalar(select(func.count()).select_from(Revision)) == before
        kept = session.scalars(select(Category).where(Category.code == "0103")).one()
        assert kept.name == "照明设施"


def test_every_shipped_row_has_its_first_revision(db: sessionmaker[Session]) -> None:
    fill(db)

    with db() as session:
        rows = sum(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Category, TimeLimit, ReplyText)
        )
        assert session.scalar(select(func.count()).select_from(Revision)) == rows


def test_neither_shipped_profile_leaves_a_clock_without_a_limit(
    db: sessionmaker[Session],
) -> None:
    fill(db)

    with db() as session:
        for profile in ("grades", "workdays"):
            assert gaps(snapshot(session).limits, profile=profile, on=TODAY) == ()


def test_the_shipped_profiles_give_the_limits_of_the_rulebook(db: sessionmaker[Session]) -> None:
    fill(db)

    for (profile, urgency), length in EXPECTED.items():
        with db.begin() as session:
            activate_profile(session, profile, on=TODAY, edit=an_edit())
            limit = choose_limit(
                session,
                clock_kind="resolve",
                case_kind=CaseKind.HELP,
                category_id=None,
                urgency=urgency,
                region_code="990101001",
                on=TODAY,
            )
        assert (limit.unit, limit.value) == length, (profile, urgency)


def test_every_clock_of_every_matter_gets_a_limit_above_zero_with_its_basis(
    db: sessionmaker[Session],
) -> None:
    fill(db)

    with db() as session:
        lamp = find_categories(session, "0103")[0]
        for clock, kind, urgency in product(CLOCK_KINDS, CaseKind, Urgency):
            limit = choose_limit(
                session,
                clock_kind=clock,
                case_kind=kind,
                category_id=lamp.id,
                urgency=urgency,
                region_code="990103002",
                on=TODAY,
            )
            assert limit.budget > 0
            assert limit.basis_text


def test_sample_values_never_claim_a_legal_basis(db: sessionmaker[Session]) -> None:
    fill(db)

    with db() as session:
        samples = [row.limit for row in snapshot(session).limits if row.limit.is_sample]

    assert samples
    assert {limit.basis_level for limit in samples} == {"system"}
    assert all("示例" in limit.basis_text for limit in samples)


def test_every_shipped_reply_text_can_be_rendered(db: sessionmaker[Session]) -> None:
    fill(db)

    with db() as session:
        bodies = session.scalars(select(ReplyText.body)).all()

    assert len(bodies) >= 20
    for body in bodies:
        check_reply(body)


def test_an_empty_directory_is_filled_and_a_filled_one_is_left_alone(
    db: sessionmaker[Session],
) -> None:
    fill(db)
    lines = [
        {"category": "03", "region": "", "unit": "WATER", "basis": "供水条例"},
        {"category": "", "region": "990101", "unit": "D1", "basis": "兜底"},
    ]
    with db.begin() as session:
        put_unit(session, "WATER")
        put_unit(session, "D1")
        first = seed_directory(session, lines, now=NOW)

    with db.begin() as session:
        second = seed_directory(session, lines, now=NOW)

    with db() as session:
        assert (first.rules, second.rules) == (2, 0)
        assert session.scalars(
            select(DispatchRule.basis).order_by(DispatchRule.position)
        ).all() == ["供水条例", "兜底"]


def test_every_shipped_ground_of_a_limit_is_known_in_english(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        seed(session, now=NOW)
        grounds = set(session.scalars(select(TimeLimit.basis_text)))

    english = {ground: basis_in("en", ground) for ground in grounds}

    assert len(grounds) > 5
    assert all(text.isascii() or "’" in text or "—" in text for text in english.values())
    assert all(english[ground] != ground for ground in grounds)
    assert all(basis_in("zh", ground) == ground for ground in grounds)


def test_a_ground_a_hall_wrote_itself_is_shown_as_written() -> None:
    assert basis_in("en", "本市热线条例第二十条") == "本市热线条例第二十条"
