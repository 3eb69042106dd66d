"""What is done about signals: orders counted, signals raised, seen, closed; settings kept."""

from app.signals.service.settling import SettingsDraft, close, keep_settings, see
from app.signals.service.watching import begin, count_in, forget_old, watch

__all__ = [
    "SettingsDraft",
    "begin",
    "close",
    "count_in",
    "forget_old",
    "keep_settings",
    "see",
    "watch",
]
