"""Editing time limits: where they hold, and no hole in them."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.calendars.rules import LimitUnit
from app.catalogue.models import RevisedType, Revision, TimeLimit
from app.catalogue.queries import (
    choose_limit,
    get_category_by_code,
)
from app.catalogue.rules import BasisLevel, CaseKind, Urgency
from app.catalogue.service import (
    LimitDraft,
    activate_profile,
    add_limit,
    change_limit,
    set_limit_active,
)
from app.kernel.errors import InvalidError
from tests.catalogue.builders import TODAY, an_edit

LIMIT = LimitDraft(
    profile="grades",
    code="lamps",
    clock_kind="resolve",
    unit=LimitUnit.WORK_DAY,
    value=2,
    basis_text="市照明管理办法",
    basis_level=BasisLevel.CITY,
)


def resolve_limit(session: Session, category_id: int) -> tuple[LimitUnit, int]:
    limit = choose_limit(
        session,
        clock_kind="resolve",
        case_kind=CaseKind.HELP,
        category_id=category_id,
        urgency=Urgency.NORMAL,
        region_code="990101",
        on=TODAY,
    )
    return limit.unit, limit.value


def test_a_limit_for_a_category_holds_there_and_nowhere_else(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        lamp = get_category_by_code(session, "0103")
        add_limit(session, replace(LIMIT, category_id=lamp.id), edit=an_edit())

    with filled() as session:
        water = get_category_by_code(session, "0301")
        assert resolve_limit(session, lamp.id) == (LimitUnit.WORK_DAY, 2)
        assert resolve_limit(session, water.id) == (LimitUnit.DAY, 7)


def test_the_other_profile_comes_into_force_for_new_clocks(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        activate_profile(session, "workdays", on=TODAY, edit=an_edit())

    with filled() as session:
        lamp = get_category_by_code(session, "0103")
        assert resolve_limit(session, lamp.id) == (LimitUnit.WORK_DAY, 5)


def test_what_is_no_profile_does_not_come_into_force(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        for profile in ("common", "nothing"):
            with pytest.raises(InvalidError):
                activate_profile(session, profile, on=TODAY, edit=an_edit())


def test_the_last_limit_of_a_clock_is_neither_switched_off_nor_narrowed(
    filled: sessionmaker[Session],
) -> None:
    with filled() as session:
        row = session.scalars(select(TimeLimit).where(TimeLimit.code == "callback.any")).one()
        with pytest.raises(InvalidError):
            set_limit_active(
                session, row.id, is_active=False, version=row.version, on=TODAY, edit=an_edit()
            )
        session.rollback()
        draft = replace(
            LIMIT, profile="common", code=row.code, clock_kind="callback", region_code="990101"
        )
        with pytest.raises(InvalidError):
            change_limit(session, row.id, draft, version=row.version, on=TODAY, edit=an_edit())
        session.rollback()
        assert session.scalar(
            select(func.count()).select_from(Revision).where(Revision.object_id == row.id,
            Revision.object_type == RevisedType.TIME_LIMIT)
        ) == 1  # fmt: skip


def test_a_limit_can_be_changed_where_no_hole_is_torn(filled: sessionmaker[Session]) -> None:
    with filled.begin() as session:
        row = session.scalars(select(TimeLimit).where(TimeLimit.code == "callback.any")).one()
        draft = replace(LIMIT, profile="common", code=row.code, clock_kind="callback", value=4)
        change_limit(session, row.id, draft, version=row.version, on=TODAY, edit=an_edit())

    with filled() as session:
        assert session.get_one(TimeLimit, row.id).value == 4


LIMIT_FLAWS = [
    (replace(LIMIT, value=0), "value"),
    (replace(LIMIT, value=-1), "value"),
    (replace(LIMIT, minutes=60, unit=LimitUnit.HOUR), "minutes"),
    (replace(LIMIT, minutes=30), "minutes"),
    (replace(LIMIT, clock_kind="dream"), "clock_kind"),
    (replace(LIMIT, profile="nothing"), "profile"),
    (replace(LIMIT, code="A B"), "code"),
    (replace(LIMIT, basis_text=""), "basis_text"),
    (replace(LIMIT, is_sample=True), "basis_level"),
    (replace(LIMIT, region_code="1"), "region_code"),
    (replace(LIMIT, category_id=0), "category_id"),
    (replace(LIMIT, close_of_business=True, unit=LimitUnit.HOUR), "close_of_business"),
    (replace(LIMIT, valid_from=TODAY, valid_to=TODAY.replace(day=1)), "valid_to"),
]


def test_a_limit_with_a_flaw_is_refused_at_that_field(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        for draft, field in LIMIT_FLAWS:
            with pytest.raises(InvalidError) as refused:
                add_limit(session, draft, edit=an_edit())
            assert list(refused.value.fields) == [field], draft
