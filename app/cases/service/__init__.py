"""One function for each thing a person can do with a case. Callers own the transaction."""

from app.cases.service.citizens_own import add_note, supplement, urge
from app.cases.service.opening import NewCase, open_case, reserve
from app.cases.service.stepping import Taken, take_step, take_step_as_staff

__all__ = [
    "NewCase",
    "Taken",
    "add_note",
    "open_case",
    "reserve",
    "supplement",
    "take_step",
    "take_step_as_staff",
    "urge",
]
