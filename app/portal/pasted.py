"""A place field into which somebody pasted a link of a map app: its position is taken out.

A position given by the map or by numbers is never overwritten.
"""

from dataclasses import replace

from app.maps.pasted import read_pasted
from app.web.forms import RawForm


def with_position(form: RawForm) -> RawForm:
    """The form with `lat` and `lon` filled from what was pasted into `place`, if anything was."""
    if form.text("lat") or form.text("lon"):
        return form
    found = read_pasted(form.text("place"))
    if found is None:
        return form
    point = {"lat": f"{found.point.lat:.6f}", "lon": f"{found.point.lon:.6f}"}
    return replace(form, values=form.values | point | {"place": found.rest})
