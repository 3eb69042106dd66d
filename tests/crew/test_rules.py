"""What a phone of a crew reckons: buttons, order, when its pages go, what it claims, map links."""

import re
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.kinds import Action, Status
from app.cases.workflows import repair
from app.crew.rules import (
    PASSED_ON,
    Order,
    claimed_instant,
    claimed_position,
    in_order,
    leaves_phone_at,
    presses,
)
from app.crew.words import WORDS
from app.kernel import geo
from app.maps.links import map_links
from app.repairs.rules import FIELD_ACTIONS, plain

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # on the wall in the hall: 12:00


def test_every_field_action_of_the_workflow_has_its_button_where_the_workflow_allows_it() -> None:
    buttons = {press.action: press for press in presses()}

    assert set(buttons) | {Action.NOTE} == FIELD_ACTIONS
    for step in repair.STEPS:
        if step.action in buttons:
            assert buttons[step.action].is_open(step.source)
    assert buttons[Action.ARRIVE].target == Status.ON_SITE
    assert buttons[Action.HAND_BACK].target == PASSED_ON


def test_emergencies_come_first_then_the_route_then_what_came_later_by_due_time() -> None:
    late, early, alarm, new = (
        Order(1, is_emergency=False, due_at=NOON + timedelta(hours=9)),
        Order(2, is_emergency=False, due_at=NOON),
        Order(3, is_emergency=True, due_at=None),
        Order(4, is_emergency=False, due_at=None),
    )

    assert in_order([new, late, alarm, early]) == [3, 2, 1, 4]
    assert in_order([new, late, alarm, early], route=[1, 2]) == [3, 1, 2, 4]


@given(
    st.lists(st.builds(Order, st.integers(), st.booleans(), st.none() | st.datetimes(
        timezones=st.just(UTC))), unique_by=lambda job: job.case_id),
    st.lists(st.integers(), unique=True),
)  # fmt: skip
def test_whatever_the_route_says_nothing_is_lost_and_no_emergency_stands_behind(
    jobs: list[Order], route: list[int]
) -> None:
    order = in_order(jobs, route)

    urgent = {job.case_id for job in jobs if job.is_emergency}
    assert sorted(order) == sorted(job.case_id for job in jobs)
    assert set(order[: len(urgent)]) == urgent


@pytest.mark.parametrize(
    ("ends", "gone"),
    [
        (time(18), datetime(2026, 3, 2, 11, 0, tzinfo=UTC)),  # 19:00, an hour after the shift
        (time(9), NOON + timedelta(hours=1)),  # over for long, and still at work
        (time(23, 30), datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),  # never over night
        (time(), datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),
        (None, datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),
    ],
)
def test_todays_list_leaves_the_phone_after_the_shift(ends: time | None, gone: datetime) -> None:
    assert leaves_phone_at(NOON, CHINA, ends) == gone


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-03-02T12:00:00", NOON),  # no offset: the hall's zone
        ("2026-03-02T04:00:00.000Z", NOON),
        ("1970-01-01T00:00:00Z", None),  # the battery was out
        ("9999-12-31T23:59:59Z", None),
        ("-", None),
        ("", None),
    ],
)
def test_a_phones_clock_is_believed_where_it_says_a_time_at_all(
    said: str, meant: datetime | None
) -> None:
    assert claimed_instant(said, CHINA) == meant


@pytest.mark.parametrize(
    ("lon", "lat", "meant"),
    [
        ("114.0579999", "22.543", (Decimal("114.058000"), Decimal("22.543"))),
        ("0", "0", None),
        ("nan", "22", None),
        ("500", "22", None),
        ("-", "-", None),
        ("", "", None),
    ],
)
def test_a_position_that_cannot_be_is_no_hint(
    lon: str, lat: str, meant: tuple[Decimal, Decimal] | None
) -> None:
    assert claimed_position(lon, lat) == meant


def test_each_map_is_opened_in_its_own_datum_and_only_with_the_name_of_the_type() -> None:
    links = map_links(116.391, 39.907, name="lamp")

    amap = parse_qs(urlsplit(links.amap).query)
    baidu = parse_qs(urlsplit(links.baidu).query)
    to_lon, to_lat, name = amap["to"][0].split(",")
    assert links.phone.startswith("geo:39.907000,116.391000")
    assert geo.distance_m((float(to_lon), float(to_lat)), geo.wgs84_to_gcj02(116.391, 39.907)) < 1
    lat, lon = baidu["location"][0].split(",")
    assert geo.distance_m((float(lon), float(lat)), geo.wgs84_to_bd09(116.391, 39.907)) < 1
    assert (name, baidu["title"]) == ("lamp", ["lamp"])


def test_amounts_are_written_as_people_do() -> None:
    assert [plain(Decimal(text)) for text in ("2.00", "1.50", "500", "0.25")] == [
        "2", "1.5", "500", "0.25",
    ]  # fmt: skip


def test_the_script_asks_for_every_sentence_the_page_brings_and_for_no_other() -> None:
    web = Path(__file__).parents[2] / "web" / "src"
    source = "".join(path.read_text(encoding="utf-8") for path in web.glob("crew*.js"))

    asked = set(re.findall(r"\bcrew_[a-z_]+", source))

    lacks = {name for name in WORDS if name.startswith("crew_lacks_")}
    assert asked == (set(WORDS) - lacks) | {"crew_lacks_"}
