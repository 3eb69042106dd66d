"""Positions: what cannot be is said in a sentence, near things are found, datums agree with maps.

Control points, each as its publisher prints it: the conversion tests of googollee/eviltransform
(python/test.py), 高德 Web 服务 "坐标转换" (its sample answer), 百度 "坐标转换服务 geoconv v1" (its
sample answer), 阿里云 地址标准化 "坐标系转换" (its sample answer in all datums).
"""

from math import cos, degrees, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import geo
from app.kernel.geo import Bounds, Point

CITY = Bounds(104.40, 35.90, 105.00, 36.40)
HERE = (104.70, 36.15)

GCJ = [  # WGS 84, GCJ-02, metres by which the publisher may differ
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597), 0.01),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766), 0.01),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069), 0.01),
    ((116.481499, 39.990475), (116.487585177952, 39.991754014757), 0.5),
    ((120.021519, 30.281543), (120.026268, 30.279164), 2.0),  # whose inverse is an estimate
]
BD = [  # WGS 84, BD-09; 百度's own service differs from the public formula by up to a metre
    ((114.21892734521, 29.575429778924), (114.2307519546763, 29.57908428837437), 1.0),
    ((120.021519, 30.281543), (120.032768, 30.285238), 2.0),
]
china = st.tuples(st.floats(74, 134), st.floats(18, 53))
anywhere = st.tuples(st.floats(-179.9, 179.9), st.floats(-85, 85))


@pytest.mark.parametrize(("wgs", "gcj", "off"), GCJ)
def test_a_position_agrees_with_the_published_one_on_a_national_map(
    wgs: tuple[float, float], gcj: tuple[float, float], off: float
) -> None:
    assert geo.distance_m(geo.wgs84_to_gcj02(*wgs), gcj) < off
    assert geo.distance_m(geo.gcj02_to_wgs84(*gcj), wgs) < max(off, 0.5)


@pytest.mark.parametrize(("wgs", "bd", "off"), BD)
def test_a_position_agrees_with_the_published_one_on_a_map_of_baidu(
    wgs: tuple[float, float], bd: tuple[float, float], off: float
) -> None:
    assert geo.distance_m(geo.wgs84_to_bd09(*wgs), bd) < off
    assert geo.distance_m(geo.bd09_to_wgs84(*bd), wgs) < off


@given(china)
def test_there_and_back_is_the_same_place_to_a_centimetre(place: tuple[float, float]) -> None:
    assert geo.distance_m(geo.gcj02_to_wgs84(*geo.wgs84_to_gcj02(*place)), place) < 0.01
    assert geo.distance_m(geo.bd09_to_wgs84(*geo.wgs84_to_bd09(*place)), place) < 0.01


def test_outside_the_country_nothing_is_shifted() -> None:
    boston = Point(-71.0589, 42.3601)

    assert geo.wgs84_to_gcj02(*boston) == boston
    assert geo.gcj02_to_wgs84(*boston) == boston
    assert geo.wgs84_to_bd09(*boston) == boston
    assert geo.bd09_to_wgs84(*boston) == boston


def test_the_distance_is_the_one_between_two_known_cities() -> None:
    shanghai, beijing = (121.531541859215, 31.17530398364597), (116.38404722455657, 39.913345)

    # eviltransform prints it for the radius at the equator.
    published = 1_078_164 * geo.EARTH_RADIUS / 6_378_137
    assert geo.distance_m(shanghai, beijing) == pytest.approx(published, rel=0.0001)
    assert geo.distance_m(HERE, HERE) == 0


def test_what_cannot_be_a_place_of_the_city_is_said_and_a_swapped_one_is_put_right() -> None:
    lon, lat = HERE

    good = geo.judge(lon, lat, CITY)
    nowhere = geo.judge(0, 0, CITY)
    swapped = geo.judge(lat, lon, CITY)
    outside = geo.judge(121.5, 31.2, CITY)
    impossible = geo.judge(190, 95, CITY)

    assert good.point == HERE
    assert nowhere.sentence == geo.NOWHERE
    assert (swapped.sentence, swapped.instead) == (geo.SWAPPED, HERE)
    assert (outside.sentence, outside.instead) == (geo.OUTSIDE, None)
    assert impossible.sentence == geo.IMPOSSIBLE
    assert geo.judge(lat, lon).sentence == geo.SWAPPED  # no bounds, but latitude beyond the pole
    assert geo.judge(float("nan"), lat).sentence == geo.IMPOSSIBLE


def test_the_bounds_of_a_city_hold_its_points_and_a_margin() -> None:
    bounds = Bounds.around([(104.5, 36.0), (104.8, 36.3)])

    assert bounds.hold(104.49, 36.31)
    assert not bounds.hold(104.45, 36.1)


def test_a_point_lies_in_an_outline_or_beside_it() -> None:
    bay = [(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)]  # a square with a bight from the north

    assert geo.lies_in(bay, 1, 1)
    assert not geo.lies_in(bay, 2, 3)
    assert not geo.lies_in(bay, 5, 1)
    assert not geo.lies_in([], 1, 1)


@given(anywhere, st.floats(0, 1), st.floats(0, 6.283), st.sampled_from([20, 50, 250, 1000]))
def test_whatever_lies_within_the_radius_lies_in_a_cell_around(
    place: tuple[float, float], share: float, direction: float, radius: int
) -> None:
    lon, lat = place
    away = degrees(radius * share / geo.EARTH_RADIUS)
    there = (
        lon + away * sin(direction) / cos(radians(lat)),
        lat + away * cos(direction),
    )

    cells = geo.cells_around(lon, lat, radius)

    is_within = geo.distance_m(place, there) <= radius
    assert not is_within or abs(there[0]) > 180 or geo.cell(*there) in cells
    assert geo.cell(lon, lat) in cells


def test_a_cell_is_a_few_hundred_metres_and_knows_its_middle() -> None:
    number = geo.cell(*HERE)

    middle = geo.middle_of(number)

    assert geo.cell(*middle) == number
    assert geo.distance_m(middle, HERE) < 250
    assert len(geo.cells_around(*HERE, 250)) <= 12


def test_there_is_no_cell_of_no_place_and_no_circle_as_large_as_a_country() -> None:
    with pytest.raises(ValueError, match="position"):
        geo.cell(float("nan"), 0)
    with pytest.raises(ValueError, match="radius"):
        geo.cells_around(*HERE, 50_000)
