"""The shipped types: one category each, limits by grade, dangers that call for help first."""

from datetime import date

from sqlalchemy.orm import Session, sessionmaker

from app.calendars.rules import LimitUnit
from app.catalogue import queries as catalogue
from app.catalogue import service as catalogue_service
from app.catalogue.rules import CaseKind, ChosenLimit, Urgency
from app.facilities import queries, service
from app.facilities.rules import TypeView
from tests.catalogue.builders import NOW, put_unit


def test_every_shipped_type_has_its_limits_its_directory_line_and_is_loaded_once(
    db: sessionmaker[Session],
) -> None:
    with db.begin() as session:
        catalogue_service.seed(session, now=NOW)
        lighting = put_unit(session, "LIGHT")
        first = service.seed(session, now=NOW)
        lines = service.seed_directory(session, now=NOW)
        again = service.seed(session, now=NOW), service.seed_directory(session, now=NOW)

    with db() as session:
        lamp = queries.get_type_by_code(session, "0120")
        bin_ = queries.get_type_by_code(session, "0303")
        sudden = queries.get_type_by_code(session, "E0401")
        proposed = catalogue.propose_unit(session, lamp.category_id, "990101")
        assert (first, lines, again) == (28, 1, (0, 0))
        assert proposed.unit_id == lighting.id
        assert _limit(session, lamp, Urgency.NORMAL) == (LimitUnit.WORK_DAY, 2)
        assert _limit(session, lamp, lamp.urgency_of(["live"])) == (LimitUnit.HOUR, 2)
        assert _limit(session, bin_, bin_.urgency_of(["full"])) == (LimitUnit.WORK_HOUR, 4)
        assert _limit(session, bin_, bin_.urgency_of(["broken"])) == (LimitUnit.WORK_DAY, 3)
        assert _limit(session, sudden, sudden.urgency) == (LimitUnit.HOUR, 1)
        assert [one.number for one in lamp.stoppers[0].call] == ["119"]
        assert lamp.is_danger(["live"])
        assert not lamp.is_danger(["dark"])
        assert len(queries.types_for_report(session)) == 28


def test_no_clerk_files_another_matter_under_a_facility(db: sessionmaker[Session]) -> None:
    with db.begin() as session:
        catalogue_service.seed(session, now=NOW)
        service.seed(session, now=NOW)

        typed = catalogue.find_categories(session, "路灯")
        named = catalogue.find_by_code(session, "F0120")
        for_repairs = catalogue.find_categories(session, "F0120", kind=CaseKind.REPAIR)

        assert all(not entry.is_facility for entry in typed)
        assert named is None
        assert [entry.code for entry in for_repairs] == ["F0120"]


def _limit(session: Session, one: TypeView, urgency: Urgency) -> tuple[LimitUnit, int]:
    limit: ChosenLimit = catalogue.choose_limit(
        session,
        clock_kind="resolve",
        case_kind=CaseKind.REPAIR,
        category_id=one.category_id,
        urgency=urgency,
        region_code="990101",
        on=date(2026, 11, 20),
    )
    assert limit.is_sample
    return limit.unit, limit.value
