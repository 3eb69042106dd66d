"""What is released is masked and public; what is taken back is gone in the same moment."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.events import CaseMoved
from app.cases.kinds import DoerKind, Status
from app.cases.models import Attachment, Case, CaseEvent
from app.cases.queries.mapped import Sought, cells_of_repairs
from app.cases.repair_models import Repair
from app.cases.workflows.repair import STEPS
from app.catalogue.rules import CaseKind
from app.citizens.service import Person, register
from app.facilities import service as facilities
from app.facilities.queries import get_type_by_code
from app.kernel.authors import MACHINE
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.privacy.rules import TombstoneGround
from app.privacy.service.erasing import Order, erase_case
from app.publishing import queries, service
from app.publishing.queries import Wanted
from app.publishing.rules import Box, PublicState
from app.publishing.service import Photo, Release
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM

HOUR = timedelta(hours=1)
LON, LAT = Decimal("113.912345"), Decimal("25.612345")


def a_repair(session: Session, *, now: datetime = MONDAY_9AM) -> Case:
    case = a_case(session, now=now, lon=LON, lat=LAT)
    case.kind = CaseKind.REPAIR
    session.flush()
    return case


def everything(session: Session) -> list[queries.Released]:
    return queries.list_released(session, Wanted(), limit=10)


def test_a_repair_is_released_masked_kept_true_and_taken_back_at_once(city: City) -> None:
    with city.db.begin() as session:
        case = a_repair(session)
        what = Release(
            title="路灯不亮",
            words="我住幸福路12号，电话17900001234。",
            place="样板路 12 号对面",
            answer="已派人，请致电17900001234。",
        )
        released = service.release(session, case, what, actor=city[Role.REVIEWER], now=MONDAY_9AM)
        number = released.public_no

    with city.db() as session:
        (shown,) = everything(session)
        told = queries.list_updates(session, shown.id)
    assert shown.words == "我住幸福路**号，电话****。"
    assert shown.place == "样板路 **号对面"
    assert (shown.lon, shown.lat) == (LON, LAT)
    assert shown.state is PublicState.OPEN
    assert shown.public_no == number != case.number
    assert told[-1].words == "已派人，请致电****。"
    assert told[0].happened_at == case.opened_at

    with city.db.begin() as session:
        again = session.get_one(Case, case.id)
        service.revoke(session, again, actor=city[Role.REVIEWER], now=MONDAY_9AM + HOUR)
    with city.db() as session:
        assert everything(session) == []
        assert queries.find_released(session, number) is None
        assert queries.updates_between(session, MONDAY_9AM, MONDAY_9AM + HOUR, limit=9) == []


def test_the_name_of_whoever_reported_it_stops_the_release_wherever_it_stands(city: City) -> None:
    with city.db.begin() as session:
        who = register(session, Person(name="欧阳试甲", phone="17900001234"), now=MONDAY_9AM)
        case = a_case(session, citizen_id=who, is_anonymous=False)
        case.kind = CaseKind.REPAIR
        photo = Photo(a_photo(session, case).id, "b" * 64, alt="欧阳试甲家门前的路灯")
        for what, field in (
            (Release("欧阳试甲家的路灯"), {"title"}),
            (Release("路灯", words="欧阳试甲说不亮"), {"words"}),
            (Release("路灯", place="欧阳试甲家门口"), {"place"}),
            (Release("路灯", answer="欧阳试甲您好"), {"answer"}),
            (Release("路灯", photos=(photo,)), set()),
        ):
            with pytest.raises(InvalidError) as refused:
                service.release(session, case, what, actor=city[Role.REVIEWER], now=MONDAY_9AM)
            assert set(refused.value.fields) == field
        assert everything(session) == []


def test_what_happens_inside_the_house_when_it_is_released_stays_there(city: City) -> None:
    with city.db.begin() as session:
        case = a_repair(session)
        case.status = Status.RETURNING

        service.release(session, case, Release("灯"), actor=city[Role.REVIEWER], now=MONDAY_9AM)

        assert everything(session)[0].status is Status.SUBMITTED


def test_a_matter_found_confidential_is_out_of_sight_though_nobody_revoked(city: City) -> None:
    with city.db.begin() as session:
        case = a_repair(session)
        service.release(session, case, Release("路灯"), actor=city[Role.REVIEWER], now=MONDAY_9AM)
        before = len(everything(session))
        case.is_confidential = True
        session.flush()

        assert before == 1
        assert everything(session) == []
        with pytest.raises(InvalidError):
            service.release(
                session, case, Release("路灯"), actor=city[Role.REVIEWER], now=MONDAY_9AM
            )


def test_only_who_may_releases_and_only_what_they_saw(city: City) -> None:
    with city.db.begin() as session:
        case = a_repair(session)
        with pytest.raises(ForbiddenError):
            service.release(session, case, Release("灯"), actor=city[Role.HANDLER], now=MONDAY_9AM)
        service.release(session, case, Release("灯"), actor=city[Role.REVIEWER], now=MONDAY_9AM)

        with pytest.raises(ConflictError):
            service.release(session, case, Release("灯"), actor=city[Role.MANAGER], now=MONDAY_9AM)


def test_photos_of_another_matter_are_refused_and_coarse_places_are_stored_coarse(
    city: City,
) -> None:
    with city.db.begin() as session:
        case, other = a_repair(session), a_repair(session)
        own, foreign = (a_photo(session, each) for each in (case, other))
        with pytest.raises(InvalidError):
            service.release(
                session,
                case,
                Release("灯", photos=(Photo(foreign.id, foreign.sha256),)),
                actor=city[Role.REVIEWER],
                now=MONDAY_9AM,
            )

        what = Release(
            "灯", is_coarse=True, photos=(Photo(own.id, "b" * 64, boxes=(Box(1, 2, 3, 4),)),)
        )
        service.release(session, case, what, actor=city[Role.REVIEWER], now=MONDAY_9AM)

        (shown,) = everything(session)
        assert (shown.lon, shown.lat) == (Decimal("113.912"), Decimal("25.612"))
        (photo,) = queries.photos_of(session, [shown.id])[shown.id]
        assert (photo.sha256, photo.boxes) == ("b" * 64, "1,2,3,4")
        assert queries.files_of(session, case.id) == ["b" * 64]


def test_what_stands_at_a_home_is_told_coarse_whatever_was_asked_for_or_released_before(
    city: City,
) -> None:
    cell = (Decimal("113.912"), Decimal("25.612"))
    reviewer = city[Role.REVIEWER]
    with city.db.begin() as session:
        facilities.seed(session, now=MONDAY_9AM)
        lift, lamp = (get_type_by_code(session, code) for code in ("0501", "0120"))
        case, refiled, switched = (a_repair(session) for _ in range(3))
        case.category_id, switched.category_id = lift.category_id, lamp.category_id
        for one in (case, refiled, switched):
            service.release(session, one, Release("坏了"), actor=reviewer, now=MONDAY_9AM)
        at_first = {each.id: (each.lon, each.lat) for each in everything(session)}

        session.add(Repair(case_id=refiled.id, type_id=lift.id))  # filed under another category
        line = CaseEvent(seq=2, actor_kind=DoerKind.STAFF, is_public=False)
        service.on_moved(session, CaseMoved(refiled, STEPS[0], line, MONDAY_9AM))
        service.coarsen_type(session, lamp.id, lamp.category_id, now=MONDAY_9AM + HOUR)

        shown = {each.public_no: each for each in everything(session)}
        exact = {place for place in at_first.values() if place != cell}
        assert (len(at_first), exact) == (3, {(LON, LAT)})
        assert {(each.lon, each.lat) for each in shown.values()} == {cell}
        assert all(each.is_coarse for each in shown.values())
        told_again = shown[service.public_no(session, switched.id)].changed_at
        assert told_again == MONDAY_9AM + HOUR  # so that feeds bring the coarse one too


def a_photo(session: Session, case: Case) -> Attachment:
    file = Attachment(
        case_id=case.id,
        sha256="a" * 64,
        content_type="image/jpeg",
        size=1,
        by_kind="citizen",
        at=MONDAY_9AM,
    )
    session.add(file)
    session.flush()
    return file


def test_what_is_asked_for_is_what_comes(city: City) -> None:
    with city.db.begin() as session:
        first = a_repair(session)
        second = a_repair(session, now=MONDAY_9AM + HOUR)
        second.status, second.closed_at = Status.CLOSED, MONDAY_9AM + HOUR
        for case in (first, second):
            service.release(session, case, Release("灯"), actor=city[Role.REVIEWER], now=MONDAY_9AM)

        def found(wanted: Wanted) -> list[str]:
            listed = queries.list_released(session, wanted, limit=10)
            page, count = queries.page_of_released(session, wanted, cursor=None)
            assert [each.public_no for each in page.items] == [each.public_no for each in listed]
            assert count.value == len(listed)
            return [each.public_no for each in listed]

        one, two = (service.public_no(session, case.id) for case in (first, second))
        assert found(Wanted()) == [two, one]
        assert found(Wanted(state=PublicState.OPEN)) == [one]
        assert found(Wanted(state=PublicState.CLOSED)) == [two]
        assert found(Wanted(numbers=(one, "NONE"))) == [one]
        assert found(Wanted(codes=("NONE",))) == []
        assert found(Wanted(requested_from=MONDAY_9AM + HOUR)) == [two]
        assert found(Wanted(region=first.region_code[:4])) == [two, one]
        assert found(Wanted(west=LON, south=LAT, east=LON, north=LAT)) == [two, one]
        assert found(Wanted(west=LON + 1, south=LAT, east=LON + 2, north=LAT)) == []


def test_the_grid_gathers_the_same_for_the_public_and_for_staff_on_both_databases(
    city: City,
) -> None:
    with city.db.begin() as session:
        for n in range(4):
            case = a_repair(session)
            case.lon = LON + n // 3
            if n == 2:
                case.closed_at = MONDAY_9AM
            service.release(session, case, Release("灯"), actor=city[Role.REVIEWER], now=MONDAY_9AM)

        public = queries.cells(session, Wanted(), step=0.005, limit=9)
        staff = cells_of_repairs(session, city[Role.SUPERVISOR], Sought(), step=0.005, limit=9)
        near = queries.cells(session, Wanted(east=LON + Decimal("0.5")), step=0.005, limit=9)

    assert [(each.count, each.open) for each in public] == [(3, 2), (1, 1)]
    assert [(each.count, each.open) for each in staff] == [(3, 2), (1, 1)]
    assert (round(public[0].lon, 6), round(public[0].lat, 6)) == (float(LON), float(LAT))
    assert [each.count for each in near] == [3]


def test_erasing_a_matter_takes_what_the_public_saw_of_it_with_it(city: City) -> None:
    with city.db.begin() as session:
        case = a_repair(session)
        photo = Photo(a_photo(session, case).id, "b" * 64)
        what = Release("灯", answer="已修好", photos=(photo,))
        service.release(session, case, what, actor=city[Role.REVIEWER], now=MONDAY_9AM)
        shown = everything(session)[0]

        erase_case(session, case.id, Order(TombstoneGround.RETENTION, MACHINE), now=MONDAY_9AM)

        assert everything(session) == []
        assert queries.find_publication(session, case.id) is None
        assert queries.list_updates(session, shown.id) == []
        assert queries.files_of(session, case.id) == []
