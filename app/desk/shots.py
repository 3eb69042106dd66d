"""Photos taken at the spot, as they come with a form: by what they show, with time and place.

Time and place are offers of the camera's notes, which are taken out of the stored picture; what
lies on no earth is left out.
"""

from decimal import Decimal

from app.cases.rules.repairing import PhotoStage, Work
from app.web.uploads import StoredUpload

Shots = tuple[tuple[PhotoStage, StoredUpload], ...]


def work_of(
    photos: tuple[tuple[PhotoStage, int], ...],
    shots: Shots,
    *,
    materials: tuple[tuple[int, Decimal], ...] = (),
    hours: Decimal | None = None,
    cost: int | None = None,
) -> Work:
    """The work as a step takes it; time and place are those of the first photo that says them."""
    uploads = [upload for _stage, upload in shots]
    at = next((one.taken_at for one in uploads if one.taken_at), None)
    where = next((one.position for one in uploads if one.position), None)
    return Work(
        photos=photos,
        materials=materials,
        hours=hours,
        cost=cost,
        taken_at=at,
        lon=Decimal(f"{where.lon:.6f}") if where else None,
        lat=Decimal(f"{where.lat:.6f}") if where else None,
    )
