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
from app.service_items.service.publishing import publish, set_active, set_end

__all__ = [
    "Edit",
    "Part",
    "add_item",
    "discard_draft",
    "open_draft",
    "publish",
    "save_draft",
    "set_active",
    "set_end",
]
