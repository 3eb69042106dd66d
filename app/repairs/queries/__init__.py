"""Every question asked about repairs. Reads only."""

from app.repairs.queries.emergencies import FIRST, IS_EMERGENCY, emergencies_of
from app.repairs.queries.getting import (
    answers_of,
    links_of,
    materials_of,
    photos_of,
    repair_of,
    sent_back,
    stages_known,
)
from app.repairs.queries.lists import (
    BOARD_COLUMNS,
    find_free,
    grabbable,
    of_crew,
    taken_by,
)
from app.repairs.queries.stock import items_for, items_lent, list_changes, list_items

__all__ = [
    "BOARD_COLUMNS",
    "FIRST",
    "IS_EMERGENCY",
    "answers_of",
    "emergencies_of",
    "find_free",
    "grabbable",
    "items_for",
    "items_lent",
    "links_of",
    "list_changes",
    "list_items",
    "materials_of",
    "of_crew",
    "photos_of",
    "repair_of",
    "sent_back",
    "stages_known",
    "taken_by",
]
