"""What people do with facilities. Nothing here commits."""

from app.facilities.service.importing import Datum, Fate, Outcome, Reading, foresee, take_over
from app.facilities.service.photos import NewPhoto, add_photo, remove_photo
from app.facilities.service.registering import add_asset, change_asset, may_edit, next_code
from app.facilities.service.seeding import seed, seed_directory
from app.facilities.service.types import TypeDraft, add_type, save_type

__all__ = [
    "Datum",
    "Fate",
    "NewPhoto",
    "Outcome",
    "Reading",
    "TypeDraft",
    "add_asset",
    "add_photo",
    "add_type",
    "change_asset",
    "foresee",
    "may_edit",
    "next_code",
    "remove_photo",
    "save_type",
    "seed",
    "seed_directory",
    "take_over",
]
