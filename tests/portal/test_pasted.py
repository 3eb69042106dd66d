"""A link of a map app in a place field becomes a position; what was given otherwise stays."""

from app.desk.pasted import placed
from app.portal.pasted import with_position
from app.web.forms import RawForm


def test_a_link_of_a_map_app_pasted_as_the_place_becomes_a_position() -> None:
    form = RawForm({"place": "路口 https://uri.amap.com/marker?position=83.024,39.053", "lat": ""})

    filled = with_position(form)
    kept = with_position(RawForm({"place": form.text("place"), "lat": "39.1", "lon": "83.1"}))

    assert filled.text("place") == "路口"
    assert filled.text("lon").startswith("83.02")
    assert kept.text("lat") == "39.1"
    assert placed(form.text("place")).words == "路口"
    assert placed("样板路 12 号").lon is None
