"""What the demo city is planned from: people who cannot exist, hours people keep."""

import re
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.calendars import service as calendar_service
from app.calendars.rules import StatutoryCalendar
from app.cases.kinds import Channel
from app.catalogue import queries as catalogue
from app.catalogue import service as catalogue_service
from app.demo.founding import seats
from app.demo.hours import Hours
from app.demo.people import MOST_CITIZENS, invent
from app.demo.plans import Planner, Year
from app.demo.texts import OUTCOMES, load_texts
from tests.demo.conftest import Db

NOW = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # a story, not a secret


def statutory(session: Session) -> StatutoryCalendar:
    calendar_service.seed(session, now=NOW)
    return calendars.load(session).statutory


def a_year(session: Session, seed: int = 1) -> Year:
    planner = Planner(load_texts(), Hours(statutory(session)), NOW, dice(seed))
    return planner.draw(matters=400, citizens=500)


def test_no_citizen_of_the_demo_can_be_a_real_person() -> None:
    people = [invent(number, load_texts(), dice(number)) for number in range(200)]

    assert len({person.phone for person in people}) == 200
    # 179 is the access code of IP telephony; no operator was assigned numbers that begin so.
    assert all(re.fullmatch(r"1790000\d{4}", person.phone) for person in people)
    assert all(person.name[1:] in load_texts().given_names for person in people)
    assert {person.email.partition("@")[2] for person in people} == {"", "example.invalid"}
    with pytest.raises(ValueError, match="telephone numbers"):
        invent(MOST_CITIZENS, load_texts(), dice(1))


def test_the_places_of_the_demo_lie_in_regions_that_do_not_exist() -> None:
    codes = {spot.region_code for spot in load_texts().spots}

    assert len(codes) == 16
    assert all(code.startswith("9901") for code in codes)  # no province is called 99


def test_the_same_dice_plan_the_same_year_and_others_another(db: Db) -> None:
    with db.begin() as session:
        one, same, other = a_year(session), a_year(session), a_year(session, seed=2)

    assert one == same
    assert one != other


def test_people_write_by_day_on_working_days_and_about_the_season(db: Db) -> None:
    with db.begin() as session:
        plans = a_year(session).plans
        hours = Hours(statutory(session))

    local = [hours.local(plan.opened_at) for plan in plans]
    by_day = sum(8 <= at.hour < 18 for at in local)
    weekends = sum(at.weekday() > 4 for at in local)
    cold = [hours.local(p.opened_at).month for p in plans if p.letter.code == "0406"]

    assert [plan.opened_at for plan in plans] == sorted(plan.opened_at for plan in plans)
    assert all(plan.opened_at < NOW for plan in plans)
    assert by_day > 0.6 * len(plans)
    assert weekends < 2 / 7 * len(plans)
    assert not set(cold) & {5, 6, 7, 8}
    assert {plan.channel for plan in plans} >= {Channel.PHONE, Channel.PORTAL, Channel.WINDOW}


def test_every_letter_has_a_category_and_all_its_slots_filled(db: Db) -> None:
    texts, luck = load_texts(), dice(3)
    with db.begin() as session:
        catalogue_service.seed(session, now=NOW)
        known = {catalogue.get_category_by_code(session, code).code for code in texts.codes}

    letters = [
        texts.write(code, luck.choice(texts.spots), month, luck)
        for code in texts.codes
        for month in range(1, 13, 3)
    ]
    said = [letter.title + letter.body for letter in letters]
    said += [letter.reply(texts, luck, how) for letter in letters for how in OUTCOMES]

    assert known == set(texts.codes)
    assert not [text for text in said if "{" in text or not text.strip()]


def test_offices_answer_in_office_hours_and_citizens_sleep(db: Db) -> None:
    with db.begin() as session:
        hours = Hours(statutory(session))
    saturday_night = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)

    office = hours.local(hours.office(saturday_night, dice(1)))
    awake = hours.local(hours.awake(saturday_night, dice(1)))
    lately = hours.local(hours.workday_before(NOW, 0, dice(1)))

    assert (office.day, office.hour) in {(23, 8), (23, 9)}
    assert (awake.day, awake.hour) in {(22, 7), (22, 8), (22, 9)}
    assert lately.day == 20


def test_the_city_has_forty_four_accounts_and_one_for_each_demo_role() -> None:
    assert len(seats()) == 44
    assert len({seat.username for seat in seats()}) == 44
