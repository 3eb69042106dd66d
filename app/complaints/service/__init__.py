"""One function for each thing people do about a complaint beside the steps of its workflow."""

from app.complaints.service.inquiring import Line, Measure, inquire, lay_down, prove
from app.complaints.service.recusing import order_back, step_back
from app.complaints.service.revealing import name_confidant, reveal

__all__ = [
    "Line",
    "Measure",
    "inquire",
    "lay_down",
    "name_confidant",
    "order_back",
    "prove",
    "reveal",
    "step_back",
]
