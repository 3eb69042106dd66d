"""Photos of the demo city: a street lamp by night, drawn small, taken in as any upload is.

Pictures of nobody and of no real place.
"""

from datetime import datetime
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from app.cases.kinds import DoerKind
from app.cases.models import Case
from app.cases.service.files import keep_files
from app.demo.town import Town
from app.web.uploads import StoredUpload, accept

_SIZE: Final = (320, 240)
_NIGHT, _DUSK, _ROAD = "#141a2a", "#2c3a57", "#3a3d42"
_POLE, _GLOW, _LAMP = "#8a8f98", "#8c7a3a", "#ffe9a0"


def lamp(*, is_lit: bool) -> bytes:
    """A lamp beside a road, dark or burning, as a PNG."""
    image = Image.new("RGB", _SIZE, _DUSK if is_lit else _NIGHT)
    pen = ImageDraw.Draw(image)
    pen.polygon([(0, 240), (130, 150), (200, 150), (320, 240)], fill=_ROAD)
    if is_lit:
        pen.polygon([(196, 52), (120, 200), (280, 200)], fill=_GLOW)
    pen.rectangle((226, 50, 231, 205), fill=_POLE)
    pen.rectangle((190, 48, 231, 53), fill=_POLE)
    pen.ellipse((184, 50, 206, 62), fill=_LAMP if is_lit else _POLE)
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def take(
    town: Town, data: bytes, *, at: datetime, case: Case | None = None, by_id: int | None = None
) -> tuple[int, ...]:
    """Take a photo in, from the citizen or from whoever works on the case; none without a store."""
    if town.store is None:
        return ()
    upload = accept(data, store=town.store)
    return keep(town, upload, at=at, case_id=case.id if case else None, by_id=by_id)


def keep(
    town: Town, upload: StoredUpload, *, at: datetime, case_id: int | None, by_id: int | None
) -> tuple[int, ...]:
    """Write a photo down as the citizen's, or as that of whoever works on the case."""
    by = DoerKind.STAFF if by_id else DoerKind.CITIZEN
    return keep_files(
        town.session,
        [upload],
        by,
        by_id=by_id,
        case_id=case_id,
        is_public=by_id is None,
        now=at,
    )
