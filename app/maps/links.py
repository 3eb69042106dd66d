"""Addresses that open somebody's own map at a position.

Pure. No address is ever fetched by us; each provider gets the datum it expects.
"""

from typing import NamedTuple

from app.kernel import geo


class MapLinks(NamedTuple):
    """How navigation is opened: the phone's own map, 高德, 百度; each in the datum it expects."""

    phone: str
    amap: str
    baidu: str


def map_links(lon: float, lat: float, *, name: str) -> MapLinks:
    """Addresses that open a map at a position of WGS 84.

    Source: RFC 5870 (geo:); the providers' own pages on calling their maps by address, which
    ask for GCJ-02 and BD-09. `name` says nothing about anybody: it goes to a third party.
    """
    amap, baidu = geo.wgs84_to_gcj02(lon, lat), geo.wgs84_to_bd09(lon, lat)
    to_amap = f"{amap.lon:.6f},{amap.lat:.6f}"
    to_baidu = f"{baidu.lat:.6f},{baidu.lon:.6f}"
    return MapLinks(
        phone=f"geo:{lat:.6f},{lon:.6f}?q={lat:.6f},{lon:.6f}",
        amap=(
            f"https://uri.amap.com/navigation?to={to_amap},{name}"
            "&mode=car&coordinate=gaode&callnative=1"
        ),
        baidu=(
            f"https://api.map.baidu.com/marker?location={to_baidu}&title={name}&content={name}"
            "&coord_type=bd09ll&output=html&src=civicwindow"
        ),
    )
