"""Everything that changes service items, gathered under one name.

Permission and version are asked inside each function.
"""

from app.catalogue.service.revising import Edit
from app.service_items.service.editing import (
    Part,
    add_item,
    discard_draft,
    open_draft,
    save_draft,
)
from app.service_items.service.exchanging import (
    Fate,
    Outcome,
    foresee,
    read_document,
    seed,
    take_over,
    written,
)
from app.service_items.service.publishing import publish, set_active, set_end

__all__ = [
    "Edit",
    "Fate",
    "Outcome",
    "Part",
    "add_item",
    "discard_draft",
    "foresee",
    "open_draft",
    "publish",
    "read_document",
    "save_draft",
    "seed",
    "set_active",
    "set_end",
    "take_over",
    "written",
]
