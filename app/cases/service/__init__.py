"""One function for each thing a person can do with a case. Callers own the transaction."""

from app.cases.service.citizens_own import add_note, supplement, tell_progress
from app.cases.service.opening import NewCase, open_case, reserve
from app.cases.service.stepping import Taken, take_step, take_step_as_staff
from app.cases.service.urging import (
    Urged,
    answer_urge,
    answers_for,
    may_answer_urge,
    quiet_until,
    remind,
    supervises,
    urge,
)

__all__ = [
    "NewCase",
    "Taken",
    "Urged",
    "add_note",
    "answer_urge",
    "answers_for",
    "may_answer_urge",
    "open_case",
    "quiet_until",
    "remind",
    "reserve",
    "supervises",
    "supplement",
    "take_step",
    "take_step_as_staff",
    "tell_progress",
    "urge",
]
