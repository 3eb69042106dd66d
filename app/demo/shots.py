"""Photos of repairs in the demo city: drawn small, one of each sort, taken in as any upload is.

Pictures of nobody and of no real place; each is stored once and shown with many repairs.
"""

from datetime import datetime
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from app.cases.rules.repairing import PhotoStage
from app.demo import photos
from app.demo.town import Town
from app.web.uploads import accept

_SIZE: Final = (320, 240)
_ROAD, _LINE, _HOLE, _LID = "#5b5f66", "#d8d3b8", "#17181b", "#8d8f93"
_FENCE: Final = ("#d4552d", "#f2efe6")


def picture(kind: str, stage: PhotoStage) -> bytes:
    """A lamp or a manhole before, fenced in, or repaired, as a PNG."""
    if kind == "lamp" and stage is not PhotoStage.SAFETY:
        return photos.lamp(is_lit=stage is PhotoStage.AFTER)
    return _road(stage)


def _road(stage: PhotoStage) -> bytes:
    image = Image.new("RGB", _SIZE, _ROAD)
    pen = ImageDraw.Draw(image)
    for left in range(10, 320, 90):
        pen.rectangle((left, 30, left + 50, 38), fill=_LINE)
    pen.ellipse((105, 95, 215, 175), fill=_LID if stage is PhotoStage.AFTER else _HOLE)
    if stage is PhotoStage.AFTER:
        pen.line((160, 100, 160, 170), fill=_ROAD, width=3)
        pen.line((110, 135, 210, 135), fill=_ROAD, width=3)
    if stage is PhotoStage.SAFETY:
        for place, left in enumerate(range(60, 260, 25)):
            pen.rectangle((left, 85, left + 24, 105), fill=_FENCE[place % 2])
            pen.rectangle((left, 180, left + 24, 200), fill=_FENCE[(place + 1) % 2])
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def take(
    town: Town, kind: str, stage: PhotoStage, *, at: datetime, by_id: int | None
) -> tuple[tuple[PhotoStage, int], ...]:
    """A photo as somebody sends it, stored the first time; none where the city has no store."""
    if town.store is None:
        return ()
    name = f"{kind} {stage}"
    if name not in town.pictures:
        town.pictures[name] = accept(picture(kind, stage), store=town.store)
    kept = photos.keep(town, town.pictures[name], at=at, case_id=None, by_id=by_id)
    return tuple((stage, file_id) for file_id in kept)
