"""What people do with facilities. Nothing here commits."""

from app.facilities.service.importing import Datum, Fate, Outcome, Reading, foresee, take_over
from app.facilities.service.photos import NewPhoto, add_photo, remove_photo
from app.facilities.service.registering import add_asset, change_asset, may_edit, next_code
from app.facilities.service.seeding import seed, seed_directory

__all__ = [
    "Datum",
    "Fate",
    "NewPhoto",
    "Outcome",
    "Reading",
    "add_asset",
    "add_photo",
    "change_asset",
    "foresee",
    "may_edit",
    "next_code",
    "remove_photo",
    "seed",
    "seed_directory",
    "take_over",
]
