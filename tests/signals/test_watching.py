"""Many people at one place and about the same are a signal; red waits for a person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.models import Case
from app.citizens.service import Person
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.notifications.models import StaffEntry
from app.signals import queries, service
from app.signals.models import Signal, SignalCase, SignalMark
from app.signals.rules import Level, Threshold
from app.signals.service import SettingsDraft
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

HOUR = timedelta(hours=1)
LON, LAT = Decimal("120.100000"), Decimal("30.200000")
NEAR = Decimal("0.002000")  # some 200 metres of latitude
FAR = Decimal("0.010000")  # more than a kilometre


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def report(session: Session, n: int = 0, **given: object) -> Case:
    """One order, of somebody of their own unless a number is given again."""
    person = Person(name=f"某{n}", phone=f"179{n:08}")
    known = {"person": person, "is_anonymous": False, "lon": LON, "lat": LAT}
    case = a_case(session, **{**known, **given})  # type: ignore[arg-type]  # keywords of NewCase
    service.count_in(session, case)
    return case


def watched(session: Session, *, hours: int = 1) -> list[tuple[Level, int]]:
    service.watch(session, now=MONDAY_9AM + hours * HOUR)
    found = session.scalars(select(Signal).order_by(Signal.id))
    return [(signal.level, signal.persons) for signal in found]


@pytest.mark.parametrize(
    ("people", "raised"),
    [(4, []), (5, [(Level.YELLOW, 5)]), (9, [(Level.YELLOW, 9)]), (10, [(Level.RED, 10)])],
)
def test_five_people_are_yellow_and_ten_are_red(
    city: City, people: int, raised: list[tuple[Level, int]]
) -> None:
    with city.db.begin() as session:
        for n in range(people):
            report(session, n, lat=LAT + NEAR * (n % 2))

        assert watched(session) == raised


def test_one_person_who_writes_ten_times_is_one_person(city: City) -> None:
    with city.db.begin() as session:
        for _ in range(10):
            report(session, 1)

        assert watched(session) == []


def test_who_is_further_away_or_wrote_earlier_does_not_count(city: City) -> None:
    with city.db.begin() as session:
        for n in range(4):
            report(session, n)
        report(session, 5, lat=LAT + FAR)
        report(session, 6, now=MONDAY_9AM - 25 * HOUR)

        assert watched(session) == []


def test_without_a_point_the_street_is_the_place(city: City) -> None:
    with city.db.begin() as session:
        for n in range(5):
            report(session, n, lon=None, lat=None)

        assert watched(session) == [(Level.YELLOW, 5)]


def test_a_grave_word_is_red_at_once(city: City) -> None:
    with city.db.begin() as session:
        report(session, 1, body="工地拖欠工资,工友说要去讨薪。")

        assert watched(session) == [(Level.RED, 1)]
        assert session.scalars(select(Signal.word)).one() == "讨薪"


def test_what_was_told_in_confidence_is_not_counted(city: City) -> None:
    with city.db.begin() as session:
        first, *_others = (report(session, n, is_confidential=n > 0) for n in range(6))
        assert len(session.scalars(select(SignalMark)).all()) == 1
        first.is_confidential = True  # as it was found to be when it was accepted
        service.count_in(session, first)

        assert watched(session) == []
        assert session.scalars(select(SignalMark)).all() == []


def test_watching_twice_raises_nothing_twice_and_more_people_make_it_louder(city: City) -> None:
    with city.db.begin() as session:
        for n in range(5):
            report(session, n)
        first = watched(session)
        again = watched(session)
        for n in range(5, 10):
            report(session, n)
        louder = watched(session, hours=2)

        assert first == again == [(Level.YELLOW, 5)]
        assert louder == [(Level.RED, 10)]
        assert len(session.scalars(select(SignalCase)).all()) == 10


def test_red_tells_the_officer_on_duty_once(city: City) -> None:
    supervisor = city[Role.SUPERVISOR]
    with city.db.begin() as session:
        for n in range(12):
            report(session, n)
            service.watch(session, now=MONDAY_9AM + HOUR)

        (entry,) = session.scalars(select(StaffEntry)).all()

    assert entry.staff_id == supervisor.id
    assert entry.link.startswith("/signals/")


def test_yellow_goes_out_by_itself_and_red_never_does(city: City) -> None:
    with city.db.begin() as session:
        for n in range(5):
            report(session, n)
        report(session, 20, body="楼板坍塌,有人受伤。", lat=LAT + FAR)
        watched(session)
        service.forget_old(session, now=MONDAY_9AM + timedelta(days=400))

        ended = dict(session.execute(select(Signal.level, Signal.closed_at.is_not(None))).all())

    assert ended == {Level.YELLOW: True, Level.RED: False}


def test_a_person_closes_it_with_a_note_and_nobody_twice(city: City) -> None:
    who = city[Role.SUPERVISOR]
    with city.db.begin() as session:
        report(session, 1, body="食堂集体食物中毒。")
        watched(session)
        signal = session.scalars(select(Signal)).one()
        service.see(session, signal.id, signal.version, actor=who, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            service.close(session, signal.id, signal.version, " ", actor=who, now=MONDAY_9AM)
        seen = signal.version
        service.close(session, signal.id, seen, "已派人到场", actor=who, now=MONDAY_9AM)

        assert (signal.seen_by, signal.closed_by, signal.note) == (who.id, who.id, "已派人到场")
        with pytest.raises(ConflictError):
            service.close(session, signal.id, seen, "x", actor=who, now=MONDAY_9AM)


def test_who_does_not_supervise_sees_no_signal(city: City) -> None:
    with city.db.begin() as session:
        report(session, 1, body="食堂集体食物中毒。")
        watched(session)
        signal_id = session.scalars(select(Signal.id)).one()

        with pytest.raises(NotFoundError):
            queries.get_signal(session, city[Role.HANDLER], signal_id)


def test_thresholds_and_words_are_data(city: City) -> None:
    admin = city[Role.ADMIN]
    draft = SettingsDraft(
        (Threshold(Level.YELLOW, 2, 24, 500), Threshold(Level.RED, 3, 24, 500)),
        ("停电",),
        (city[Role.SUPERVISOR].id,),
    )
    with city.db.begin() as session:
        assert queries.settings_of(session).are_samples
        service.keep_settings(session, draft, actor=admin, ip="", now=MONDAY_9AM)
        for n in range(2):
            report(session, n)

        assert watched(session) == [(Level.YELLOW, 2)]
        kept = queries.settings_of(session)
        assert (kept.words, kept.are_samples) == (("停电",), False)


def test_settings_of_no_sense_are_refused(city: City) -> None:
    admin = city[Role.ADMIN]
    draft = SettingsDraft(
        (Threshold(Level.YELLOW, 9, 24, 500), Threshold(Level.RED, 3, 24, 500)), (), (admin.id,)
    )
    with city.db.begin() as session, pytest.raises(InvalidError) as refused:
        service.keep_settings(session, draft, actor=admin, ip="", now=MONDAY_9AM)

    assert set(refused.value.fields) == {"red_persons", "duty"}
