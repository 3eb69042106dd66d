"""What people paste from map apps is understood, each in the datum its app draws with."""

import pytest

from app.kernel import geo
from app.kernel.geo import Point, distance_m
from app.maps.pasted import read_pasted

HERE = Point(116.397_128, 39.916_527)
GCJ, BD = geo.wgs84_to_gcj02(*HERE), geo.wgs84_to_bd09(*HERE)


def lon_lat(point: Point) -> str:
    return f"{point.lon:.6f},{point.lat:.6f}"


def lat_lon(point: Point) -> str:
    return f"{point.lat:.6f},{point.lon:.6f}"


@pytest.mark.parametrize(
    "text",
    [
        f"https://uri.amap.com/marker?position={lon_lat(GCJ)}&name=here",
        f"https://uri.amap.com/marker?position={lon_lat(HERE)}&coordinate=wgs84",
        f"https://ditu.amap.com/regeo?lng={GCJ.lon:.6f}&lat={GCJ.lat:.6f}",
        f"https://www.amap.com/?q={lat_lon(GCJ)}%2Cname",
        f"https://wb.amap.com/?p=B000A8UIN8%2C{lat_lon(GCJ)}%2Cname",
        f"https://api.map.baidu.com/marker?location={lat_lon(BD)}&title=here",
        f"https://api.map.baidu.com/marker?location={lat_lon(GCJ)}&coord_type=gcj02",
        f"https://apis.map.qq.com/uri/v1/marker?marker=coord:{lat_lon(GCJ)};title:here",
        f"https://map.tianditu.gov.cn/?x=1&p={lon_lat(HERE)}",
        f"geo:{lat_lon(HERE)}?z=17",
        lat_lon(HERE),
        f"{HERE.lon:.6f}，{HERE.lat:.6f}",
    ],
)
def test_a_pasted_position_is_the_place_itself(text: str) -> None:
    found = read_pasted(f"路口往东 {text}")

    assert found is not None
    assert distance_m(found.point, HERE) < 1
    assert found.rest == "路口往东"


@pytest.mark.parametrize(
    "text",
    [
        "样板路 12 号对面",
        "1.5 米高，2.25 米宽",
        "https://surl.amap.com/abc123",
        "https://map.baidu.com/@12959238.56,4825347.47,12z",
        "https://example.org/?location=39.916527,116.397128",
        "https://api.map.baidu.com/marker?location=39.916527,116.397128&coord_type=bd09mc",
        "geo:0.000,0.000",
        "",
    ],
)
def test_what_tells_no_position_is_left_as_it_is(text: str) -> None:
    assert read_pasted(text) is None
