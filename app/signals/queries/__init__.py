"""Reads of signals: what is counted, what was raised, what counts as many."""

from app.signals.queries.counting import (
    cases_of,
    marks_around,
    open_signals,
    texts_of,
    unseen_marks,
)
from app.signals.queries.listing import (
    SignalRow,
    Wanted,
    get_signal,
    list_cases,
    list_signals,
    reach_of,
)
from app.signals.queries.settings import Settings, duty_officers, on_duty, settings_of

__all__ = [
    "Settings",
    "SignalRow",
    "Wanted",
    "cases_of",
    "duty_officers",
    "get_signal",
    "list_cases",
    "list_signals",
    "marks_around",
    "on_duty",
    "open_signals",
    "reach_of",
    "settings_of",
    "texts_of",
    "unseen_marks",
]
